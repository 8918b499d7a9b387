use std::fmt;

use anykey::{Config, Environment, InMemoryProvider, ProviderConfig, Registry};
use anykey_http::is_loopback;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

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

impl KeyScope {
    /// Whether requests leave this machine.
    pub(crate) const fn is_elsewhere(&self) -> bool {
        matches!(self, Self::Live | Self::Host(_) | Self::Sandbox)
    }

    /// What the provider's fields say. A router, which has none, works on the keys of the others: the scope of those
    /// with the most at stake.
    pub(super) fn of_provider(
        name: &str,
        config: &ProviderConfig,
        whole: &Config,
        registry: &Registry,
    ) -> Self {
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
