use std::error::Error as _;
use std::fmt::{self, Debug};
use std::time::Duration;

use anykey_core::{Error, ErrorKind, RefusalReason, Result, Validation, Verdict};

use crate::{Call, Effect};

/// The outcome of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "tests match all outcomes")]
pub enum Outcome {
    /// It worked; of a validation: the key is valid.
    Done,
    /// The vendor refused.
    Refused(RefusalReason),
    /// There is no answer.
    Failed(ErrorKind),
}

/// What the caller of a call observes.
#[derive(Debug)]
#[non_exhaustive]
pub struct Observed {
    /// The outcome.
    pub outcome: Outcome,
    /// Whether the same call may work later.
    pub transient: bool,
    /// Whether a failed call may have taken effect.
    pub open: bool,
    /// The wait that the error asks for.
    pub retry_after: Option<Duration>,
    /// Everything that the caller could print of the result.
    pub printed: String,
}

impl Observed {
    /// The result of a call that is not a validation.
    pub fn of<T: Debug>(result: Result<T>) -> Self {
        match result {
            Ok(value) => Self::done(Outcome::Done, format!("{value:?}")),
            Err(error) => Self::failed(&error),
        }
    }

    /// The result of a validation.
    #[must_use]
    pub fn of_validation(result: Result<Validation>) -> Self {
        match result {
            Ok(validation) => {
                let outcome = match &validation.verdict {
                    Verdict::Valid => Outcome::Done,
                    Verdict::Refused(refusal) => Outcome::Refused(refusal.reason),
                };
                Self::done(outcome, format!("{validation:?}"))
            }
            Err(error) => Self::failed(&error),
        }
    }

    fn done(outcome: Outcome, printed: String) -> Self {
        Self { outcome, transient: false, open: false, retry_after: None, printed }
    }

    fn failed(error: &Error) -> Self {
        let outcome = match error.refusal() {
            Some(refusal) => Outcome::Refused(refusal.reason),
            None => Outcome::Failed(error.kind()),
        };
        let mut printed = format!("{error} {error:?}");
        let mut cause = error.source();
        while let Some(error) = cause {
            printed.push_str(&format!(" {error} {error:?}"));
            cause = error.source();
        }
        Self {
            outcome,
            transient: error.is_transient(),
            open: error.may_have_taken_effect(),
            retry_after: error.retry_after(),
            printed,
        }
    }

    /// The part that a table of cases states. `sent` is the number of requests that were sent.
    #[must_use]
    pub const fn after(&self, sent: usize) -> Expected {
        Expected { outcome: self.outcome, sent, transient: self.transient, open: self.open }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(self, f)
    }
}

/// What is expected of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tables of cases state all of it")]
pub struct Expected {
    /// The outcome.
    pub outcome: Outcome,
    /// How many requests are sent.
    pub sent: usize,
    /// Whether the same call may work later.
    pub transient: bool,
    /// Whether the call may have taken effect.
    pub open: bool,
}

impl Expected {
    /// Success after `sent` requests.
    #[must_use]
    pub const fn done(sent: usize) -> Self {
        Self { outcome: Outcome::Done, sent, transient: false, open: false }
    }

    /// A refusal as the first answer.
    #[must_use]
    pub const fn refused(reason: RefusalReason) -> Self {
        Self { outcome: Outcome::Refused(reason), sent: 1, transient: false, open: false }
    }

    /// A failure that is final and had no effect.
    #[must_use]
    pub const fn final_failure(kind: ErrorKind) -> Self {
        Self { outcome: Outcome::Failed(kind), sent: 1, transient: false, open: false }
    }

    /// An answer that the vendor is not known to give.
    #[must_use]
    pub const fn unrecognized() -> Self {
        Self { transient: true, ..Self::final_failure(ErrorKind::Unrecognized) }
    }

    /// A rate limit: nothing took effect, so any call is sent again.
    #[must_use]
    pub const fn rate_limited() -> Self {
        Self { sent: 3, transient: true, ..Self::final_failure(ErrorKind::RateLimited) }
    }

    /// A failure after which a request whose repetition has this `effect` is sent again if that is harmless.
    #[must_use]
    pub const fn sent_again_if_harmless(effect: Effect, kind: ErrorKind) -> Self {
        Self {
            outcome: Outcome::Failed(kind),
            sent: if matches!(effect, Effect::Twice) { 1 } else { 3 },
            transient: true,
            open: !matches!(effect, Effect::Nothing),
        }
    }

    /// [`sent_again_if_harmless`](Self::sent_again_if_harmless) of a call that sends one request.
    #[must_use]
    pub const fn again_if_harmless(call: Call, kind: ErrorKind) -> Self {
        Self::sent_again_if_harmless(call.effect(), kind)
    }
}
