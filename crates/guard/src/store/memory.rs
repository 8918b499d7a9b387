//! The record in memory.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Store, StoreError, StoreLock};
use crate::Installation;

/// Stores the record in memory: for tests, demonstrations, and apps that store the [backup](crate::Guard::backup)
/// themselves.
///
/// Clones share the record and its lock, as processes on one machine share a file. A test therefore starts an app
/// again by opening a second guard on a clone.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{CreateRequest, InMemoryProvider, KeyCode, Timestamp};
/// use anykey_guard::{Guard, Installation, MemoryStore, Policy};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let vendor = Arc::new(InMemoryProvider::new(Timestamp::now));
/// let code = KeyCode::parse("AAAA-BBBB")?;
/// vendor.insert(CreateRequest::new(code.clone(), "cus_1", "pdt_1"))?;
/// let store = MemoryStore::new(Installation::from_identity("com.example.studio", "machine-1")?);
///
/// let first = Guard::open(store.clone(), vendor.clone(), Policy::default())?;
/// first.activate(code).await?;
/// drop(first);
///
/// let second = Guard::open(store, vendor, Policy::default())?;
/// assert!(second.access().is_allowed());
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct MemoryStore {
    installation: Installation,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    kept: Mutex<Kept>,
    locked: AtomicBool,
}

#[derive(Default)]
struct Kept {
    record: Option<Vec<u8>>,
    copy: Option<Vec<u8>>,
    aside: Option<Vec<u8>>,
}

impl MemoryStore {
    /// An empty store for `installation`.
    #[must_use]
    pub fn new(installation: Installation) -> Self {
        Self { installation, shared: Arc::default() }
    }

    /// The sealed record; `None` when there is none.
    #[must_use]
    pub fn sealed(&self) -> Option<Vec<u8>> {
        self.kept().record.clone()
    }

    /// Replaces the record, to simulate a copied or edited file. The copy stays, except that `None` removes both.
    pub fn replace_sealed(&self, sealed: Option<Vec<u8>>) {
        let mut kept = self.kept();
        if sealed.is_none() {
            kept.copy = None;
        }
        kept.record = sealed;
    }

    /// Replaces the copy of the record; `None` removes it.
    pub fn replace_copy(&self, sealed: Option<Vec<u8>>) {
        self.kept().copy = sealed;
    }

    /// The record that was last [set aside](Store::set_aside); `None` when there is none.
    #[must_use]
    pub fn aside(&self) -> Option<Vec<u8>> {
        self.kept().aside.clone()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.shared.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("installation", &self.installation).finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn installation(&self) -> &Installation {
        &self.installation
    }

    fn location(&self) -> String {
        "memory".to_owned()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.sealed())
    }

    fn read_copy(&self) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.kept().copy.clone())
    }

    fn write(&self, sealed: &[u8]) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.record = Some(sealed.to_vec());
        kept.copy = kept.record.clone();
        Ok(())
    }

    fn remove(&self) -> Result<(), StoreError> {
        self.replace_sealed(None);
        Ok(())
    }

    fn set_aside(&self) -> Result<String, StoreError> {
        let mut kept = self.kept();
        kept.aside = kept.record.take();
        Ok("memory, aside".to_owned())
    }

    fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
        let taken = self.shared.locked.swap(true, Ordering::Acquire);
        Ok((!taken).then(|| StoreLock::new(Unlock(self.shared.clone()))))
    }
}

struct Unlock(Arc<Shared>);

impl Drop for Unlock {
    fn drop(&mut self) {
        self.0.locked.store(false, Ordering::Release);
    }
}
