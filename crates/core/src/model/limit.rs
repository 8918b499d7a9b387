use std::fmt;

/// How many activations a key may hold at once.
///
/// Vendors write `null` for opposite things: at Dodo it is *unlimited*, at Polar *not allowed*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ActivationLimit {
    /// As many as wanted.
    Unlimited,
    /// At most this many live activations.
    AtMost(u64),
    /// None: the key is validated without activating it.
    NotAllowed,
    /// This call does not report it.
    Unknown,
}

impl From<u64> for ActivationLimit {
    fn from(limit: u64) -> Self {
        Self::AtMost(limit)
    }
}

impl fmt::Display for ActivationLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlimited => f.pad("unlimited"),
            Self::AtMost(limit) => f.pad(&limit.to_string()),
            Self::NotAllowed => f.pad("not allowed"),
            Self::Unknown => f.pad("unknown"),
        }
    }
}

/// A key's seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "seats are a count and a limit")]
pub struct ActivationUse {
    /// How many seats are taken; `None` when this call does not report it (Polar's lists do not).
    pub used: Option<u64>,
    /// How many there may be.
    pub limit: ActivationLimit,
}

/// A key's usage counter, which the app advances while validating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "usage is a count and a limit")]
pub struct Usage {
    /// The count. Polar lets a seller set it below zero or above the limit.
    pub used: i64,
    /// How much may be used; `None` when there is no limit.
    pub limit: Option<u64>,
}

impl Usage {
    /// What is left; `None` when there is no limit. Zero when the limit is reached or passed.
    #[must_use]
    pub fn remaining(self) -> Option<u64> {
        let left = i128::from(self.limit?) - i128::from(self.used);
        Some(u64::try_from(left.max(0)).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_never_goes_below_zero() {
        assert_eq!(Usage { used: 3, limit: Some(10) }.remaining(), Some(7));
        assert_eq!(Usage { used: 12, limit: Some(10) }.remaining(), Some(0));
        assert_eq!(Usage { used: -2, limit: Some(10) }.remaining(), Some(12));
        assert_eq!(Usage { used: i64::MIN, limit: Some(u64::MAX) }.remaining(), Some(u64::MAX));
        assert_eq!(Usage { used: 3, limit: None }.remaining(), None);
    }
}
