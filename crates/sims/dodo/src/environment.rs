//! Test mode and live mode, which share nothing.

/// The simulated environment of the vendor.
///
/// The two environments share no data: a request to the other environment's host finds an empty environment, where
/// every license key is unknown and every API key invalid. Requests to any other host, such as a loopback address,
/// reach the simulated environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// Real money: `https://live.dodopayments.com`.
    Live,
    /// Test mode: `https://test.dodopayments.com`.
    #[default]
    Test,
}

impl Environment {
    /// The vendor's base URL of this environment, without a trailing slash.
    #[must_use]
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Live => "https://live.dodopayments.com",
            Self::Test => "https://test.dodopayments.com",
        }
    }

    /// How API keys of this environment begin.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
        }
    }

    /// Whether a request to this URL reaches this environment. Only the host of the other one does not.
    pub(super) fn is_addressed_by(self, uri: &http::Uri) -> bool {
        let other = match self {
            Self::Live => "test.dodopayments.com",
            Self::Test => "live.dodopayments.com",
        };
        uri.host().is_none_or(|host| !host.eq_ignore_ascii_case(other))
    }
}
