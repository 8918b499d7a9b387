use anykey_core::{Error, Refusal, Validation, Verdict};

/// The outcome of a validation.
#[derive(Debug)]
pub(super) enum CheckOutcome {
    Valid(Box<Validation>),
    Refused(Refusal),
    NoAnswer(Error),
}

impl CheckOutcome {
    /// Classifies an answer. A refusal may also arrive as an error.
    pub(super) fn of(outcome: Result<Box<Validation>, Error>) -> Self {
        match outcome {
            Ok(validation) => match &validation.verdict {
                Verdict::Valid => Self::Valid(validation),
                Verdict::Refused(refusal) => Self::Refused(refusal.clone()),
            },
            Err(error) => match error.refusal() {
                Some(refusal) => Self::Refused(refusal.clone()),
                None => Self::NoAnswer(error),
            },
        }
    }
}
