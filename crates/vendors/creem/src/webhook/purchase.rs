//! `refund.created`, `dispute.created` and `subscription.*`, which name a purchase and no license key.
//!
//! An app finds the keys by order, subscription and customer, which it has kept from `checkout.completed`.

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
    /// The order, with its customer and product or as an id.
    #[serde(default, deserialize_with = "order")]
    order: Order,
    /// The customer; otherwise that of the order counts.
    #[serde(default, deserialize_with = "reference")]
    customer: Option<CustomerId>,
    /// The subscription, if the order belongs to one.
    #[serde(default, deserialize_with = "reference")]
    subscription: Option<Box<str>>,
    /// The vendor's reason, which becomes the event's.
    #[serde(default)]
    reason: JsonMember<Box<str>>,
}

/// An order.
#[derive(Default, Deserialize)]
struct Order {
    /// The id.
    #[serde(default)]
    id: JsonMember<Box<str>>,
    /// The customer of the order.
    #[serde(default, deserialize_with = "reference")]
    customer: Option<CustomerId>,
    /// The product that was bought.
    #[serde(default, deserialize_with = "reference")]
    product: Option<ProductId>,
}

/// A subscription.
#[derive(Deserialize)]
struct Subscription {
    /// The id, without which the delivery is unreadable.
    id: Box<str>,
    /// The customer.
    #[serde(default, deserialize_with = "reference")]
    customer: Option<CustomerId>,
    /// The product.
    #[serde(default, deserialize_with = "reference")]
    product: Option<ProductId>,
    /// The vendor's word, such as `past_due`, which becomes the event's reason.
    #[serde(default)]
    status: JsonMember<Box<str>>,
}

/// An order, or its id alone.
fn order<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Order, D::Error> {
    let json = <&RawValue>::deserialize(deserializer)?.get().as_bytes();
    let by_id = || Order { id: read_json(json).unwrap_or_default(), ..Order::default() };
    Ok(read_json(json).unwrap_or_else(by_id))
}

/// The event of a refund or a dispute. Neither says what becomes of the key, so it is an update.
///
/// # Errors
///
/// `Unreadable` if the record is not an object.
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

/// The event of a subscription. A payment is a renewal; every other name, also an unknown one, is an update with the
/// status as its reason.
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
