//! What the tests of several crates share.

pub mod secret;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anykey::{Config, LicenseProvider, Registry, Result, SecretResolver, SecretString};

/// Secrets of a test, instead of the process' environment.
#[derive(Clone, Default)]
pub struct TestSecrets(BTreeMap<String, String>);

impl TestSecrets {
    /// The given variables and nothing else.
    #[must_use]
    pub fn new(variables: &[(&str, &str)]) -> Self {
        Self(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }
}

impl std::fmt::Debug for TestSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl SecretResolver for TestSecrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        self.0.get(name).map(|value| SecretString::from(value.as_str()))
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

/// The provider that `config` describes, with `secrets` as its environment.
///
/// # Errors
///
/// Whatever is wrong with the configuration.
pub fn provider(config: &str, secrets: &TestSecrets) -> Result<Arc<dyn LicenseProvider>> {
    Registry::builtin().with_secrets(secrets.clone()).build(&Config::from_toml(config)?)
}
