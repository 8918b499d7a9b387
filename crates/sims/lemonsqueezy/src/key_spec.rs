//! What a test buys, and what it gets.
//!
//!
//! What a key is issued with, and what a test gets back.

use std::fmt;

use anykey_core::Timestamp;

use super::Mode;

/// A license key to issue. The default is bought once in test mode and has neither limit nor expiry.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_lemonsqueezy_sim::{KeySpec, LemonSqueezySim};
///
/// # fn main() -> Result<(), anykey_lemonsqueezy_sim::KeyTaken> {
/// let sim = LemonSqueezySim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let issued = sim.issue(KeySpec { activation_limit: Some(2), by_subscription: true, ..KeySpec::default() })?;
/// assert!(issued.subscription_id.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct KeySpec {
    /// The product's id; `None` for the store's first product, as for an unknown id.
    pub product: Option<u64>,
    /// The customer's id; `None` for the store's first customer, as for an unknown id.
    pub customer: Option<u64>,
    /// The key string; `None` for a generated one: a lower-case UUID of version 4, as at the vendor.
    pub key: Option<String>,
    /// The activation limit; `None` for no limit.
    pub activation_limit: Option<u64>,
    /// When the key expires; `None` for never, or with the subscription.
    pub expires_at: Option<Timestamp>,
    /// Whether the key follows a new subscription and expires when it ends.
    pub by_subscription: bool,
    /// The mode of the purchase.
    pub mode: Mode,
}

impl fmt::Debug for KeySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySpec")
            .field("product", &self.product)
            .field("customer", &self.customer)
            .field("activation_limit", &self.activation_limit)
            .field("expires_at", &self.expires_at)
            .field("by_subscription", &self.by_subscription)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// An issued license key. `Debug` does not print the key string.
///
/// The ids are those of the main API. The License API identifies a key by its string only, and both show the same id.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuedKey {
    /// The record's id.
    pub id: u64,
    /// The key string.
    pub key: String,
    /// The product's id.
    pub product_id: u64,
    /// The id of the product's variant.
    pub variant_id: u64,
    /// The customer's id.
    pub customer_id: u64,
    /// The order's id.
    pub order_id: u64,
    /// The subscription's id; `None` unless the key follows a subscription.
    pub subscription_id: Option<u64>,
}

impl fmt::Debug for IssuedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedKey")
            .field("id", &self.id)
            .field("product_id", &self.product_id)
            .field("variant_id", &self.variant_id)
            .field("customer_id", &self.customer_id)
            .field("order_id", &self.order_id)
            .field("subscription_id", &self.subscription_id)
            .finish_non_exhaustive()
    }
}
