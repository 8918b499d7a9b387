//! `order_refunded` and `subscription_*`, which name no key.
//!
//! An app finds the key by order, customer and product. The event says only that something changed; what the key may
//! still do is known from a call.

use anykey_core::{CustomerId, EventKind, LicenseEvent, ProductId, WebhookError};
use anykey_http::{JsonMember, JsonTimestamp, optional_member};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use super::Resource;
use crate::NAME;

/// The members that orders and subscriptions share.
#[derive(Deserialize)]
struct Attributes {
    /// The store.
    #[serde(default)]
    store_id: JsonMember<Box<str>>,
    /// The customer in the store.
    #[serde(default)]
    customer_id: JsonMember<CustomerId>,
    /// The order of a subscription; absent in an order, whose id is that of the record.
    #[serde(default)]
    order_id: JsonMember<Box<str>>,
    /// The product of a subscription; an order has it in its first item.
    #[serde(default)]
    product_id: JsonMember<ProductId>,
    /// The vendor's word, such as `refunded` or `past_due`, which becomes the event's reason.
    #[serde(default)]
    status: JsonMember<Box<str>>,
    /// The first item of an order; absent in a subscription.
    #[serde(default, deserialize_with = "optional_member")]
    first_order_item: Option<OrderItem>,
    /// When the record last changed.
    #[serde(default)]
    updated_at: JsonMember<JsonTimestamp>,
}

/// An item of an order, of which only the product matters.
#[derive(Deserialize)]
struct OrderItem {
    /// The product that was bought.
    #[serde(default)]
    product_id: JsonMember<ProductId>,
}

/// The event of `order_refunded`. It does not say what becomes of the key, so it is an update and no revocation.
pub(super) fn of_order(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let Resource { id, attributes } = read(delivery)?;
    let product = attributes.first_order_item.as_ref().and_then(|item| item.product_id.clone().value());
    let mut event = event(delivery, attributes);
    event.origin.order = Some(id);
    event.product = event.product.or(product);
    Ok(event)
}

/// The event of `subscription_*`. Its status, such as `cancelled`, does not say when access ends.
pub(super) fn of_subscription(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let Resource { id, attributes } = read(delivery)?;
    let mut event = event(delivery, attributes);
    event.origin.subscription = Some(id);
    Ok(event)
}

/// # Errors
///
/// `Unreadable` if the data is not a record with an id.
fn read(delivery: &Delivery<'_>) -> Result<Resource<Attributes>, WebhookError> {
    decode_leniently(delivery.data, |json| super::read::<Resource<Attributes>>(json))
        .map_err(|cause| delivery.unreadable(format!("data: {cause}")))
}

/// What both kinds of record have in common. Without `updated_at` the time of receipt remains, as for every delivery.
fn event(delivery: &Delivery<'_>, attributes: Attributes) -> LicenseEvent {
    let mut event = delivery.event(NAME, EventKind::Updated);
    event.occurred_at = attributes.updated_at.value().map_or(event.occurred_at, Into::into);
    event.as_of = event.occurred_at;
    event.customer = attributes.customer_id.value();
    event.product = attributes.product_id.value();
    event.origin.seller = attributes.store_id.value().map(Into::into);
    event.origin.order = attributes.order_id.value();
    event.reason = attributes.status.value();
    event
}
