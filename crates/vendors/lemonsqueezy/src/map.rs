//! Conversions between Lemon Squeezy's bodies and the model, without I/O.
//!
//! It stands between `wire` and the model: `answer`, `list`, `instances` and `webhook` call it. A member that is
//! missing or unreadable becomes `None` or `Unknown` here, never a guess.

use anykey_core::adapter::{ErrorExt as _, KeyCodeExt as _, product_after, seller_after};
use anykey_core::{
    Activation, ActivationLimit, ActivationUse, Capability, Environment, Error, Expiry, KeyCode, LicenseKey,
    LicensePatch, LicenseStatus, ProductId, RawJson, Result, StatusChange, Timestamp,
};
use anykey_http::{JsonMember, JsonTimestamp};

use crate::NAME;
use crate::wire::{
    InstanceAttributes, InstanceBody, KeyAttributes, KeyResource, LicenseBody, MetaBody, PatchBody,
};

/// A key of the License API; `None` when the body does not say which key it is, or its status. Customer, product, store
/// and order come from the purchase, `meta`, which is a sibling of the key in this API.
pub(crate) fn license(body: LicenseBody<'_>, meta: MetaBody, raw: Option<RawJson>) -> Option<LicenseKey> {
    let word = body.status.value()?.into_owned();
    let code = KeyCode::verbatim(body.key.value()?);
    let mut key = LicenseKey::new(NAME, body.id.value()?, code, status(&word));
    key.status_word = word.into();
    key.environment = environment(body.test_mode);
    key.expiry = expiry(body.expires_at);
    key.activations =
        ActivationUse { used: body.activation_usage.value(), limit: limit(body.activation_limit) };
    key.customer = meta.customer_id.value();
    key.product = meta.product_id.value();
    key.origin.seller = meta.store_id.value().map(Into::into);
    key.origin.order = meta.order_id.value();
    key.created_at = body.created_at.value().map(Into::into);
    key.raw = raw;
    Some(key)
}

/// A key of the main API. Unlike in the License API, everything is in one record, and id, code and status are certain.
pub(crate) fn license_key(body: KeyResource, raw: Option<RawJson>) -> LicenseKey {
    following(None, body, raw)
}

/// The same for a key of a list, which shares equal texts with the key `before` it. A list of one store repeats the
/// same store and few products, so sharing them saves an allocation for each key.
pub(crate) fn following(before: Option<&LicenseKey>, body: KeyResource, raw: Option<RawJson>) -> LicenseKey {
    let KeyResource { id, attributes } = body;
    let word = disabled_word(&attributes).unwrap_or(attributes.status);
    let mut key = LicenseKey::new(NAME, id, KeyCode::verbatim(attributes.key), status(&word));
    key.status_word = word.into();
    key.environment = environment(attributes.test_mode);
    key.expiry = expiry(attributes.expires_at);
    key.activations =
        ActivationUse { used: attributes.instances_count.value(), limit: limit(attributes.activation_limit) };
    key.customer = attributes.customer_id.value();
    key.product = attributes.product_id.value().map(|id: ProductId| product_after(before, id.as_str()));
    key.origin.seller = attributes.store_id.value().map(|id| seller_after(before, &id));
    key.origin.order = attributes.order_id.value();
    key.created_at = attributes.created_at.value().map(Into::into);
    key.modified_at = attributes.updated_at.value().map(Into::into);
    key.raw = raw;
    key
}

/// The word for a key with `disabled`, whatever its status is. `None` if the status already says something worse. The
/// flag and the status may disagree, and then the key must not count as usable.
fn disabled_word(attributes: &KeyAttributes) -> Option<String> {
    let is_usable = status(&attributes.status).is_usable();
    (is_usable && attributes.disabled == JsonMember::Value(true)).then(|| "disabled".to_owned())
}

/// An instance of the License API as an activation of `key`; `None` if the body has no id. A missing name is an empty
/// label.
pub(crate) fn instance(body: InstanceBody, key: &LicenseKey) -> Option<Activation> {
    let mut activation = Activation::new(body.id.value()?, body.name.value().unwrap_or_default());
    activation.key_id = Some(key.id.clone());
    activation.product.clone_from(&key.product);
    activation.created_at = body.created_at.value().map(Into::into);
    Some(activation)
}

/// An instance of the main API as an activation. Its id is the `identifier`, which `validate` and `deactivate` accept.
pub(crate) fn listed_instance(body: InstanceAttributes) -> Activation {
    let mut activation = Activation::new(body.identifier, body.name.value().unwrap_or_default());
    activation.key_id = body.license_key_id.value();
    activation.created_at = body.created_at.value().map(Into::into);
    activation
}

/// A patch as the members to send. Only what the patch names is in it, because everything that is sent takes effect.
///
/// # Errors
///
/// `Unsupported` for values that Lemon Squeezy does not have.
pub(crate) fn patch(patch: &LicensePatch) -> Result<PatchBody> {
    let activation_limit = match patch.activation_limit {
        None => None,
        Some(ActivationLimit::Unlimited) => Some(None),
        Some(ActivationLimit::AtMost(limit)) => Some(Some(limit)),
        Some(_) => {
            return Err(Error::unsupported(NAME, Capability::SetActivationLimit)
                .with_hint("Lemon Squeezy has no key without activations; set `AtMost` or `Unlimited`"));
        }
    };
    let disabled = match patch.status {
        None => None,
        Some(StatusChange::Disable) => Some(true),
        Some(StatusChange::Enable) => Some(false),
        Some(_) => return Err(Error::unsupported(NAME, Capability::Revoke)),
    };
    let expires_at = patch.expiry.as_member().map(|at| at.copied());
    Ok(PatchBody { activation_limit, expires_at, disabled })
}

/// Whether the key has the requested expiry; Lemon Squeezy may keep only the day. Compared in microseconds, the finest
/// unit that Lemon Squeezy writes.
pub(crate) fn keeps_the_expiry(patch: &PatchBody, key: &LicenseKey) -> bool {
    let Some(Some(end)) = patch.expires_at else { return true };
    key.expiry.at().is_some_and(|at| at.as_microsecond() == end.as_microsecond())
}

/// The requested status, which may be one of Lemon Squeezy's own words. So `Other("disabled")` filters like `Disabled`.
/// A word that is unknown stays [`LicenseStatus::Other`].
pub(crate) fn known_status(asked: &LicenseStatus) -> LicenseStatus {
    match asked {
        LicenseStatus::Other(word) => status(word),
        known => known.clone(),
    }
}

/// Lemon Squeezy's word for a status; `None` for one that it does not store.
pub(crate) const fn status_word(status: &LicenseStatus) -> Option<&'static str> {
    match status {
        LicenseStatus::Active => Some("active"),
        LicenseStatus::Inactive => Some("inactive"),
        LicenseStatus::Expired => Some("expired"),
        LicenseStatus::Disabled => Some("disabled"),
        _ => None,
    }
}

/// The status that a word names, in any case. An unknown word is kept as [`LicenseStatus::Other`], which is never
/// usable.
pub(crate) fn status(word: &str) -> LicenseStatus {
    let is = |known: &str| word.eq_ignore_ascii_case(known);
    match word {
        _ if is("active") => LicenseStatus::Active,
        _ if is("inactive") => LicenseStatus::Inactive,
        _ if is("expired") => LicenseStatus::Expired,
        _ if is("disabled") => LicenseStatus::Disabled,
        _ => LicenseStatus::Other(word.into()),
    }
}

/// The environment of a key; `None` without the member, as in the documented samples. Such a key is accepted in both.
fn environment(test_mode: JsonMember<bool>) -> Option<Environment> {
    let is_test = test_mode.value()?;
    Some(if is_test { Environment::Sandbox } else { Environment::Live })
}

/// How many seats a key has. `null` is unlimited; a negative limit is not documented and becomes `Unknown`, like an
/// absent one.
fn limit(limit: JsonMember<i64>) -> ActivationLimit {
    match limit {
        JsonMember::Null => ActivationLimit::Unlimited,
        JsonMember::Value(limit) => {
            u64::try_from(limit).map_or(ActivationLimit::Unknown, ActivationLimit::AtMost)
        }
        JsonMember::Absent | JsonMember::Unreadable => ActivationLimit::Unknown,
    }
}

/// Without an expiry a key is for life or follows a subscription, and the answer does not contain which. Both are
/// [`Expiry::Unknown`]: such a key must not be taken for one that never ends.
fn expiry(end: JsonMember<JsonTimestamp>) -> Expiry {
    end.value().map_or(Expiry::Unknown, |at| Expiry::At(Timestamp::from(at)))
}

#[cfg(test)]
mod tests;
