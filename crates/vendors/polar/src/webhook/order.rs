//! `order.refunded`.

use anykey_core::{EventKind, LicenseEvent, WebhookError};
use anykey_http::{JsonMember, JsonTimestamp};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use crate::NAME;

#[derive(Deserialize)]
struct OrderBody {
    id: Box<str>,
    #[serde(default)]
    modified_at: JsonMember<JsonTimestamp>,
    customer_id: Option<Box<str>>,
    product_id: Option<Box<str>>,
    subscription_id: Option<Box<str>>,
    customer: Option<CustomerBody>,
}

#[derive(Deserialize)]
struct CustomerBody {
    organization_id: Option<Box<str>>,
}

/// The kind is no more than updated: whether a refund takes the keys away is the seller's choice at each refund, and
/// `benefit_grant.revoked` says so.
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
