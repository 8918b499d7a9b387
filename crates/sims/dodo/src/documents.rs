//! The JSON records of license keys and instances.
//!
//! Members and their order are those of specification 1.113 (2026). A member whose value is absent is `null`, which
//! the vendor's samples show.

use std::collections::BTreeMap;

use anykey_core::Timestamp;
use serde::Serialize;

use super::database::Database;
use super::quirks::{Profile, Quirks};
use super::records::{Business, Instance, Key};
use super::time::written;

/// A page of a list. It has neither a total nor a next page.
#[derive(Serialize)]
pub(super) struct ListDocument<T> {
    pub(super) items: Vec<T>,
}

/// A license key's record. `brand_id` and `source` are omitted in the old profile; all other absent members are null.
#[derive(Serialize)]
pub(super) struct KeyDocument<'w> {
    id: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand_id: Option<&'w str>,
    business_id: &'w str,
    customer_id: &'w str,
    product_id: &'w str,
    key: &'w str,
    status: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'w str>,
    activations_limit: Option<i32>,
    instances_count: i32,
    payment_id: Option<String>,
    subscription_id: Option<&'w str>,
    created_at: String,
    expires_at: Option<String>,
}

impl<'w> KeyDocument<'w> {
    pub(super) fn new(key: &'w Key, business: &'w Business, status: &'static str, quirks: &Quirks) -> Self {
        let current = quirks.profile == Profile::Current;
        let payment = key.payment.as_deref().map(str::to_owned);
        Self {
            id: &key.id,
            brand_id: current.then_some(&*business.brand),
            business_id: &key.business,
            customer_id: &key.customer,
            product_id: &key.product,
            key: &key.code,
            status: key.status_word.as_deref().unwrap_or(status),
            source: current.then(|| key.source_word.as_deref().unwrap_or(key.source.word())),
            activations_limit: key.activations_limit,
            instances_count: key.instances_count(),
            payment_id: if current { payment } else { payment.or_else(|| Some(stand_in_payment(key))) },
            subscription_id: key.subscription.as_deref(),
            created_at: written(key.created_at, quirks.second_fraction),
            expires_at: key.expires_at.map(|at| written(at, quirks.second_fraction)),
        }
    }
}

impl Database {
    /// The current record of `key`; `None` if its business is unknown.
    pub(super) fn key_document<'w>(
        &'w self,
        key: &'w Key,
        quirks: &Quirks,
        now: Timestamp,
    ) -> Option<KeyDocument<'w>> {
        let business = self.businesses.get(&key.business)?;
        let status = self.status(key, now, quirks.expiry_sweep_lag).word();
        Some(KeyDocument::new(key, business, status, quirks))
    }
}

/// The payment id of a key without payment: in the old profile every key has one, even an imported one.
fn stand_in_payment(key: &Key) -> String {
    key.id.replacen("lic_", "pay_", 1)
}

/// One activation in the merchant's API, and the answer to an activation in the old profile.
#[derive(Serialize)]
pub(super) struct InstanceDocument<'w> {
    id: &'w str,
    business_id: &'w str,
    created_at: String,
    license_key_id: &'w str,
    name: &'w str,
}

impl<'w> InstanceDocument<'w> {
    pub(super) fn new(instance: &'w Instance, quirks: &Quirks) -> Self {
        Self {
            id: &instance.id,
            business_id: &instance.business,
            created_at: written(instance.position.created_at, quirks.second_fraction),
            license_key_id: &instance.key,
            name: &instance.name,
        }
    }
}

/// The answer to an activation: the instance, the customer and the product.
#[derive(Serialize)]
pub(super) struct ActivationDocument<'w> {
    #[serde(flatten)]
    pub(super) instance: InstanceDocument<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) customer: Option<CustomerDocument<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) product: Option<ProductDocument<'w>>,
}

/// The buyer in the answer to an activation, in events and nowhere else. The phone number is not simulated and null.
#[derive(Serialize)]
pub(super) struct CustomerDocument<'w> {
    customer_id: &'w str,
    email: &'w str,
    name: &'w str,
    metadata: BTreeMap<&'w str, &'w str>,
    phone_number: Option<&'w str>,
}

impl<'w> CustomerDocument<'w> {
    pub(super) fn of(key: &'w Key, business: &'w Business) -> Option<Self> {
        Self::of_customer(&key.customer, Some(business))
    }

    pub(super) fn of_customer(id: &'w str, business: Option<&'w Business>) -> Option<Self> {
        let customer = business?.customers.get(id)?;
        Some(Self {
            customer_id: id,
            email: &customer.email,
            name: &customer.name,
            metadata: BTreeMap::new(),
            phone_number: None,
        })
    }
}

/// The product in the answer to an activation. The name is null for a product that has none.
#[derive(Serialize)]
pub(super) struct ProductDocument<'w> {
    product_id: &'w str,
    name: Option<&'w str>,
}

impl<'w> ProductDocument<'w> {
    pub(super) fn of(key: &'w Key, business: &'w Business) -> Option<Self> {
        let product = business.products.get(&key.product)?;
        Some(Self { product_id: &key.product, name: product.name.as_deref() })
    }
}

/// The result of a validation.
///
/// The vendor answers one boolean, without a reason (specification 1.113), so an unknown, an expired and a disabled
/// key look the same.
#[derive(Serialize)]
pub(super) struct ValidationDocument {
    pub(super) valid: bool,
}
