//! What the simulated vendor stores.
//!
//! A status is not stored: it follows from the flag, the end and the instances of a key, and from the clock.

use std::sync::Arc;

use anykey_core::Timestamp;

/// A store of a merchant, with its products and customers.
pub(super) struct Store {
    /// The merchant, whose API keys see all of its stores.
    pub(super) account: u64,
    /// The products; the first is used where none is named.
    pub(super) products: Vec<Product>,
    /// The customers; the first is used where none is named.
    pub(super) customers: Vec<Customer>,
}

/// A product with its only variant.
#[derive(Clone)]
pub(super) struct Product {
    /// The id, in both APIs.
    pub(super) id: u64,
    /// The variant's id, which only the License API contains.
    pub(super) variant: u64,
    /// The name, in the License API.
    pub(super) name: Arc<str>,
}

/// A customer of one store.
#[derive(Clone)]
pub(super) struct Customer {
    /// The id.
    pub(super) id: u64,
    /// The name, which everyone with the key code can read.
    pub(super) name: Arc<str>,
    /// The e-mail address, likewise.
    pub(super) email: Arc<str>,
}

/// A license key with its sale.
pub(super) struct Key {
    /// The id, the same in both APIs.
    pub(super) id: u64,
    /// The store that sold it.
    pub(super) store: u64,
    /// The merchant of the store.
    pub(super) account: u64,
    /// The key code, compared without regard to case.
    pub(super) code: Arc<str>,
    /// The buyer.
    pub(super) customer: Customer,
    /// What was bought.
    pub(super) product: Product,
    /// The order that created it.
    pub(super) order: u64,
    /// The item of that order.
    pub(super) order_item: u64,
    /// The subscription that it follows; `None` for a single purchase.
    pub(super) subscription: Option<u64>,
    /// How many instances it may have; `None` is no limit.
    pub(super) activation_limit: Option<u64>,
    /// When it ends; `None` for never, or with the subscription.
    pub(super) expires_at: Option<Timestamp>,
    /// When it was bought.
    pub(super) created_at: Timestamp,
    /// When the record last changed.
    pub(super) updated_at: Timestamp,
    /// Whether the seller disabled it.
    pub(super) disabled: bool,
    /// Whether it was bought in test mode.
    pub(super) test_mode: bool,
    /// The ids of its instances, oldest first.
    pub(super) instances: Vec<u64>,
    /// A word that a test shows in the place of the status; `None` for the vendor's own.
    pub(super) status_word: Option<String>,
}

impl Key {
    /// How many instances it has, which may exceed a lowered limit.
    pub(super) fn usage(&self) -> u64 {
        u64::try_from(self.instances.len()).unwrap_or(u64::MAX)
    }

    /// Whether an activation is refused because of the limit.
    pub(super) fn is_full(&self) -> bool {
        self.activation_limit.is_some_and(|limit| self.usage() >= limit)
    }
}

/// An activation of a key.
pub(super) struct Instance {
    /// The number, which only the main API shows.
    pub(super) id: u64,
    /// The UUID, which both APIs take for the instance.
    pub(super) identifier: Arc<str>,
    /// The key's id.
    pub(super) key: u64,
    /// The label; not unique.
    pub(super) name: String,
    /// When it was activated.
    pub(super) created_at: Timestamp,
}

/// An API key of a merchant, for one mode.
pub(super) struct ApiKey {
    /// The merchant whose stores it sees.
    pub(super) account: u64,
    /// The mode whose records it sees.
    pub(super) test_mode: bool,
    /// When it expires: a year after it was made (documentation, 2026).
    pub(super) ends_at: Timestamp,
}

/// The caller of the main API.
#[derive(Clone, Copy)]
pub(super) struct Merchant {
    /// The merchant.
    pub(super) account: u64,
    /// The mode of the API key.
    pub(super) test_mode: bool,
}

impl Merchant {
    /// Whether the caller sees the key: another merchant's or the other mode's is unknown.
    pub(super) const fn owns(self, key: &Key) -> bool {
        key.account == self.account && key.test_mode == self.test_mode
    }
}
