use std::time::Duration;

use anykey_http::{Decision, Outcome, Repeat, RetryPolicy, TransportErrorKind};
use http::StatusCode;

const LEFT: Duration = Duration::from_secs(30);

fn answered(status: u16, retry_after: Option<Duration>) -> Outcome {
    Outcome::Answered { status: StatusCode::from_u16(status).unwrap(), retry_after }
}

fn again(policy: &RetryPolicy, repeat: Repeat, outcome: Outcome) -> bool {
    policy.decide(repeat, &outcome, 1, LEFT, 0.5) != Decision::Stop
}

#[test]
fn sends_again_only_what_cannot_take_effect_twice() {
    use TransportErrorKind as Kind;
    let table = [
        (Outcome::Failed(Kind::Connect), true, true),
        (Outcome::Failed(Kind::Timeout), true, false),
        (Outcome::Failed(Kind::Interrupted), true, false),
        (Outcome::Failed(Kind::Refused), false, false),
        (Outcome::Failed(Kind::Tls), false, false),
        (Outcome::Failed(Kind::BodyTooLarge), false, false),
        (answered(429, None), true, true),
        (answered(429, Some(Duration::from_secs(1))), true, true),
        (answered(408, None), true, false),
        (answered(500, None), true, false),
        (answered(502, None), true, false),
        (answered(503, None), true, false),
        (answered(503, Some(Duration::from_secs(1))), true, false),
        (answered(504, None), true, false),
    ];
    let policy = RetryPolicy::new();
    for (outcome, always, only_if_not_done) in table {
        assert_eq!(again(&policy, Repeat::Always, outcome), always, "{outcome:?}");
        assert_eq!(again(&policy, Repeat::OnlyIfNotDone, outcome), only_if_not_done, "{outcome:?}");
    }
}

#[test]
fn every_other_status_is_final() {
    let policy = RetryPolicy::new();
    let retried = [408, 429, 500, 502, 503, 504];
    for status in (100..1000).filter(|status| !retried.contains(status)) {
        let outcome = answered(status, Some(Duration::from_secs(1)));
        assert!(!again(&policy, Repeat::Always, outcome), "{status}");
    }
}

#[test]
fn stops_at_the_last_attempt() {
    let outcome = Outcome::Failed(TransportErrorKind::Connect);
    let decide = |policy: &RetryPolicy, attempt| policy.decide(Repeat::Always, &outcome, attempt, LEFT, 0.0);
    assert_eq!(decide(&RetryPolicy::new(), 2), Decision::RetryAfter(Duration::ZERO));
    assert_eq!(decide(&RetryPolicy::new(), 3), Decision::Stop);
    assert_eq!(decide(&RetryPolicy::new(), u32::MAX), Decision::Stop);
    assert_eq!(decide(&RetryPolicy::none(), 1), Decision::Stop);
    assert_eq!(decide(&RetryPolicy::new().with_max_attempts(0), 1), Decision::Stop);
}

#[test]
fn backs_off_exponentially_up_to_the_cap() {
    let policy = RetryPolicy::new().with_max_attempts(u32::MAX);
    let wait =
        |attempt, jitter| policy.decide(Repeat::Always, &answered(503, None), attempt, Duration::MAX, jitter);
    for (attempt, millis) in
        [(0, 500), (1, 500), (2, 1000), (3, 2000), (4, 4000), (5, 8000), (6, 8000), (40, 8000)]
    {
        assert_eq!(wait(attempt, 1.0), Decision::RetryAfter(Duration::from_millis(millis)), "{attempt}");
        assert_eq!(wait(attempt, 0.5), Decision::RetryAfter(Duration::from_millis(millis / 2)), "{attempt}");
        assert_eq!(wait(attempt, 0.0), Decision::RetryAfter(Duration::ZERO), "{attempt}");
    }
}

#[test]
fn pulls_the_jitter_in() {
    let decide = |jitter| RetryPolicy::new().decide(Repeat::Always, &answered(503, None), 1, LEFT, jitter);
    let base = Decision::RetryAfter(Duration::from_millis(500));
    let none = Decision::RetryAfter(Duration::ZERO);
    for (jitter, expected) in
        [(-1.0, none), (f64::NEG_INFINITY, none), (2.0, base), (f64::INFINITY, base), (f64::NAN, base)]
    {
        assert_eq!(decide(jitter), expected, "{jitter}");
    }
}

#[test]
fn honours_retry_after_and_caps_it() {
    let policy = RetryPolicy::new();
    let wait = |asked, left, jitter| {
        policy.decide(Repeat::OnlyIfNotDone, &answered(429, Some(asked)), 1, left, jitter)
    };
    let two = Duration::from_secs(2);
    assert_eq!(wait(two, LEFT, 0.0), Decision::RetryAfter(two));
    assert_eq!(wait(two, LEFT, 1.0), Decision::RetryAfter(two), "the vendor knows best");
    assert_eq!(wait(Duration::MAX, Duration::MAX, 0.0), Decision::RetryAfter(Duration::from_secs(60)));
}

#[test]
fn asked_to_wait_zero_it_repeats_once_at_once_and_then_backs_off() {
    let policy = RetryPolicy::new().with_max_attempts(u32::MAX);
    for status in [429, 503] {
        let wait = |attempt, jitter| {
            policy.decide(Repeat::Always, &answered(status, Some(Duration::ZERO)), attempt, LEFT, jitter)
        };
        for (attempt, millis) in [(1, 5), (2, 500), (3, 1000), (4, 2000), (9, 8000)] {
            let longest = Duration::from_millis(millis);
            assert_eq!(wait(attempt, 1.0), Decision::RetryAfter(longest), "{status}, {attempt}");
            assert_eq!(wait(attempt, 0.0), Decision::RetryAfter(Duration::ZERO), "{status}, {attempt}");
        }
    }
    let unknown = policy.decide(Repeat::Always, &answered(503, None), 1, LEFT, 1.0);
    assert_eq!(unknown, Decision::RetryAfter(Duration::from_millis(500)), "not told");
}

#[test]
fn begins_no_wait_that_outlasts_the_deadline() {
    let policy = RetryPolicy::new();
    let wait = |asked: u64, left: u64| {
        let outcome = answered(429, Some(Duration::from_secs(asked)));
        policy.decide(Repeat::Always, &outcome, 1, Duration::from_secs(left), 0.0)
    };
    assert_eq!(wait(60, 30), Decision::Stop);
    assert_eq!(wait(30, 30), Decision::Stop, "a request without time for an answer is pointless");
    assert_eq!(wait(29, 30), Decision::RetryAfter(Duration::from_secs(29)));
    assert_eq!(wait(0, 0), Decision::Stop);
}

#[test]
fn survives_absurd_numbers() {
    let outcome = answered(503, None);
    let waits = [Duration::ZERO, Duration::from_nanos(1), LEFT, Duration::MAX];
    let jitters = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1.0, 2.0, 1e308];
    for base in waits {
        for cap in waits {
            let policy = RetryPolicy::new().with_base(base).with_cap(cap).with_max_attempts(u32::MAX);
            for attempt in [0, 1, 31, 32, 33, u32::MAX - 1] {
                for jitter in jitters {
                    let decision = policy.decide(Repeat::Always, &outcome, attempt, LEFT, jitter);
                    if let Decision::RetryAfter(wait) = decision {
                        assert!(wait <= cap && wait < LEFT, "{base:?} {cap:?} {attempt} {jitter}: {wait:?}");
                    }
                    let asked = answered(503, Some(Duration::MAX));
                    let decision = policy.decide(Repeat::Always, &asked, attempt, Duration::MAX, jitter);
                    assert!(attempt == u32::MAX || decision != Decision::Stop || base == Duration::MAX);
                }
            }
        }
    }
}
