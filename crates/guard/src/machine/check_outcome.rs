use anykey_core::{Error, Refusal, Validation, Verdict};

/// What an answer to a validation says.
#[derive(Debug)]
pub(super) enum CheckOutcome {
    Yes(Box<Validation>),
    No(Refusal),
    NoAnswer(Error),
}

impl CheckOutcome {
    /// Reads an answer. A refusal may also come as an error.
    pub(super) fn of(outcome: Result<Box<Validation>, Error>) -> Self {
        match outcome {
            Ok(validation) => match &validation.verdict {
                Verdict::Valid => Self::Yes(validation),
                Verdict::Refused(refusal) => Self::No(refusal.clone()),
            },
            Err(error) => match error.refusal() {
                Some(refusal) => Self::No(refusal.clone()),
                None => Self::NoAnswer(error),
            },
        }
    }
}
