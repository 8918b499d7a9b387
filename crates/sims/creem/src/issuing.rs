//! Checkouts, and the seats that devices take.

use std::sync::Arc;

use anykey_core::Timestamp;
use anykey_sim_kit::KeyTaken;

use super::key_spec::{IssuedKey, KeySpec};
use super::records::{Instance, License};
use super::state::State;
use super::time::to_millis;

impl State {
    /// Completes a checkout in the store `store_id` and issues its licenses; returns the first one.
    ///
    /// An unknown product or customer is the store's first.
    pub(super) fn issue(
        &mut self,
        store_id: &Arc<str>,
        spec: KeySpec,
        now: Timestamp,
    ) -> Result<IssuedKey, KeyTaken> {
        let store = self.database.stores.get(store_id).ok_or(KeyTaken)?;
        if spec.key.as_deref().is_some_and(|code| self.database.is_code_taken(code)) {
            return Err(KeyTaken);
        }
        let named = store.products.iter().find(|product| spec.product.as_deref() == Some(&*product.id));
        let product = named.or_else(|| store.products.first()).cloned().ok_or(KeyTaken)?;
        let named = store.customers.iter().find(|customer| spec.customer.as_deref() == Some(&*customer.id));
        let customer = named.or_else(|| store.customers.first()).cloned().ok_or(KeyTaken)?;
        let (order, checkout) = (self.ids.id("ord_"), self.ids.id("ch_"));
        let subscription = spec.by_subscription.then(|| self.ids.id("sub_"));
        let mut given = spec.key.map(Arc::from);
        let mut ids = Vec::new();
        for _ in 0..spec.units.max(1) {
            let license = License {
                id: self.ids.id("lk_"),
                store: Arc::clone(store_id),
                mode: spec.mode,
                code: given.take().unwrap_or_else(|| self.ids.code()),
                product: product.clone(),
                customer: customer.clone(),
                order: Arc::clone(&order),
                checkout: Arc::clone(&checkout),
                subscription: subscription.clone(),
                activation_limit: spec.activation_limit,
                expires_at: spec.expires_at.map(to_millis),
                created_at: now,
                disabled: false,
                unpaid: false,
                instances: Vec::new(),
                status_word: None,
            };
            ids.push(Arc::clone(&license.id));
            self.database.add(license);
        }
        let first = ids.first().cloned().ok_or(KeyTaken)?;
        self.announce_checkout(&first, &ids, now);
        if subscription.is_some() {
            self.announce_subscription(&first, "active", now);
        }
        self.database.licenses.get(&first).map(IssuedKey::from).ok_or(KeyTaken)
    }

    /// Adds an instance to the license `id`; returns the instance's id.
    ///
    /// The caller has checked that there is a free seat. `None` if the license is unknown.
    pub(super) fn add_instance(&mut self, id: &str, name: &str, now: Timestamp) -> Option<Arc<str>> {
        let instance =
            Instance { id: self.ids.id("inst_"), name: name.to_owned(), created_at: now, active: true };
        let instance_id = Arc::clone(&instance.id);
        self.database.licenses.get_mut(id)?.instances.push(instance);
        Some(instance_id)
    }

    /// Deactivates an instance of the license `id`.
    ///
    /// The instance stays in the license with the status `deactivated`; only its seat becomes free.
    pub(super) fn deactivate_instance(&mut self, id: &str, instance_id: &str) {
        let license = self.database.licenses.get_mut(id);
        let mut instances = license.into_iter().flat_map(|license| &mut license.instances);
        if let Some(instance) = instances.find(|instance| *instance.id == *instance_id) {
            instance.active = false;
        }
    }
}

impl From<&License> for IssuedKey {
    fn from(license: &License) -> Self {
        Self {
            id: license.id.to_string(),
            key: license.code.to_string(),
            product_id: license.product.id.to_string(),
            customer_id: license.customer.id.to_string(),
            order_id: license.order.to_string(),
            subscription_id: license.subscription.as_ref().map(ToString::to_string),
        }
    }
}
