//! One of the providers behind a router.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anykey_core::{Capabilities, LicenseProvider};

/// What separates a provider's name from the vendor's id. No name of a router's provider contains it.
pub(crate) const SEPARATOR: char = ':';

/// A provider with its names and the number of requests that it was sent.
pub(crate) struct Target {
    /// The name when the router was built; it is in ids, so it must not change with the provider.
    name: Box<str>,
    /// Former names, which ids may still carry.
    pub(crate) aliases: Vec<Box<str>>,
    /// The provider itself, with its own ids.
    pub(crate) provider: Arc<dyn LicenseProvider>,
    /// How many requests it was sent, for `Debug`.
    asked: AtomicU64,
}

impl Target {
    /// A provider without former names.
    pub(crate) fn new(provider: Arc<dyn LicenseProvider>) -> Self {
        Self { name: provider.name().into(), aliases: Vec::new(), provider, asked: AtomicU64::new(0) }
    }

    /// The present name, which new ids carry.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether this is its name, or was.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        &*self.name == name || self.aliases.iter().any(|alias| &**alias == name)
    }

    /// What the provider can do now: it may change while the app runs.
    pub(crate) fn capabilities(&self) -> Capabilities {
        self.provider.capabilities()
    }

    /// The vendor's part of an id that carries this provider's name, or a former one.
    pub(crate) fn strip<'a>(&self, id: &'a str) -> Option<&'a str> {
        let (name, rest) = id.split_once(SEPARATOR)?;
        self.is_called(name).then_some(rest)
    }

    /// Counts a request.
    pub(crate) fn count_request(&self) {
        self.asked.fetch_add(1, Ordering::Relaxed);
    }
}

/// The name, and how often the provider was asked.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (asked {} times)", self.name, self.asked.load(Ordering::Relaxed))
    }
}
