use std::fmt;
use std::sync::Arc;

use anykey_core::{Error, LicenseProvider, ProviderFactory, Result, SecretResolver};

use crate::config::{Config, ProviderConfig, config_error};
use crate::{ProcessSecrets, memory};

/// The vendors that a configuration may name.
///
/// A plain value: an outsider's vendor is added with [`with`](Self::with), nothing is global.
///
/// ```
/// # #[cfg(feature = "toml")] {
/// use anykey::{Config, Registry};
///
/// let config = Config::from_toml(r#"provider = "memory""#)?;
/// let provider = Registry::builtin().build(&config)?;
/// assert_eq!(provider.name(), "memory");
/// # }
/// # Ok::<_, anykey::Error>(())
/// ```
#[derive(Clone)]
pub struct Registry {
    factories: Vec<ProviderFactory>,
    #[cfg(feature = "webhooks")]
    pub(crate) webhooks: Vec<anykey_webhook::WebhookFactory>,
    pub(crate) secrets: Arc<dyn SecretResolver>,
}

/// The vendors of this library and whether their feature is switched on.
const VENDORS: &[(&str, bool)] = &[("dodo", cfg!(feature = "dodo")), ("polar", cfg!(feature = "polar"))];

impl Registry {
    /// The vendors whose features are switched on, and `memory`.
    #[must_use]
    pub fn builtin() -> Self {
        let factories = vec![
            #[cfg(feature = "dodo")]
            anykey_dodo::FACTORY,
            memory::FACTORY,
            #[cfg(feature = "polar")]
            anykey_polar::FACTORY,
        ];
        Self {
            factories,
            #[cfg(feature = "webhooks")]
            webhooks: crate::webhooks::builtin(),
            secrets: Arc::new(ProcessSecrets),
        }
    }

    /// Adds a vendor. One with the same name takes the place of the one before.
    #[must_use]
    pub fn with(mut self, factory: ProviderFactory) -> Self {
        self.factories.retain(|known| known.name != factory.name);
        self.factories.push(factory);
        self
    }

    /// Reads secrets through `secrets` instead of the process' environment and files.
    #[must_use]
    pub fn with_secrets(mut self, secrets: impl SecretResolver + 'static) -> Self {
        self.secrets = Arc::new(secrets);
        self
    }

    /// The words that a configuration may choose.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.factories.iter().map(|factory| factory.name)
    }

    /// Builds the configuration's default provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), saying what is wrong and what to do.
    pub fn build(&self, config: &Config) -> Result<Arc<dyn LicenseProvider>> {
        self.build_provider(config.provider(config.default_name()?)?)
    }

    /// Builds one provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), saying what is wrong and what to do.
    pub fn build_provider(&self, config: &ProviderConfig) -> Result<Arc<dyn LicenseProvider>> {
        match self.factories.iter().find(|factory| factory.name == config.provider) {
            Some(factory) => (factory.build)(&config.settings, &*self.secrets),
            None => Err(self.unknown(&config.provider)),
        }
    }

    /// Why there is no vendor called `wanted`.
    pub(crate) fn unknown(&self, wanted: &str) -> Error {
        if VENDORS.contains(&(wanted, false)) {
            return config_error(format!(
                "`provider`: `{wanted}` is not compiled in; switch on the feature `{wanted}` of the crate `anykey`"
            ));
        }
        config_error(format!(
            "`provider`: there is no vendor called `{wanted}`; known are {}",
            self.names().collect::<Vec<_>>().join(", ")
        ))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}
