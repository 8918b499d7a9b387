//! The records of an environment, and the status that follows from them.

use std::collections::HashMap;
use std::sync::Arc;

use anykey_core::{SignedDuration, Timestamp};

use super::grant_records::Grant;
use super::ids::IdSource;
use super::inspect::KeyStatus;
use super::records::{ApiKey, Business, Customer, Instance, Key, Product, SubscriptionState};
use super::timeline::{Position, Timeline};
use super::webhooks::Outbox;

/// The records of one environment. Ids are unique across businesses.
///
/// Both planes look records up here. A public call finds a key of any business by its key string; a merchant call
/// finds it by id and then compares the business.
#[derive(Default)]
pub(super) struct Database {
    pub(super) businesses: HashMap<Arc<str>, Business>,
    pub(super) keys: HashMap<Arc<str>, Key>,
    pub(super) instances: HashMap<Arc<str>, Instance>,
    pub(super) grants: HashMap<Arc<str>, Grant>,
    pub(super) subscriptions: HashMap<Arc<str>, SubscriptionState>,
    pub(super) api_keys: HashMap<String, ApiKey>,
    pub(super) outbox: Outbox,
    key_of_code: HashMap<Arc<str>, Arc<str>>,
    sequence: u64,
}

impl Database {
    /// Adds a business with one customer and one product; returns its id.
    pub(super) fn open_business(&mut self, ids: &mut IdSource) -> Arc<str> {
        let id = ids.id("bus");
        let first_customer = ids.id("cus");
        let first_product = ids.id("pdt");
        let business = Business {
            brand: Arc::clone(&id),
            customers: HashMap::from([(Arc::clone(&first_customer), Customer::first())]),
            products: HashMap::from([(Arc::clone(&first_product), Product::first())]),
            first_customer,
            first_product,
            keys: Timeline::default(),
            instances: Timeline::default(),
            entitlements: Vec::new(),
            grants: Timeline::default(),
        };
        self.businesses.insert(Arc::clone(&id), business);
        id
    }

    /// The brand of a business, which has the same id as the business.
    pub(super) fn brand<'w>(&'w self, business: &'w str) -> &'w str {
        self.businesses.get(business).map_or(business, |business| &business.brand)
    }

    /// The number of keys of a subscription, one for each unit that was bought; at least one.
    pub(super) fn quantity(&self, subscription: &str) -> usize {
        let keys = self.keys.values().filter(|key| !key.replaced);
        keys.filter(|key| key.subscription.as_deref() == Some(subscription)).count().max(1)
    }

    /// The key with this key string, compared exactly: letter case counts.
    pub(super) fn key_with_code(&self, code: &str) -> Option<&Key> {
        self.key_of_code.get(code).and_then(|id| self.keys.get(id))
    }

    /// Whether a key of any business has this key string. The vendor documents the 409 for a duplicate, but not among
    /// which keys.
    pub(super) fn is_code_taken(&self, code: &str) -> bool {
        self.key_of_code.contains_key(code)
    }

    /// Adds `key` to the lists of its business. Its id and code must be new.
    pub(super) fn add_key(&mut self, key: Key) -> &Key {
        let position = self.position(key.created_at);
        if let Some(business) = self.businesses.get_mut(&key.business) {
            business.keys.insert(position, Arc::clone(&key.id));
        }
        self.key_of_code.insert(Arc::clone(&key.code), Arc::clone(&key.id));
        self.keys.entry(Arc::clone(&key.id)).insert_entry(key).into_mut()
    }

    /// Adds `grant` to the lists of its business and its entitlement. Its id must be new.
    pub(super) fn add_grant(&mut self, grant: Grant) {
        let position = self.position(grant.created_at);
        if let Some(business) = self.businesses.get_mut(&grant.business) {
            business.grants.insert(position, Arc::clone(&grant.id));
            let entitlement = business.entitlements.iter_mut().find(|one| one.id == grant.entitlement);
            if let Some(entitlement) = entitlement {
                entitlement.grants.insert(position, Arc::clone(&grant.id));
            }
        }
        self.grants.insert(Arc::clone(&grant.id), grant);
    }

    /// Marks the grants of the keys that `concerns` accepts as updated.
    pub(super) fn touch(&mut self, now: Timestamp, concerns: impl Fn(&Key) -> bool) {
        for key in self.keys.values().filter(|key| concerns(key)) {
            if let Some(grant) = self.grants.get_mut(&key.grant) {
                grant.updated_at = now;
            }
        }
    }

    /// Adds a new instance to the key `key_id`; `None` if there is no such key.
    pub(super) fn add_instance(
        &mut self,
        id: Arc<str>,
        key_id: &str,
        name: String,
        now: Timestamp,
    ) -> Option<&Instance> {
        let position = self.position(now);
        let key = self.keys.get_mut(key_id)?;
        key.instances.insert(position, Arc::clone(&id));
        let (key, business) = (Arc::clone(&key.id), Arc::clone(&key.business));
        if let Some(business) = self.businesses.get_mut(&business) {
            business.instances.insert(position, Arc::clone(&id));
        }
        let instance = Instance { id: Arc::clone(&id), key, business, name, position };
        Some(self.instances.entry(id).insert_entry(instance).into_mut())
    }

    /// Removes an instance, which frees a seat. Removing an unknown one does nothing.
    pub(super) fn remove_instance(&mut self, id: &str) {
        let Some(instance) = self.instances.remove(id) else { return };
        if let Some(key) = self.keys.get_mut(&instance.key) {
            key.instances.remove(instance.position);
        }
        if let Some(business) = self.businesses.get_mut(&instance.business) {
            business.instances.remove(instance.position);
        }
    }

    /// The status of `key`. Disabled takes precedence over expired. `lag` is how long a key stays active after its
    /// expiry.
    ///
    /// A key is disabled if any of these holds: the seller disabled it, its payment was refunded, a change of plan
    /// replaced it, its grant was revoked, or its subscription is not in force. The vendor documents no precedence
    /// between disabled and expired; disabled is chosen here because enabling a key does not move its expiry.
    pub(super) fn status(&self, key: &Key, now: Timestamp, lag: SignedDuration) -> KeyStatus {
        let followed = key.subscription.as_ref().and_then(|id| self.subscriptions.get(id));
        let held = followed.is_some_and(|state| !state.is_in_force());
        let revoked = self.grants.get(&key.grant).is_some_and(|grant| grant.revoked);
        if key.disabled || key.refunded || key.replaced || revoked || held {
            return KeyStatus::Disabled;
        }
        let lag = lag.max(SignedDuration::ZERO);
        let expired = key.expires_at.is_some_and(|at| at.saturating_add(lag).is_ok_and(|swept| swept <= now));
        if expired { KeyStatus::Expired } else { KeyStatus::Active }
    }

    /// The next position in the lists for a record created at this time. Records of the same instant keep the order
    /// in which they were added.
    fn position(&mut self, created_at: Timestamp) -> Position {
        self.sequence += 1;
        Position { created_at, sequence: self.sequence }
    }
}

impl Customer {
    /// The customer of purchases that name none.
    pub(super) fn first() -> Self {
        Self { name: "First Customer".to_owned(), email: "first.customer@example.com".to_owned() }
    }
}

impl Product {
    /// The product of purchases that name none.
    fn first() -> Self {
        Self { name: Some("First Product".to_owned()) }
    }
}
