//! Where the record is kept between two starts of the app.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::Installation;

mod error;
mod file;
#[cfg(feature = "keyring")]
mod keyring;
mod lock;
mod memory;
mod private_folder;
pub(crate) mod seal;
mod written;

#[cfg(feature = "keyring")]
pub use self::keyring::{KeyringCounter, KeyringStore};
pub use error::{StoreError, StoreErrorKind};
pub use file::FileStore;
pub use memory::MemoryStore;

/// Keeps the sealed record of one installation.
///
/// The guard seals the record before it gets here, so an implementation handles bytes that reveal nothing
/// and that nobody can change unnoticed. All calls may block for as long as a disk does.
///
/// A store in a database of the app:
///
/// ```
/// use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
///
/// use anykey_guard::{Installation, Store, StoreError, StoreLock};
///
/// /// One row for the record, one for its copy, and one that was set aside.
/// #[derive(Debug, Default)]
/// struct Rows {
///     record: Option<Vec<u8>>,
///     copy: Option<Vec<u8>>,
///     aside: Option<Vec<u8>>,
///     is_locked: bool,
/// }
///
/// #[derive(Debug)]
/// struct DatabaseStore {
///     installation: Installation,
///     rows: Arc<Mutex<Rows>>,
/// }
///
/// impl DatabaseStore {
///     fn rows(&self) -> MutexGuard<'_, Rows> {
///         self.rows.lock().unwrap_or_else(PoisonError::into_inner)
///     }
/// }
///
/// impl Store for DatabaseStore {
///     fn installation(&self) -> &Installation {
///         &self.installation
///     }
///     fn place(&self) -> String {
///         "the table `license`".to_owned()
///     }
///     fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
///         Ok(self.rows().record.clone())
///     }
///     fn read_copy(&self) -> Result<Option<Vec<u8>>, StoreError> {
///         Ok(self.rows().copy.clone())
///     }
///     fn write(&self, sealed: &[u8]) -> Result<(), StoreError> {
///         let mut rows = self.rows();
///         rows.record = Some(sealed.to_vec());
///         rows.copy = rows.record.clone();
///         Ok(())
///     }
///     fn remove(&self) -> Result<(), StoreError> {
///         let mut rows = self.rows();
///         (rows.record, rows.copy) = (None, None);
///         Ok(())
///     }
///     fn set_aside(&self) -> Result<String, StoreError> {
///         let mut rows = self.rows();
///         rows.aside = rows.record.take();
///         Ok("the table `license`, row `aside`".to_owned())
///     }
///     fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
///         let mut rows = self.rows();
///         if rows.is_locked {
///             return Ok(None);
///         }
///         rows.is_locked = true;
///         drop(rows);
///         Ok(Some(StoreLock::new(Unlock(self.rows.clone()))))
///     }
/// }
///
/// struct Unlock(Arc<Mutex<Rows>>);
///
/// impl Drop for Unlock {
///     fn drop(&mut self) {
///         self.0.lock().unwrap_or_else(PoisonError::into_inner).is_locked = false;
///     }
/// }
/// ```
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// The installation whose record it is; its key seals the record.
    fn installation(&self) -> &Installation;

    /// Where the record is, for error messages: a path, a keyring entry.
    fn place(&self) -> String;

    /// Reads the record; `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it cannot be read, [`StoreErrorKind::Damaged`] when what is there cannot
    /// be a record.
    fn read(&self) -> Result<Option<Vec<u8>>, StoreError>;

    /// Reads the second copy of the record; `None` when there is none, or the store keeps none. It is used when
    /// the record cannot be read, when it is missing, and when the copy is the later one.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    fn read_copy(&self) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    /// Replaces the record as a whole, and its copy after it: anyone who reads, and whatever crashes, finds the
    /// old one or the new one. It is written as soon as one of the two is. Called only while the
    /// [lock](Self::try_lock) is held.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it is not certain to last; the old record is still there then. The guard tries
    /// again for some seconds.
    fn write(&self, sealed: &[u8]) -> Result<(), StoreError>;

    /// Removes the copy and then the record; that there is none is no error. Called only while the lock is held.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it is still there.
    fn remove(&self) -> Result<(), StoreError>;

    /// Moves what is in the record's place, whatever it is, to a place beside it, and returns where. Called only
    /// while the lock is held, when it cannot be read and a new record is about to be written.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it is still there.
    fn set_aside(&self) -> Result<String, StoreError>;

    /// Takes the lock that every guard of this installation, in every process, takes before it changes the
    /// record; `None` when another one has it. It is free again when the lock, or its process, is gone.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when there can be no lock. Then the guard asks the vendor and keeps the answer in
    /// memory, but activates nothing.
    fn try_lock(&self) -> Result<Option<StoreLock>, StoreError>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn installation(&self) -> &Installation {
        (**self).installation()
    }

    fn place(&self) -> String {
        (**self).place()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).read()
    }

    fn read_copy(&self) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).read_copy()
    }

    fn write(&self, sealed: &[u8]) -> Result<(), StoreError> {
        (**self).write(sealed)
    }

    fn remove(&self) -> Result<(), StoreError> {
        (**self).remove()
    }

    fn set_aside(&self) -> Result<String, StoreError> {
        (**self).set_aside()
    }

    fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
        (**self).try_lock()
    }
}

/// Counts the writes of a record, in another place than the record: in the system's keyring, in the registry.
///
/// Whoever puts an older record back does not put the counter back with it, so the older record is
/// [noticed](crate::Notice::RecordRestored). See
/// [`GuardBuilder::revision_counter`](crate::GuardBuilder::revision_counter).
pub trait RevisionCounter: fmt::Debug + Send + Sync + 'static {
    /// The number that was written last; `None` when none was.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it cannot be read. Then nothing is compared.
    fn read(&self) -> Result<Option<u64>, StoreError>;

    /// Replaces the number.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it cannot be written. The guard goes on without it.
    fn write(&self, revision: u64) -> Result<(), StoreError>;
}

/// Holds a [`Store`]'s lock until it is dropped.
pub struct StoreLock {
    _held: Box<dyn Any + Send + Sync>,
}

impl StoreLock {
    /// A lock that is free again when `held` is dropped.
    pub fn new(held: impl Any + Send + Sync) -> Self {
        Self { _held: Box::new(held) }
    }
}

impl fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreLock").finish_non_exhaustive()
    }
}
