//! Time: where the guard reads it and how it counts on.

use anykey_core::{Clock, SignedDuration, Timestamp};

/// The machine's clock, to a few milliseconds: reading it is the larger part of what an `access()` costs.
pub(crate) fn wall() -> Clock {
    Clock::new(wall_now)
}

/// `time` and `span` later; stops at the ends of what [`Timestamp`] can hold.
pub(crate) fn plus(time: Timestamp, span: SignedDuration) -> Timestamp {
    let end = if span.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    time.checked_add(span).unwrap_or(end)
}

#[cfg(target_os = "linux")]
fn wall_now() -> Timestamp {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse);
    let nanoseconds = i32::try_from(time.tv_nsec).unwrap_or_default();
    Timestamp::new(time.tv_sec, nanoseconds).unwrap_or_else(|_| Timestamp::now())
}

#[cfg(not(target_os = "linux"))]
fn wall_now() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_clock_shows_the_same_time() {
        let apart = wall_now().duration_since(Timestamp::now()).abs();
        assert!(apart < SignedDuration::from_secs(5), "{apart}");
    }

    #[test]
    fn time_stops_at_its_ends() {
        assert_eq!(plus(Timestamp::MAX, SignedDuration::from_secs(1)), Timestamp::MAX);
        assert_eq!(plus(Timestamp::UNIX_EPOCH, SignedDuration::MAX), Timestamp::MAX);
        assert_eq!(plus(Timestamp::UNIX_EPOCH, SignedDuration::MIN), Timestamp::MIN);
    }
}
