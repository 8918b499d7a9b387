//! The record, or a counter of its writes, in the operating system's keyring.

use std::fmt;

use keyring::{Entry, Error};

use super::{FileStore, RevisionCounter, Store, StoreError, StoreErrorKind, StoreLock};
use crate::{GuardError, Installation};

/// Stores the record in the operating system's keyring: Keychain (macOS), Credential Manager (Windows), Secret
/// Service (Linux and BSD).
///
/// The lock is a file in the directory of [`FileStore::new`]. Servers, containers and desktops without a keyring
/// service have no keyring.
pub struct KeyringStore {
    record: Entry,
    copy: Entry,
    aside: Entry,
    lock: FileStore,
    location: String,
}

impl KeyringStore {
    /// A store in the current user's keyring.
    ///
    /// # Errors
    ///
    /// [`GuardError::Store`] when there is no keyring; [`GuardError::Installation`] when the user has no
    /// home directory for the lock.
    pub fn new(installation: Installation) -> Result<Self, GuardError> {
        let location = format!("keyring entry `seat` of `{}`", installation.app_id());
        let entry = |user| {
            Entry::new(installation.app_id(), user)
                .map_err(|error| StoreError::new(StoreErrorKind::Io, location.as_str()).with_source(error))
        };
        let (record, copy, aside) = (entry("seat")?, entry("seat copy")?, entry("seat aside")?);
        Ok(Self { record, copy, aside, location, lock: FileStore::new(installation)? })
    }

    /// The bytes of an entry; `None` when there is none.
    fn get(&self, entry: &Entry) -> Result<Option<Vec<u8>>, StoreError> {
        match entry.get_secret() {
            Ok(sealed) => Ok(Some(sealed)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(self.io(error)),
        }
    }

    /// Deletes an entry; a missing one is no error.
    fn delete(&self, entry: &Entry) -> Result<(), StoreError> {
        match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(self.io(error)),
        }
    }

    fn io(&self, error: Error) -> StoreError {
        StoreError::new(StoreErrorKind::Io, self.location.as_str()).with_source(error)
    }
}

impl fmt::Debug for KeyringStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyringStore").field("location", &self.location).finish_non_exhaustive()
    }
}

impl Store for KeyringStore {
    fn installation(&self) -> &Installation {
        self.lock.installation()
    }

    fn location(&self) -> String {
        self.location.clone()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&self.record)
    }

    fn read_copy(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&self.copy)
    }

    fn write(&self, sealed: &[u8]) -> Result<(), StoreError> {
        let record = self.record.set_secret(sealed);
        let copy = self.copy.set_secret(sealed);
        match (record, copy) {
            (Err(error), Err(_)) => Err(self.io(error)),
            _ => Ok(()),
        }
    }

    fn remove(&self) -> Result<(), StoreError> {
        self.delete(&self.copy)?;
        self.delete(&self.record)
    }

    /// Moves the record to the entry `seat aside`, which holds only the latest one.
    fn set_aside(&self) -> Result<String, StoreError> {
        if let Some(found) = self.read()? {
            self.aside.set_secret(&found).map_err(|error| self.io(error))?;
        }
        self.delete(&self.record)?;
        Ok(format!("keyring entry `seat aside` of `{}`", self.installation().app_id()))
    }

    fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
        self.lock.try_lock()
    }
}

/// A [`RevisionCounter`] in the operating system's keyring, for a record in a file.
///
/// ```no_run
/// use std::sync::Arc;
///
/// use anykey_core::{InMemoryProvider, Timestamp};
/// use anykey_guard::{FileStore, Guard, Installation, KeyringCounter};
///
/// let installation = Installation::from_identity("com.example.studio", "machine-1")?;
/// let counter = KeyringCounter::new(&installation)?;
/// let vendor = Arc::new(InMemoryProvider::new(Timestamp::now));
/// let guard = Guard::builder(FileStore::new(installation)?, vendor).revision_counter(counter).open()?;
/// # Ok::<_, anykey_guard::GuardError>(())
/// ```
pub struct KeyringCounter {
    entry: Entry,
    location: String,
}

impl KeyringCounter {
    /// The counter of `installation` in the current user's keyring.
    ///
    /// # Errors
    ///
    /// [`GuardError::Store`] when there is no keyring.
    pub fn new(installation: &Installation) -> Result<Self, GuardError> {
        let location = format!("keyring entry `seat counter` of `{}`", installation.app_id());
        let user = format!("seat counter {}", installation.mark());
        let entry = Entry::new(installation.app_id(), &user)
            .map_err(|error| StoreError::new(StoreErrorKind::Io, location.as_str()).with_source(error))?;
        Ok(Self { entry, location })
    }
}

impl fmt::Debug for KeyringCounter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyringCounter").field("location", &self.location).finish_non_exhaustive()
    }
}

impl RevisionCounter for KeyringCounter {
    fn read(&self) -> Result<Option<u64>, StoreError> {
        let damaged = || StoreError::new(StoreErrorKind::Damaged, self.location.as_str());
        match self.entry.get_password() {
            Ok(text) => text.parse().map(Some).map_err(|_| damaged()),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(StoreError::new(StoreErrorKind::Io, self.location.as_str()).with_source(error)),
        }
    }

    fn write(&self, revision: u64) -> Result<(), StoreError> {
        self.entry
            .set_password(&revision.to_string())
            .map_err(|error| StoreError::new(StoreErrorKind::Io, self.location.as_str()).with_source(error))
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
            copy: entry("seat copy"),
            aside: entry("seat aside"),
            lock: FileStore::in_directory(installation, directory),
            location: "keyring entry".to_owned(),
        }
    }

    #[test]
    fn the_record_is_written_read_and_removed() {
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
    fn a_record_that_is_set_aside_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        store.write(b"unreadable").unwrap();
        store.set_aside().unwrap();
        assert_eq!(store.read().unwrap(), None);
        assert_eq!(store.aside.get_secret().unwrap(), b"unreadable");
    }

    #[test]
    fn the_counter_returns_the_last_number() {
        let keyring = mock::Store::new().unwrap();
        let inner = keyring_core::api::CredentialStoreApi::build(&*keyring, "app", "counter", None).unwrap();
        let counter = KeyringCounter { entry: Entry { inner }, location: "keyring entry".to_owned() };
        assert_eq!(counter.read().unwrap(), None);
        counter.write(7).unwrap();
        assert_eq!(counter.read().unwrap(), Some(7));
    }

    #[test]
    fn a_locked_keyring_is_an_error_and_not_a_missing_record() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        store.write(b"sealed").unwrap();
        let credential: &mock::Cred = store.record.inner.as_any().downcast_ref().unwrap();
        credential.set_error(Error::NoStorageAccess("locked".into()));
        assert_eq!(store.read().unwrap_err().kind(), StoreErrorKind::Io);
        assert!(store.read().unwrap().is_some());
    }
}
