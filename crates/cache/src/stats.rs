use std::sync::atomic::{AtomicU64, Ordering};

/// How often a [`CachedProvider`](crate::CachedProvider) had to ask, since it was built.
///
/// Only validations that count nothing are in it; everything else is passed on and not counted here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Answered from the cache.
    pub hits: u64,
    /// Answered by a request that another caller had under way already.
    pub joined: u64,
    /// Requests that were sent to the provider.
    pub asked: u64,
}

#[derive(Default)]
pub(crate) struct Counters {
    hits: AtomicU64,
    joined: AtomicU64,
    asked: AtomicU64,
}

impl Counters {
    pub(crate) fn hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn joined(&self) {
        self.joined.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn asked(&self) {
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> CacheStats {
        CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            joined: self.joined.load(Ordering::Relaxed),
            asked: self.asked.load(Ordering::Relaxed),
        }
    }
}
