use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Refusal, RefusalReason};

/// Which of a vendor's two environments to talk to. Keys, tokens and ids of one are unknown in the other.
///
/// A vendor may serve both on one host, where a test key, bought with a test card, is found valid by anyone who does
/// not look at its [`environment`](crate::LicenseKey::environment) (Lemon Squeezy). An adapter
/// [refuses](Self::refuse) such a key, so that the rule above holds for every vendor.
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

impl Environment {
    /// Refuses a key of the other environment, in a provider that is set to this one; `None` when the key is of this
    /// one, or does not say.
    ///
    /// For adapters of vendors that serve both environments on one host. A seat that such a key took before its answer
    /// was read has to be given back.
    ///
    /// ```
    /// use anykey_core::{Environment, RefusalReason};
    ///
    /// let refusal = Environment::Live.refuse(Some(Environment::Sandbox)).unwrap();
    /// assert_eq!(refusal.reason, RefusalReason::WrongEnvironment);
    /// assert_eq!(Environment::Live.refuse(Some(Environment::Live)), None);
    /// assert_eq!(Environment::Live.refuse(None), None);
    /// ```
    #[must_use]
    pub fn refuse(self, key: Option<Self>) -> Option<Refusal> {
        let is_other = key.is_some_and(|key| key != self);
        is_other.then(|| Refusal::new(RefusalReason::WrongEnvironment))
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Live => "live",
            Self::Sandbox => "sandbox",
        })
    }
}
