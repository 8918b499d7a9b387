//! What is sent again, and when: one pure function.

use std::time::Duration;

use http::StatusCode;

use crate::{RETRY_AFTER_CAP, TransportErrorKind};

/// The longest wait where the vendor asks for none: only as much as keeps many clients from coming at one instant.
const AT_ONCE: Duration = Duration::from_millis(5);

/// When a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repeat {
    /// Sending it twice does what sending it once does: a read, a `PATCH`, a deactivation, a validation
    /// that counts nothing.
    Always,
    /// Sending it twice may take effect twice, as with an activation: only if it is certain that nothing
    /// was done, because the request never left or the vendor rejected it before any work (429).
    OnlyIfNotDone,
}

/// The outcome of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// There is no whole answer.
    Failed(TransportErrorKind),
    /// The vendor, or a proxy before it, answered.
    Answered {
        /// The answer's status.
        status: StatusCode,
        /// How long the answer asks to wait; `None` when it does not say.
        retry_after: Option<Duration>,
    },
}

/// What to do after an attempt that was not a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Report this outcome; another attempt is pointless, unsafe or too late.
    Stop,
    /// Send again after this wait.
    RetryAfter(Duration),
}

/// Whether, and after how long, a request is sent again. Pure: it neither sleeps nor reads a clock.
///
/// | outcome | [`Repeat::Always`] | [`Repeat::OnlyIfNotDone`] |
/// |---|---|---|
/// | no connection | again | again |
/// | 429 | again | again |
/// | 408, 500, 502, 503, 504 | again | stop |
/// | timeout, broken connection | again | stop |
/// | unsendable request, TLS fault, body over the cap | stop | stop |
/// | every other status | stop | stop |
///
/// The wait is exactly what the answer asks for in `Retry-After` (at most [`RETRY_AFTER_CAP`]), or else exponential
/// backoff with full jitter. `Retry-After: 0` means now: the first repeat goes within 5 ms, and only what fails after
/// that backs off. A wait that would outlast the deadline is not begun.
///
/// ```
/// use std::time::Duration;
/// use anykey_http::{Decision, Outcome, Repeat, RetryPolicy};
/// use http::StatusCode;
///
/// let policy = RetryPolicy::new();
/// let left = Duration::from_secs(20);
/// let outage = Outcome::Answered { status: StatusCode::BAD_GATEWAY, retry_after: None };
/// let halfway = policy.decide(Repeat::Always, &outage, 1, left, 0.5);
/// assert_eq!(halfway, Decision::RetryAfter(Duration::from_millis(250)));
/// // An activation may have been made, so it is not sent again.
/// assert_eq!(policy.decide(Repeat::OnlyIfNotDone, &outage, 1, left, 0.5), Decision::Stop);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    /// At least 1.
    max_attempts: u32,
    /// The backoff after the first attempt, before jitter.
    base: Duration,
    /// The largest backoff.
    cap: Duration,
}

impl RetryPolicy {
    /// Three attempts, backoff from 0.5 s to at most 8 s.
    pub const fn new() -> Self {
        Self { max_attempts: 3, base: Duration::from_millis(500), cap: Duration::from_secs(8) }
    }

    /// One attempt, whatever comes of it.
    pub const fn none() -> Self {
        Self::new().with_max_attempts(1)
    }

    /// Sends at most `attempts` times, the first time included; 0 means 1.
    pub const fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// Backs off by a random part of `base` after the first attempt, of twice that after the second, and
    /// so on.
    pub const fn with_base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// Never backs off by more than `cap`. Does not bound what the vendor asks for in `Retry-After`.
    pub const fn with_cap(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    /// How often a request is sent at most, the first time included.
    #[must_use]
    pub const fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// Decides what follows `outcome`.
    ///
    /// `attempt` counts from 1, `left` is what remains of the deadline, and `jitter` is a random number
    /// from 0 to 1; anything outside is pulled in, and NaN counts as 1. Never panics.
    #[must_use]
    pub fn decide(
        &self,
        repeat: Repeat,
        outcome: &Outcome,
        attempt: u32,
        left: Duration,
        jitter: f64,
    ) -> Decision {
        if attempt >= self.max_attempts || !may_repeat(repeat, outcome) {
            return Decision::Stop;
        }
        let asked = match outcome {
            Outcome::Answered { retry_after, .. } => *retry_after,
            Outcome::Failed(_) => None,
        };
        let wait = match asked {
            Some(Duration::ZERO) if attempt <= 1 => part(AT_ONCE, jitter),
            Some(Duration::ZERO) => part(self.backoff(attempt.saturating_sub(1)), jitter),
            Some(asked) => asked.min(RETRY_AFTER_CAP),
            None => part(self.backoff(attempt), jitter),
        };
        if wait < left { Decision::RetryAfter(wait) } else { Decision::Stop }
    }

    /// The backoff after this attempt, before jitter.
    fn backoff(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        self.base.saturating_mul(factor).min(self.cap)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether an answer with `status` leaves open if the vendor did the work.
pub(crate) fn leaves_effect_open(status: StatusCode) -> bool {
    match status.as_u16() {
        200..=299 => false,
        // Also nginx's "client closed request" and a load balancer's idle time-out: the vendor may be at work.
        408 | 460 | 499 => true,
        400..=499 => false,
        _ => true,
    }
}

/// The table of [`RetryPolicy`], without number of attempts and time.
fn may_repeat(repeat: Repeat, outcome: &Outcome) -> bool {
    let always = repeat == Repeat::Always;
    match outcome {
        Outcome::Failed(kind) => match kind {
            TransportErrorKind::Connect => true,
            TransportErrorKind::Refused | TransportErrorKind::Tls | TransportErrorKind::BodyTooLarge => false,
            _ => always,
        },
        Outcome::Answered { status, .. } => match *status {
            StatusCode::TOO_MANY_REQUESTS => true,
            StatusCode::REQUEST_TIMEOUT
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => always,
            _ => false,
        },
    }
}

/// A random part of a wait.
fn part(whole: Duration, jitter: f64) -> Duration {
    Duration::try_from_secs_f64(whole.as_secs_f64() * jitter.clamp(0.0, 1.0)).unwrap_or(whole).min(whole)
}
