use std::fmt;

use serde::{Deserialize, Serialize};

/// Which of a vendor's two environments to talk to. Keys, tokens and ids of one are unknown in the other.
///
/// Written `live` or `sandbox` in a configuration; the vendors' own words (`production`, `live_mode`, `test`,
/// `test_mode`) are understood too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "no vendor has a third")]
pub enum Environment {
    /// Real money: Dodo's live mode, Polar's production.
    #[default]
    #[serde(alias = "production", alias = "live_mode")]
    Live,
    /// Tests: Dodo's test mode, Polar's sandbox.
    #[serde(alias = "test", alias = "test_mode")]
    Sandbox,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Live => "live",
            Self::Sandbox => "sandbox",
        })
    }
}
