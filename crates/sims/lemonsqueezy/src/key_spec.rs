use std::fmt;

use anykey_core::Timestamp;

use super::Mode;

/// A license key to issue. The default was bought once in test mode and has neither limit nor expiry.
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
    /// The product's id. `None`, and an id that the store does not have, is the product that the store starts with.
    pub product: Option<u64>,
    /// The customer's id. `None`, and an id that the store does not have, is the customer that the store starts with.
    pub customer: Option<u64>,
    /// The key string. `None` makes a lower-case UUID of version 4, as the vendor does.
    pub key: Option<String>,
    /// How many instances may exist at a time. `None` is no limit.
    pub activation_limit: Option<u64>,
    /// When the key expires. `None` is never, or with the subscription.
    pub expires_at: Option<Timestamp>,
    /// Whether it was bought by a subscription, whose end makes the key expired.
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

/// A license key that exists now. `Debug` leaves the key string out.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuedKey {
    /// The record's id.
    pub id: u64,
    /// The key string: what the customer types.
    pub key: String,
    /// The product's id.
    pub product_id: u64,
    /// The id of the product's variant.
    pub variant_id: u64,
    /// The customer's id.
    pub customer_id: u64,
    /// The order's id.
    pub order_id: u64,
    /// The subscription's id; `None` unless the key was bought by one.
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
