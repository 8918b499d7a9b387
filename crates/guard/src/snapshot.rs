use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::timeline::Timeline;

const COPIES: usize = 8;

/// The timeline, for readers on many threads: a lock for each few of them, so that they do not wait for one
/// another's cache lines.
pub(crate) struct Snapshot {
    copies: [Padded; COPIES],
}

/// As far from the next one as processors fetch memory.
#[repr(align(128))]
struct Padded(RwLock<Timeline>);

impl Snapshot {
    pub(crate) fn new(timeline: Timeline) -> Self {
        Self { copies: std::array::from_fn(|_| Padded(RwLock::new(timeline))) }
    }

    /// What `question` says about the timeline, which stays as it is meanwhile. Allocates nothing.
    pub(crate) fn ask<T>(&self, question: impl FnOnce(&Timeline) -> T) -> T {
        let [first, ..] = &self.copies;
        let copy = self.copies.get(place_of_this_thread()).unwrap_or(first);
        question(&copy.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Once this returns, every thread sees `timeline`.
    pub(crate) fn replace(&self, timeline: Timeline) {
        for copy in &self.copies {
            *copy.0.write().unwrap_or_else(PoisonError::into_inner) = timeline;
        }
    }
}

fn place_of_this_thread() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static PLACE: Cell<Option<usize>> = const { Cell::new(None) };
    }
    PLACE.get().unwrap_or_else(|| {
        let place = THREADS.fetch_add(1, Ordering::Relaxed) % COPIES;
        PLACE.set(Some(place));
        place
    })
}
