//! The status of a key.

use serde::Serialize;

/// The stored status of a key, which the expiry does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum KeyStatus {
    /// Usable, until its expiry.
    Granted,
    /// The grant was taken away: a refund, the end of a subscription.
    Revoked,
    /// Switched off by the seller.
    Disabled,
}

impl KeyStatus {
    pub(super) const ALL: [Self; 3] = [Self::Granted, Self::Revoked, Self::Disabled];

    /// The vendor's name of the status.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Revoked => "revoked",
            Self::Disabled => "disabled",
        }
    }
}
