//! Answers to a validation, reduced to what the rules distinguish.

use anykey_core::{Error, Refusal, Validation, Verdict};

use super::{Answered, Context};
use crate::answer::{Measured, time_of_validation};
use crate::{HeldProof, SeatRecord};

/// The outcome of a validation.
#[derive(Debug)]
pub(super) enum CheckOutcome {
    /// The vendor accepts the key.
    Valid(Box<Validation>),
    /// The vendor refuses it, whether as a verdict or as an error.
    Refused(Refusal),
    /// Anything else: access continues as before.
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

impl Answered<Box<Validation>> {
    /// Classifies the answer, computes its time, and returns its proof.
    pub(super) fn into_outcome(
        self,
        record: &SeatRecord,
        context: &Context<'_>,
    ) -> (CheckOutcome, Measured, Option<HeldProof>) {
        let vendor_time = self.outcome.as_ref().ok().and_then(|validation| time_of_validation(validation));
        let measured = self.at.measured(vendor_time, record, context.policy);
        (CheckOutcome::of(self.outcome), measured, self.proof)
    }
}
