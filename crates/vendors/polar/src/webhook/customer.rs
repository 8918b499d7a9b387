//! `customer.state_changed`.

use anykey_core::{EventKind, GrantedKey, LicenseEvent, Timestamp, WebhookError};
use anykey_http::{JsonMember, JsonTimestamp};
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use super::{LICENSE_KEYS, Properties};
use crate::NAME;

#[derive(Deserialize)]
struct CustomerBody {
    id: Box<str>,
    organization_id: Option<Box<str>>,
    granted_benefits: Option<Vec<GrantedBody>>,
}

#[derive(Deserialize)]
struct GrantedBody {
    id: Option<Box<str>>,
    #[serde(default)]
    created_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    modified_at: JsonMember<JsonTimestamp>,
    benefit_id: Option<Box<str>>,
    benefit_type: Option<Box<str>>,
    properties: Option<Properties>,
}

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
    fn is_license_key(&self) -> bool {
        self.benefit_type.as_deref().is_none_or(|word| word == LICENSE_KEYS)
    }

    fn key(self, occurred_at: Timestamp) -> Option<GrantedKey> {
        let stamp = |at: JsonMember<JsonTimestamp>| at.value().map(Timestamp::from);
        let as_of = stamp(self.modified_at).or(stamp(self.created_at)).unwrap_or(occurred_at);
        let mut key = GrantedKey::new(self.properties?.license_key_id?.into(), as_of);
        key.product = self.benefit_id.map(Into::into);
        key.grant = self.id;
        Some(key)
    }
}
