//! What the simulated vendor stores.
//!
//! A status is not stored: it follows from the flags, the end and the instances of a license, and from the clock.

use std::sync::Arc;

use anykey_core::Timestamp;

use super::Mode;

/// A store with its products and customers. The first of each is used when none is named.
pub(super) struct Store {
    /// The products, the default one first.
    pub(super) products: Vec<Product>,
    /// The customers, the default one first.
    pub(super) customers: Vec<Customer>,
}

/// A product of one store.
#[derive(Clone)]
pub(super) struct Product {
    /// The id, `prod_…`.
    pub(super) id: Arc<str>,
    /// The name, in events.
    pub(super) name: Arc<str>,
}

/// A customer of one store.
#[derive(Clone)]
pub(super) struct Customer {
    /// The id, `cust_…`.
    pub(super) id: Arc<str>,
    /// The name, in events.
    pub(super) name: Arc<str>,
    /// The e-mail address, in events.
    pub(super) email: Arc<str>,
}

/// A license with its purchase. Answers about it contain neither customer nor order.
pub(super) struct License {
    /// The id.
    pub(super) id: Arc<str>,
    /// The store that sold it; another store's API key does not see it.
    pub(super) store: Arc<str>,
    /// The mode of the purchase.
    pub(super) mode: Mode,
    /// The key code.
    pub(super) code: Arc<str>,
    /// What was bought.
    pub(super) product: Product,
    /// The buyer.
    pub(super) customer: Customer,
    /// The order that created it.
    pub(super) order: Arc<str>,
    /// The checkout, which the event is about.
    pub(super) checkout: Arc<str>,
    /// The subscription that it follows; `None` for a single purchase.
    pub(super) subscription: Option<Arc<str>>,
    /// How many instances may be active; `None` is no limit.
    pub(super) activation_limit: Option<u64>,
    /// When it ends; `None` for never, or with the subscription.
    pub(super) expires_at: Option<Timestamp>,
    /// When it was bought.
    pub(super) created_at: Timestamp,
    /// Whether the seller disabled it.
    pub(super) disabled: bool,
    /// Whether its subscription has ended.
    pub(super) unpaid: bool,
    /// Oldest first, deactivated ones too.
    pub(super) instances: Vec<Instance>,
    /// A word that a test shows in the place of the status; `None` for the vendor's own.
    pub(super) status_word: Option<String>,
}

/// An activation of a license.
#[derive(Clone)]
pub(super) struct Instance {
    /// The id.
    pub(super) id: Arc<str>,
    /// The label; not unique.
    pub(super) name: String,
    /// When it was activated.
    pub(super) created_at: Timestamp,
    /// Whether it takes a seat.
    pub(super) active: bool,
}

/// An API key of a store, for one mode.
#[derive(Clone)]
pub(super) struct ApiKey {
    /// The store whose licenses it sees.
    pub(super) store: Arc<str>,
    /// The mode whose host it is valid at.
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

    /// Whether an activation is refused because of the limit.
    pub(super) fn is_full(&self) -> bool {
        self.activation_limit.is_some_and(|limit| self.seats() >= limit)
    }

    /// Whether it has ended at `now`, by its date or with its subscription.
    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.unpaid || self.expires_at.is_some_and(|end| end <= now)
    }

    /// The instance with this id, also a deactivated one.
    pub(super) fn instance(&self, id: &str) -> Option<&Instance> {
        self.instances.iter().find(|instance| *instance.id == *id)
    }
}
