//! Which provider knows a code. No code is stored.
//!
//! Only answers of the chain are remembered; a route needs no memory. It is lost with the process, and then the chain
//! is asked again.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use anykey_core::KeyCode;
use moka::sync::Cache;

use crate::target::Target;

/// The providers that have recognised a code, under a keyed digest of it. Bounded.
///
/// Two codes with one digest cost a question too many: the wrong provider does not know the code.
pub(crate) struct Memory {
    /// A random key, so that a digest reveals nothing about a code.
    digest: RandomState,
    /// The provider of each digest, the least used ones dropped.
    entries: Cache<u64, Arc<Target>>,
}

impl Memory {
    /// A memory of at most `capacity` codes; zero remembers nothing.
    pub(crate) fn new(capacity: u64) -> Self {
        Self { digest: RandomState::new(), entries: Cache::new(capacity) }
    }

    /// The provider that knew the code; `None` if it is not remembered.
    pub(crate) fn get(&self, code: &KeyCode) -> Option<Arc<Target>> {
        self.entries.get(&self.digest(code))
    }

    /// Remembers who knows the code.
    pub(crate) fn set(&self, code: &KeyCode, target: &Arc<Target>) {
        self.entries.insert(self.digest(code), Arc::clone(target));
    }

    /// Forgets a code that its provider does not know any more.
    pub(crate) fn forget(&self, code: &KeyCode) {
        self.entries.invalidate(&self.digest(code));
    }

    /// The name of an entry.
    fn digest(&self, code: &KeyCode) -> u64 {
        self.digest.hash_one(code.expose())
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The count is behind without it.
        self.entries.run_pending_tasks();
        f.debug_struct("Memory").field("codes", &self.entries.entry_count()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{InMemoryProvider, Timestamp};

    use super::*;

    #[test]
    fn it_holds_as_many_codes_as_it_may() {
        let memory = Memory::new(8);
        let target = Arc::new(Target::new(Arc::new(InMemoryProvider::new(Timestamp::now))));
        for number in 0..1_000 {
            memory.set(&KeyCode::verbatim(format!("CODE-{number}")), &target);
        }
        memory.entries.run_pending_tasks();
        assert!(memory.entries.entry_count() <= 8);
    }

    #[test]
    fn a_code_is_found_until_it_is_forgotten() {
        let memory = Memory::new(8);
        let target = Arc::new(Target::new(Arc::new(InMemoryProvider::new(Timestamp::now))));
        let code = KeyCode::verbatim("CODE");
        memory.set(&code, &target);
        assert!(memory.get(&code).is_some() && memory.get(&KeyCode::verbatim("CODe")).is_none());
        memory.forget(&code);
        assert!(memory.get(&code).is_none());
    }
}
