//! Ids that carry the name of their provider: `main:lic_1`.
//!
//! A name is put in front of ids of keys, activations, customers and products. Those of orders, payments and the like
//! in a key's origin stay as the vendor wrote them, because no request takes them.

use anykey_core::{Activation, CustomerId, LicenseEvent, LicenseKey, ProductId, UnreadableRecord};

use crate::target::{SEPARATOR, Target};

/// The id in an answer: with the provider's name.
impl Target {
    /// The router's form of an id of this provider.
    pub(crate) fn id<T: AsRef<str> + From<String>>(&self, id: &T) -> T {
        T::from(format!("{}{SEPARATOR}{}", self.name(), id.as_ref()))
    }

    /// The key with the router's ids. Its provider stays the one that it comes from.
    pub(crate) fn key(&self, mut key: LicenseKey) -> LicenseKey {
        key.id = self.id(&key.id);
        key.customer = key.customer.as_ref().map(|id: &CustomerId| self.id(id));
        key.product = key.product.as_ref().map(|id: &ProductId| self.id(id));
        key
    }

    /// The activation with the router's ids, the key in it included.
    pub(crate) fn activation(&self, mut activation: Activation) -> Activation {
        activation.id = self.id(&activation.id);
        activation.key_id = activation.key_id.as_ref().map(|id| self.id(id));
        activation.product = activation.product.as_ref().map(|id: &ProductId| self.id(id));
        activation.key = activation.key.map(|key| Box::new(self.key(*key)));
        activation
    }

    /// The record with the router's id, if it has one.
    pub(crate) fn unreadable(&self, mut record: UnreadableRecord) -> UnreadableRecord {
        record.id = record.id.map(|id| format!("{}{SEPARATOR}{id}", self.name()).into());
        record
    }
}

/// Gives the ids of an event of the provider called `name` the form of a router's ids.
pub(crate) fn name_event(name: &str, mut event: LicenseEvent) -> LicenseEvent {
    let named = |id: &str| format!("{name}{SEPARATOR}{id}");
    let customer = |id: &CustomerId| CustomerId::from(named(id.as_str()));
    let product = |id: &ProductId| ProductId::from(named(id.as_str()));
    event.key_id = event.key_id.map(|id| named(id.as_str()).into());
    event.customer = event.customer.as_ref().map(customer);
    event.product = event.product.as_ref().map(product);
    event.sold_product = event.sold_product.as_ref().map(product);
    for key in event.key.iter_mut().chain(&mut event.further_keys) {
        key.id = named(key.id.as_str()).into();
        key.customer = key.customer.as_ref().map(customer);
        key.product = key.product.as_ref().map(product);
    }
    for granted in event.granted_keys.iter_mut().flatten() {
        granted.id = named(granted.id.as_str()).into();
        granted.product = granted.product.as_ref().map(product);
    }
    event
}
