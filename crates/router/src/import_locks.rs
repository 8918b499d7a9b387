//! One import of a code at a time.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use anykey_core::KeyCode;
use futures_util::lock::{Mutex, OwnedMutexGuard};
use moka::sync::Cache;

/// How many codes may be imported at once before two imports of one code may meet. Then the target refuses the second.
const CAPACITY: u64 = 1_000;

/// A lock for each code that is being imported, under a keyed digest of it. Bounded.
pub(crate) struct ImportLocks {
    digest: RandomState,
    locks: Cache<u64, Arc<Mutex<()>>>,
}

impl ImportLocks {
    pub(crate) fn new() -> Self {
        Self { digest: RandomState::new(), locks: Cache::new(CAPACITY) }
    }

    /// Waits until nobody else in this process imports the code.
    pub(crate) async fn of(&self, code: &KeyCode) -> OwnedMutexGuard<()> {
        let digest = self.digest.hash_one(code.expose());
        self.locks.get_with(digest, Arc::default).lock_owned().await
    }
}
