use std::sync::atomic::{AtomicU64, Ordering};

/// The counters of a [`CachedProvider`](crate::CachedProvider) since it was built.
///
/// They cover only validations that do not count usage; all other operations are passed on and not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Calls that were answered from the cache.
    pub hits: u64,
    /// Calls that shared a request of another caller.
    pub joined: u64,
    /// Requests that were sent to the provider.
    pub sent: u64,
    /// Requests that the [second level](crate::SecondLevel) answered.
    pub shared: u64,
}

#[derive(Default)]
pub(crate) struct Counters {
    hits: AtomicU64,
    joined: AtomicU64,
    sent: AtomicU64,
    shared: AtomicU64,
}

impl Counters {
    pub(crate) fn hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn joined(&self) {
        self.joined.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn shared(&self) {
        self.shared.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> CacheStats {
        CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            joined: self.joined.load(Ordering::Relaxed),
            sent: self.sent.load(Ordering::Relaxed),
            shared: self.shared.load(Ordering::Relaxed),
        }
    }
}
