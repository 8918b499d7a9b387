//! Purchases, and the seats that devices take.

use std::sync::Arc;

use anykey_core::Timestamp;
use anykey_sim_kit::{KeyTaken, to_micros};

use super::key_spec::{IssuedKey, KeySpec};
use super::records::{Instance, Key};
use super::state::State;
use super::webhooks::Subject;

impl State {
    /// Issues a license key of the store `store_id`.
    ///
    /// A purchase sends `order_created`, for a subscription `subscription_created`, and then `license_key_created`.
    pub(super) fn issue(
        &mut self,
        store_id: u64,
        spec: KeySpec,
        now: Timestamp,
    ) -> Result<IssuedKey, KeyTaken> {
        let code = spec.key.map_or_else(|| self.ids.uuid(), Arc::from);
        let store = self.database.stores.get(&store_id).ok_or(KeyTaken)?;
        if self.database.is_code_taken(&code) {
            return Err(KeyTaken);
        }
        let named = store.products.iter().find(|product| Some(product.id) == spec.product);
        let product = named.or_else(|| store.products.first()).cloned().ok_or(KeyTaken)?;
        let named = store.customers.iter().find(|customer| Some(customer.id) == spec.customer);
        let customer = named.or_else(|| store.customers.first()).cloned().ok_or(KeyTaken)?;
        let key = Key {
            order: self.ids.number(),
            order_item: self.ids.number(),
            subscription: spec.by_subscription.then(|| self.ids.number()),
            id: self.ids.number(),
            store: store_id,
            account: store.account,
            code,
            customer,
            product,
            activation_limit: spec.activation_limit,
            expires_at: spec.expires_at.map(to_micros),
            created_at: now,
            updated_at: now,
            disabled: false,
            test_mode: spec.mode.is_test(),
            instances: Vec::new(),
            status_word: None,
        };
        let issued = IssuedKey::from(&key);
        let (id, subscription) = (key.id, key.subscription);
        self.database.add_key(key);
        self.announce(id, "order_created", Subject::Order, now);
        if subscription.is_some() {
            self.announce(id, "subscription_created", Subject::Subscription { status: "active" }, now);
        }
        self.announce(id, "license_key_created", Subject::Key, now);
        Ok(issued)
    }

    /// Adds an instance to the existing key `key_id`; returns the id of its record.
    ///
    /// The caller has checked that there is a free seat. The key's record changes, so an event is sent.
    pub(super) fn add_instance(&mut self, key_id: u64, name: &str, now: Timestamp) -> u64 {
        let id = self.ids.number();
        let identifier = self.ids.uuid();
        let instance = Instance { id, identifier, key: key_id, name: name.to_owned(), created_at: now };
        self.database.add_instance(instance);
        self.announce(key_id, "license_key_updated", Subject::Key, now);
        id
    }

    /// Removes an instance of the key `key_id` and sends the event.
    pub(super) fn remove_instance(&mut self, key_id: u64, id: u64, now: Timestamp) {
        self.database.remove_instance(id, now);
        self.announce(key_id, "license_key_updated", Subject::Key, now);
    }
}

impl From<&Key> for IssuedKey {
    fn from(key: &Key) -> Self {
        Self {
            id: key.id,
            key: key.code.to_string(),
            product_id: key.product.id,
            variant_id: key.product.variant,
            customer_id: key.customer.id,
            order_id: key.order,
            subscription_id: key.subscription,
        }
    }
}
