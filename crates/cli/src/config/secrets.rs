use std::path::{Path, PathBuf};

use anykey::{ProcessSecrets, SecretResolver, SecretString};

/// Reads secrets of the process; a relative path counts from the configuration's own folder, so that the
/// command works the same from every folder below.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfigSecrets {
    folder: Option<PathBuf>,
}

impl ConfigSecrets {
    /// Relative paths count from the folder of the file `config`.
    pub(crate) fn beside(config: Option<&Path>) -> Self {
        Self { folder: config.and_then(Path::parent).map(Path::to_owned) }
    }
}

impl ConfigSecrets {
    /// Where the file `path` of the configuration is.
    pub(crate) fn located(&self, path: &Path) -> PathBuf {
        self.folder.as_ref().map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }
}

impl SecretResolver for ConfigSecrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        ProcessSecrets::default().env(name)
    }

    fn file(&self, path: &Path) -> std::io::Result<SecretString> {
        ProcessSecrets::default().file(&self.located(path))
    }

    fn keyring(&self, entry: &str) -> std::io::Result<SecretString> {
        ProcessSecrets::default().keyring(entry)
    }
}
