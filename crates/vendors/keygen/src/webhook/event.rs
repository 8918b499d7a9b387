//! `license.*` and `machine.*`.
//!
//! A payload is the record as the API returns it, so an app needs no call to learn what changed.

use anykey_core::{EventKind, LicenseEvent, LicenseStatus, WebhookError};
use anykey_webhook::{Delivery, decode_leniently};

use crate::wire::{Document, LicenseBody, MachineBody};
use crate::{NAME, map};

/// The event of a delivery. Validations and check-outs happen all the time and change no access.
///
/// # Errors
///
/// `NotOfInterest` for an event that changes no key, `Unreadable` if the payload is not the record that the event is
/// about.
pub(super) fn read(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    match &*delivery.raw_type {
        "license.checked-out" => Err(delivery.not_of_interest()),
        name if name.starts_with("license.validation.") => Err(delivery.not_of_interest()),
        name if name.starts_with("license.") => of_license(delivery),
        "machine.created"
        | "machine.updated"
        | "machine.deleted"
        | "machine.heartbeat.dead"
        | "machine.heartbeat.resurrected" => of_machine(delivery),
        _ => Err(delivery.not_of_interest()),
    }
}

/// The event of a delivery about a license. A deleted one is `Revoked`, whatever its record contains, because no answer
/// knows it afterwards. `as_of` is the later one of the record's change and the event.
fn of_license(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let body = decode_leniently(delivery.data, |json| super::read::<Document<LicenseBody>>(json))
        .map_err(|cause| delivery.unreadable(format!("payload: {cause}")))?;
    let kind = match &*delivery.raw_type {
        "license.created" | "license.reinstated" => EventKind::Granted,
        "license.suspended" | "license.expired" | "license.deleted" | "license.revoked" => EventKind::Revoked,
        "license.renewed" => EventKind::Renewed,
        "license.updated" | "license.expiring-soon" | "license.checked-in" => EventKind::Updated,
        name if name.starts_with("license.usage.") => EventKind::Updated,
        raw_type => EventKind::Other(raw_type.into()),
    };
    let mut key = map::license(body.data, None);
    if matches!(&*delivery.raw_type, "license.deleted" | "license.revoked") {
        key.status = LicenseStatus::Revoked;
    }
    let mut event = delivery.event(NAME, kind);
    event.as_of = key.modified_at.unwrap_or(event.occurred_at).max(event.occurred_at);
    event.key_id = Some(key.id.clone());
    event.customer.clone_from(&key.customer);
    event.product.clone_from(&key.product);
    event.origin = key.origin.clone();
    event.reason = reason(&delivery.raw_type);
    event.key = Some(key);
    Ok(event)
}

/// The event of a delivery about a machine: the key it belongs to has changed. The key's record is not in it.
fn of_machine(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let body = decode_leniently(delivery.data, |json| super::read::<Document<MachineBody>>(json))
        .map_err(|cause| delivery.unreadable(format!("payload: {cause}")))?;
    let machine = map::machine(body.data);
    let mut event = delivery.event(NAME, EventKind::Updated);
    event.key_id = machine.key_id;
    event.product = machine.product;
    event.reason = reason(&delivery.raw_type);
    Ok(event)
}

/// The last word of the event's name. So `license.usage.incremented` becomes `incremented`.
fn reason(raw_type: &str) -> Option<Box<str>> {
    raw_type.rsplit('.').next().map(Into::into)
}
