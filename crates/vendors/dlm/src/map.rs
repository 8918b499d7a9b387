//! Between the plugin's bodies and the model: pure and total.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    Activation, ActivationLimit, ActivationUse, Expiry, KeyCode, KeySource, LicenseKey, LicenseStatus,
    Timestamp,
};
use anykey_http::{JsonMember, JsonText, JsonTimestamp};

use crate::wire::{KeyBody, SeatBody};
use crate::{NAME, metadata};

/// The date of a key that never expires.
const ZERO: &str = "0000-00-00 00:00:00";

/// The key of a body. What a body leaves out is `Unknown` or `None`, never a guess.
///
/// `user_id`, `product_id` and `order_id` 0 mean that there is none (recordings of November 2026).
pub(crate) fn key(body: KeyBody<'_>) -> LicenseKey {
    let code = KeyCode::verbatim(body.license_key.into_owned());
    let mut key = LicenseKey::new(NAME, body.id.to_string().into(), code, status(body.status));
    key.status_word = body.status.to_string().into();
    key.expiry = expiry(&body.expires_at);
    key.activations =
        ActivationUse { used: body.times_activated.value(), limit: limit(body.activations_limit) };
    key.customer = body.user_id.value().filter(|id| id.as_str() != "0");
    key.product = body.product_id.value().filter(|id| id.as_str() != "0");
    key.origin.order = body.order_id.value().filter(|id| &**id != "0");
    key.origin.source = body.source.value().map(|source| origin(source, key.origin.order.is_some()));
    key.created_at = instant(&body.created_at);
    key.modified_at = instant(&body.updated_at);
    key
}

/// The activation of a body. `key` adds the key's id and its product where they are known; the address and the user
/// agent of the device are not read.
pub(crate) fn seat(body: SeatBody<'_>, key: Option<&LicenseKey>) -> Activation {
    let label = body.label.value().map(JsonText::into_owned).unwrap_or_default();
    let mut activation = Activation::new(body.token.into_owned().into(), label);
    activation.metadata = metadata::read(body.meta_data);
    activation.created_at = instant(&body.created_at);
    activation.key_id = key.map(|key| key.id.clone());
    activation.product = key.and_then(|key| key.product.clone());
    activation
}

/// Whether an activation was not given back; `None` when the body does not show it.
pub(crate) fn is_alive(body: &SeatBody<'_>) -> Option<bool> {
    match &body.deactivated_at {
        JsonMember::Null => Some(true),
        JsonMember::Value(at) => JsonTimestamp::parse_leniently(at).map(|_| false),
        JsonMember::Absent | JsonMember::Unreadable => None,
    }
}

/// Status 4 is called inactive, and activates and validates as 1, 2 and 3 do. Only 5 means anything.
const fn status_of(number: i64) -> Option<LicenseStatus> {
    match number {
        1..=4 => Some(LicenseStatus::Active),
        5 => Some(LicenseStatus::Disabled),
        _ => None,
    }
}

/// The status of a number. One that the plugin does not have today is kept as a word, and never usable.
pub(crate) fn status(number: i64) -> LicenseStatus {
    status_of(number).unwrap_or_else(|| LicenseStatus::Other(number.to_string().into()))
}

/// The numbers that are stored for a status; none for a status that is not stored.
pub(crate) const fn stored_status(status: &LicenseStatus) -> &'static [u8] {
    match status {
        LicenseStatus::Active => &[1, 2, 3, 4],
        LicenseStatus::Disabled => &[5],
        _ => &[],
    }
}

/// `null` and 0 are unlimited.
const fn limit(limit: JsonMember<u64>) -> ActivationLimit {
    match limit {
        JsonMember::Null | JsonMember::Value(0) => ActivationLimit::Unlimited,
        JsonMember::Value(limit) => ActivationLimit::AtMost(limit),
        JsonMember::Absent | JsonMember::Unreadable => ActivationLimit::Unknown,
    }
}

/// `null` and the zero date are never.
fn expiry(end: &JsonMember<JsonText<'_>>) -> Expiry {
    match end {
        JsonMember::Null => Expiry::Never,
        JsonMember::Value(text) if &**text == ZERO => Expiry::Never,
        JsonMember::Value(text) => {
            JsonTimestamp::parse_leniently(text).map_or(Expiry::Unknown, |at| Expiry::At(Timestamp::from(at)))
        }
        JsonMember::Absent | JsonMember::Unreadable => Expiry::Unknown,
    }
}

/// Where a key comes from: 1 is a generator, 2 an import, 3 the API, 4 a migration. A generator's key with an order
/// was sold.
fn origin(source: i64, has_order: bool) -> KeySource {
    match source {
        1 if has_order => KeySource::Purchase,
        1 => KeySource::Other("generator".into()),
        2 => KeySource::Import,
        3 => KeySource::Other("api".into()),
        4 => KeySource::Other("migration".into()),
        other => KeySource::Other(other.to_string().into()),
    }
}

/// Times are in UTC and without a zone.
fn instant(text: &JsonMember<JsonText<'_>>) -> Option<Timestamp> {
    let JsonMember::Value(text) = text else { return None };
    JsonTimestamp::parse_leniently(text).map(Timestamp::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> LicenseKey {
        key(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_key_is_read_as_the_server_writes_it() {
        let key = read(
            r#"{"id":3,"order_id":7,"product_id":55,"user_id":"2","license_key":"DLM-LIST-0003","valid_for":null,"expires_at":"2030-01-02 03:04:05","source":1,"status":4,"activations_limit":2,"created_at":"2026-11-27 22:48:14","created_by":null,"updated_at":null,"updated_by":null,"times_activated":1,"is_expired":false}"#,
        );
        assert_eq!((key.id.as_str(), &key.status, &*key.status_word), ("3", &LicenseStatus::Active, "4"));
        assert_eq!(key.expiry, Expiry::At("2030-01-02T03:04:05Z".parse().unwrap()));
        assert_eq!((key.activations.used, key.activations.limit), (Some(1), ActivationLimit::AtMost(2)));
        assert_eq!(key.customer.as_ref().map(|id| id.as_str()), Some("2"));
        assert_eq!(key.product.as_ref().map(|id| id.as_str()), Some("55"));
        assert_eq!(key.origin.source, Some(KeySource::Purchase));
        assert_eq!(key.created_at, Some("2026-11-27T22:48:14Z".parse().unwrap()));
    }

    #[test]
    fn a_generated_key_is_a_purchase_where_it_has_an_order() {
        for (order, source) in [("7", KeySource::Purchase), ("null", KeySource::Other("generator".into()))] {
            let key =
                read(&format!(r#"{{"id":3,"license_key":"C","status":3,"order_id":{order},"source":1}}"#));
            assert_eq!(key.origin.source, Some(source), "{order}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for (member, expiry, limit) in [
            (
                r#""expires_at":"0000-00-00 00:00:00","activations_limit":0"#,
                Expiry::Never,
                ActivationLimit::Unlimited,
            ),
            (r#""expires_at":null,"activations_limit":null"#, Expiry::Never, ActivationLimit::Unlimited),
            (r#""expires_at":"soon","activations_limit":"many""#, Expiry::Unknown, ActivationLimit::Unknown),
            (r#""status":9"#, Expiry::Unknown, ActivationLimit::Unknown),
        ] {
            let status = if member.contains("status") { "" } else { r#""status":3,"# };
            let key = read(&format!(r#"{{"id":1,{status}"license_key":"C","user_id":"0",{member}}}"#));
            assert_eq!((key.expiry, key.activations.limit), (expiry, limit), "{member}");
            assert_eq!(key.customer, None);
        }
    }
}
