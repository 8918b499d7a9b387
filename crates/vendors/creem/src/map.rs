//! Conversions from Creem's bodies to the model, without I/O.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    Activation, ActivationLimit, ActivationUse, Environment, Expiry, KeyCode, LicenseKey, LicenseStatus,
    RawJson, Timestamp,
};
use anykey_http::{JsonMember, JsonTimestamp};

use crate::NAME;
use crate::wire::{InstanceBody, LicenseBody};

pub(crate) fn license(body: LicenseBody, raw: Option<RawJson>) -> LicenseKey {
    following(None, body, raw)
}

/// The same for a key of a list, which shares equal texts with the key `before` it.
pub(crate) fn following(before: Option<&LicenseKey>, body: LicenseBody, raw: Option<RawJson>) -> LicenseKey {
    let mut key = LicenseKey::new(NAME, body.id, KeyCode::verbatim(body.key), status(&body.status));
    key.status_word = body.status.into();
    key.environment = body.mode.value().and_then(|mode| environment(&mode));
    key.expiry = expiry(body.expires_at);
    key.activations = ActivationUse { used: body.activation.value(), limit: limit(body.activation_limit) };
    let known = before.and_then(|key| key.product.as_ref());
    key.product = body.product_id.value().map(|id| match known {
        Some(known) if *known == id => known.clone(),
        _ => id,
    });
    key.created_at = body.created_at.value().map(Into::into);
    key.raw = raw;
    key
}

/// `None` if the body has no id.
pub(crate) fn instance(body: InstanceBody) -> Option<Activation> {
    let mut activation = Activation::new(body.id.value()?, body.name.value().unwrap_or_default());
    activation.created_at = body.created_at.value().map(Into::into);
    Some(activation)
}

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

/// `live` is in older documentation, `local` in samples of webhooks (2026): any other word is unknown.
pub(crate) fn environment(mode: &str) -> Option<Environment> {
    match mode {
        "prod" | "live" => Some(Environment::Live),
        "test" | "sandbox" => Some(Environment::Sandbox),
        _ => None,
    }
}

/// `null` is unlimited; a negative limit is not documented.
fn limit(limit: JsonMember<i64>) -> ActivationLimit {
    match limit {
        JsonMember::Null => ActivationLimit::Unlimited,
        JsonMember::Value(limit) => {
            u64::try_from(limit).map_or(ActivationLimit::Unknown, ActivationLimit::AtMost)
        }
        JsonMember::Absent | JsonMember::Unreadable => ActivationLimit::Unknown,
    }
}

/// Without an expiry a key is for life or follows a subscription, and the answer does not contain which.
fn expiry(end: JsonMember<JsonTimestamp>) -> Expiry {
    end.value().map_or(Expiry::Unknown, |at| Expiry::At(Timestamp::from(at)))
}

#[cfg(test)]
mod tests;
