use std::collections::BTreeMap;
use std::sync::Arc;

use anykey_core::{LicenseProvider, Result};

use crate::config::config_error;
use crate::{Config, Registry};

/// Every provider of a [`Config`], built once and ready to use.
///
/// ```
/// # #[cfg(feature = "toml")] {
/// use anykey::{Config, Providers};
///
/// let config = Config::from_toml(r#"
///     default = "main"
///     [providers.main]
///     provider = "memory"
///     [providers.legacy]
///     provider = "memory"
/// "#)?;
/// let providers = Providers::open(&config)?;
/// let kept_beside_the_customers_key = "legacy";
/// assert_eq!(providers.get(kept_beside_the_customers_key)?.name(), "memory");
/// # }
/// # Ok::<_, anykey::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Providers {
    default: String,
    providers: BTreeMap<String, Arc<dyn LicenseProvider>>,
}

impl Providers {
    /// Builds every provider from the vendors of this library. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), saying which provider is wrong and what to do.
    pub fn open(config: &Config) -> Result<Self> {
        Self::open_with(&Registry::builtin(), config)
    }

    /// Builds every provider from the vendors of `registry`. Nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with(registry: &Registry, config: &Config) -> Result<Self> {
        let mut providers = BTreeMap::new();
        for name in config.names() {
            let provider = registry.build_provider(config.provider(name)?);
            let provider = provider.map_err(|error| error.in_context(&format!("providers.{name}")))?;
            providers.insert(name.to_owned(), provider);
        }
        Ok(Self { default: config.default_name()?.to_owned(), providers })
    }

    /// The provider to use when none is named.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get); never after a successful [`open`](Self::open).
    pub fn default_provider(&self) -> Result<Arc<dyn LicenseProvider>> {
        self.get(&self.default)
    }

    /// The provider called `name`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when the configuration has none of that name.
    pub fn get(&self, name: &str) -> Result<Arc<dyn LicenseProvider>> {
        self.providers.get(name).cloned().ok_or_else(|| {
            let names = self.providers.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            config_error(format!("there is no provider called `{name}`; there is {names}"))
        })
    }

    /// The names and providers, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<dyn LicenseProvider>)> {
        self.providers.iter().map(|(name, provider)| (name.as_str(), provider))
    }
}
