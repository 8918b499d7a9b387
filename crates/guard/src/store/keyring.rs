use std::fmt;

use keyring::{Entry, Error};

use super::{FileStore, Store, StoreError, StoreErrorKind, StoreLock};
use crate::{GuardError, Installation};

/// Keeps the record in the system's keyring: Keychain (macOS), Credential Manager (Windows), Secret Service
/// (Linux and BSD).
///
/// The lock is a file in the same folder as [`FileStore::new`] has. A desktop without a keyring service, a
/// server or a container is no place for it.
pub struct KeyringStore {
    record: Entry,
    aside: Entry,
    lock: FileStore,
    place: String,
}

impl KeyringStore {
    /// The entry of this app in the user's keyring.
    ///
    /// # Errors
    ///
    /// [`GuardError::Store`] when there is no keyring; [`GuardError::Installation`] when the user has no
    /// home directory for the lock.
    pub fn new(installation: Installation) -> Result<Self, GuardError> {
        let place = format!("keyring entry `seat` of `{}`", installation.app_id());
        let entry = |user| {
            Entry::new(installation.app_id(), user)
                .map_err(|error| StoreError::new(StoreErrorKind::Io, place.as_str()).with_source(error))
        };
        let (record, aside) = (entry("seat")?, entry("seat aside")?);
        Ok(Self { record, aside, place, lock: FileStore::new(installation)? })
    }

    fn io(&self, error: Error) -> StoreError {
        StoreError::new(StoreErrorKind::Io, self.place.as_str()).with_source(error)
    }
}

impl fmt::Debug for KeyringStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyringStore").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Store for KeyringStore {
    fn installation(&self) -> &Installation {
        self.lock.installation()
    }

    fn place(&self) -> String {
        self.place.clone()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.record.get_secret() {
            Ok(sealed) => Ok(Some(sealed)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(self.io(error)),
        }
    }

    fn write(&self, sealed: &[u8]) -> Result<(), StoreError> {
        self.record.set_secret(sealed).map_err(|error| self.io(error))
    }

    fn remove(&self) -> Result<(), StoreError> {
        match self.record.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(self.io(error)),
        }
    }

    /// Keeps the latest record that was set aside, in the entry `seat aside`.
    fn set_aside(&self) -> Result<String, StoreError> {
        if let Some(found) = self.read()? {
            self.aside.set_secret(&found).map_err(|error| self.io(error))?;
        }
        self.remove()?;
        Ok(format!("keyring entry `seat aside` of `{}`", self.installation().app_id()))
    }

    fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
        self.lock.try_lock()
    }
}

#[cfg(test)]
mod tests {
    use keyring_core::mock;

    use super::*;

    fn store(directory: &std::path::Path) -> KeyringStore {
        let keyring = mock::Store::new().unwrap();
        let entry = |user| Entry {
            inner: keyring_core::api::CredentialStoreApi::build(&*keyring, "app", user, None).unwrap(),
        };
        let installation = Installation::from_identity("app", "machine-1").unwrap();
        KeyringStore {
            record: entry("seat"),
            aside: entry("seat aside"),
            lock: FileStore::in_directory(installation, directory),
            place: "keyring entry".to_owned(),
        }
    }

    #[test]
    fn the_record_comes_back_and_goes_away() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        assert_eq!(store.read().unwrap(), None);
        store.write(b"sealed").unwrap();
        assert_eq!(store.read().unwrap().as_deref(), Some(&b"sealed"[..]));
        store.remove().unwrap();
        store.remove().unwrap();
        assert_eq!(store.read().unwrap(), None);
    }

    #[test]
    fn what_is_set_aside_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        store.write(b"unreadable").unwrap();
        store.set_aside().unwrap();
        assert_eq!(store.read().unwrap(), None);
        assert_eq!(store.aside.get_secret().unwrap(), b"unreadable");
    }

    #[test]
    fn a_locked_keyring_is_an_error_and_not_an_absent_record() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        store.write(b"sealed").unwrap();
        let credential: &mock::Cred = store.record.inner.as_any().downcast_ref().unwrap();
        credential.set_error(Error::NoStorageAccess("locked".into()));
        assert_eq!(store.read().unwrap_err().kind(), StoreErrorKind::Io);
        assert!(store.read().unwrap().is_some());
    }
}
