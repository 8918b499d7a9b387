use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{Error, ErrorKind, Result};

/// When a key ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Expiry {
    /// The key is for life.
    Never,
    /// The key ends at this instant: it is expired as soon as `now >= at`.
    At(Timestamp),
    /// The key lives as long as its subscription; the vendor's date is empty.
    FollowsSubscription,
    /// The vendor does not report it. Polar's empty date means for life or until a subscription ends, and its
    /// versions before 2027-01 do not say which; Dodo's device plane reports no expiry at all.
    Unknown,
}

impl Expiry {
    /// The instant at which the key ends; `None` when there is none, or none is known.
    #[must_use]
    pub const fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            _ => None,
        }
    }

    /// Its word in data: `never`, `follows_subscription`, `unknown`, or the instant in RFC 3339.
    /// It never changes, and [`FromStr`] reads it.
    #[must_use]
    pub fn word(self) -> Cow<'static, str> {
        match self {
            Self::Never => "never".into(),
            Self::At(at) => at.to_string().into(),
            Self::FollowsSubscription => "follows_subscription".into(),
            Self::Unknown => "unknown".into(),
        }
    }

    /// Whether the end is known and has come.
    #[must_use]
    pub fn has_passed(self, now: Timestamp) -> bool {
        self.at().is_some_and(|at| now >= at)
    }
}

impl FromStr for Expiry {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "never" => Ok(Self::Never),
            "follows_subscription" => Ok(Self::FollowsSubscription),
            "unknown" => Ok(Self::Unknown),
            instant => instant.parse().map(Self::At).map_err(|_| {
                let message =
                    "an expiry is `never`, `follows_subscription`, `unknown` or an instant of RFC 3339";
                Error::new(ErrorKind::InvalidRequest, message)
            }),
        }
    }
}

impl From<Timestamp> for Expiry {
    fn from(at: Timestamp) -> Self {
        Self::At(at)
    }
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.pad("never"),
            Self::At(at) => f.pad(&at.to_string()),
            Self::FollowsSubscription => f.pad("with the subscription"),
            Self::Unknown => f.pad("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_at_the_very_instant() {
        let at: Timestamp = "2027-06-01T12:00:00Z".parse().unwrap();
        let just_before = at - jiff::SignedDuration::from_nanos(1);
        assert!(!Expiry::At(at).has_passed(just_before));
        assert!(Expiry::At(at).has_passed(at));
        assert!(!Expiry::FollowsSubscription.has_passed(Timestamp::MAX));
    }
}
