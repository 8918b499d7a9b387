use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use anykey_core::Timestamp;
use tokio::time::Instant;

/// The latest time that this process knows of, in whole seconds.
///
/// While the clock goes forward it is the clock's time. After it was set back, time goes on at the pace of the
/// monotonic clock, so that turning the clock back every day gains nothing.
#[derive(Debug)]
pub(crate) struct SeenTime {
    latest: AtomicI64,
    anchor: Mutex<Anchor>,
}

/// A time that was certainly reached, and when in this process' life.
#[derive(Debug)]
struct Anchor {
    reached: i64,
    at: Instant,
}

impl SeenTime {
    pub(crate) fn starting_at(time: Timestamp) -> Self {
        let second = time.as_second();
        let anchor = Anchor { reached: second, at: Instant::now() };
        Self { latest: AtomicI64::new(second), anchor: Mutex::new(anchor) }
    }

    /// Takes note of what the clock shows, and tells the latest time: `now` itself unless the clock was set
    /// back.
    pub(crate) fn note(&self, now: Timestamp) -> Timestamp {
        let second = now.as_second();
        let latest = self.latest.load(Ordering::Relaxed);
        if second > latest {
            self.latest.fetch_max(second, Ordering::Relaxed);
        }
        if second >= latest { now } else { self.after_a_step_back(now) }
    }

    /// Another process saw `time`.
    pub(crate) fn raise_to(&self, time: Timestamp) {
        self.latest.fetch_max(time.as_second(), Ordering::Relaxed);
    }

    /// It is `time`, whatever was seen before.
    pub(crate) fn set_to(&self, time: Timestamp) {
        let second = time.as_second();
        *self.anchor() = Anchor { reached: second, at: Instant::now() };
        self.latest.store(second, Ordering::Relaxed);
    }

    #[cold]
    fn after_a_step_back(&self, now: Timestamp) -> Timestamp {
        let reached = {
            let anchor = self.anchor();
            let since = i64::try_from(anchor.at.elapsed().as_secs()).unwrap_or(i64::MAX);
            anchor.reached.saturating_add(since)
        };
        let latest = self.latest.fetch_max(reached, Ordering::Relaxed).max(reached);
        Timestamp::from_second(latest).map_or(now, |latest| latest.max(now))
    }

    fn anchor(&self) -> std::sync::MutexGuard<'_, Anchor> {
        self.anchor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn time_goes_on_behind_a_clock_that_was_set_back() {
        let seen = SeenTime::starting_at(at(1_000));
        assert_eq!(seen.note(at(1_000)), at(1_000));
        tokio::time::advance(Duration::from_secs(100)).await;
        assert_eq!(seen.note(at(1_100)), at(1_100));
        assert_eq!(seen.note(at(5)), at(1_100));
        tokio::time::advance(Duration::from_secs(100)).await;
        assert_eq!(seen.note(at(105)), at(1_200));
        assert_eq!(seen.note(at(2_000)), at(2_000), "and follows the clock again when it is ahead");
    }

    #[tokio::test(start_paused = true)]
    async fn a_yes_of_the_vendor_sets_it_back() {
        let seen = SeenTime::starting_at(at(1_000));
        seen.raise_to(at(9_000));
        assert_eq!(seen.note(at(1_000)), at(9_000));
        seen.set_to(at(1_000));
        assert_eq!(seen.note(at(1_000)), at(1_000));
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(seen.note(at(500)), at(1_010));
    }
}
