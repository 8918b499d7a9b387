use jiff::Timestamp;

use super::Change;
use crate::ActivationLimit;

/// What to change on a license key. Everything that is not named stays as it is.
///
/// Rules that a vendor enforces (a limit below the seats in use, an expiry on a subscription key) are left to the
/// vendor; its answer comes back as a precise error. Neither Dodo nor Polar sends the customer an e-mail.
///
/// ```
/// use anykey_core::LicensePatch;
///
/// let patch = LicensePatch::new().activation_limit(5).clear_expiry();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LicensePatch {
    /// Switch the key off or on, or withdraw it; `None` keeps the status.
    pub status: Option<StatusChange>,
    /// When the key ends; [`Change::Clear`] takes its own expiry away.
    pub expiry: Change<Timestamp>,
    /// How many seats it has; `None` keeps the limit. Spelled out, since a vendor's `null` means
    /// *unlimited* at Dodo and *not allowed* at Polar.
    pub activation_limit: Option<ActivationLimit>,
    /// The usage counter's new value; `None` keeps it.
    pub usage: Option<i64>,
    /// How much may be used; [`Change::Clear`] takes the limit away.
    pub usage_limit: Change<u64>,
}

/// A change of a key's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusChange {
    /// Put the key in force.
    Enable,
    /// Switch the key off; it can be switched on again.
    Disable,
    /// Withdraw the key.
    Revoke,
}

impl LicensePatch {
    /// A patch that changes nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes the status.
    #[must_use]
    pub fn status(mut self, status: StatusChange) -> Self {
        self.status = Some(status);
        self
    }

    /// Ends the key at `at`. A time in the past expires it at once.
    #[must_use]
    pub fn expiry(mut self, at: Timestamp) -> Self {
        self.expiry = Change::Set(at);
        self
    }

    /// Takes the key's own expiry away.
    #[must_use]
    pub fn clear_expiry(mut self) -> Self {
        self.expiry = Change::Clear;
        self
    }

    /// Changes how many seats the key has; a number is [`AtMost`](ActivationLimit::AtMost).
    #[must_use]
    pub fn activation_limit(mut self, limit: impl Into<ActivationLimit>) -> Self {
        self.activation_limit = Some(limit.into());
        self
    }

    /// Sets the usage counter.
    #[must_use]
    pub fn usage(mut self, used: i64) -> Self {
        self.usage = Some(used);
        self
    }

    /// Sets how much may be used.
    #[must_use]
    pub fn usage_limit(mut self, limit: u64) -> Self {
        self.usage_limit = Change::Set(limit);
        self
    }

    /// Takes the usage limit away.
    #[must_use]
    pub fn clear_usage_limit(mut self) -> Self {
        self.usage_limit = Change::Clear;
        self
    }
}
