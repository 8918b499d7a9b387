//! `order_refunded` and `subscription_*`, which name no key.

use anykey_core::{CustomerId, EventKind, LicenseEvent, ProductId, WebhookError};
use anykey_http::{JsonMember, JsonTimestamp, optional_member};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use super::Resource;
use crate::NAME;

#[derive(Deserialize)]
struct Attributes {
    #[serde(default)]
    store_id: JsonMember<Box<str>>,
    #[serde(default)]
    customer_id: JsonMember<CustomerId>,
    #[serde(default)]
    order_id: JsonMember<Box<str>>,
    #[serde(default)]
    product_id: JsonMember<ProductId>,
    #[serde(default)]
    status: JsonMember<Box<str>>,
    #[serde(default, deserialize_with = "optional_member")]
    first_order_item: Option<OrderItem>,
    #[serde(default)]
    updated_at: JsonMember<JsonTimestamp>,
}

#[derive(Deserialize)]
struct OrderItem {
    #[serde(default)]
    product_id: JsonMember<ProductId>,
}

pub(super) fn of_order(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let Resource { id, attributes } = read(delivery)?;
    let product = attributes.first_order_item.as_ref().and_then(|item| item.product_id.clone().value());
    let mut event = event(delivery, attributes);
    event.origin.order = Some(id);
    event.product = event.product.or(product);
    Ok(event)
}

pub(super) fn of_subscription(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let Resource { id, attributes } = read(delivery)?;
    let mut event = event(delivery, attributes);
    event.origin.subscription = Some(id);
    Ok(event)
}

fn read(delivery: &Delivery<'_>) -> Result<Resource<Attributes>, WebhookError> {
    decode_leniently(delivery.data, |json| super::read::<Resource<Attributes>>(json))
        .map_err(|cause| delivery.unreadable(format!("data: {cause}")))
}

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
