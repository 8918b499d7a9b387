use anykey_core::Timestamp;
use http::Response;
use http::header::{DATE, HeaderValue};

/// Sets the header `Date` of an answer, as every server does.
///
/// ```
/// use anykey_core::Timestamp;
///
/// let answer = anykey_sim_kit::dated(http::Response::new(()), Timestamp::UNIX_EPOCH);
/// assert_eq!(answer.headers()["date"], "Thu, 01 Jan 1970 00:00:00 GMT");
/// ```
#[must_use]
pub fn dated<B>(mut answer: Response<B>, now: Timestamp) -> Response<B> {
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::try_from(date) {
        answer.headers_mut().insert(DATE, date);
    }
    answer
}

/// Truncates an instant to microseconds, as most vendors' databases store it.
///
/// ```
/// use anykey_core::Timestamp;
///
/// let instant: Timestamp = "2026-11-28T05:36:38.513207999Z".parse().unwrap();
/// assert_eq!(anykey_sim_kit::to_micros(instant).to_string(), "2026-11-28T05:36:38.513207Z");
/// ```
#[must_use]
pub fn to_micros(instant: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}
