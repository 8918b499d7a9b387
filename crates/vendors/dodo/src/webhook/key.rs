//! `license_key.*`.

use anykey_core::{EventKind, LicenseEvent, WebhookError};
use anykey_webhook::{Delivery, decode_leniently};

use crate::{NAME, map};

/// The event of a delivery about a key. One that is no longer usable when it is sent is an update, whatever the type
/// says.
///
/// # Errors
///
/// `Unreadable` if the key lacks id, code or status.
pub(super) fn event(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let key = decode_leniently(delivery.data, |json| Ok(map::license_key(super::read(json)?, None)))
        .map_err(|cause| delivery.unreadable(format!("data: {cause}")))?;
    let kind = match &*delivery.raw_type {
        "license_key.created" if key.status.is_usable() => EventKind::Granted,
        "license_key.created" => EventKind::Updated,
        raw_type => EventKind::Other(raw_type.into()),
    };
    let mut event = delivery.event(NAME, kind);
    // Not when it was sent: a grant that changed in between must not look older than this.
    event.as_of = key.modified_at.or(key.created_at).unwrap_or(event.occurred_at);
    event.key_id = Some(key.id.clone());
    event.customer.clone_from(&key.customer);
    event.product.clone_from(&key.product);
    event.origin.clone_from(&key.origin);
    event.key = Some(key);
    Ok(event)
}
