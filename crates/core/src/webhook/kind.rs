use std::fmt;

/// What a [`LicenseEvent`](crate::LicenseEvent) says about its keys.
///
/// A hint for what to do first, never the state itself: deliveries arrive in any order. The state is in
/// [`LicenseEvent::key`](crate::LicenseEvent::key) or comes from
/// [`LicenseEvent::read_key`](crate::LicenseEvent::read_key).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// The key is in force: for the first time, or again after it was taken away.
    Granted,
    /// Something about the key changed, or may have: limits, expiry, the purchase behind it.
    Updated,
    /// The key was taken away: the purchase behind it was refunded or ended, or the seller withdrew it.
    Revoked,
    /// The key has a new code; id and seats stay.
    Rotated,
    /// The subscription behind the key was paid for once more. The key itself stays as it is.
    Renewed,
    /// The key could not be handed out.
    Failed,
    /// A type about license keys for which this version has no word, verbatim.
    Other(Box<str>),
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Granted => "granted",
            Self::Updated => "updated",
            Self::Revoked => "revoked",
            Self::Rotated => "rotated",
            Self::Renewed => "renewed",
            Self::Failed => "failed",
            Self::Other(raw_type) => raw_type,
        })
    }
}
