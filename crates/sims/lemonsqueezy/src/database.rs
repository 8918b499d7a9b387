//! The records, and the status that follows from them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use anykey_core::Timestamp;

use super::ids::IdSource;
use super::inspect::KeyStatus;
use super::quirks::{Check, Quirks};
use super::records::{ApiKey, Customer, Instance, Key, Merchant, Product, Store};

/// All records of the vendor. Ids increase with time.
#[derive(Default)]
pub(super) struct Database {
    pub(super) stores: HashMap<u64, Store>,
    pub(super) keys: BTreeMap<u64, Key>,
    pub(super) instances: BTreeMap<u64, Instance>,
    pub(super) api_keys: HashMap<String, ApiKey>,
    /// Subscriptions that ended.
    pub(super) ended: HashSet<u64>,
    /// Orders that were refunded, and when.
    pub(super) refunded: HashMap<u64, Timestamp>,
    key_of_code: HashMap<Arc<str>, u64>,
}

impl Database {
    /// Adds a merchant with one store; returns the store's id.
    pub(super) fn add_merchant(&mut self, ids: &mut IdSource) -> u64 {
        let account = ids.number();
        self.add_store(account, ids)
    }

    /// Adds a store of a merchant, with one product and one customer; returns the store's id.
    pub(super) fn add_store(&mut self, account: u64, ids: &mut IdSource) -> u64 {
        let id = ids.number();
        let product = Product { id: ids.number(), variant: ids.number(), name: "First Product".into() };
        let customer = Customer {
            id: ids.number(),
            name: "First Customer".into(),
            email: "first.customer@example.com".into(),
        };
        let store = Store { account, products: vec![product], customers: vec![customer] };
        self.stores.insert(id, store);
        id
    }

    /// The key with this code; case-insensitive if the quirk is set.
    pub(super) fn key_with_code(&self, code: &str, quirks: &Quirks) -> Option<&Key> {
        let exact = self.key_of_code.get(code).and_then(|id| self.keys.get(id));
        exact.or_else(|| {
            let any_case = quirks.any_letter_case.then(|| self.keys.values())?;
            any_case.into_iter().find(|key| key.code.eq_ignore_ascii_case(code))
        })
    }

    /// Whether a key of any store has this key string, in the same letter case.
    pub(super) fn is_code_taken(&self, code: &str) -> bool {
        self.key_of_code.contains_key(code)
    }

    /// Adds a key, whose id and key string must be new.
    pub(super) fn add_key(&mut self, key: Key) {
        self.key_of_code.insert(Arc::clone(&key.code), key.id);
        self.keys.insert(key.id, key);
    }

    /// Adds an instance to its key. Does nothing if the key is unknown.
    pub(super) fn add_instance(&mut self, instance: Instance) {
        if let Some(key) = self.keys.get_mut(&instance.key) {
            key.instances.push(instance.id);
            key.updated_at = instance.created_at;
            self.instances.insert(instance.id, instance);
        }
    }

    /// Removes an instance, which frees a seat.
    pub(super) fn remove_instance(&mut self, id: u64, now: Timestamp) {
        let Some(instance) = self.instances.remove(&id) else { return };
        if let Some(key) = self.keys.get_mut(&instance.key) {
            key.instances.retain(|known| *known != id);
            key.updated_at = now;
        }
    }

    /// The instance of `key` with this identifier.
    ///
    /// Identifiers are UUIDs, so letter case does not matter.
    pub(super) fn instance_of(&self, key: &Key, identifier: &str) -> Option<&Instance> {
        let mut own = key.instances.iter().filter_map(|id| self.instances.get(id));
        own.find(|instance| instance.identifier.eq_ignore_ascii_case(identifier))
    }

    /// The merchant of `credential`, if it is a valid API key.
    ///
    /// An API key expires after a year, as the vendor documents (2026).
    pub(super) fn merchant(&self, credential: &str, now: Timestamp) -> Option<Merchant> {
        let api_key = self.api_keys.get(credential).filter(|api_key| now < api_key.ends_at)?;
        Some(Merchant { account: api_key.account, test_mode: api_key.test_mode })
    }

    /// Whether the key's own expiry has passed or its subscription has ended.
    pub(super) fn is_expired(&self, key: &Key, now: Timestamp) -> bool {
        let has_ended = key.subscription.is_some_and(|id| self.ended.contains(&id));
        has_ended || key.expires_at.is_some_and(|at| at <= now)
    }

    /// The status of a key. If it is both disabled and expired, the check order decides.
    pub(super) fn status(&self, key: &Key, now: Timestamp, quirks: &Quirks) -> KeyStatus {
        let unusable = quirks.check_order.iter().find_map(|check| match check {
            Check::Disabled if key.disabled => Some(KeyStatus::Disabled),
            Check::Expired if self.is_expired(key, now) => Some(KeyStatus::Expired),
            _ => None,
        });
        let usable = if key.instances.is_empty() { KeyStatus::Inactive } else { KeyStatus::Active };
        unusable.unwrap_or(usable)
    }

    /// The `status` of the key's record.
    pub(super) fn status_word<'k>(&self, key: &'k Key, now: Timestamp, quirks: &Quirks) -> &'k str {
        key.status_word.as_deref().unwrap_or_else(|| self.status(key, now, quirks).word())
    }
}
