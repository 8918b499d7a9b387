use jiff::Timestamp;

use super::{Activation, LicenseKey, OfflineProof};
use crate::{Error, Refusal, Result};

/// A vendor's answer to "is this key good?".
///
/// ```
/// use anykey_core::{Refusal, RefusalReason, Validation, Verdict};
///
/// let validation = Validation::refused(Refusal::new(RefusalReason::Expired));
/// match &validation.verdict {
///     Verdict::Valid => unreachable!(),
///     Verdict::Refused(refusal) => assert_eq!(refusal.to_string(), "the key has expired"),
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Validation {
    /// Yes, or no with the reason. "No answer" is an [`Error`] instead, never a verdict.
    pub verdict: Verdict,
    /// The vendor's own word for its verdict, verbatim, also for a valid key: Keygen says `TOO_MANY_MACHINES` or
    /// `EXPIRED` of a key that it still accepts, where the policy is lenient. `None` where the vendor has none (Dodo,
    /// Polar). To show and to log; what counts is the [`verdict`](Self::verdict).
    pub status_word: Option<Box<str>>,
    /// The key; `None` when the vendor does not return it (Dodo never, Polar not on a refusal).
    pub key: Option<LicenseKey>,
    /// The activation that was asked about; `None` when none was, or the vendor does not return it.
    pub activation: Option<Activation>,
    /// The vendor's proof of a valid answer; `None` when it was not
    /// [asked for](crate::ValidateRequest::offline_proof), when the key is refused, or when the vendor gave none.
    pub proof: Option<OfflineProof>,
    /// The vendor's own time of this answer, by the `Date` of its response; `None` when it reports none. An answer
    /// that was kept meanwhile has the time at which the vendor gave it. A device whose clock may be wrong measures
    /// by it.
    pub answered_at: Option<Timestamp>,
}

/// Yes, or no with the reason.
///
/// Closed: "no answer" is an [`Error`], so a third verdict cannot come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a vendor says yes or no; no answer is an error")]
pub enum Verdict {
    /// The key may be used.
    Valid,
    /// The key may not be used.
    Refused(Refusal),
}

impl Validation {
    /// The key is good.
    #[must_use]
    pub const fn valid() -> Self {
        Self {
            verdict: Verdict::Valid,
            status_word: None,
            key: None,
            activation: None,
            proof: None,
            answered_at: None,
        }
    }

    /// The key is not good.
    #[must_use]
    pub const fn refused(refusal: Refusal) -> Self {
        Self {
            verdict: Verdict::Refused(refusal),
            status_word: None,
            key: None,
            activation: None,
            proof: None,
            answered_at: None,
        }
    }

    /// Adds the vendor's own word for its verdict; `None` leaves it empty.
    #[must_use]
    pub fn with_status_word(mut self, word: impl Into<Option<Box<str>>>) -> Self {
        self.status_word = word.into();
        self
    }

    /// Adds the key.
    #[must_use]
    pub fn with_key(mut self, key: LicenseKey) -> Self {
        self.key = Some(key);
        self
    }

    /// Adds the activation; `None` leaves it empty.
    #[must_use]
    pub fn with_activation(mut self, activation: impl Into<Option<Activation>>) -> Self {
        self.activation = activation.into();
        self
    }

    /// Adds the vendor's proof; `None` leaves it empty.
    #[must_use]
    pub fn with_proof(mut self, proof: impl Into<Option<OfflineProof>>) -> Self {
        self.proof = proof.into();
        self
    }

    /// Adds the vendor's own time of the answer; `None` leaves it empty.
    #[must_use]
    pub fn with_answered_at(mut self, answered_at: impl Into<Option<Timestamp>>) -> Self {
        self.answered_at = answered_at.into();
        self
    }

    /// Whether the key may be used.
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        matches!(self.verdict, Verdict::Valid)
    }

    /// Why the key may not be used; `None` when it may.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match &self.verdict {
            Verdict::Valid => None,
            Verdict::Refused(refusal) => Some(refusal),
        }
    }

    /// Turns a refusal into an error, for callers that prefer a single `Result`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Refused`](crate::ErrorKind::Refused) with the refusal.
    pub fn into_result(self) -> Result<Self> {
        match self.verdict {
            Verdict::Valid => Ok(self),
            Verdict::Refused(refusal) => Err(Error::refused(refusal)),
        }
    }
}
