use std::fmt;

use anykey_core::Timestamp;

/// A license key to issue. The default was bought once and has neither limit nor expiry.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dodo_sim::{DodoSim, KeySpec, Purchase};
///
/// # fn main() -> Result<(), anykey_dodo_sim::KeyTaken> {
/// let sim = DodoSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let seat = KeySpec { activations_limit: Some(2), purchase: Purchase::Subscription, ..KeySpec::default() };
/// let issued = sim.issue(seat)?;
/// assert!(issued.subscription_id.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct KeySpec {
    /// The product's id. `None` is the product that the business starts with; an id that the business
    /// does not have yet is added under that id, without a name.
    pub product: Option<String>,
    /// The customer's id. `None` is the customer that the business starts with; an id that the
    /// business does not have yet is added under that id.
    pub customer: Option<String>,
    /// The key string. `None` makes a lower-case UUID of version 4, as the vendor does.
    pub key: Option<String>,
    /// How many instances may exist at a time. `None` is no limit.
    pub activations_limit: Option<i32>,
    /// When the key expires. `None` is never, or with the subscription.
    pub expires_at: Option<Timestamp>,
    /// When the key was made. `None` is now.
    pub created_at: Option<Timestamp>,
    /// What the customer bought.
    pub purchase: Purchase,
    /// Where the key string comes from. `None` is [`KeySource::Import`] without a purchase, else
    /// [`KeySource::Auto`].
    pub source: Option<KeySource>,
}

impl fmt::Debug for KeySpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySpec")
            .field("product", &self.product)
            .field("customer", &self.customer)
            .field("activations_limit", &self.activations_limit)
            .field("expires_at", &self.expires_at)
            .field("created_at", &self.created_at)
            .field("purchase", &self.purchase)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

/// What a license key was bought with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purchase {
    /// A payment of its own; a refund disables the key.
    #[default]
    OneTime,
    /// A subscription of its own: its holds and its end disable the key, and the key's expiry cannot
    /// be set.
    Subscription,
    /// A further key of the payment with this id, as a quantity above one brings; a refund disables all of them.
    SamePayment(String),
    /// A further key of the subscription with this id; an unknown id starts an active subscription.
    SubscriptionSeat(String),
    /// Nothing: a merchant's import.
    None,
}

/// Where a key string comes from: the word in a record's `source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeySource {
    /// `auto`: made by the vendor on a purchase.
    Auto,
    /// `import`: brought by the merchant.
    Import,
    /// `manual`: typed in by the merchant for a purchase.
    Manual,
}

impl KeySource {
    pub(super) const ALL: [Self; 3] = [Self::Auto, Self::Import, Self::Manual];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Import => "import",
            Self::Manual => "manual",
        }
    }
}

/// A license key that exists now. `Debug` leaves the key string out.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuedKey {
    /// The record's id, `lic_…`.
    pub id: String,
    /// The key string: what the customer types.
    pub key: String,
    /// The product's id, `pdt_…`.
    pub product_id: String,
    /// The customer's id, `cus_…`.
    pub customer_id: String,
    /// The payment's id, `pay_…`; `None` without a purchase.
    pub payment_id: Option<String>,
    /// The subscription's id, `sub_…`; `None` unless the key follows a subscription.
    pub subscription_id: Option<String>,
}

impl fmt::Debug for IssuedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedKey")
            .field("id", &self.id)
            .field("product_id", &self.product_id)
            .field("customer_id", &self.customer_id)
            .field("payment_id", &self.payment_id)
            .field("subscription_id", &self.subscription_id)
            .finish_non_exhaustive()
    }
}

/// The key string exists already, perhaps at another business: it is unique in the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyTaken;

impl fmt::Display for KeyTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key string exists already in this environment")
    }
}

impl std::error::Error for KeyTaken {}
