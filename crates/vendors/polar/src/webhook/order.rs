//! `order.refunded`.

use anykey_core::{EventKind, LicenseEvent, WebhookError};
use anykey_http::{JsonMember, JsonTimestamp};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use crate::NAME;

/// An order.
#[derive(Deserialize)]
struct OrderBody {
    /// The id, without which the delivery is unreadable.
    id: Box<str>,
    /// When it last changed, which orders its events.
    #[serde(default)]
    modified_at: JsonMember<JsonTimestamp>,
    /// The customer.
    customer_id: Option<Box<str>>,
    /// The product that was sold, which is not the benefit.
    product_id: Option<Box<str>>,
    /// The subscription; `null` for a single purchase.
    subscription_id: Option<Box<str>>,
    /// The customer, of whom only the organization is read.
    customer: Option<CustomerBody>,
}

/// The customer of an order.
#[derive(Deserialize)]
struct CustomerBody {
    /// The organization.
    organization_id: Option<Box<str>>,
}

/// The event of a refund. It is an update: whether a refund takes the keys away is the seller's choice at each refund,
/// and `benefit_grant.revoked` reports it.
///
/// # Errors
///
/// `Unreadable` if the order has no id.
pub(super) fn event(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let order = decode_leniently(delivery.data, |json| super::read::<OrderBody>(json))
        .map_err(|cause| delivery.unreadable(format!("data: {cause}")))?;
    let mut event = delivery.event(NAME, EventKind::Updated);
    event.as_of = order.modified_at.value().map_or(event.occurred_at, Into::into);
    event.customer = order.customer_id.map(Into::into);
    event.sold_product = order.product_id.map(Into::into);
    event.origin.seller = order.customer.and_then(|customer| customer.organization_id).map(Into::into);
    event.origin.order = Some(order.id);
    event.origin.subscription = order.subscription_id;
    Ok(event)
}
