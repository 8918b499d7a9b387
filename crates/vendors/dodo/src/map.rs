//! Between Dodo's bodies and the model: pure and total.

use std::borrow::Cow;

use anykey_core::adapter::{ErrorExt as _, KeyCodeExt as _, product_after, seller_after};
use anykey_core::{
    Activation, ActivationLimit, ActivationUse, Capability, Error, ErrorKind, Expiry, KeyCode, KeySource,
    LicenseKey, LicensePatch, LicenseStatus, Operation, RawJson, Result, StatusChange, Timestamp,
};

use anykey_http::{JsonMember, JsonTimestamp};

use crate::NAME;
use crate::wire::{ActivatedBody, InstanceBody, LicenseKeyBody, PatchBody};

/// A key of a classic call or of a webhook.
pub(crate) fn license_key(body: LicenseKeyBody<'_>, raw: Option<RawJson>) -> LicenseKey {
    following(None, body, raw)
}

/// The same for a key of a list, which shares equal texts with the key `before` it. A list of one seller repeats the
/// seller and few products, so this saves two allocations for each key.
pub(crate) fn following(
    before: Option<&LicenseKey>,
    body: LicenseKeyBody<'_>,
    raw: Option<RawJson>,
) -> LicenseKey {
    let mut key = LicenseKey::new(NAME, body.id, KeyCode::verbatim(body.key), status(&body.status));
    key.status_word = known_word(&body.status);
    let subscription = body.subscription_id.value();
    key.expiry = expiry(body.expires_at, subscription.as_deref());
    key.activations =
        ActivationUse { used: body.instances_count.value(), limit: limit(body.activations_limit) };
    key.customer = body.customer_id.value();
    key.product = body.product_id.value().map(|id| product_after(before, &id));
    key.origin.source = body.source.value().as_deref().map(source);
    key.origin.seller = body.business_id.value().map(|id| seller_after(before, &id));
    key.origin.payment = body.payment_id.value();
    key.origin.subscription = subscription;
    key.created_at = body.created_at.value().map(Into::into);
    key.raw = raw;
    key
}

/// An activation of the list. A missing name is an empty label.
pub(crate) fn instance(body: InstanceBody) -> Activation {
    let mut activation = Activation::new(body.id, body.name.value().unwrap_or_default());
    activation.key_id = body.license_key_id.value();
    activation.created_at = body.created_at.value().map(Into::into);
    activation
}

/// The activation that was just made, with the product, which only this answer contains.
pub(crate) fn activated(body: ActivatedBody) -> Activation {
    let ActivatedBody { id, license_key_id, name, created_at, product } = body;
    let mut activation = instance(InstanceBody { id, license_key_id, name, created_at });
    activation.product = product.and_then(|product| product.product_id.value());
    activation
}

/// The seats of a key to create; `None` leaves them to Dodo, where an import without a limit is unlimited.
///
/// # Errors
///
/// `Unsupported` for a key without seats, which Dodo does not have.
pub(crate) fn new_limit(limit: ActivationLimit) -> Result<Option<u64>> {
    match limit {
        ActivationLimit::Unlimited | ActivationLimit::Unknown => Ok(None),
        ActivationLimit::AtMost(limit) => Ok(Some(limit)),
        _ => Err(not_creatable(
            "activation_limit: Dodo has no key without activations; set `AtMost` or `Unlimited`",
        )),
    }
}

/// The end of a key to create; `None` leaves it to Dodo, where an import without an end has none.
///
/// # Errors
///
/// `Unsupported` for a key that follows a subscription, which only a purchase makes.
pub(crate) fn new_expiry(expiry: Expiry) -> Result<Option<Timestamp>> {
    match expiry {
        Expiry::Never | Expiry::Unknown => Ok(None),
        Expiry::At(at) => Ok(Some(at)),
        _ => Err(not_creatable(
            "expiry: only a purchase ties a Dodo key to a subscription; set `Never` or `At`",
        )),
    }
}

/// An `Unsupported` error of `create`.
fn not_creatable(message: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, message).with_provider(NAME).with_operation(Operation::Create)
}

/// A patch as the members to send. Only what the patch names is in it.
///
/// # Errors
///
/// `Unsupported` for what Dodo's body cannot say.
pub(crate) fn patch(patch: &LicensePatch) -> Result<PatchBody> {
    let activations_limit = match patch.activation_limit {
        None => None,
        Some(ActivationLimit::Unlimited) => Some(None),
        Some(ActivationLimit::AtMost(limit)) => Some(Some(limit)),
        Some(_) => {
            return Err(Error::unsupported(NAME, Capability::SetActivationLimit)
                .with_hint("Dodo has no key without activations; set `AtMost` or `Unlimited`"));
        }
    };
    let disabled = match patch.status {
        None => None,
        Some(StatusChange::Disable) => Some(true),
        Some(StatusChange::Enable) => Some(false),
        Some(_) => return Err(Error::unsupported(NAME, Capability::Revoke)),
    };
    let expires_at = patch.expiry.as_member().map(|at| at.copied());
    Ok(PatchBody { activations_limit, expires_at, disabled })
}

/// The requested status. A filter may also be one of Dodo's own words, which then counts as the status that it maps to.
pub(crate) fn known_status(asked: &LicenseStatus) -> LicenseStatus {
    match asked {
        LicenseStatus::Other(word) => status(word),
        known => known.clone(),
    }
}

/// Dodo's word for a status; `None` for one that Dodo does not store.
pub(crate) const fn status_word(status: &LicenseStatus) -> Option<&'static str> {
    match status {
        LicenseStatus::Active => Some("active"),
        LicenseStatus::Expired => Some("expired"),
        LicenseStatus::Disabled => Some("disabled"),
        _ => None,
    }
}

/// Dodo's word for a source, which may be given as that word; `None` for one that Dodo does not have.
pub(crate) fn source_word(asked: &KeySource) -> Option<&'static str> {
    let asked = match asked {
        KeySource::Other(word) => &source(&word.to_ascii_lowercase()),
        known => known,
    };
    match asked {
        KeySource::Purchase => Some("auto"),
        KeySource::Import => Some("import"),
        KeySource::Manual => Some("manual"),
        _ => None,
    }
}

/// The status that a word names, in any case: the classic calls write it in lower case, grants do not. An unknown word
/// is kept as [`LicenseStatus::Other`], which is never usable.
pub(crate) fn status(word: &str) -> LicenseStatus {
    let is = |known: &str| word.eq_ignore_ascii_case(known);
    match word {
        _ if is("active") => LicenseStatus::Active,
        _ if is("expired") => LicenseStatus::Expired,
        _ if is("disabled") => LicenseStatus::Disabled,
        _ => LicenseStatus::Other(word.into()),
    }
}

/// The status word verbatim, without a copy where it is one of the usual ones.
pub(crate) fn known_word(word: &str) -> Cow<'static, str> {
    match word {
        "active" => "active".into(),
        "expired" => "expired".into(),
        "disabled" => "disabled".into(),
        "Delivered" => "Delivered".into(),
        "Revoked" => "Revoked".into(),
        other => other.to_owned().into(),
    }
}

/// The source that a word names; `auto` is a purchase.
fn source(word: &str) -> KeySource {
    match word {
        "auto" => KeySource::Purchase,
        "import" => KeySource::Import,
        "manual" => KeySource::Manual,
        other => KeySource::Other(other.into()),
    }
}

/// How many seats a key has. `null` is unlimited; a negative limit is not documented and becomes `Unknown`.
pub(crate) fn limit(limit: JsonMember<i64>) -> ActivationLimit {
    match limit {
        JsonMember::Absent | JsonMember::Null => ActivationLimit::Unlimited,
        JsonMember::Value(limit) => {
            u64::try_from(limit).map_or(ActivationLimit::Unknown, ActivationLimit::AtMost)
        }
        JsonMember::Unreadable => ActivationLimit::Unknown,
    }
}

/// Without an end of its own a key follows its subscription, if it has one.
pub(crate) fn expiry(end: JsonMember<JsonTimestamp>, subscription: Option<&str>) -> Expiry {
    match end {
        JsonMember::Value(at) => Expiry::At(at.into()),
        JsonMember::Unreadable => Expiry::Unknown,
        JsonMember::Absent | JsonMember::Null if subscription.is_some() => Expiry::FollowsSubscription,
        JsonMember::Absent | JsonMember::Null => Expiry::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_have_dodos_words() {
        for (asked, word) in [
            (KeySource::Purchase, Some("auto")),
            (KeySource::Import, Some("import")),
            (KeySource::Manual, Some("manual")),
            (KeySource::Other("Manual".into()), Some("manual")),
            (KeySource::Other("gift".into()), None),
        ] {
            assert_eq!(source_word(&asked), word, "{asked:?}");
        }
        for (asked, word) in [
            (LicenseStatus::Active, Some("active")),
            (LicenseStatus::Expired, Some("expired")),
            (LicenseStatus::Disabled, Some("disabled")),
            (LicenseStatus::Other("EXPIRED".into()), Some("expired")),
            (LicenseStatus::Revoked, None),
        ] {
            assert_eq!(status_word(&known_status(&asked)), word, "{asked:?}");
        }
    }

    #[test]
    fn a_key_without_an_end_or_with_one_can_be_created() {
        assert_eq!(new_expiry(Expiry::Never).unwrap(), None);
        assert_eq!(new_expiry(Expiry::Unknown).unwrap(), None);
        assert_eq!(new_expiry(Expiry::At(Timestamp::UNIX_EPOCH)).unwrap(), Some(Timestamp::UNIX_EPOCH));
        assert_eq!(new_expiry(Expiry::FollowsSubscription).unwrap_err().kind(), ErrorKind::Unsupported);
    }

    #[test]
    fn a_status_word_is_kept_as_it_is() {
        for word in ["active", "expired", "disabled", "Delivered", "Revoked", "ACTIVE", "of_next_year", ""] {
            assert_eq!(known_word(word), word);
        }
    }
}
