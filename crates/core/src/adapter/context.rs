use std::fmt;
use std::path::Path;
use std::sync::Arc;

use http::Extensions;

use super::Siblings;
use crate::{Clock, HttpTransport, SecretResolver};

/// What a provider is built with besides its own settings.
///
/// ```
/// use anykey_core::adapter::BuildContext;
/// use anykey_core::{Clock, SecretResolver, SecretString, Timestamp};
///
/// struct NoSecrets;
///
/// impl SecretResolver for NoSecrets {
///     fn env(&self, _: &str) -> Option<SecretString> {
///         None
///     }
///     fn file(&self, _: &std::path::Path) -> std::io::Result<SecretString> {
///         Err(std::io::ErrorKind::NotFound.into())
///     }
/// }
///
/// let context = BuildContext::new("main", &NoSecrets, Clock::new(Timestamp::now));
/// assert_eq!(context.name(), "main");
/// assert!(context.transport().is_none());
/// ```
#[derive(Clone)]
pub struct BuildContext<'a> {
    name: &'a str,
    secrets: &'a dyn SecretResolver,
    clock: Clock,
    transport: Option<Arc<dyn HttpTransport>>,
    siblings: Option<&'a dyn Siblings>,
    pacing_folder: Option<&'a Path>,
    extensions: Extensions,
}

impl<'a> BuildContext<'a> {
    /// A context for the provider that the configuration calls `name`, with no transport of its own.
    #[must_use]
    pub fn new(name: &'a str, secrets: &'a dyn SecretResolver, clock: Clock) -> Self {
        Self {
            name,
            secrets,
            clock,
            transport: None,
            siblings: None,
            pacing_folder: None,
            extensions: Extensions::new(),
        }
    }

    /// Sends every request through `transport`.
    #[must_use]
    pub fn with_transport(mut self, transport: Arc<dyn HttpTransport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Lets the provider be built over `siblings`, the providers of the same configuration.
    #[must_use]
    pub const fn with_siblings(mut self, siblings: &'a dyn Siblings) -> Self {
        self.siblings = Some(siblings);
        self
    }

    /// Lets the provider keep the vendor's rate limits together with the other processes that use this folder.
    #[must_use]
    pub const fn with_pacing_folder(mut self, folder: &'a Path) -> Self {
        self.pacing_folder = Some(folder);
        self
    }

    /// Passes `extension` to the provider, in place of a former one of the same type: what a crate between the core and
    /// the adapters defines, such as a way to share rate limits.
    #[must_use]
    pub fn with_extension<T: Clone + Send + Sync + 'static>(mut self, extension: T) -> Self {
        self.extensions.insert(extension);
        self
    }

    /// The name under which the configuration knows the provider; the vendor's word when it gives none.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// How secrets are read.
    #[must_use]
    pub const fn secrets(&self) -> &'a dyn SecretResolver {
        self.secrets
    }

    /// Where the time is read from.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What carries the requests; `None` for the adapter's default transport.
    #[must_use]
    pub fn transport(&self) -> Option<Arc<dyn HttpTransport>> {
        self.transport.clone()
    }

    /// The providers of the same configuration; `None` when the provider is built without one.
    #[must_use]
    pub const fn siblings(&self) -> Option<&'a dyn Siblings> {
        self.siblings
    }

    /// The extension of the type `T`; `None` when there is none.
    #[must_use]
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// The folder in which processes share the vendor's rate limits; `None` when each keeps them alone.
    #[must_use]
    pub const fn pacing_folder(&self) -> Option<&'a Path> {
        self.pacing_folder
    }
}

impl fmt::Debug for BuildContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BuildContext")
            .field("name", &self.name)
            .field("clock", &self.clock)
            .field("transport", &self.transport)
            .finish_non_exhaustive()
    }
}
