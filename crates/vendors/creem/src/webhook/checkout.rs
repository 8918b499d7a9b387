//! `checkout.completed`.
//!
//! It is the only event with license keys, and the only answer that names order and customer beside them.

use anykey_core::{CustomerId, EventKind, LicenseEvent, LicenseKey, ProductId, WebhookError};
use anykey_http::optional_member;
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use super::reference::reference;
use crate::wire::LicenseBody;
use crate::{NAME, map};

/// The record of the event. Other records in it are ids or objects.
#[derive(Deserialize)]
struct Checkout {
    /// The order; becomes the origin of each key.
    #[serde(default, deserialize_with = "reference")]
    order: Option<Box<str>>,
    /// The product of the checkout, for keys that do not name theirs.
    #[serde(default, deserialize_with = "reference")]
    product: Option<ProductId>,
    /// The customer, whom the keys do not name.
    #[serde(default, deserialize_with = "reference")]
    customer: Option<CustomerId>,
    /// The subscription, if the product is one.
    #[serde(default, deserialize_with = "reference")]
    subscription: Option<Box<str>>,
    /// One license for each feature and unit that was bought; missing for products without keys (documentation, 2026).
    #[serde(default)]
    license_keys: Option<Vec<LicenseBody>>,
    /// The deprecated form of `license_keys`, one for each feature of the product.
    #[serde(default, deserialize_with = "optional_member")]
    feature: Option<Vec<Feature>>,
}

/// A feature of the product, of which only the license matters.
#[derive(Deserialize)]
struct Feature {
    /// The license.
    #[serde(default)]
    license_key: Option<LicenseBody>,
    /// The license under its older name.
    #[serde(default)]
    license: Option<LicenseBody>,
}

/// The event of a checkout with license keys; one without any is not of interest. Several keys are one event: the first
/// is its key, the others are `further_keys`.
///
/// # Errors
///
/// `NotOfInterest` without keys, `Unreadable` if a key lacks id, code or status.
pub(super) fn event(delivery: &Delivery<'_>) -> Result<LicenseEvent, WebhookError> {
    let checkout = decode_leniently(delivery.data, |json| super::read::<Checkout>(json))
        .map_err(|cause| delivery.unreadable(format!("object: {cause}")))?;
    let Checkout { order, product, customer, subscription, license_keys, feature } = checkout;
    let bodies = license_keys.unwrap_or_else(|| {
        let features = feature.into_iter().flatten();
        features.filter_map(|feature| feature.license_key.or(feature.license)).collect()
    });
    let mut keys = bodies.into_iter().map(|body| {
        let mut key: LicenseKey = map::license(body, None);
        key.customer.clone_from(&customer);
        key.product = key.product.or_else(|| product.clone());
        key.origin.order.clone_from(&order);
        key.origin.subscription.clone_from(&subscription);
        key
    });
    let Some(first) = keys.next() else { return Err(delivery.not_of_interest()) };
    let mut event = delivery.event(NAME, EventKind::Granted);
    event.key_id = Some(first.id.clone());
    event.customer.clone_from(&first.customer);
    event.product.clone_from(&first.product);
    event.origin = first.origin.clone();
    event.further_keys = keys.collect();
    event.key = Some(first);
    Ok(event)
}
