//! `entitlement_grant.*`.

use anykey_core::{CustomerId, EventKind, LicenseEvent, LicenseKey, LicenseKeyId, Timestamp, WebhookError};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use crate::{NAME, grants};

/// What a delivery names besides the key, and without one.
#[derive(Deserialize)]
struct GrantBody {
    id: Option<Box<str>>,
    entitlement_id: Option<Box<str>>,
    status: Option<Box<str>>,
    integration_type: Option<Box<str>>,
    license_key: Option<KeyBody>,
    business_id: Option<Box<str>>,
    customer_id: Option<CustomerId>,
    payment_id: Option<Box<str>>,
    subscription_id: Option<Box<str>>,
    revocation_reason: Option<Box<str>>,
    error_code: Option<Box<str>>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct KeyBody {
    id: Option<LicenseKeyId>,
}

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

/// By the grant's state, which is more recent than the type; by the type where the state is unknown.
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
