use std::collections::BTreeMap;
use std::sync::Arc;

use anykey_core::adapter::Named;
use anykey_core::{LicenseProvider, Result, WebhookFeed, WebhookReceiver};

use crate::config::{config_error, listed, unknown_provider};
use crate::registry::Opening;
use crate::{Config, ProviderConfig, Registry};

/// All providers of a [`Config`], built and ready to use.
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
/// let name_stored_with_the_key = "legacy";
/// let provider = providers.get(name_stored_with_the_key)?;
/// assert_eq!((provider.name(), provider.vendor()), ("legacy", "memory"));
/// # }
/// # Ok::<_, anykey::Error>(())
/// ```
///
/// A test can collect providers that were built in code, each under the name that the app uses:
///
/// ```
/// use std::sync::Arc;
///
/// use anykey::{InMemoryProvider, LicenseProvider, Providers, Timestamp};
///
/// let memory: Arc<dyn LicenseProvider> = Arc::new(InMemoryProvider::new(Timestamp::now));
/// let providers: Providers = [("main", memory)].into_iter().collect();
/// assert_eq!(providers.get("main")?.name(), "main");
/// # Ok::<_, anykey::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Providers {
    default: Option<String>,
    providers: BTreeMap<String, Arc<dyn LicenseProvider>>,
    /// Former name → current name.
    aliases: BTreeMap<String, String>,
    configured: BTreeMap<String, ProviderConfig>,
    registry: Registry,
}

impl Providers {
    /// Builds every provider with the built-in vendors. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), with the provider's name and what to change.
    pub fn open(config: &Config) -> Result<Self> {
        Self::open_with(&Registry::builtin(), config)
    }

    /// Builds every provider with the vendors of `registry`. Sends nothing.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with(registry: &Registry, config: &Config) -> Result<Self> {
        let mut providers = BTreeMap::new();
        let mut aliases = BTreeMap::new();
        let registry = registry.paced_by(config)?;
        let opening = Opening::new(&registry, config.providers());
        for (name, settings) in config.providers() {
            let provider = opening.provider(name).map_err(|error| config.locate(name, error))?;
            providers.insert(name.clone(), provider);
            aliases.extend(settings.aliases.iter().map(|alias| (alias.clone(), name.clone())));
        }
        let default = Some(config.default_name()?.to_owned());
        let configured = config.providers().clone();
        Ok(Self { default, providers, aliases, configured, registry: registry.into_owned() })
    }

    /// The default provider.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when several providers were collected and none of them
    /// is the default; never after a successful [`open`](Self::open).
    pub fn default_provider(&self) -> Result<Arc<dyn LicenseProvider>> {
        match (&self.default, self.providers.values().next()) {
            (Some(name), _) => self.get(name),
            (None, Some(only)) if self.providers.len() == 1 => Ok(Arc::clone(only)),
            _ => {
                Err(config_error(format!("there is no default provider; there is {}", listed(self.names()))))
            }
        }
    }

    /// The provider called `name`. Former names (`aliases`) are accepted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when there is no such provider, with the names that
    /// exist.
    pub fn get(&self, name: &str) -> Result<Arc<dyn LicenseProvider>> {
        self.providers
            .get(self.current_name(name))
            .cloned()
            .ok_or_else(|| unknown_provider(name, self.names()))
    }

    /// Builds the webhook receiver of the provider called `name`, with the secrets of its field `webhook_secrets`.
    /// Its events carry the provider's name.
    ///
    /// Needs the feature `webhooks`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when there is no such provider, when it was not built
    /// from a configuration, or when its vendor or configuration has no webhooks.
    pub fn webhooks(&self, name: &str) -> Result<Arc<dyn WebhookReceiver>> {
        self.opening(name, "webhook receiver")?.receiver(self.current_name(name))
    }

    /// Builds the feed of waiting deliveries of the provider called `name`: its webhooks without a public address.
    /// `None` when its vendor has no such feed, or when its configuration names none.
    ///
    /// Needs the feature `webhooks`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when there is no such provider, when it was not built from
    /// a configuration, or when a field or a secret is wrong.
    pub fn webhook_feed(&self, name: &str) -> Result<Option<Arc<dyn WebhookFeed>>> {
        self.opening(name, "webhook feed")?.feed(self.current_name(name))
    }

    /// The configured providers, for a `part` of the one called `name`.
    fn opening(&self, name: &str, part: &str) -> Result<Opening<'_>> {
        let name = self.current_name(name);
        match self.configured.contains_key(name) {
            true => Ok(Opening::new(&self.registry, &self.configured)),
            false if self.providers.contains_key(name) => Err(config_error(format!(
                "the provider `{name}` was not built from a configuration; build its {part} in code"
            ))),
            false => Err(unknown_provider(name, self.names())),
        }
    }

    /// The names and providers, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<dyn LicenseProvider>)> {
        self.providers.iter().map(|(name, provider)| (name.as_str(), provider))
    }

    fn current_name<'a>(&'a self, name: &'a str) -> &'a str {
        self.aliases.get(name).map_or(name, String::as_str)
    }

    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.providers.keys().map(String::as_str)
    }
}

/// Collects providers that were built in code. A single provider is the default; with several there is no default.
impl<N: Into<String>> FromIterator<(N, Arc<dyn LicenseProvider>)> for Providers {
    fn from_iter<I: IntoIterator<Item = (N, Arc<dyn LicenseProvider>)>>(providers: I) -> Self {
        let named = |(name, provider): (N, Arc<dyn LicenseProvider>)| {
            let name = name.into();
            let provider = if provider.name() == name {
                provider
            } else {
                Arc::new(Named::new(name.as_str(), provider))
            };
            (name, provider)
        };
        Self {
            default: None,
            providers: providers.into_iter().map(named).collect(),
            aliases: BTreeMap::new(),
            configured: BTreeMap::new(),
            registry: Registry::builtin(),
        }
    }
}
