//! The timeline that `access()` reads on any thread.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::timeline::Timeline;

/// More copies cost memory in every guard; on more threads than this, two share a lock.
const COPIES: usize = 8;

/// The timeline for readers on many threads. Each few threads have their own lock, so that they do not contend for
/// cache lines.
pub(crate) struct Snapshot {
    copies: [Padded; COPIES],
}

/// Aligned to two cache lines, which processors fetch together.
#[repr(align(128))]
struct Padded(RwLock<Timeline>);

impl Snapshot {
    pub(crate) fn new(timeline: Timeline) -> Self {
        Self { copies: std::array::from_fn(|_| Padded(RwLock::new(timeline))) }
    }

    /// Calls `read` with the timeline. Does not allocate.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&Timeline) -> T) -> T {
        let [first, ..] = &self.copies;
        let copy = self.copies.get(copy_of_this_thread()).unwrap_or(first);
        read(&copy.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the timeline. When this returns, every thread sees the new one.
    pub(crate) fn replace(&self, timeline: Timeline) {
        for copy in &self.copies {
            *copy.0.write().unwrap_or_else(PoisonError::into_inner) = timeline;
        }
    }
}

/// The index of this thread's copy: threads take them in turn.
fn copy_of_this_thread() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static INDEX: Cell<Option<usize>> = const { Cell::new(None) };
    }
    INDEX.get().unwrap_or_else(|| {
        let index = THREADS.fetch_add(1, Ordering::Relaxed) % COPIES;
        INDEX.set(Some(index));
        index
    })
}
