//! The subscriptions, refunds and disputes behind keys. Grants tell what becomes of each key; these tell it
//! earlier, and without the key.

use anykey_core::{CustomerId, EventKind, LicenseEvent, ProductId, WebhookError};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use crate::NAME;

#[derive(Deserialize)]
struct PurchaseNews {
    subscription_id: Option<Box<str>>,
    payment_id: Option<Box<str>>,
    product_id: Option<ProductId>,
    business_id: Option<Box<str>>,
    customer_id: Option<CustomerId>,
    customer: Option<CustomerNews>,
    status: Option<Box<str>>,
    is_partial: Option<bool>,
}

#[derive(Deserialize)]
struct CustomerNews {
    customer_id: Option<CustomerId>,
}

pub(super) fn event(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let news = decode_leniently(delivery.data, |json| super::read::<PurchaseNews>(json))
        .map_err(|cause| delivery.unreadable(format!("data: {cause}")))?;
    if news.subscription_id.is_none() && news.payment_id.is_none() {
        return Err(delivery.unreadable("data: it names neither a subscription nor a payment"));
    }
    let mut event = delivery.event(NAME, kind(&delivery.raw_type, &news));
    event.customer = news.customer_id.or_else(|| news.customer.and_then(|customer| customer.customer_id));
    event.product = news.product_id;
    event.origin.seller = news.business_id.map(Into::into);
    event.origin.payment = news.payment_id;
    event.origin.subscription = news.subscription_id;
    Ok(event)
}

/// What Dodo documents to become of the keys. Of a dispute and of a part of a refund it documents nothing.
fn kind(raw_type: &str, news: &PurchaseNews) -> EventKind {
    let is_over = news.status.as_deref().is_none_or(|status| {
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
        "refund.succeeded" if news.is_partial != Some(true) => EventKind::Revoked,
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
