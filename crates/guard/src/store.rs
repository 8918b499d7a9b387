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
pub(crate) mod seal;
mod written;

#[cfg(feature = "keyring")]
pub use self::keyring::KeyringStore;
pub use error::{StoreError, StoreErrorKind};
pub use file::FileStore;
pub use memory::MemoryStore;

/// Keeps the sealed record of one installation.
///
/// The guard seals the record before it gets here, so an implementation deals in bytes that tell nothing
/// and that nobody can change unnoticed. All calls may block for as long as a disk does.
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

    /// Replaces the record as a whole: whoever reads, and whatever crashes, finds the old one or the new one.
    /// Called only while the [lock](Self::try_lock) is held.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it is not certain to last; the old record is still there then.
    fn write(&self, sealed: &[u8]) -> Result<(), StoreError>;

    /// Removes the record; that there is none is no error. Called only while the lock is held.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when it is still there.
    fn remove(&self) -> Result<(), StoreError>;

    /// Moves what is in the record's place, whatever it is, to a place beside it, and tells where. Called only
    /// while the lock is held, when the app has decided to begin anew.
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
    /// [`StoreErrorKind::Io`] when there can be no lock.
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
