//! Conversions from Creem's bodies to the model, without I/O.
//!
//! It stands between `wire` and the model: `answer`, `list`, `instances` and `webhook` call it. A member that is
//! missing or unreadable becomes `None` or `Unknown` here, never a guess.

use anykey_core::adapter::{KeyCodeExt as _, product_after};
use anykey_core::{
    Activation, ActivationLimit, ActivationUse, Environment, Expiry, KeyCode, LicenseKey, LicenseStatus,
    RawJson, Timestamp,
};
use anykey_http::{JsonMember, JsonTimestamp};

use crate::NAME;
use crate::wire::{InstanceBody, LicenseBody};

/// A license as a key of the model, without customer and order, which Creem does not name.
pub(crate) fn license(body: LicenseBody, raw: Option<RawJson>) -> LicenseKey {
    following(None, body, raw)
}

/// The same for a key of a list, which shares equal texts with the key `before` it. Keys of one customer often are of
/// one product, so sharing its id saves an allocation for each key.
pub(crate) fn following(before: Option<&LicenseKey>, body: LicenseBody, raw: Option<RawJson>) -> LicenseKey {
    let mut key = LicenseKey::new(NAME, body.id, KeyCode::verbatim(body.key), status(&body.status));
    key.status_word = body.status.into();
    key.environment = body.mode.value().and_then(|mode| environment(&mode));
    key.expiry = expiry(body.expires_at);
    key.activations = ActivationUse { used: body.activation.value(), limit: limit(body.activation_limit) };
    key.product = body.product_id.value().map(|id| product_after(before, id.as_str()));
    key.created_at = body.created_at.value().map(Into::into);
    key.raw = raw;
    key
}

/// An instance as an activation; `None` if the body has no id. A missing name is an empty label.
pub(crate) fn instance(body: InstanceBody) -> Option<Activation> {
    let mut activation = Activation::new(body.id.value()?, body.name.value().unwrap_or_default());
    activation.created_at = body.created_at.value().map(Into::into);
    Some(activation)
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

/// The environment that a mode names.
///
/// `live` is in older documentation, `local` in samples of webhooks (2026). Any other word is unknown and accepted in
/// both environments, because the API key decides already which licenses an answer can be about.
pub(crate) fn environment(mode: &str) -> Option<Environment> {
    match mode {
        "prod" | "live" => Some(Environment::Live),
        "test" | "sandbox" => Some(Environment::Sandbox),
        _ => None,
    }
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

/// Without an expiry a key is for life or follows a subscription, and the answer does not contain which.
fn expiry(end: JsonMember<JsonTimestamp>) -> Expiry {
    end.value().map_or(Expiry::Unknown, |at| Expiry::At(Timestamp::from(at)))
}

#[cfg(test)]
mod tests;
