//! Storage of the record between two starts of the app.

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

/// Stores the sealed record of one installation.
///
/// The guard encrypts and authenticates the record, so an implementation handles opaque bytes, and changes to them
/// are detected. All methods may block for disk I/O; the guard calls them on a blocking thread, except when it opens
/// and when it is dropped.
///
/// A store in a database of the app:
///
/// ```
/// use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
///
/// use anykey_guard::{Installation, Store, StoreError, StoreLock};
///
/// /// One row for the record, one for its copy, and one for an unreadable record.
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
///     fn location(&self) -> String {
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
    /// The installation of the record. The record is sealed with its key.
    fn installation(&self) -> &Installation;

    /// The location of the record for error messages: a path, a keyring entry.
    fn location(&self) -> String;

    /// Reads the record; `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it cannot be read, [`StoreErrorKind::Damaged`] when the content cannot be a
    /// record.
    fn read(&self) -> Result<Option<Vec<u8>>, StoreError>;

    /// Reads the copy of the record; `None` when there is none, or the store does not keep one. The guard uses it
    /// when the record is missing or unreadable, and when the copy is newer.
    ///
    /// # Errors
    ///
    /// The errors of [`read`](Self::read).
    fn read_copy(&self) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    /// Replaces the record atomically, then its copy. Readers, also after a crash, find either the old or the new
    /// record. The write succeeds if one of the two was replaced. Called only while the [lock](Self::try_lock) is
    /// held.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when neither is durable; the old record is still there then. The guard retries for some
    /// seconds.
    fn write(&self, sealed: &[u8]) -> Result<(), StoreError>;

    /// Removes the copy, then the record. A missing record is not an error. Called only while the lock is held.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it is still there.
    fn remove(&self) -> Result<(), StoreError>;

    /// Moves an unreadable record to another location and returns that location. Called only while the lock is held,
    /// before a new record is written.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it is still there.
    fn set_aside(&self) -> Result<String, StoreError>;

    /// Acquires the lock that every guard of this installation, in every process, needs to change the record; `None`
    /// when another guard holds it. The lock is released when the returned value is dropped or the process ends.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when locking is not possible. The guard then keeps answers in memory and activates
    /// nothing.
    fn try_lock(&self) -> Result<Option<StoreLock>, StoreError>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn installation(&self) -> &Installation {
        (**self).installation()
    }

    fn location(&self) -> String {
        (**self).location()
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

/// Counts the writes of a record, stored apart from the record: in the operating system's keyring, in the registry.
///
/// Restoring an older record does not restore the counter, so the older record is
/// [detected](crate::Notice::RecordRestored). See
/// [`GuardBuilder::revision_counter`](crate::GuardBuilder::revision_counter).
pub trait RevisionCounter: fmt::Debug + Send + Sync + 'static {
    /// The last written number; `None` before the first write.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it cannot be read. The guard then continues without the comparison.
    fn read(&self) -> Result<Option<u64>, StoreError>;

    /// Replaces the number.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it cannot be written. The guard then continues without it.
    fn write(&self, revision: u64) -> Result<(), StoreError>;
}

/// A guard that holds a [`Store`]'s lock until it is dropped. It can be dropped on another thread.
pub struct StoreLock {
    _held: Box<dyn Any + Send + Sync>,
}

impl StoreLock {
    /// A lock that is released when `held` is dropped.
    pub fn new(held: impl Any + Send + Sync) -> Self {
        Self { _held: Box::new(held) }
    }
}

impl fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreLock").finish_non_exhaustive()
    }
}
