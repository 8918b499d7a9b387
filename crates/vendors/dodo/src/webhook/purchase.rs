//! The subscriptions, refunds and disputes behind keys. Grants say what becomes of each key; these are
//! sent earlier, and without the key.

use anykey_core::{CustomerId, EventKind, LicenseEvent, ProductId, WebhookError};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use crate::NAME;

/// The members that subscriptions, refunds and disputes share.
#[derive(Deserialize)]
struct PurchaseBody {
    /// The subscription; needed unless there is a payment.
    subscription_id: Option<Box<str>>,
    /// The payment that was refunded or disputed.
    payment_id: Option<Box<str>>,
    /// The product of a subscription.
    product_id: Option<ProductId>,
    /// The seller.
    business_id: Option<Box<str>>,
    /// The customer, in a dispute or refund that names one so.
    customer_id: Option<CustomerId>,
    /// The customer as an object.
    customer: Option<CustomerBody>,
    /// The state of a subscription when the delivery was sent.
    status: Option<Box<str>>,
    /// Whether a refund is one of a part of the price.
    is_partial: Option<bool>,
}

/// The customer of a subscription or refund.
#[derive(Deserialize)]
struct CustomerBody {
    /// The id.
    customer_id: Option<CustomerId>,
}

/// The event of a delivery about a purchase, which names no key.
///
/// # Errors
///
/// `Unreadable` if it names neither a subscription nor a payment.
pub(super) fn event(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let body = decode_leniently(delivery.data, |json| super::read::<PurchaseBody>(json))
        .map_err(|cause| delivery.unreadable(format!("data: {cause}")))?;
    if body.subscription_id.is_none() && body.payment_id.is_none() {
        return Err(delivery.unreadable("data: it names neither a subscription nor a payment"));
    }
    let mut event = delivery.event(NAME, kind(&delivery.raw_type, &body));
    event.customer = body.customer_id.or_else(|| body.customer.and_then(|customer| customer.customer_id));
    event.product = body.product_id;
    event.origin.seller = body.business_id.map(Into::into);
    event.origin.payment = body.payment_id;
    event.origin.subscription = body.subscription_id;
    Ok(event)
}

/// What Dodo documents to become of the keys. Of a dispute and of a part of a refund it documents nothing.
fn kind(raw_type: &str, body: &PurchaseBody) -> EventKind {
    let is_over = body.status.as_deref().is_none_or(|status| {
        ["on_hold", "paused", "cancelled", "expired", "failed"]
            .contains(&status.to_ascii_lowercase().as_str())
    });
    match raw_type {
        "subscription.active" | "subscription.unpaused" => EventKind::Granted,
        "subscription.renewed" => EventKind::Renewed,
        "subscription.failed" => EventKind::Failed,
        "subscription.on_hold"
        | "subscription.paused"
        | "subscription.cancelled"
        | "subscription.expired"
            if is_over =>
        {
            EventKind::Revoked
        }
        "refund.succeeded" if body.is_partial != Some(true) => EventKind::Revoked,
        "refund.succeeded"
        | "subscription.on_hold"
        | "subscription.paused"
        | "subscription.cancelled"
        | "subscription.expired"
        | "subscription.updated"
        | "subscription.past_due"
        | "subscription.plan_changed" => EventKind::Updated,
        _ if raw_type.starts_with("dispute.") => EventKind::Updated,
        _ => EventKind::Other(raw_type.into()),
    }
}
