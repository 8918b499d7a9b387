//! `Retry-After` and the decision to try again.

use std::time::Duration;

use anykey::Timestamp;
use anykey_http::{Decision, Outcome, RETRY_AFTER_CAP, Repeat, RetryPolicy, retry_after};
use http::{HeaderMap, HeaderValue, StatusCode};
use proptest::prelude::*;

fn header() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<f64>().prop_map(|number| number.to_string().into_bytes()),
        any::<i64>().prop_map(|number| number.to_string().into_bytes()),
        "[0-9eE+.-]{0,40}".prop_map(String::into_bytes),
        "[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{0,10} GMT".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..64),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_retry_after_is_at_most_the_cap(value in header(), date in header(), now in any::<i32>()) {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            headers.insert("retry-after", value);
        }
        if let Ok(date) = HeaderValue::from_bytes(&date) {
            headers.insert("date", date);
        }
        let now = Timestamp::from_second(now.into()).unwrap();
        assert!(retry_after(&headers, now).is_none_or(|wait| wait <= RETRY_AFTER_CAP));
    }

    #[test]
    fn any_outcome_ends_in_time(
        status in 100_u16..=999,
        asked: Option<u64>,
        attempt: u32,
        most: u32,
        left: u64,
        jitter: f64,
        base: u64,
    ) {
        let outcome = Outcome::Answered {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: asked.map(Duration::from_secs),
        };
        let policy = RetryPolicy::new().with_max_attempts(most).with_base(Duration::from_millis(base));
        let left = Duration::from_millis(left);
        for repeat in [Repeat::Always, Repeat::OnlyIfNotDone] {
            if let Decision::RetryAfter(wait) = policy.decide(repeat, &outcome, attempt, left, jitter) {
                assert!(wait < left && attempt < most.max(1));
                assert!(repeat == Repeat::Always || status == 429);
            }
        }
    }
}
