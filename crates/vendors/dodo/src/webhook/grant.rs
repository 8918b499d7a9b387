//! `entitlement_grant.*`.
//!
//! Every member is optional: a delivery about a grant that can be identified at all must not be lost because another
//! member has changed.

use anykey_core::{CustomerId, EventKind, LicenseEvent, LicenseKey, LicenseKeyId, Timestamp, WebhookError};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use crate::{NAME, grants};

/// What a delivery names besides the key, and without one.
#[derive(Deserialize)]
struct GrantBody {
    /// The grant; needed unless there is a key.
    id: Option<Box<str>>,
    /// Its entitlement.
    entitlement_id: Option<Box<str>>,
    /// The state when the delivery was sent, which decides about the kind.
    status: Option<Box<str>>,
    /// The type; another one than `license_key` is not of interest.
    integration_type: Option<Box<str>>,
    /// The key, of which only the id is read here.
    license_key: Option<KeyBody>,
    /// The seller.
    business_id: Option<Box<str>>,
    /// The customer.
    customer_id: Option<CustomerId>,
    /// The payment.
    payment_id: Option<Box<str>>,
    /// The subscription.
    subscription_id: Option<Box<str>>,
    /// Why it was revoked.
    revocation_reason: Option<Box<str>>,
    /// Why the delivery of the key failed.
    error_code: Option<Box<str>>,
    /// When the grant was made.
    created_at: Option<Timestamp>,
    /// When the grant last changed, which orders its events.
    updated_at: Option<Timestamp>,
}

/// The key of a grant.
#[derive(Deserialize)]
struct KeyBody {
    /// The key's own id.
    id: Option<LicenseKeyId>,
}

/// The event of a delivery about a grant, with the key if it can be read.
///
/// # Errors
///
/// `NotOfInterest` for a grant of another type, `Unreadable` if it names neither a grant nor a key.
pub(super) fn event(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let body = decode_leniently(delivery.data, |json| super::read::<GrantBody>(json))
        .map_err(|cause| delivery.unreadable(format!("data: {cause}")))?;
    if body.integration_type.as_deref().is_some_and(|word| word != "license_key") {
        return Err(delivery.not_of_interest());
    }
    if body.id.is_none() && body.license_key.is_none() {
        return Err(delivery.unreadable("data: it names neither a grant nor a license key"));
    }
    let key = decode_leniently(delivery.data, grants::delivered::license_key).unwrap_or_default();
    let kind = kind(&delivery.raw_type, body.status.as_deref(), key.as_ref());
    let mut event = delivery.event(NAME, kind);
    event.as_of = body.updated_at.or(body.created_at).unwrap_or(event.occurred_at);
    event.key_id = match &key {
        Some(key) => Some(key.id.clone()),
        None => body.license_key.and_then(|key| key.id),
    };
    event.customer = body.customer_id;
    event.origin.seller = body.business_id.map(Into::into);
    event.origin.payment = body.payment_id;
    event.origin.subscription = body.subscription_id;
    event.origin.grant = body.id;
    event.origin.entitlement = body.entitlement_id;
    event.origin.revocation = body.revocation_reason.filter(|_| event.kind == EventKind::Revoked);
    event.reason = event.origin.revocation.clone().or(body.error_code);
    event.key = key;
    Ok(event)
}

/// The kind of the event: by the grant's state, which is more recent than the type, and by the type where the state is
/// missing. An unknown type or state becomes [`EventKind::Other`].
fn kind(raw_type: &str, status: Option<&str>, key: Option<&LicenseKey>) -> EventKind {
    let known = matches!(raw_type.rsplit('.').next(), Some("created" | "delivered" | "failed" | "revoked"));
    match status.map(str::to_ascii_lowercase).as_deref() {
        _ if !known => EventKind::Other(raw_type.into()),
        Some("delivered") if key.is_some_and(|key| !key.status.is_usable()) => EventKind::Updated,
        Some("delivered") => EventKind::Granted,
        Some("revoked") => EventKind::Revoked,
        Some("failed") => EventKind::Failed,
        None if raw_type == "entitlement_grant.delivered" => EventKind::Granted,
        None if raw_type == "entitlement_grant.revoked" => EventKind::Revoked,
        None if raw_type == "entitlement_grant.failed" => EventKind::Failed,
        _ => EventKind::Other(raw_type.into()),
    }
}
