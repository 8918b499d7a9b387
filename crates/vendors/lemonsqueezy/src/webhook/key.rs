//! `license_key_*`.
//!
//! They contain the complete key, so an app needs no call to learn what changed.

use anykey_core::{EventKind, LicenseEvent, WebhookError};
use anykey_webhook::{Delivery, decode_leniently};

use crate::wire::KeyResource;
use crate::{NAME, map};

/// The event of a delivery about a key. A `license_key_` event with another name becomes [`EventKind::Other`], with the
/// key. An activation has no event of its own: it changes the key.
///
/// # Errors
///
/// `Unreadable` if the record lacks id, code or status. The delivery keeps its bytes.
pub(super) fn event(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let body = decode_leniently(delivery.data, |json| super::read::<KeyResource>(json))
        .map_err(|cause| delivery.unreadable(format!("data: {cause}")))?;
    let kind = match &*delivery.raw_type {
        "license_key_created" => EventKind::Granted,
        "license_key_updated" => EventKind::Updated,
        raw_type => EventKind::Other(raw_type.into()),
    };
    let key = map::license_key(body, None);
    let mut event = delivery.event(NAME, kind);
    event.occurred_at = key.modified_at.unwrap_or(event.occurred_at);
    event.as_of = event.occurred_at;
    event.key_id = Some(key.id.clone());
    event.customer.clone_from(&key.customer);
    event.product.clone_from(&key.product);
    event.origin = key.origin.clone();
    event.key = Some(key);
    Ok(event)
}
