//! Test mode and real sales.

use http::Uri;

/// The vendor's test mode or real sales.
///
/// Each mode has its own host, API keys and records. The simulator answers on every host; on the vendor's own ones,
/// only for API keys of that host's mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// Test purchases, on `test-api.creem.io`.
    #[default]
    Test,
    /// Real money, on `api.creem.io`.
    Live,
}

impl Mode {
    /// The word in the member `mode`.
    ///
    /// Samples of the documentation have other words too, which [`Quirks::mode_word`](super::Quirks::mode_word)
    /// sends.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "prod",
        }
    }

    /// How an API key of this mode begins.
    pub(super) const fn key_prefix(self) -> &'static str {
        match self {
            Self::Test => "creem_test_",
            Self::Live => "creem_",
        }
    }

    /// The mode that a host serves; `None` for every other host, which serves both.
    pub(super) fn of_host(uri: &Uri) -> Option<Self> {
        match uri.host()? {
            "api.creem.io" => Some(Self::Live),
            "test-api.creem.io" => Some(Self::Test),
            _ => None,
        }
    }
}
