use std::path::Path;

use anykey_core::{SecretResolver, SecretString};

/// Resolves secret references from the process environment and from files. The default of
/// [`Registry`](crate::Registry).
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ProcessSecrets;

impl SecretResolver for ProcessSecrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        std::env::var(name).ok().map(SecretString::from)
    }

    fn file(&self, path: &Path) -> std::io::Result<SecretString> {
        std::fs::read_to_string(path).map(SecretString::from)
    }
}
