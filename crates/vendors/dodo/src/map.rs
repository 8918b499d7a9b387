//! Between Dodo's bodies and the model: pure and total.

use std::borrow::Cow;
use std::sync::Arc;

use anykey_core::{
    Activation, ActivationLimit, ActivationUse, Capability, Error, ErrorKind, Expiry, KeyCode, KeySource,
    LicenseKey, LicensePatch, LicenseStatus, Operation, ProductId, RawJson, Result, StatusChange, Timestamp,
};

use crate::NAME;
use crate::wire::{ActivatedBody, InstanceBody, LicenseKeyBody, PatchBody};

pub(crate) fn license_key(body: LicenseKeyBody<'_>, raw: Option<RawJson>) -> LicenseKey {
    following(None, body, raw)
}

/// The same for a key of a list, which shares with the key `before` it the text of what is the same.
pub(crate) fn following(
    before: Option<&LicenseKey>,
    body: LicenseKeyBody<'_>,
    raw: Option<RawJson>,
) -> LicenseKey {
    let mut key = LicenseKey::new(NAME, body.id, KeyCode::verbatim(body.key), status(&body.status));
    key.status_word = known_word(&body.status);
    key.expiry = match body.expires_at {
        Some(at) => Expiry::At(at.into()),
        None if body.subscription_id.is_some() => Expiry::FollowsSubscription,
        None => Expiry::Never,
    };
    key.activations = ActivationUse { used: body.instances_count, limit: limit(body.activations_limit) };
    key.customer = body.customer_id;
    let known = before.and_then(|key| key.product.as_ref());
    key.product = body.product_id.map(|id| match known {
        Some(known) if *known.as_str() == *id => known.clone(),
        _ => ProductId::from(&*id),
    });
    key.origin.source = body.source.as_deref().map(source);
    let known = before.and_then(|key| key.origin.seller.as_ref());
    key.origin.seller = body.business_id.map(|id| match known {
        Some(known) if **known == *id => Arc::clone(known),
        _ => Arc::from(&*id),
    });
    key.origin.payment = body.payment_id;
    key.origin.subscription = body.subscription_id;
    key.created_at = body.created_at.map(Into::into);
    key.raw = raw;
    key
}

pub(crate) fn instance(body: InstanceBody) -> Activation {
    let mut activation = Activation::new(body.id, body.name);
    activation.key_id = body.license_key_id;
    activation.created_at = body.created_at;
    activation
}

pub(crate) fn activated(body: ActivatedBody) -> Activation {
    let ActivatedBody { id, license_key_id, name, created_at, product } = body;
    let mut activation = instance(InstanceBody { id, license_key_id, name, created_at });
    activation.product = product.map(|product| product.product_id);
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

fn not_creatable(message: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, message).with_provider(NAME).with_operation(Operation::Create)
}

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

/// The filter word; `None` for a status that Dodo does not store.
pub(crate) fn status_filter(status: &LicenseStatus) -> Option<&str> {
    match status {
        LicenseStatus::Active => Some("active"),
        LicenseStatus::Expired => Some("expired"),
        LicenseStatus::Disabled => Some("disabled"),
        LicenseStatus::Other(word) => Some(word),
        _ => None,
    }
}

pub(crate) fn source_filter(source: &KeySource) -> Option<&str> {
    match source {
        KeySource::Purchase => Some("auto"),
        KeySource::Import => Some("import"),
        KeySource::Manual => Some("manual"),
        KeySource::Other(word) => Some(word),
        _ => None,
    }
}

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

fn source(word: &str) -> KeySource {
    match word {
        "auto" => KeySource::Purchase,
        "import" => KeySource::Import,
        "manual" => KeySource::Manual,
        other => KeySource::Other(other.into()),
    }
}

/// `null` is unlimited; a negative limit is none that Dodo documents.
pub(crate) fn limit(limit: Option<i64>) -> ActivationLimit {
    match limit.map(u64::try_from) {
        None => ActivationLimit::Unlimited,
        Some(Ok(limit)) => ActivationLimit::AtMost(limit),
        Some(Err(_)) => ActivationLimit::Unknown,
    }
}
