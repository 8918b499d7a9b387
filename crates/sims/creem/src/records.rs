use std::sync::Arc;

use anykey_core::Timestamp;

use super::Mode;

/// A store with its products and customers. The first of each is used when none is named.
pub(super) struct Store {
    pub(super) products: Vec<Product>,
    pub(super) customers: Vec<Customer>,
}

#[derive(Clone)]
pub(super) struct Product {
    pub(super) id: Arc<str>,
    pub(super) name: Arc<str>,
}

#[derive(Clone)]
pub(super) struct Customer {
    pub(super) id: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) email: Arc<str>,
}

pub(super) struct License {
    pub(super) id: Arc<str>,
    pub(super) store: Arc<str>,
    pub(super) mode: Mode,
    pub(super) code: Arc<str>,
    pub(super) product: Product,
    pub(super) customer: Customer,
    pub(super) order: Arc<str>,
    pub(super) checkout: Arc<str>,
    pub(super) subscription: Option<Arc<str>>,
    pub(super) activation_limit: Option<u64>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) disabled: bool,
    /// Whether its subscription has ended.
    pub(super) unpaid: bool,
    /// Oldest first, deactivated ones too.
    pub(super) instances: Vec<Instance>,
    pub(super) status_word: Option<String>,
}

/// An activation of a license.
#[derive(Clone)]
pub(super) struct Instance {
    pub(super) id: Arc<str>,
    pub(super) name: String,
    pub(super) created_at: Timestamp,
    pub(super) active: bool,
}

/// An API key of a store, for one mode.
#[derive(Clone)]
pub(super) struct ApiKey {
    pub(super) store: Arc<str>,
    pub(super) mode: Mode,
    /// Whether it has the scopes of licenses and of webhooks.
    pub(super) scoped: bool,
}

impl License {
    /// The number of taken seats.
    pub(super) fn seats(&self) -> u64 {
        let active = self.instances.iter().filter(|instance| instance.active).count();
        u64::try_from(active).unwrap_or(u64::MAX)
    }

    pub(super) fn is_full(&self) -> bool {
        self.activation_limit.is_some_and(|limit| self.seats() >= limit)
    }

    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.unpaid || self.expires_at.is_some_and(|end| end <= now)
    }

    pub(super) fn instance(&self, id: &str) -> Option<&Instance> {
        self.instances.iter().find(|instance| *instance.id == *id)
    }
}
