//! The time that counts: corrected to the vendor's clock, and never earlier than a time that was seen before.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use anykey_core::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::clock::plus;

/// How far the clock may differ from the expected time before it counts as changed.
pub(crate) const SLACK: SignedDuration = SignedDuration::from_mins(5);

/// A clock reading, corrected to the vendor's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The vendor's time according to the clock.
    pub(crate) shown: Timestamp,
    /// The latest time seen: `shown`, or later when the clock was set back.
    pub(crate) seen: Timestamp,
    /// How far the clock is still ahead of the vendor's time.
    pub(crate) off_by: SignedDuration,
}

impl Reading {
    /// Corrects `clock`, which was `off_by` ahead of the vendor's time at the last answer. `latest` is the latest
    /// time seen.
    ///
    /// If the clock goes back by more than half of what it was ahead, or forward by more than half of what it was
    /// behind, it was corrected and is used uncorrected from then on. (A wrong clock can therefore extend access only
    /// by the time in which the app does not run, like setting the clock back.)
    pub(crate) fn of(clock: Timestamp, off_by: SignedDuration, latest: Timestamp) -> Self {
        if off_by.is_zero() {
            return Self { shown: clock, seen: clock.max(latest), off_by };
        }
        let shown = plus(clock, -off_by);
        let jump = shown.duration_since(latest);
        let half = (off_by.abs() / 2).max(SLACK);
        let off_by = if off_by.is_positive() && jump <= -half {
            SignedDuration::ZERO
        } else if off_by.is_negative() && jump >= half {
            clock.duration_since(latest).min(SignedDuration::ZERO)
        } else {
            off_by
        };
        let shown = plus(clock, -off_by);
        Self { shown, seen: shown.max(latest), off_by }
    }
}

/// The latest time that this process has seen, in whole seconds of the vendor's time.
///
/// While the clock goes forward, it is the clock's time. After the clock was set back, it follows the monotonic
/// clock, so that setting the clock back every day does not extend access.
#[derive(Debug)]
pub(crate) struct SeenTime {
    /// Seconds since 1970.
    latest: AtomicI64,
    anchor: Mutex<Anchor>,
}

/// A time that was certainly reached, with the monotonic time of that moment.
#[derive(Debug)]
struct Anchor {
    reached: i64,
    at: Instant,
}

impl SeenTime {
    /// Starts with the time of the record.
    pub(crate) fn starting_at(time: Timestamp) -> Self {
        let second = time.as_second();
        let anchor = Anchor { reached: second, at: Instant::now() };
        Self { latest: AtomicI64::new(second), anchor: Mutex::new(anchor) }
    }

    /// Records a time of the clock, which was `off_by` ahead at the last answer.
    pub(crate) fn note(&self, clock: Timestamp, off_by: SignedDuration) -> Reading {
        if off_by.is_zero() {
            return self.advance(Reading { shown: clock, seen: clock, off_by });
        }
        let latest = Timestamp::from_second(self.latest.load(Ordering::Relaxed)).unwrap_or(clock);
        self.advance(Reading::of(clock, off_by, latest))
    }

    /// Raises the latest time to the reading, or lets the monotonic clock continue when the reading is earlier.
    fn advance(&self, reading: Reading) -> Reading {
        let second = reading.shown.as_second();
        let latest = self.latest.load(Ordering::Relaxed);
        if second > latest {
            self.latest.fetch_max(second, Ordering::Relaxed);
        }
        let seen = if second >= latest { reading.shown } else { self.after_a_step_back(reading.shown) };
        Reading { seen, ..reading }
    }

    /// Raises the latest time to `time`, which another process has seen.
    pub(crate) fn raise_to(&self, time: Timestamp) {
        self.latest.fetch_max(time.as_second(), Ordering::Relaxed);
    }

    /// Sets the latest time to `time`, even if a later one was seen.
    pub(crate) fn set_to(&self, time: Timestamp) {
        let second = time.as_second();
        *self.anchor() = Anchor { reached: second, at: Instant::now() };
        self.latest.store(second, Ordering::Relaxed);
    }

    /// The time by the monotonic clock, while the clock shows an earlier one.
    #[cold]
    fn after_a_step_back(&self, shown: Timestamp) -> Timestamp {
        let reached = {
            let anchor = self.anchor();
            let since = i64::try_from(anchor.at.elapsed().as_secs()).unwrap_or(i64::MAX);
            anchor.reached.saturating_add(since)
        };
        let latest = self.latest.fetch_max(reached, Ordering::Relaxed).max(reached);
        Timestamp::from_second(latest).map_or(shown, |latest| latest.max(shown))
    }

    fn anchor(&self) -> std::sync::MutexGuard<'_, Anchor> {
        self.anchor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const RIGHT: SignedDuration = SignedDuration::ZERO;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn days(days: i64) -> SignedDuration {
        SignedDuration::from_hours(24 * days)
    }

    #[tokio::test(start_paused = true)]
    async fn time_continues_after_the_clock_was_set_back() {
        let seen = SeenTime::starting_at(at(1_000));
        let note = |second| seen.note(at(second), RIGHT).seen;
        assert_eq!(note(1_000), at(1_000));
        tokio::time::advance(Duration::from_secs(100)).await;
        assert_eq!(note(1_100), at(1_100));
        assert_eq!(note(5), at(1_100));
        tokio::time::advance(Duration::from_secs(100)).await;
        assert_eq!(note(105), at(1_200));
        assert_eq!(note(2_000), at(2_000), "follows the clock again once it is ahead");
    }

    #[tokio::test(start_paused = true)]
    async fn a_valid_answer_can_lower_the_latest_time() {
        let seen = SeenTime::starting_at(at(1_000));
        let note = |second| seen.note(at(second), RIGHT).seen;
        seen.raise_to(at(9_000));
        assert_eq!(note(1_000), at(9_000));
        seen.set_to(at(1_000));
        assert_eq!(note(1_000), at(1_000));
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(note(500), at(1_010));
    }

    #[test]
    fn a_known_clock_error_is_corrected() {
        let latest = at(50 * 365 * 86_400);
        for off_by in [days(80), days(-80), days(72 * 365), days(-9_000)] {
            let clock = plus(latest, off_by + days(3));
            let reading = Reading::of(clock, off_by, latest);
            assert_eq!((reading.shown, reading.off_by), (plus(latest, days(3)), off_by));
        }
    }

    #[test]
    fn a_corrected_clock_is_used_uncorrected() {
        let latest = at(50 * 365 * 86_400);
        for off_by in [days(80), days(-80), days(72 * 365), days(-9_000)] {
            let clock = plus(latest, days(1));
            let reading = Reading::of(clock, off_by, latest);
            assert_eq!((reading.shown, reading.seen, reading.off_by), (clock, clock, RIGHT));
            // It stays uncorrected when it is an hour off later, as with two operating systems.
            let back = plus(clock, SignedDuration::from_hours(-1));
            assert_eq!(Reading::of(back, off_by, clock).seen, clock);
        }
    }

    #[test]
    fn a_small_step_back_of_a_wrong_clock_is_not_a_correction() {
        let latest = at(50 * 365 * 86_400);
        let clock = plus(latest, days(80) - SignedDuration::from_hours(2));
        let reading = Reading::of(clock, days(80), latest);
        assert_eq!((reading.seen, reading.off_by), (latest, days(80)));
    }
}
