use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use anykey::adapter::{ErrorExt as _, Probe, Vendor, closest};
use anykey::{
    Config, Environment, Error, ErrorKind, InMemoryProvider, LicenseProvider, ProviderConfig, Registry,
    WebhookReceiver,
};
use anykey_http::{HttpTransport, is_loopback};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::args::GlobalArgs;
use crate::config::{ConfigSecrets, Loaded, Place, load, overrides};
use crate::failure::Failure;

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

/// Which keys an operation works on: customers' keys, or keys for tests. The more is at stake, the less it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyScope {
    /// Customers' keys.
    Live,
    /// Whatever the host of `base_url` serves, its port included.
    Host(String),
    /// The vendor's sandbox or test mode.
    Sandbox,
    /// A server on this very machine.
    Loopback,
    /// Keys in this process' memory.
    Memory,
}

#[derive(Deserialize)]
struct WhereFields {
    environment: Option<Value>,
    base_url: Option<Value>,
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
        self.registry().build(&self.whole)
    }

    /// Builds the provider on `transport`, as far as its vendor lets it be replaced.
    pub(crate) fn open_on(
        &self,
        transport: Arc<dyn HttpTransport>,
    ) -> anykey::Result<Arc<dyn LicenseProvider>> {
        self.check_consent()?;
        self.registry().with_transport(transport).build(&self.whole)
    }

    /// What a check asks the vendor about.
    pub(crate) fn probe(&self) -> Probe {
        self.registry.vendor(&self.config.provider).map(Vendor::probe).unwrap_or_default()
    }

    /// Where each call has to be allowed to the credential: whether the provider is limited to what an installed app needs,
    /// and a provider with the same credential that is not.
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

    fn registry(&self) -> Registry {
        self.registry.clone().with_secrets(self.secrets())
    }

    /// Whether the provider is meant to receive webhooks. A router does where a receiver can be built: what is wrong with
    /// the providers behind it is reported for them.
    pub(crate) fn receives_webhooks(&self) -> bool {
        let Ok(vendor) = self.registry.vendor(&self.config.provider) else { return false };
        match vendor.is_over_others() {
            true => self.receiver().is_ok(),
            false => vendor.receives_webhooks(&self.config.settings),
        }
    }

    pub(crate) fn secrets(&self) -> ConfigSecrets {
        ConfigSecrets::beside(self.config_file.as_deref())
    }
}

/// A file that was found and says itself where requests go gets no credential of the environment: whoever put it there
/// would choose the server. Naming the file is the consent.
fn without_consent(place: &Place, config: &ProviderConfig, variables: &[(String, String)]) -> Option<String> {
    let Place::Upwards(path) = place else { return None };
    let is_replaced = |name: &str| variables.iter().any(|(variable, _)| is_variable_of(variable, name));
    let leads =
        config.settings.names().find(|name| matches!(*name, "base_url" | "network") && !is_replaced(name))?;
    let is_credential = |variable: &str| variable.ends_with("_TOKEN") || variable.ends_with("_SECRET");
    let (variable, _) = variables.iter().find(|(variable, _)| is_credential(variable))?;
    let path = path.display();
    Some(format!(
        "{path} was found and sets `{leads}` itself, so {variable} is not sent there; name it to agree: `anykey --config \
         '{path}'`"
    ))
}

/// The first variable that sets no field of the vendor. A vendor whose fields are not known reports it itself.
fn unknown_variable(
    registry: &Registry,
    config: &ProviderConfig,
    variables: &[(String, String)],
) -> Option<String> {
    let fields = registry.vendor(&config.provider).ok()?.fields()?;
    let known = || fields.iter().map(|field| &*field.name);
    let (field, variable) =
        config.settings.names().filter(|name| !known().any(|known| known == *name)).find_map(|name| {
            variables
                .iter()
                .find(|(variable, _)| is_variable_of(variable, name))
                .map(|found| (name, &found.0))
        })?;
    let meant = match closest(field, known()) {
        Some(meant) => format!("did you mean {}?", variable_of(meant)),
        None => format!("expected one of {}", known().map(variable_of).collect::<Vec<_>>().join(", ")),
    };
    let vendor = &config.provider;
    Some(format!(
        "the environment variable {variable} sets `{field}`, which is no field of `{vendor}`; {meant}"
    ))
}

fn variable_of(field: &str) -> String {
    format!("ANYKEY_{}", field.to_ascii_uppercase())
}

/// Whether `ANYKEY_FIELD` sets the field.
fn is_variable_of(variable: &str, field: &str) -> bool {
    variable.strip_prefix("ANYKEY_").is_some_and(|name| name.eq_ignore_ascii_case(field))
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

impl KeyScope {
    /// What the provider's fields say. A router, which has none, works on the keys of the others: the scope of those with
    /// the most at stake.
    fn of_provider(name: &str, config: &ProviderConfig, whole: &Config, registry: &Registry) -> Self {
        let is_over_others = |config: &ProviderConfig| {
            registry.vendor(&config.provider).is_ok_and(|vendor| vendor.is_over_others())
        };
        if !is_over_others(config) {
            return Self::of(config);
        }
        let others =
            whole.names().filter(|other| *other != name).filter_map(|other| whole.provider(other).ok());
        others.filter(|other| !is_over_others(other)).map(Self::of).min().unwrap_or(Self::Live)
    }

    /// What the fields `base_url` and `environment` say; what cannot be read counts as live.
    fn of(config: &ProviderConfig) -> Self {
        if config.provider == InMemoryProvider::NAME {
            return Self::Memory;
        }
        let Ok(fields) = config.settings.read::<WhereFields>() else { return Self::Live };
        let url = fields.base_url.as_ref().and_then(Value::as_str).and_then(|url| Url::parse(url).ok());
        if url.as_ref().is_some_and(is_loopback) {
            return Self::Loopback;
        }
        if let Some(host) = url.as_ref().and_then(Url::host_str) {
            let port = url.as_ref().and_then(Url::port).map(|port| format!(":{port}")).unwrap_or_default();
            return Self::Host(format!("{host}{port}"));
        }
        match fields.environment.map(Environment::deserialize) {
            Some(Ok(Environment::Sandbox)) => Self::Sandbox,
            _ => Self::Live,
        }
    }
}

impl fmt::Display for KeyScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Live => "live",
            Self::Host(host) => host,
            Self::Sandbox => "sandbox",
            Self::Loopback => "loopback",
            Self::Memory => "memory",
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(toml: &str) -> KeyScope {
        let config = Config::from_toml(toml).unwrap();
        KeyScope::of(config.provider(config.default_name().unwrap()).unwrap())
    }

    #[test]
    fn a_router_is_as_live_as_the_most_live_of_the_others() {
        let scope = |fields: &str| {
            let toml = format!(
                "default = \"all\"\n[providers.all]\nprovider = \"router\"\nchain = [\"a\"]\n\
                 [providers.memory]\nprovider = \"memory\"\n[providers.a]\nprovider = \"acme\"\n{fields}"
            );
            let config = Config::from_toml(&toml).unwrap();
            let router = config.provider("all").unwrap();
            KeyScope::of_provider("all", router, &config, &Registry::builtin())
        };
        assert_eq!(scope(""), KeyScope::Live);
        assert_eq!(scope("environment = \"sandbox\""), KeyScope::Sandbox);
        assert_eq!(scope("base_url = \"http://127.0.0.1:7700\""), KeyScope::Loopback);
    }

    #[test]
    fn only_a_sandbox_and_this_machine_are_not_live() {
        assert_eq!(scope("provider = \"memory\""), KeyScope::Memory);
        assert_eq!(scope("provider = \"acme\""), KeyScope::Live);
        assert_eq!(scope("provider = \"acme\"\nenvironment = \"sandbox\""), KeyScope::Sandbox);
        assert_eq!(scope("provider = \"acme\"\nenvironment = \"test_mode\""), KeyScope::Sandbox);
        assert_eq!(scope("provider = \"acme\"\nenvironment = \"snadbox\""), KeyScope::Live);
        assert_eq!(scope("provider = \"acme\"\nbase_url = \"http://127.0.0.1:7700\""), KeyScope::Loopback);
        let host =
            scope("provider = \"acme\"\nbase_url = \"https://user:planted@127.0.0.1.example:8443/v1\"");
        assert_eq!(host.to_string(), "127.0.0.1.example:8443");
    }
}
