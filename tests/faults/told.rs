//! What a caller gets to know.

use std::error::Error as _;
use std::fmt::{self, Debug, Write as _};
use std::time::Duration;

use anykey::{Error, ErrorKind, RefusalReason, Result, Validation, Verdict};

/// The outcome of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It worked; of a validation: the key is good.
    Done,
    /// The vendor said no.
    Refused(RefusalReason),
    /// There is no verdict.
    Failed(ErrorKind),
}

/// The outcome, with everything that the caller could print of it.
pub(crate) struct Told {
    pub(crate) outcome: Outcome,
    pub(crate) transient: bool,
    pub(crate) open: bool,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) printed: String,
}

impl Told {
    pub(crate) fn of<T: Debug>(result: Result<T>) -> Self {
        match result {
            Ok(value) => Self::done(Outcome::Done, format!("{value:?}")),
            Err(error) => Self::failed(&error),
        }
    }

    pub(crate) fn of_verdict(result: Result<Validation>) -> Self {
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
            write!(printed, " {error} {error:?}").unwrap();
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
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(self, f)
    }
}
