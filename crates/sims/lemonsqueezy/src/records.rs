use std::sync::Arc;

use anykey_core::Timestamp;

/// A store of a merchant, with its products and customers.
pub(super) struct Store {
    pub(super) account: u64,
    pub(super) products: Vec<Product>,
    pub(super) customers: Vec<Customer>,
}

/// A product with its only variant.
#[derive(Clone)]
pub(super) struct Product {
    pub(super) id: u64,
    pub(super) variant: u64,
    pub(super) name: Arc<str>,
}

#[derive(Clone)]
pub(super) struct Customer {
    pub(super) id: u64,
    pub(super) name: Arc<str>,
    pub(super) email: Arc<str>,
}

pub(super) struct Key {
    pub(super) id: u64,
    pub(super) store: u64,
    pub(super) account: u64,
    pub(super) code: Arc<str>,
    pub(super) customer: Customer,
    pub(super) product: Product,
    pub(super) order: u64,
    pub(super) order_item: u64,
    pub(super) subscription: Option<u64>,
    pub(super) activation_limit: Option<u64>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) disabled: bool,
    pub(super) test_mode: bool,
    /// The ids of its instances, oldest first.
    pub(super) instances: Vec<u64>,
    pub(super) status_word: Option<String>,
}

impl Key {
    pub(super) fn usage(&self) -> u64 {
        u64::try_from(self.instances.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn is_full(&self) -> bool {
        self.activation_limit.is_some_and(|limit| self.usage() >= limit)
    }
}

/// An activation of a key.
pub(super) struct Instance {
    pub(super) id: u64,
    pub(super) identifier: Arc<str>,
    pub(super) key: u64,
    pub(super) name: String,
    pub(super) created_at: Timestamp,
}

/// An API key of a merchant, for one mode.
pub(super) struct ApiKey {
    pub(super) account: u64,
    pub(super) test_mode: bool,
    pub(super) ends_at: Timestamp,
}

/// The caller of the main API.
#[derive(Clone, Copy)]
pub(super) struct Merchant {
    pub(super) account: u64,
    pub(super) test_mode: bool,
}

impl Merchant {
    pub(super) const fn owns(self, key: &Key) -> bool {
        key.account == self.account && key.test_mode == self.test_mode
    }
}
