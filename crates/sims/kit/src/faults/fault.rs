use std::fmt;
use std::time::Duration;

use anykey_core::Timestamp;

use super::Answer;

/// Something that goes wrong between an adapter and its vendor.
///
/// What matters most to a caller is whether the vendor did the work. Faults *before the work* never reach
/// the transport behind; faults *after the work* let it act and spoil its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing breaks; the request sets out this much later. Waits on tokio's clock, which a test can pause.
    Latency(Duration),
    /// No connection: [`Connect`](anykey_core::TransportErrorKind::Connect). The vendor never sees the
    /// request.
    ConnectionRefused,
    /// The connection breaks before the work:
    /// [`Interrupted`](anykey_core::TransportErrorKind::Interrupted), and nothing was done.
    ResetBeforeWork,
    /// The vendor does the work and its answer is lost:
    /// [`Interrupted`](anykey_core::TransportErrorKind::Interrupted), and everything was done.
    AnswerLost,
    /// Nothing is done and no answer ever comes, until the caller gives up.
    HangBeforeWork,
    /// The vendor does the work and no answer ever comes, until the caller gives up.
    HangAfterWork,
    /// Something in front of the vendor answers in its place.
    Instead(Answer),
    /// The vendor does the work, and something in front of it answers in its place.
    AfterWork(Answer),
    /// The vendor does the work; the second half of its body is missing, and nothing tells so.
    TruncatedBody,
    /// The vendor does the work; status and headers arrive, the body is empty.
    EmptyBody,
    /// The vendor does the work; so many blanks arrive in front of its body.
    OversizedBody(usize),
}

impl Fault {
    /// A gateway's error page with `status` (500, 502, 503, 504), before the work.
    #[must_use]
    pub fn unavailable(status: u16) -> Self {
        Self::Instead(error_page(status))
    }

    /// A gateway's error page with `status` (502, 504), although the vendor did the work.
    #[must_use]
    pub fn unavailable_after_work(status: u16) -> Self {
        Self::AfterWork(error_page(status))
    }

    /// 429 before the work, with or without word on how long to wait.
    #[must_use]
    pub fn rate_limited(retry_after: RetryAfter) -> Self {
        let answer = Answer::new(429).header("content-type", "text/plain").body("Too Many Requests");
        Self::Instead(match retry_after {
            RetryAfter::Absent => answer,
            value => answer.header("retry-after", value.to_string()),
        })
    }

    /// A network's log-in page with status 200 in place of the vendor.
    #[must_use]
    pub fn captive_portal() -> Self {
        Self::Instead(Answer::html(
            200,
            "<!doctype html><title>Welcome</title><form>Log in to go online</form>",
        ))
    }
}

/// What a `Retry-After` header says. `Display` is the header's value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// There is no such header.
    Absent,
    /// So many seconds from now.
    Seconds(u64),
    /// At this instant, written as an HTTP date.
    At(Timestamp),
    /// Whatever a vendor might write, nonsense included.
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
    fn an_instant_to_wait_for_is_an_http_date() {
        let instant = RetryAfter::At("1994-11-06T08:49:37Z".parse().unwrap());
        assert_eq!(instant.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
