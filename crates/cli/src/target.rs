use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use anykey::adapter::{ErrorExt as _, Probe, Vendor};
use anykey::{
    Config, Error, ErrorKind, LicenseProvider, ProviderConfig, Registry, WebhookFeed, WebhookReceiver,
};
use anykey_http::HttpTransport;
use serde_json::Value;

use crate::args::GlobalArgs;
use crate::config::{ConfigSecrets, Loaded, load, overrides, pacing_folder};
use crate::failure::Failure;

mod scope;
mod variables;

pub(crate) use scope::KeyScope;
use variables::{is_variable_of, unknown_variable, without_consent};

/// One provider of the configuration, chosen and ready to open.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) config: ProviderConfig,
    pub(crate) scope: KeyScope,
    /// The environment variables that replaced fields.
    pub(crate) overridden_by: Vec<String>,
    /// The configuration with this provider as its default. A router is built over others of it.
    whole: Config,
    config_file: Option<PathBuf>,
    /// Why credentials of the environment are not sent; `None` when they may be.
    no_consent: Option<String>,
    /// The variable that sets no field of the vendor, and which one was probably meant; `None` when all do.
    unknown_variable: Option<String>,
    registry: Registry,
}

impl Target {
    /// The provider that the options and the configuration choose, with what the environment overrides.
    pub(crate) fn choose(global: &GlobalArgs, registry: &Registry) -> Result<Self, Failure> {
        let loaded = load(global.config.as_deref())?;
        let name = chosen_name(&loaded, global.provider.as_deref())?;
        Self::of(&loaded, &name, true, registry)
    }

    /// The provider called `name`; the environment overrides fields of the chosen one only.
    pub(crate) fn of(
        loaded: &Loaded,
        name: &str,
        chosen: bool,
        registry: &Registry,
    ) -> Result<Self, Failure> {
        let mut config = loaded.config.provider(name)?.clone();
        let mut overridden_by = Vec::new();
        let mut no_consent = None;
        let variables = if chosen { overrides()? } else { Vec::new() };
        if loaded.place.path().is_some() {
            no_consent = without_consent(&loaded.place, &config, &variables);
            config = config.overridden_by(variables.iter().map(|(name, value)| (name, value)));
            let is_set = |variable: &str| config.settings.names().any(|name| is_variable_of(variable, name));
            let names = variables.iter().map(|(variable, _)| variable);
            overridden_by = names.filter(|variable| is_set(variable)).cloned().collect();
        }
        let unknown_variable = unknown_variable(registry, &config, &variables);
        Ok(Self {
            name: name.to_owned(),
            scope: KeyScope::of_provider(name, &config, &loaded.config, registry),
            whole: loaded.config.clone().with_default(name, config.clone()),
            config,
            overridden_by,
            config_file: loaded.place.path().map(ToOwned::to_owned),
            no_consent,
            unknown_variable,
            registry: registry.clone(),
        })
    }

    /// Builds the provider. Nothing is sent.
    pub(crate) fn open(&self) -> anykey::Result<Arc<dyn LicenseProvider>> {
        self.check_consent()?;
        self.paced_registry().build(&self.whole)
    }

    /// Builds the provider on `transport`, as far as its vendor lets it be replaced.
    pub(crate) fn open_on(
        &self,
        transport: Arc<dyn HttpTransport>,
    ) -> anykey::Result<Arc<dyn LicenseProvider>> {
        self.check_consent()?;
        // What is sent here reaches no vendor, so it uses up nothing that other processes share.
        self.registry().with_transport(transport).build(&self.whole.clone().without_pacing())
    }

    /// What a check asks the vendor about.
    pub(crate) fn probe(&self) -> Probe {
        self.registry.vendor(&self.config.provider).map(Vendor::probe).unwrap_or_default()
    }

    /// Where each call has to be allowed to the credential: whether the provider is limited to what an installed app
    /// needs, and a provider with the same credential that is not.
    pub(crate) fn with_everything(&self) -> Option<(bool, anykey::Result<Arc<dyn LicenseProvider>>)> {
        let (field, value) = self.probe().everything?;
        let fields = self.config.settings.read::<serde_json::Map<String, Value>>().unwrap_or_default();
        let is_limited = fields.get(field).is_some_and(|set| set != value);
        let mut config = self.config.clone();
        config.settings.set(field, value);
        let whole = self.whole.clone().with_default(&self.name, config);
        Some((is_limited, self.registry().build(&whole)))
    }

    /// Builds the webhook receiver. Nothing is sent.
    pub(crate) fn receiver(&self) -> anykey::Result<Arc<dyn WebhookReceiver>> {
        self.check_variables()?;
        self.registry().webhooks(&self.whole)
    }

    /// Builds the feed of the deliveries that wait at the vendor; `None` when the configuration names none. Nothing is
    /// sent.
    pub(crate) fn feed(&self) -> anykey::Result<Option<Arc<dyn WebhookFeed>>> {
        let feed = self.paced_registry().webhook_feed(&self.whole)?;
        if feed.is_some() {
            self.check_consent()?;
        }
        Ok(feed)
    }

    fn check_consent(&self) -> anykey::Result<()> {
        self.check_variables()?;
        match &self.no_consent {
            None => Ok(()),
            Some(message) => Err(Error::new(ErrorKind::Config, message.clone())),
        }
    }

    fn check_variables(&self) -> anykey::Result<()> {
        match &self.unknown_variable {
            None => Ok(()),
            Some(message) => Err(Error::new(ErrorKind::Config, message.clone())),
        }
    }

    /// A shell loop is many processes, and one customer of the vendor.
    fn paced_registry(&self) -> Registry {
        let registry = self.registry();
        match pacing_folder() {
            Some(folder) => registry.with_pacing_folder(folder),
            None => registry,
        }
    }

    fn registry(&self) -> Registry {
        self.registry.clone().with_secrets(self.secrets())
    }

    /// Whether the provider is meant to receive webhooks. A router does where a receiver can be built: what is wrong
    /// with the providers behind it is reported for them.
    pub(crate) fn receives_webhooks(&self) -> bool {
        match self.registry.vendor(&self.config.provider) {
            Ok(_) if self.is_over_others() => self.receiver().is_ok(),
            Ok(vendor) => vendor.receives_webhooks(&self.config.settings),
            Err(_) => false,
        }
    }

    /// Whether it is a router.
    pub(crate) fn is_over_others(&self) -> bool {
        self.registry.vendor(&self.config.provider).is_ok_and(Vendor::is_over_others)
    }

    pub(crate) fn secrets(&self) -> ConfigSecrets {
        ConfigSecrets::beside(self.config_file.as_deref())
    }
}

/// `main (acme, live)`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vendor = &self.config.provider;
        match (&self.scope, self.name == *vendor) {
            (KeyScope::Memory, true) => f.write_str(&self.name),
            (scope, true) => write!(f, "{} ({scope})", self.name),
            (KeyScope::Memory, false) => write!(f, "{} (memory)", self.name),
            (scope, false) => write!(f, "{} ({vendor}, {scope})", self.name),
        }
    }
}

/// The name that the user asks for, or the configuration's default.
pub(crate) fn chosen_name(loaded: &Loaded, asked: Option<&str>) -> Result<String, Failure> {
    let name = match asked.filter(|name| !name.is_empty()) {
        Some(name) => loaded.config.provider(name).map(|_| name),
        None => loaded.config.default_name(),
    };
    let named = name.map_err(|error| match loaded.place.path() {
        Some(path) => error.in_context(&path.display().to_string()),
        None => error,
    });
    Ok(named?.to_owned())
}
