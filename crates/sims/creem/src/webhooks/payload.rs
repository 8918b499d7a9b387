//! The bodies of events: checkouts, refunds, disputes and subscriptions, with the records that they contain.
//!
//! The members are those that the official package `creem` 1.13.0 requires, compared in November 2026. What is not
//! simulated is null or a made-up value.

use anykey_core::Timestamp;
use serde_json::{Map, Value, json};

use crate::documents::mode_word;
use crate::records::License;
use crate::state::State;
use crate::time::written;

/// The body of every request.
pub(super) fn envelope(
    id: &str,
    event_type: &str,
    now: Timestamp,
    is_standard: bool,
    object: &Value,
) -> Value {
    let (type_name, object_name) = if is_standard { ("type", "data") } else { ("eventType", "object") };
    let mut members = Map::new();
    members.insert("id".to_owned(), id.into());
    members.insert(type_name.to_owned(), event_type.into());
    members.insert("created_at".to_owned(), now.as_millisecond().into());
    members.insert(object_name.to_owned(), object.clone());
    Value::Object(members)
}

/// A completed checkout with its licenses.
pub(super) fn checkout(state: &State, license: &License, licenses: &[Value], now: Timestamp) -> Value {
    let mut document = json!({
        "id": &*license.checkout,
        "object": "checkout",
        "order": order(state, license, now),
        "product": product(state, license),
        "customer": customer(state, license),
        "status": "completed",
        "mode": mode_word(license, &state.quirks),
    });
    if let Some(members) = document.as_object_mut() {
        if license.subscription.is_some() {
            members.insert("subscription".to_owned(), subscription(state, license, "active", now));
        }
        if state.quirks.deprecated_feature {
            let features = licenses.iter().map(|license| json!({ "type": "licenseKey", "license": license }));
            members.insert("feature".to_owned(), features.collect());
        } else {
            members.insert("license_keys".to_owned(), licenses.into());
        }
    }
    document
}

pub(super) fn refund(state: &State, license: &License, id: &str, now: Timestamp) -> Value {
    let mut document = json!({
        "id": id,
        "object": "refund",
        "status": "succeeded",
        "refund_amount": 1000,
        "refund_currency": "EUR",
        "reason": "requested_by_customer",
        "transaction": transaction(state, license, "refunded"),
        "order": order(state, license, now),
        "checkout": reference(state, &license.checkout, json!({
            "id": &*license.checkout,
            "object": "checkout",
            "product": &*license.product.id,
            "status": "completed",
            "mode": mode_word(license, &state.quirks),
        })),
        "customer": customer(state, license),
        "created_at": now.as_millisecond(),
        "mode": mode_word(license, &state.quirks),
    });
    add_subscription(&mut document, state, license, now);
    document
}

pub(super) fn dispute(state: &State, license: &License, id: &str, now: Timestamp) -> Value {
    let mut document = json!({
        "id": id,
        "object": "dispute",
        "amount": 1000,
        "currency": "EUR",
        "transaction": transaction(state, license, "chargedBack"),
        "order": order(state, license, now),
        "customer": customer(state, license),
        "created_at": now.as_millisecond(),
        "mode": mode_word(license, &state.quirks),
    });
    add_subscription(&mut document, state, license, now);
    document
}

pub(super) fn subscription(state: &State, license: &License, status: &str, now: Timestamp) -> Value {
    json!({
        "id": license.subscription.as_deref(),
        "object": "subscription",
        "product": product(state, license),
        "customer": customer(state, license),
        "collection_method": "charge_automatically",
        "status": status,
        "canceled_at": null,
        "created_at": written(license.created_at),
        "updated_at": written(now),
        "mode": mode_word(license, &state.quirks),
    })
}

/// Adds the subscription, if there is one. The member is not nullable.
fn add_subscription(document: &mut Value, state: &State, license: &License, now: Timestamp) {
    if let (Some(id), Some(members)) = (&license.subscription, document.as_object_mut()) {
        let subscription = reference(state, id, subscription(state, license, "active", now));
        members.insert("subscription".to_owned(), subscription);
    }
}

/// The payment, which is never a bare id.
fn transaction(state: &State, license: &License, status: &str) -> Value {
    let number = license.order.trim_start_matches("ord_");
    json!({
        "id": format!("tran_{number}"),
        "object": "transaction",
        "amount": 1000,
        "currency": "EUR",
        "type": if license.subscription.is_some() { "invoice" } else { "payment" },
        "status": status,
        "order": &*license.order,
        "subscription": license.subscription.as_deref(),
        "customer": &*license.customer.id,
        "created_at": license.created_at.as_millisecond(),
        "mode": mode_word(license, &state.quirks),
    })
}

/// In orders, customer and product are always ids.
fn order(state: &State, license: &License, now: Timestamp) -> Value {
    reference(
        state,
        &license.order,
        json!({
            "id": &*license.order,
            "object": "order",
            "customer": &*license.customer.id,
            "product": &*license.product.id,
            "amount": 1000,
            "currency": "EUR",
            "status": "paid",
            "type": if license.subscription.is_some() { "recurring" } else { "onetime" },
            "created_at": written(license.created_at),
            "updated_at": written(now),
            "mode": mode_word(license, &state.quirks),
        }),
    )
}

fn product(state: &State, license: &License) -> Value {
    let (billing_type, billing_period) = match license.subscription {
        Some(_) => ("recurring", "every-month"),
        None => ("onetime", "once"),
    };
    reference(
        state,
        &license.product.id,
        json!({
            "id": &*license.product.id,
            "object": "product",
            "name": &*license.product.name,
            "description": &*license.product.name,
            "price": 1000,
            "currency": "EUR",
            "billing_type": billing_type,
            "billing_period": billing_period,
            "status": "active",
            "tax_mode": "inclusive",
            "tax_category": "saas",
            "created_at": written(license.created_at),
            "updated_at": written(license.created_at),
            "mode": mode_word(license, &state.quirks),
        }),
    )
}

fn customer(state: &State, license: &License) -> Value {
    reference(
        state,
        &license.customer.id,
        json!({
            "id": &*license.customer.id,
            "object": "customer",
            "email": &*license.customer.email,
            "name": &*license.customer.name,
            "country": "DE",
            "created_at": written(license.created_at),
            "updated_at": written(license.created_at),
            "mode": mode_word(license, &state.quirks),
        }),
    )
}

fn reference(state: &State, id: &str, document: Value) -> Value {
    if state.quirks.bare_references { id.into() } else { document }
}
