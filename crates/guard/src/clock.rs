//! The system clock, and arithmetic that saturates.

use anykey_core::{Clock, SignedDuration, Timestamp};

/// The system clock with a resolution of a few milliseconds. Reading it is the larger part of the cost of `access()`,
/// so a coarse clock is used where there is one.
pub(crate) fn wall() -> Clock {
    Clock::new(wall_now)
}

/// Adds `span` to `time`, saturating at the bounds of [`Timestamp`].
pub(crate) fn plus(time: Timestamp, span: SignedDuration) -> Timestamp {
    let end = if span.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    time.checked_add(span).unwrap_or(end)
}

/// The coarse real-time clock, which the kernel updates with every tick.
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
    fn the_coarse_clock_agrees_with_the_exact_clock() {
        let apart = wall_now().duration_since(Timestamp::now()).abs();
        assert!(apart < SignedDuration::from_secs(5), "{apart}");
    }

    #[test]
    fn addition_saturates_at_the_bounds() {
        assert_eq!(plus(Timestamp::MAX, SignedDuration::from_secs(1)), Timestamp::MAX);
        assert_eq!(plus(Timestamp::UNIX_EPOCH, SignedDuration::MAX), Timestamp::MAX);
        assert_eq!(plus(Timestamp::UNIX_EPOCH, SignedDuration::MIN), Timestamp::MIN);
    }
}
