use std::time::Duration;

use anykey::sim::{Fault, RetryAfter, Rule};

/// The share of requests that fail.
const PROBABILITY: f64 = 0.1;

/// A rule by which requests fail at random, by the generator that starts with `seed`.
pub(super) fn rule(seed: u64) -> Rule {
    let faults = [
        Fault::Latency(Duration::from_secs(2)),
        Fault::ConnectionRefused,
        Fault::ResetBeforeWork,
        Fault::AnswerLost,
        Fault::TruncatedBody,
        Fault::unavailable(503),
        Fault::unavailable_after_work(502),
        Fault::rate_limited(RetryAfter::Seconds(1)),
        Fault::captive_portal(),
    ];
    Rule::random(seed, PROBABILITY, faults)
}
