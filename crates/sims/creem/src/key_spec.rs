//! What a checkout sells, and what a test gets back.

use std::fmt;

use anykey_core::Timestamp;

use super::Mode;

/// A license to sell. The default is bought once in test mode and has neither limit nor expiry.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_creem_sim::{CreemSim, KeySpec};
///
/// # fn main() -> Result<(), anykey_creem_sim::KeyTaken> {
/// let sim = CreemSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let issued = sim.issue(KeySpec { activation_limit: Some(2), by_subscription: true, ..KeySpec::default() })?;
/// assert!(issued.subscription_id.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct KeySpec {
    /// The product's id; `None` for the store's first product, as for an unknown id.
    pub product: Option<String>,
    /// The customer's id; `None` for the store's first customer, as for an unknown id.
    pub customer: Option<String>,
    /// The key string; `None` for a generated one: five groups of five letters and digits.
    pub key: Option<String>,
    /// The activation limit; `None` for no limit.
    pub activation_limit: Option<u64>,
    /// When the license expires; `None` for never, or with the subscription.
    pub expires_at: Option<Timestamp>,
    /// Whether the license follows a new subscription and expires when it ends.
    pub by_subscription: bool,
    /// How many licenses the checkout has, each with the other values of this specification; 0 is 1. The key string
    /// is that of the first.
    pub units: u32,
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
            .field("units", &self.units)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// A sold license, the first one of its checkout. `Debug` does not print the key string.
///
/// The id is for calls about lists and for this simulator's actions; devices send the key string only.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuedKey {
    /// The license's id.
    pub id: String,
    /// The key string.
    pub key: String,
    /// The product's id.
    pub product_id: String,
    /// The customer's id.
    pub customer_id: String,
    /// The order's id.
    pub order_id: String,
    /// The subscription's id; `None` unless the license follows a subscription.
    pub subscription_id: Option<String>,
}

impl fmt::Debug for IssuedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedKey")
            .field("id", &self.id)
            .field("product_id", &self.product_id)
            .field("customer_id", &self.customer_id)
            .field("order_id", &self.order_id)
            .field("subscription_id", &self.subscription_id)
            .finish_non_exhaustive()
    }
}
