//! `refund.created`, `dispute.created` and `subscription.*`, which name a purchase and no license key.

use anykey_core::{CustomerId, EventKind, LicenseEvent, ProductId, WebhookError};
use anykey_http::{JsonMember, read_json};
use anykey_webhook::{Delivery, decode_leniently};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::reference::reference;
use crate::NAME;

/// A refund or a dispute.
#[derive(Deserialize)]
struct Reversal {
    #[serde(default, deserialize_with = "order")]
    order: Order,
    #[serde(default, deserialize_with = "reference")]
    customer: Option<CustomerId>,
    #[serde(default, deserialize_with = "reference")]
    subscription: Option<Box<str>>,
    #[serde(default)]
    reason: JsonMember<Box<str>>,
}

#[derive(Default, Deserialize)]
struct Order {
    #[serde(default)]
    id: JsonMember<Box<str>>,
    #[serde(default, deserialize_with = "reference")]
    customer: Option<CustomerId>,
    #[serde(default, deserialize_with = "reference")]
    product: Option<ProductId>,
}

#[derive(Deserialize)]
struct Subscription {
    id: Box<str>,
    #[serde(default, deserialize_with = "reference")]
    customer: Option<CustomerId>,
    #[serde(default, deserialize_with = "reference")]
    product: Option<ProductId>,
    #[serde(default)]
    status: JsonMember<Box<str>>,
}

/// An order, or its id alone.
fn order<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Order, D::Error> {
    let json = <&RawValue>::deserialize(deserializer)?.get().as_bytes();
    let by_id = || Order { id: read_json(json).unwrap_or_default(), ..Order::default() };
    Ok(read_json(json).unwrap_or_else(by_id))
}

pub(super) fn of_order(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let Reversal { order, customer, subscription, reason } =
        decode_leniently(delivery.data, |json| super::read::<Reversal>(json))
            .map_err(|cause| delivery.unreadable(format!("object: {cause}")))?;
    let mut event = delivery.event(NAME, EventKind::Updated);
    event.customer = customer.or(order.customer);
    event.product = order.product;
    event.origin.order = order.id.value();
    event.origin.subscription = subscription;
    event.reason = reason.value();
    Ok(event)
}

pub(super) fn of_subscription(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let Subscription { id, customer, product, status } =
        decode_leniently(delivery.data, |json| super::read::<Subscription>(json))
            .map_err(|cause| delivery.unreadable(format!("object: {cause}")))?;
    let kind = match &*delivery.raw_type {
        "subscription.paid" => EventKind::Renewed,
        _ => EventKind::Updated,
    };
    let mut event = delivery.event(NAME, kind);
    event.customer = customer;
    event.product = product;
    event.origin.subscription = Some(id);
    event.reason = status.value();
    Ok(event)
}
