use super::{Activation, LicenseKey};
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
    /// The key; `None` when the vendor does not return it (Dodo never, Polar not on a refusal).
    pub key: Option<LicenseKey>,
    /// The activation that was asked about; `None` when none was, or the vendor does not return it.
    pub activation: Option<Activation>,
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
        Self { verdict: Verdict::Valid, key: None, activation: None }
    }

    /// The key is not good.
    #[must_use]
    pub const fn refused(refusal: Refusal) -> Self {
        Self { verdict: Verdict::Refused(refusal), key: None, activation: None }
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
