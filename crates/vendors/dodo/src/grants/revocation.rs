//! Classes of revocation reasons: whether a key comes back.

use anykey_core::LicenseKey;

/// What the loss of a key means for its customer: a class of Dodo's revocation reasons.
///
/// Told of keys that were read as entitlement grants. The statuses follow it: a key that is taken away for
/// a passing reason is [`Disabled`](anykey_core::LicenseStatus::Disabled), any other
/// [`Revoked`](anykey_core::LicenseStatus::Revoked).
///
/// ```
/// use anykey_dodo::RevocationClass;
///
/// assert_eq!(RevocationClass::of_reason("subscription_on_hold"), Some(RevocationClass::Temporary));
/// assert_eq!(RevocationClass::of_reason("a_reason_of_tomorrow"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationClass {
    /// The key comes back when its reason is gone: the subscription is on hold or paused, or the seller
    /// disabled the key. Keep it and ask again later.
    Temporary,
    /// The key is gone for good: cancelled, expired, refunded, or revoked by the seller.
    Final,
    /// The key is gone for good and another one took its place, because the customer changed plans: ask for
    /// the new one.
    Replaced,
}

impl RevocationClass {
    /// The class of the reason for which `key` was taken away; `None` while it is not, when it was not read
    /// as a grant, or when the reason is unknown.
    #[must_use]
    pub fn of(key: &LicenseKey) -> Option<Self> {
        key.origin.revocation.as_deref().and_then(Self::of_reason)
    }

    /// The class of a word of Dodo's, whatever its case: the set is open and its spelling has varied.
    /// `None` for a word that this version does not know.
    #[must_use]
    pub fn of_reason(reason: &str) -> Option<Self> {
        let letters = reason.chars().filter(|letter| *letter != '_');
        match letters.map(|letter| letter.to_ascii_lowercase()).collect::<String>().as_str() {
            "subscriptiononhold" | "subscriptionpaused" | "licensekeydisabled" => Some(Self::Temporary),
            "subscriptioncancelled"
            | "subscriptioncanceled"
            | "subscriptionexpired"
            | "refund"
            | "manual" => Some(Self::Final),
            "planchanged" => Some(Self::Replaced),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use RevocationClass::{Final, Replaced, Temporary};

    use super::*;

    #[test]
    fn every_documented_reason_has_its_class_in_any_spelling() {
        for (reason, class) in [
            ("subscription_on_hold", Some(Temporary)),
            ("SubscriptionPaused", Some(Temporary)),
            ("subscription_paused", Some(Temporary)),
            ("license_key_disabled", Some(Temporary)),
            ("LicenseKeyDisabled", Some(Temporary)),
            ("subscription_cancelled", Some(Final)),
            ("subscription_expired", Some(Final)),
            ("refund", Some(Final)),
            ("Manual", Some(Final)),
            ("plan_changed", Some(Replaced)),
            ("platform_external", None),
            ("", None),
        ] {
            assert_eq!(RevocationClass::of_reason(reason), class, "{reason}");
        }
    }
}
