//! JSON that is almost what a vendor writes.

use proptest::prelude::*;
use serde_json::{Map, Number, Value};

/// Names that the adapters look for, and some that they do not.
const NAMES: &[&str] = &[
    "id",
    "key",
    "status",
    "valid",
    "items",
    "pagination",
    "total_count",
    "max_page",
    "error",
    "error_description",
    "detail",
    "code",
    "message",
    "loc",
    "msg",
    "activation",
    "activations",
    "license_key",
    "label",
    "meta",
    "name",
    "product",
    "product_id",
    "benefit_id",
    "customer_id",
    "organization_id",
    "limit_activations",
    "limit_usage",
    "usage",
    "expires_at",
    "created_at",
    "subscription_id",
    "order_id",
    "instances_count",
    "activations_limit",
    "data",
    "properties",
    "license_key_id",
    "display_key",
    "granted_benefits",
    "benefit",
    "benefit_type",
    "is_granted",
    "type",
    "other",
    "",
];

/// Words that mean something to an adapter.
const WORDS: &[&str] = &[
    "granted",
    "revoked",
    "disabled",
    "active",
    "expired",
    "ResourceNotFound",
    "NotPermitted",
    "BadRequest",
    "Not found",
    "License key has expired.",
    "License key is no longer active.",
    "INACTIVE_LICENSE_KEY",
    "license_keys",
    "LICENSE_KEY_NOT_FOUND",
    "NOT_FOUND",
    "2026-11-21T12:00:00Z",
    "9999-99-99T99:99:99Z",
    "body",
    "query",
    "",
];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| Number::from_f64(number).map_or(Value::Null, Value::Number)),
        prop::sample::select(WORDS).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ]
}

pub(crate) fn value() -> impl Strategy<Value = Value> {
    let name = prop_oneof![9 => prop::sample::select(NAMES).prop_map(str::to_owned), 1 => any::<String>()];
    leaf().prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            3 => prop::collection::vec((name.clone(), inner), 0..8)
                .prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

/// A body: JSON, JSON that was cut or tampered with, or anything.
pub(crate) fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => value().prop_map(|value| value.to_string().into_bytes()),
        2 => (value(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(value, place, byte)| {
            let mut text = value.to_string().into_bytes();
            let place = place.index(text.len());
            text.splice(place..=place, [byte]);
            text
        }),
        1 => (value(), any::<prop::sample::Index>()).prop_map(|(value, place)| {
            let mut text = value.to_string().into_bytes();
            text.truncate(place.index(text.len()));
            text
        }),
        1 => prop::collection::vec(any::<u8>(), 0..512),
    ]
}
