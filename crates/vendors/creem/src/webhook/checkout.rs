//! `checkout.completed`.

use anykey_core::{CustomerId, EventKind, LicenseEvent, LicenseKey, ProductId, WebhookError};
use anykey_http::optional_member;
use anykey_webhook::{Delivery, decode_leniently};
use serde::Deserialize;

use super::reference::reference;
use crate::wire::LicenseBody;
use crate::{NAME, map};

#[derive(Deserialize)]
struct Checkout {
    #[serde(default, deserialize_with = "reference")]
    order: Option<Box<str>>,
    #[serde(default, deserialize_with = "reference")]
    product: Option<ProductId>,
    #[serde(default, deserialize_with = "reference")]
    customer: Option<CustomerId>,
    #[serde(default, deserialize_with = "reference")]
    subscription: Option<Box<str>>,
    #[serde(default)]
    license_keys: Option<Vec<LicenseBody>>,
    /// The deprecated form of `license_keys`, one for each feature of the product.
    #[serde(default, deserialize_with = "optional_member")]
    feature: Option<Vec<Feature>>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    license_key: Option<LicenseBody>,
    #[serde(default)]
    license: Option<LicenseBody>,
}

/// The event of a checkout with license keys; one without any is not of interest.
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
