use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anykey_guard::{Installation, MemoryStore, Store, StoreError, StoreErrorKind, StoreLock};

/// A store in memory that counts its reads and fails writes on demand.
#[derive(Clone, Debug)]
pub(crate) struct FaultyStore {
    memory: MemoryStore,
    full: Arc<AtomicBool>,
    fills_up: Arc<AtomicBool>,
    writes: Arc<AtomicUsize>,
    denied: Arc<Mutex<Range<usize>>>,
    reads: Arc<AtomicUsize>,
}

impl FaultyStore {
    pub(crate) fn new(memory: &MemoryStore) -> Self {
        Self {
            memory: memory.clone(),
            full: Arc::default(),
            fills_up: Arc::default(),
            writes: Arc::default(),
            denied: Arc::new(Mutex::new(0..0)),
            reads: Arc::default(),
        }
    }

    pub(crate) fn is_full(&self, full: bool) {
        self.full.store(full, Ordering::Relaxed);
    }

    pub(crate) fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }

    /// Fails the writes with these numbers, of which the first is 1, like a virus scanner.
    pub(crate) fn denies_writes(&self, numbers: Range<usize>) {
        *self.denied.lock().unwrap() = numbers;
    }

    pub(crate) fn fills_up_after_one_write(&self) {
        self.fills_up.store(true, Ordering::Relaxed);
    }
}

impl Store for FaultyStore {
    fn installation(&self) -> &Installation {
        self.memory.installation()
    }

    fn location(&self) -> String {
        "a full disk".to_owned()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.memory.read()
    }

    fn write(&self, sealed: &[u8]) -> Result<(), StoreError> {
        let number = self.writes.fetch_add(1, Ordering::Relaxed) + 1;
        if self.full.load(Ordering::Relaxed) || self.denied.lock().unwrap().contains(&number) {
            return Err(StoreError::new(StoreErrorKind::Io, self.location()));
        }
        self.full.store(self.fills_up.swap(false, Ordering::Relaxed), Ordering::Relaxed);
        self.memory.write(sealed)
    }

    fn remove(&self) -> Result<(), StoreError> {
        self.memory.remove()
    }

    fn set_aside(&self) -> Result<String, StoreError> {
        self.memory.set_aside()
    }

    fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
        self.memory.try_lock()
    }
}
