//! `benefit_grant.*`.

use anykey_core::{EventKind, LicenseEvent, Timestamp, WebhookError};
use anykey_http::{JsonMember, JsonTimestamp};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use super::{LICENSE_KEYS, Properties};
use crate::NAME;

#[derive(Deserialize)]
struct GrantBody {
    id: Option<Box<str>>,
    #[serde(default)]
    created_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    modified_at: JsonMember<JsonTimestamp>,
    is_granted: Option<bool>,
    subscription_id: Option<Box<str>>,
    order_id: Option<Box<str>>,
    customer_id: Option<Box<str>>,
    benefit_id: Option<Box<str>>,
    error: Option<ErrorBody>,
    benefit: Option<BenefitBody>,
    properties: Option<Properties>,
    previous_properties: Option<Properties>,
}

#[derive(Deserialize)]
struct BenefitBody {
    r#type: Option<Box<str>>,
    organization_id: Option<Box<str>>,
}

/// Its message is for people and may name them.
#[derive(Deserialize)]
struct ErrorBody {
    r#type: Option<Box<str>>,
}

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
