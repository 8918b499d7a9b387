//! `customer.state_changed`.
//!
//! It lists what the customer has now, so it corrects events that were lost or came in another order.

use anykey_core::{EventKind, GrantedKey, LicenseEvent, Timestamp, WebhookError};
use anykey_http::{JsonMember, JsonTimestamp};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use super::{LICENSE_KEYS, Properties};
use crate::NAME;

/// The customer.
#[derive(Deserialize)]
struct CustomerBody {
    /// The id, without which the delivery is unreadable.
    id: Box<str>,
    /// The organization.
    organization_id: Option<Box<str>>,
    /// What the customer has; absent leaves the list unknown.
    granted_benefits: Option<Vec<GrantedBody>>,
}

/// A benefit that the customer has.
#[derive(Deserialize)]
struct GrantedBody {
    /// The grant.
    id: Option<Box<str>>,
    /// When it was granted.
    #[serde(default)]
    created_at: JsonMember<JsonTimestamp>,
    /// When it last changed; `null` before the first change.
    #[serde(default)]
    modified_at: JsonMember<JsonTimestamp>,
    /// The benefit.
    benefit_id: Option<Box<str>>,
    /// The type; without one it may be a license key.
    benefit_type: Option<Box<str>>,
    /// What the grant contains.
    properties: Option<Properties>,
}

/// The event of a delivery about a customer.
///
/// # Errors
///
/// `Unreadable` if the customer has no id.
pub(super) fn event(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let body = decode_leniently(delivery.data, |json| super::read::<CustomerBody>(json))
        .map_err(|cause| delivery.unreadable(format!("data: {cause}")))?;
    let mut event = delivery.event(NAME, EventKind::Updated);
    event.customer = Some(body.id.into());
    event.origin.seller = body.organization_id.map(Into::into);
    // A list with a gap would take a good key away.
    event.granted_keys = body.granted_benefits.and_then(|granted| {
        let keys = granted.into_iter().filter(GrantedBody::is_license_key);
        keys.map(|granted| granted.key(event.occurred_at)).collect()
    });
    Ok(event)
}

impl GrantedBody {
    /// Whether the benefit may be a license key.
    fn is_license_key(&self) -> bool {
        self.benefit_type.as_deref().is_none_or(|word| word == LICENSE_KEYS)
    }

    /// The key of the grant; `None` without its id. `as_of` is the grant's last change.
    fn key(self, occurred_at: Timestamp) -> Option<GrantedKey> {
        let stamp = |at: JsonMember<JsonTimestamp>| at.value().map(Timestamp::from);
        let as_of = stamp(self.modified_at).or(stamp(self.created_at)).unwrap_or(occurred_at);
        let mut key = GrantedKey::new(self.properties?.license_key_id?.into(), as_of);
        key.product = self.benefit_id.map(Into::into);
        key.grant = self.id;
        Some(key)
    }
}
