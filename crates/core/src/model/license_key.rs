use std::borrow::Cow;

use jiff::Timestamp;

use super::{
    ActivationLimit, ActivationUse, CustomerId, Expiry, KeyCode, LicenseKeyId, LicenseStatus, Origin,
    ProductId, RawJson, Usage,
};
use crate::Environment;

/// One license key as its vendor knows it.
///
/// ```
/// use anykey_core::{Expiry, KeyCode, LicenseKey, LicenseStatus, Timestamp};
///
/// let mut key = LicenseKey::new("acme", "key_1".into(), KeyCode::parse("AAAA-BBBB")?, LicenseStatus::Active);
/// let end: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
/// key.expiry = Expiry::At(end);
///
/// assert_eq!(key.status, LicenseStatus::Active);
/// assert_eq!(*key.status_at(end), LicenseStatus::Expired);
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LicenseKey {
    /// The name of the provider that it comes from, as [`LicenseProvider::name`](crate::LicenseProvider::name).
    pub provider: Cow<'static, str>,
    /// Names the record; stays when the code is rotated.
    pub id: LicenseKeyId,
    /// The secret that the customer types.
    pub code: KeyCode,
    /// The stored status. For what holds now, ask [`status_at`](Self::status_at).
    pub status: LicenseStatus,
    /// The vendor's own word for the status, verbatim.
    pub status_word: Cow<'static, str>,
    /// Whether it is a live key or one for tests, where the vendor serves both on one host (Lemon Squeezy); `None`
    /// when the key does not say, and at vendors with a host for each (Dodo, Polar). A provider refuses keys of the
    /// environment that it is not set to, with
    /// [`WrongEnvironment`](crate::RefusalReason::WrongEnvironment).
    pub environment: Option<Environment>,
    /// When the key ends.
    pub expiry: Expiry,
    /// The key's seats.
    pub activations: ActivationUse,
    /// The usage counter; `None` when the vendor has none (Dodo).
    pub usage: Option<Usage>,
    /// The buyer; `None` when this call does not report it.
    pub customer: Option<CustomerId>,
    /// What was sold; `None` when this call does not report it.
    pub product: Option<ProductId>,
    /// Where the key comes from.
    pub origin: Origin,
    /// When the record was made; `None` when this call does not report it.
    pub created_at: Option<Timestamp>,
    /// When the record last changed; `None` when it never did or when the vendor does not report it. At Polar every
    /// successful validation moves it.
    pub modified_at: Option<Timestamp>,
    /// When the key was last found valid; `None` when it never was or when the vendor does not report it.
    pub last_validated_at: Option<Timestamp>,
    /// The vendor's JSON; `None` unless the configuration asks for it.
    pub raw: Option<RawJson>,
}

impl LicenseKey {
    /// A key of which only the required facts are known; set the other fields afterwards.
    ///
    /// The status word starts as the status' own name.
    pub fn new(
        provider: impl Into<Cow<'static, str>>,
        id: LicenseKeyId,
        code: KeyCode,
        status: LicenseStatus,
    ) -> Self {
        Self {
            provider: provider.into(),
            id,
            code,
            status_word: status.word(),
            status,
            environment: None,
            expiry: Expiry::Unknown,
            activations: ActivationUse { used: None, limit: ActivationLimit::Unknown },
            usage: None,
            customer: None,
            product: None,
            origin: Origin::default(),
            created_at: None,
            modified_at: None,
            last_validated_at: None,
            raw: None,
        }
    }

    /// The status that holds at `now`: an active key whose expiry has passed is expired, whatever word the
    /// vendor still stores.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> &LicenseStatus {
        static EXPIRED: LicenseStatus = LicenseStatus::Expired;
        if self.status.is_usable() && self.expiry.has_passed(now) { &EXPIRED } else { &self.status }
    }

    /// Whether the key may be used at `now`, by status and expiry. Seats and usage are not looked at.
    #[must_use]
    pub fn is_usable_at(&self, now: Timestamp) -> bool {
        self.status_at(now).is_usable()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::KeyCodeExt as _;

    #[test]
    fn an_unknown_word_is_never_usable_and_never_becomes_expired() {
        let mut key = LicenseKey::new(
            "acme",
            "k".into(),
            KeyCode::verbatim("c"),
            LicenseStatus::Other("paused".into()),
        );
        key.expiry = Expiry::At(Timestamp::UNIX_EPOCH);
        assert_eq!(key.status_at(Timestamp::MAX), &LicenseStatus::Other("paused".into()));
        assert!(!key.is_usable_at(Timestamp::MIN));
    }

    #[test]
    fn a_revoked_key_stays_revoked_after_its_expiry() {
        let mut key = LicenseKey::new("acme", "k".into(), KeyCode::verbatim("c"), LicenseStatus::Revoked);
        key.expiry = Expiry::At(Timestamp::UNIX_EPOCH);
        assert_eq!(*key.status_at(Timestamp::MAX), LicenseStatus::Revoked);
    }
}
