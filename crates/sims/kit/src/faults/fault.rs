use std::fmt;
use std::time::Duration;

use anykey_core::Timestamp;

use super::Answer;

/// A fault between an adapter and its vendor.
///
/// The most important difference for a caller is whether the request took effect. After a fault *before the work* the
/// request never reaches the vendor; a fault *after the work* lets the vendor process the request and then changes
/// its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The request is sent after this delay, without another fault. Uses tokio's clock, which a test can pause.
    Latency(Duration),
    /// The connection fails: [`Connect`](anykey_core::TransportErrorKind::Connect). The request is not sent.
    ConnectionRefused,
    /// The connection is reset, and the request has no effect:
    /// [`Interrupted`](anykey_core::TransportErrorKind::Interrupted).
    ResetBeforeWork,
    /// The request takes effect, and the answer is lost:
    /// [`Interrupted`](anykey_core::TransportErrorKind::Interrupted).
    AnswerLost,
    /// The request has no effect, and no answer arrives until the caller times out.
    HangBeforeWork,
    /// The request takes effect, and no answer arrives until the caller times out.
    HangAfterWork,
    /// A gateway answers instead of the vendor, and the request has no effect.
    Instead(Answer),
    /// The request takes effect, and a gateway answers instead of the vendor.
    AfterWork(Answer),
    /// The request takes effect, and the second half of the answer's body is missing without an error.
    TruncatedBody,
    /// The request takes effect, and the answer's body is empty.
    EmptyBody,
    /// The request takes effect, and this many spaces precede the answer's body.
    OversizedBody(usize),
}

impl Fault {
    /// A gateway's error page with `status` (500, 502, 503, 504). The request has no effect.
    #[must_use]
    pub fn unavailable(status: u16) -> Self {
        Self::Instead(error_page(status))
    }

    /// A gateway's error page with `status` (502, 504). The request takes effect.
    #[must_use]
    pub fn unavailable_after_work(status: u16) -> Self {
        Self::AfterWork(error_page(status))
    }

    /// A 429 with or without `Retry-After`. The request has no effect.
    #[must_use]
    pub fn rate_limited(retry_after: RetryAfter) -> Self {
        let answer = Answer::new(429).header("content-type", "text/plain").body("Too Many Requests");
        Self::Instead(match retry_after {
            RetryAfter::Absent => answer,
            value => answer.header("retry-after", value.to_string()),
        })
    }

    /// A captive portal: the sign-in page of a network, with status 200.
    #[must_use]
    pub fn captive_portal() -> Self {
        Self::Instead(Answer::html(
            200,
            "<!doctype html><title>Welcome</title><form>Log in to go online</form>",
        ))
    }
}

/// The value of a `Retry-After` header. `Display` is the header's value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// No header.
    Absent,
    /// This many seconds.
    Seconds(u64),
    /// This instant, as an HTTP date.
    At(Timestamp),
    /// Any text, valid or not.
    Text(String),
}

impl fmt::Display for RetryAfter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => Ok(()),
            Self::Seconds(seconds) => seconds.fmt(f),
            Self::At(instant) => instant.strftime("%a, %d %b %Y %H:%M:%S GMT").fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

fn error_page(status: u16) -> Answer {
    Answer::html(
        status,
        format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_an_http_date() {
        let instant = RetryAfter::At("1994-11-06T08:49:37Z".parse().unwrap());
        assert_eq!(instant.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
