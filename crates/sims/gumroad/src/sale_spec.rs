//! What a test sells, and what it gets.

use std::fmt;

/// A sale of a licensed product. The default is bought once, today, by a guest, for the seller's first product.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_gumroad_sim::{GumroadSim, SaleSpec};
///
/// let sim = GumroadSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let sold = sim.sell(SaleSpec { membership: true, ..SaleSpec::default() });
/// assert!(sold.subscription_id.is_some());
/// ```
#[derive(Clone, Default)]
pub struct SaleSpec {
    /// The product's id; `None` for the seller's first product, as for an unknown id.
    pub product: Option<String>,
    /// The buyer's e-mail address; `None` for a generated one.
    pub email: Option<String>,
    /// The buyer's name; empty for none.
    pub name: String,
    /// The id of the buyer's account; `None` for a guest.
    pub purchaser: Option<String>,
    /// The license key; `None` for a generated one, as at the vendor, which accepts no other.
    pub license_key: Option<String>,
    /// Whether it is a membership, with monthly payments.
    pub membership: bool,
    /// Whether the seller buys from itself: a test purchase.
    pub test: bool,
    /// The number of seats of a license for several; 0 for a license for one.
    pub seats: u64,
    /// The chosen version of the product.
    pub variant: Option<String>,
    /// The seller's own questions at the checkout, and the buyer's answers.
    pub custom_fields: Vec<(String, String)>,
}

impl fmt::Debug for SaleSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SaleSpec")
            .field("product", &self.product)
            .field("membership", &self.membership)
            .field("test", &self.test)
            .field("seats", &self.seats)
            .finish_non_exhaustive()
    }
}

/// A sale that was made. `Debug` does not print the license key.
#[derive(Clone)]
#[non_exhaustive]
pub struct Sold {
    /// The sale's id.
    pub sale_id: String,
    /// The license key.
    pub license_key: String,
    /// The product's id.
    pub product_id: String,
    /// The id of the buyer's account; `None` for a guest.
    pub purchaser_id: Option<String>,
    /// The membership's id; `None` for a single purchase.
    pub subscription_id: Option<String>,
}

impl fmt::Debug for Sold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sold")
            .field("sale_id", &self.sale_id)
            .field("product_id", &self.product_id)
            .field("purchaser_id", &self.purchaser_id)
            .field("subscription_id", &self.subscription_id)
            .finish_non_exhaustive()
    }
}
