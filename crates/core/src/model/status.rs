use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::Verdict;
use crate::{Refusal, RefusalReason};

/// What the vendor's record says about a key.
///
/// The *stored* status: Polar keeps `granted` on a key whose expiry has passed. Ask
/// [`LicenseKey::status_at`](crate::LicenseKey::status_at) for the status that holds now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LicenseStatus {
    /// In force. Dodo `active`, Polar `granted`.
    Active,
    /// Issued and good, but not activated yet.
    Inactive,
    /// Past its expiry. Polar never stores it.
    Expired,
    /// Switched off by the seller; may be switched on again.
    Disabled,
    /// Withdrawn: the purchase behind it ended. Polar `revoked`; Dodo has no such word.
    Revoked,
    /// A word that this version does not know, verbatim. Never usable.
    Other(Box<str>),
}

impl LicenseStatus {
    /// Whether a key with this status may be used, expiry apart.
    #[must_use]
    pub const fn is_usable(&self) -> bool {
        matches!(self, Self::Active | Self::Inactive)
    }

    /// What this status, expiry apart, says to the question whether the key may be used; `None` for a word that
    /// this version does not know.
    ///
    /// An unknown word is neither valid nor a refusal: a vendor may add a word for something harmless, and a
    /// paying customer must not be locked out by it. It is no answer.
    ///
    /// ```
    /// use anykey_core::{LicenseStatus, Refusal, RefusalReason, Verdict};
    ///
    /// assert_eq!(LicenseStatus::Active.verdict(), Some(Verdict::Valid));
    /// let refused = Verdict::Refused(Refusal::new(RefusalReason::Disabled));
    /// assert_eq!(LicenseStatus::Disabled.verdict(), Some(refused));
    /// assert_eq!(LicenseStatus::Other("trialing".into()).verdict(), None);
    /// ```
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let reason = match self {
            Self::Active | Self::Inactive => return Some(Verdict::Valid),
            Self::Expired => RefusalReason::Expired,
            Self::Disabled => RefusalReason::Disabled,
            Self::Revoked => RefusalReason::Revoked,
            Self::Other(_) => return None,
        };
        Some(Verdict::Refused(Refusal::new(reason)))
    }

    /// The status' own name, copied only where it is a word that this version does not know.
    pub(super) fn word(&self) -> Cow<'static, str> {
        self.known_word().map_or_else(|word| word.to_owned().into(), Into::into)
    }

    /// The status with this name; any other word is kept as [`Other`](Self::Other).
    ///
    /// A vendor's word, such as Polar's `granted`, is none of these names.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "active" => Self::Active,
            "inactive" => Self::Inactive,
            "expired" => Self::Expired,
            "disabled" => Self::Disabled,
            "revoked" => Self::Revoked,
            other => Self::Other(other.into()),
        }
    }

    const fn known_word(&self) -> Result<&'static str, &str> {
        Ok(match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Expired => "expired",
            Self::Disabled => "disabled",
            Self::Revoked => "revoked",
            Self::Other(word) => return Err(word),
        })
    }
}

impl FromStr for LicenseStatus {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<Self, Infallible> {
        Ok(Self::from_word(word))
    }
}

impl fmt::Display for LicenseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Ok(word) | Err(word)) = self.known_word();
        f.pad(word)
    }
}
