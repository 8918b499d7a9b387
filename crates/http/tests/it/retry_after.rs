use std::time::Duration;

use anykey_core::Timestamp;
use anykey_http::{RETRY_AFTER_CAP, retry_after};
use http::{HeaderMap, HeaderValue};

const NOW: &str = "2026-08-30T08:00:00Z";

fn wait(value: &[u8], date: Option<&str>) -> Option<Duration> {
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", HeaderValue::from_bytes(value).unwrap());
    if let Some(date) = date {
        headers.insert("date", date.parse().unwrap());
    }
    retry_after(&headers, NOW.parse::<Timestamp>().unwrap())
}

#[test]
fn reads_seconds() {
    for (value, millis) in
        [("0", 0), ("1", 1000), (" 7 ", 7000), ("0.25", 250), ("60", 60_000), ("1e1", 10_000)]
    {
        assert_eq!(wait(value.as_bytes(), None), Some(Duration::from_millis(millis)), "{value}");
    }
}

#[test]
fn caps_what_is_too_long() {
    for value in
        ["61", "3600", "1e30", "1e400", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"]
    {
        assert_eq!(wait(value.as_bytes(), None), Some(RETRY_AFTER_CAP), "{value}");
    }
}

#[test]
fn ignores_nonsense() {
    for value in ["", " ", "-1", "-0.5", "NaN", "-inf", "soon", "1 s", "0x10", "1,5", "2026-08-30T08:00:05Z"]
    {
        assert_eq!(wait(value.as_bytes(), None), None, "{value}");
    }
    assert_eq!(wait(b"\xff\xfe", None), None);
    assert_eq!(retry_after(&HeaderMap::new(), Timestamp::UNIX_EPOCH), None);
}

#[test]
fn reads_dates() {
    let five_later = "Sun, 30 Aug 2026 08:00:05 GMT";
    assert_eq!(wait(five_later.as_bytes(), None), Some(Duration::from_secs(5)));
    assert_eq!(wait(b"Sun, 30 Aug 2026 07:59:00 GMT", None), Some(Duration::ZERO), "a past date");
    assert_eq!(wait(b"Thu, 01 Jan 1970 00:00:00 GMT", None), Some(Duration::ZERO));
}

#[test]
fn trusts_the_servers_clock_over_ours() {
    let date = "Sun, 30 Aug 2026 10:00:05 GMT";
    assert_eq!(wait(date.as_bytes(), Some("Sun, 30 Aug 2026 10:00:00 GMT")), Some(Duration::from_secs(5)));
    assert_eq!(wait(date.as_bytes(), Some("nonsense")), Some(RETRY_AFTER_CAP));
}

#[test]
fn survives_any_bytes_and_any_time() {
    let alphabet = b"0123456789eE+-.:, GMTnaifSu\x80\xff\t";
    let mut seed = 1_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for _ in 0..200_000 {
        let value: Vec<u8> = (0..next(12)).map(|_| alphabet[next(alphabet.len())]).collect();
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_bytes(&value).unwrap());
        headers.insert("date", HeaderValue::from_bytes(&value).unwrap());
        for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            assert!(retry_after(&headers, now).is_none_or(|wait| wait <= RETRY_AFTER_CAP));
        }
    }
    for date in ["Mon, 01 Jan 1900 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        assert!(wait(date.as_bytes(), Some(date)).is_none_or(|wait| wait.is_zero()));
    }
}
