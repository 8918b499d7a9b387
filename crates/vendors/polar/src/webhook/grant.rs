//! `benefit_grant.*`.

use anykey_core::{EventKind, LicenseEvent, Timestamp, WebhookError};
use anykey_http::{JsonMember, JsonTimestamp};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use super::{LICENSE_KEYS, Properties};
use crate::NAME;

/// A grant. Every member is optional: a delivery must not be lost because one of them has changed.
#[derive(Deserialize)]
struct GrantBody {
    /// The grant.
    id: Option<Box<str>>,
    /// When it was granted.
    #[serde(default)]
    created_at: JsonMember<JsonTimestamp>,
    /// When it last changed, which orders its events; `null` before the first change.
    #[serde(default)]
    modified_at: JsonMember<JsonTimestamp>,
    /// Whether the benefit was granted.
    is_granted: Option<bool>,
    /// The subscription that brought it.
    subscription_id: Option<Box<str>>,
    /// The order that brought it.
    order_id: Option<Box<str>>,
    /// The customer.
    customer_id: Option<Box<str>>,
    /// The benefit, which is the model's product.
    benefit_id: Option<Box<str>>,
    /// Why granting failed.
    error: Option<ErrorBody>,
    /// The benefit's type and organization.
    benefit: Option<BenefitBody>,
    /// What the grant contains now.
    properties: Option<Properties>,
    /// What it contained before an update.
    previous_properties: Option<Properties>,
}

/// The benefit of a grant.
#[derive(Deserialize)]
struct BenefitBody {
    /// The type; another one than `license_keys` is not of interest.
    r#type: Option<Box<str>>,
    /// The organization.
    organization_id: Option<Box<str>>,
}

/// Why granting failed. Its message is for people and may name them, so it is not read.
#[derive(Deserialize)]
struct ErrorBody {
    /// The class, which becomes the event's reason.
    r#type: Option<Box<str>>,
}

/// The event of a delivery about a grant.
///
/// # Errors
///
/// `NotOfInterest` for another type of benefit, `Unreadable` if neither grant, key nor customer is named.
pub(super) fn event(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let body = decode_leniently(delivery.data, |json| super::read::<GrantBody>(json))
        .map_err(|cause| delivery.unreadable(format!("data: {cause}")))?;
    let benefit_type = body.benefit.as_ref().and_then(|benefit| benefit.r#type.as_deref());
    if benefit_type.is_some_and(|word| word != LICENSE_KEYS) {
        return Err(delivery.not_of_interest());
    }
    let kind = kind(&delivery.raw_type, &body);
    let mut event = delivery.event(NAME, kind);
    let stamp = |at: JsonMember<JsonTimestamp>| at.value().map(Timestamp::from);
    event.as_of = stamp(body.modified_at).or(stamp(body.created_at)).unwrap_or(event.occurred_at);
    event.key_id = body.properties.and_then(|properties| properties.license_key_id).map(Into::into);
    event.customer = body.customer_id.map(Into::into);
    event.product = body.benefit_id.map(Into::into);
    event.origin.seller = body.benefit.and_then(|benefit| benefit.organization_id).map(Into::into);
    event.origin.order = body.order_id;
    event.origin.subscription = body.subscription_id;
    event.origin.grant = body.id;
    event.reason = body.error.and_then(|error| error.r#type);
    if event.key_id.is_none() && event.origin.grant.is_none() && event.customer.is_none() {
        return Err(delivery.unreadable("data: it names neither a grant, a license key nor a customer"));
    }
    Ok(event)
}

/// The kind of the event. An update with another code is a rotation. An unknown type becomes [`EventKind::Other`].
fn kind(raw_type: &str, body: &GrantBody) -> EventKind {
    match raw_type {
        "benefit_grant.created" if body.error.is_some() || body.is_granted == Some(false) => {
            EventKind::Failed
        }
        "benefit_grant.created" => EventKind::Granted,
        "benefit_grant.updated" if body.has_another_code() => EventKind::Rotated,
        "benefit_grant.updated" => EventKind::Updated,
        "benefit_grant.cycled" => EventKind::Renewed,
        "benefit_grant.revoked" => EventKind::Revoked,
        raw_type => EventKind::Other(raw_type.into()),
    }
}

impl GrantBody {
    /// Whether the visible end of the code has changed; `false` where it is not known.
    fn has_another_code(&self) -> bool {
        let shown = |properties: &Option<Properties>| {
            properties.as_ref().and_then(|properties| properties.display_key.clone())
        };
        match (shown(&self.previous_properties), shown(&self.properties)) {
            (Some(before), Some(now)) => before != now,
            _ => false,
        }
    }
}
