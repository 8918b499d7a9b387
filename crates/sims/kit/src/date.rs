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
