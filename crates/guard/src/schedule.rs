//! When the next check is due.
//!
//! Every time is computed from the policy, the answer's time and the installation, so that a test can predict it.
//! Checks of many machines are spread by a number that depends on the installation and the time.

use std::time::Duration;

use anykey_core::{InstallationMark, SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::Policy;
use crate::clock::plus;

/// The wait after the first check without an answer.
const FIRST_RETRY: SignedDuration = SignedDuration::from_mins(1);
/// The longest wait between checks without an answer, and the longest that a vendor may ask for.
const LONGEST_RETRY: SignedDuration = SignedDuration::from_hours(1);
/// The longest wait after a refusal. A seller may enable a key again, and a customer should not wait for a day.
const AFTER_REFUSAL: SignedDuration = SignedDuration::from_hours(1);
/// The longest delay of the first check of a starting app.
const LONGEST_START_DELAY: SignedDuration = SignedDuration::from_secs(30);

/// The next check after a valid answer at `now`: shortly before the interval ends, or when the key expires if that is
/// earlier.
pub(crate) fn after_valid(
    policy: &Policy,
    mark: InstallationMark,
    now: Timestamp,
    expires_at: Option<Timestamp>,
) -> Timestamp {
    let policy = policy.bounded();
    let early = part(policy.check_interval, i64::from(policy.jitter_percent) * jitter(mark, now), 100_000);
    let check = plus(now, policy.check_interval - early);
    expires_at.filter(|at| *at > now).map_or(check, |at| at.min(check))
}

/// The next check after a refusal at `now` that has stood since `since`: it may be temporary (Dodo gives no reason), so
/// soon at first, and then after as long as it has stood, up to an hour.
pub(crate) fn after_refusal(
    policy: &Policy,
    mark: InstallationMark,
    now: Timestamp,
    since: Timestamp,
) -> Timestamp {
    let longest = AFTER_REFUSAL.min(policy.bounded().check_interval);
    let wait = now.duration_since(since).max(FIRST_RETRY).min(longest);
    plus(now, wait + part(wait, jitter(mark, now), 4_000))
}

/// The next check after `failures` checks in a row without an answer: after a minute, then doubling up to an hour,
/// and never before the vendor's `retry_after` is over.
pub(crate) fn after_failure(
    policy: &Policy,
    mark: InstallationMark,
    now: Timestamp,
    failures: u32,
    retry_after: Option<Duration>,
) -> Timestamp {
    let longest = LONGEST_RETRY.min(policy.bounded().check_interval);
    let doublings = 1_i32.checked_shl(failures.saturating_sub(1).min(16)).unwrap_or(i32::MAX);
    let wait = (FIRST_RETRY * doublings).min(longest);
    let spread = part(wait, jitter(mark, now), 4_000);
    let asked = retry_after.and_then(|wait| SignedDuration::try_from(wait).ok()).unwrap_or_default();
    plus(now, asked.min(LONGEST_RETRY).max(wait) + spread)
}

/// Whether a check is due. A planned time that is too far in the future was planned before the clock was set back.
pub(crate) fn is_due(policy: &Policy, next_check: Timestamp, now: Timestamp) -> bool {
    let farthest = policy.bounded().check_interval.max(AFTER_REFUSAL) * 2;
    next_check <= now || next_check.duration_since(now) > farthest
}

/// The delay before the first check of a starting app, so that many machines do not check at once.
pub(crate) fn start_delay(mark: InstallationMark, now: Timestamp) -> SignedDuration {
    part(LONGEST_START_DELAY, jitter(mark, now), 1_000)
}

/// A number from 0 to 999 that depends on the installation and the time. Deterministic, for tests.
fn jitter(mark: InstallationMark, now: Timestamp) -> i64 {
    let digest = Sha256::new().chain_update(mark.to_string()).chain_update(now.as_second().to_be_bytes());
    let [first, second, ..] = digest.finalize().0;
    i64::from(u16::from_be_bytes([first, second])) * 1_000 / 65_536
}

/// A fraction of a duration, in whole seconds.
fn part(whole: SignedDuration, numerator: i64, denominator: i64) -> SignedDuration {
    SignedDuration::from_secs(whole.as_secs().saturating_mul(numerator) / denominator)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn mark(number: u8) -> InstallationMark {
        InstallationMark::from_digest([number; 6])
    }

    #[test]
    fn checks_of_many_machines_are_spread_and_never_late() {
        let policy = Policy::default();
        let checks: std::collections::BTreeSet<_> =
            (0..100).map(|number| after_valid(&policy, mark(number), NOW, None)).collect();
        assert!(checks.len() > 80, "{}", checks.len());
        assert!(*checks.first().unwrap() >= plus(NOW, SignedDuration::from_secs(24 * 3600 * 9 / 10)));
        assert!(*checks.last().unwrap() <= plus(NOW, policy.check_interval));
        let spread = checks.last().unwrap().duration_since(*checks.first().unwrap());
        assert!(spread > policy.check_interval * 8 / 100, "{spread}");
    }

    #[test]
    fn starting_apps_and_refused_machines_are_spread_too() {
        let delays: std::collections::BTreeSet<_> =
            (0..100).map(|number| start_delay(mark(number), NOW)).collect();
        assert!(delays.len() > 10 && *delays.last().unwrap() <= LONGEST_START_DELAY);
        assert!(*delays.last().unwrap() > LONGEST_START_DELAY * 8 / 10);
        let waits: std::collections::BTreeSet<_> = (0..100)
            .map(|number| {
                let since = plus(NOW, SignedDuration::from_hours(-24));
                after_refusal(&Policy::default(), mark(number), NOW, since).duration_since(NOW)
            })
            .collect();
        assert!(*waits.first().unwrap() >= AFTER_REFUSAL && *waits.last().unwrap() <= AFTER_REFUSAL * 5 / 4);
        assert!(*waits.last().unwrap() > AFTER_REFUSAL * 6 / 5);
    }

    #[test]
    fn the_farthest_plan_and_an_expiry_of_now_are_on_the_safe_side() {
        let policy = Policy::default();
        assert!(after_valid(&policy, mark(0), NOW, Some(NOW)) > NOW, "no check without end");
        let farthest = plus(NOW, policy.check_interval * 2);
        assert!(!is_due(&policy, farthest, NOW));
        assert!(is_due(&policy, plus(farthest, SignedDuration::from_secs(1)), NOW));
    }

    #[test]
    fn a_check_is_due_at_the_expiry() {
        let soon = plus(NOW, SignedDuration::from_mins(5));
        assert_eq!(after_valid(&Policy::default(), mark(0), NOW, Some(soon)), soon);
        let past = plus(NOW, SignedDuration::from_mins(-5));
        assert!(after_valid(&Policy::default(), mark(0), NOW, Some(past)) > NOW);
    }

    #[test]
    fn a_check_is_due_at_its_time_or_after_the_clock_was_set_back() {
        let policy = Policy::default();
        let planned = after_valid(&policy, mark(1), NOW, None);
        assert!(!is_due(&policy, planned, NOW) && is_due(&policy, planned, planned));
        assert!(is_due(&policy, planned, plus(NOW, SignedDuration::from_hours(-24 * 30))));
        let refused = after_refusal(&policy, mark(1), NOW, NOW);
        assert!(!is_due(&policy, refused, NOW) && is_due(&policy, refused, refused));
    }

    #[test]
    fn a_refusal_is_checked_again_after_a_minute_and_then_less_often() {
        let wait = |minutes: i64| {
            let since = plus(NOW, SignedDuration::from_mins(-minutes));
            after_refusal(&Policy::default(), mark(7), NOW, since).duration_since(NOW)
        };
        for (stood, minutes) in [(0, 1), (1, 1), (2, 2), (20, 20), (60, 60), (100_000, 60), (-5, 1)] {
            let earliest = SignedDuration::from_mins(minutes);
            let found = wait(stood);
            assert!(found >= earliest && found <= earliest * 5 / 4, "{stood}: {found}");
        }
        let hasty = Policy::default().check_interval(SignedDuration::from_mins(10));
        let longest = SignedDuration::from_mins(10) * 5 / 4;
        let since = plus(NOW, SignedDuration::from_hours(-24));
        assert!(after_refusal(&hasty, mark(7), NOW, since).duration_since(NOW) <= longest);
    }

    #[test]
    fn failed_checks_back_off_to_an_hour_and_honor_retry_after() {
        let wait = |failures, retry_after| {
            after_failure(&Policy::default(), mark(7), NOW, failures, retry_after).duration_since(NOW)
        };
        assert!(wait(1, None) >= FIRST_RETRY && wait(1, None) <= FIRST_RETRY * 5 / 4);
        assert!(wait(4, None) >= FIRST_RETRY * 8);
        for failures in [7, 30, u32::MAX] {
            assert!(wait(failures, None) >= LONGEST_RETRY && wait(failures, None) <= LONGEST_RETRY * 5 / 4);
        }
        assert!(wait(1, Some(Duration::from_secs(600))) >= SignedDuration::from_secs(600));
        assert!(wait(1, Some(Duration::MAX)) <= LONGEST_RETRY * 5 / 4);
    }
}
