//! The wait that an answer asks for.

use std::time::{Duration, SystemTime};

use anykey_core::Timestamp;
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// The longest wait that is believed: 60 s, the block that Polar imposes for an overrun.
///
/// A longer or absurd wait counts as this one, so that a broken header cannot put a caller to sleep for
/// a year.
pub const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);

/// How long the `Retry-After` header asks to wait, at most [`RETRY_AFTER_CAP`].
///
/// Understands seconds, whole or decimal, and an HTTP date. A date is reckoned from the answer's own
/// `Date` header where there is one, so that a wrong local clock does no harm, and from `now` otherwise;
/// a date in the past is a wait of zero. `None` when the header is missing or makes no sense: negative, not
/// a number, neither seconds nor a date. Never panics.
///
/// ```
/// use std::time::Duration;
/// use anykey_core::Timestamp;
/// use anykey_http::retry_after;
/// use http::HeaderMap;
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(retry_after(&headers, Timestamp::UNIX_EPOCH), None);
/// headers.insert("retry-after", "2.5".parse()?);
/// assert_eq!(retry_after(&headers, Timestamp::UNIX_EPOCH), Some(Duration::from_millis(2500)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse::<f64>() {
        Ok(seconds) if seconds.is_nan() || seconds.is_sign_negative() => return None,
        Ok(seconds) => Duration::try_from_secs_f64(seconds).unwrap_or(RETRY_AFTER_CAP),
        Err(_) => until(httpdate::parse_http_date(value).ok()?, headers, now),
    };
    Some(wait.min(RETRY_AFTER_CAP))
}

/// The time from the answer to `date`; zero for a date in the past.
fn until(date: SystemTime, headers: &HeaderMap, now: Timestamp) -> Duration {
    let answered_at = headers.get(DATE).and_then(|value| value.to_str().ok());
    let answered_at = answered_at.and_then(|value| httpdate::parse_http_date(value.trim()).ok());
    let start = answered_at.or_else(|| system_time(now)).unwrap_or(SystemTime::UNIX_EPOCH);
    date.duration_since(start).unwrap_or(Duration::ZERO)
}

/// An instant as the type that HTTP dates are read to.
fn system_time(at: Timestamp) -> Option<SystemTime> {
    let since_epoch = Duration::try_from(at.duration_since(Timestamp::UNIX_EPOCH)).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(since_epoch)
}
