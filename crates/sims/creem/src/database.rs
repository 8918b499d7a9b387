use std::collections::HashMap;
use std::sync::Arc;

use anykey_core::Timestamp;

use super::Mode;
use super::inspect::LicenseStatus;
use super::quirks::Deactivation;
use super::records::{ApiKey, Customer, License, Product, Store};
use super::state::State;

/// All records of the vendor.
#[derive(Default)]
pub(super) struct Database {
    pub(super) stores: HashMap<Arc<str>, Store>,
    pub(super) licenses: HashMap<Arc<str>, License>,
    pub(super) api_keys: HashMap<String, ApiKey>,
    /// The ids of all licenses, oldest first.
    pub(super) order_of_sale: Vec<Arc<str>>,
    id_of_code: HashMap<Arc<str>, Arc<str>>,
}

impl Database {
    /// The license with this key string, of one store and mode.
    pub(super) fn with_code(&self, store: &str, mode: Mode, code: &str) -> Option<&License> {
        let license = self.licenses.get(self.id_of_code.get(code)?)?;
        (*license.store == *store && license.mode == mode).then_some(license)
    }

    pub(super) fn is_code_taken(&self, code: &str) -> bool {
        self.id_of_code.contains_key(code)
    }

    pub(super) fn add(&mut self, license: License) {
        self.id_of_code.insert(Arc::clone(&license.code), Arc::clone(&license.id));
        self.order_of_sale.push(Arc::clone(&license.id));
        self.licenses.insert(Arc::clone(&license.id), license);
    }
}

impl State {
    /// Adds a store with one product and one customer; returns its id.
    pub(super) fn add_store(&mut self) -> Arc<str> {
        let id = self.ids.id("sto_");
        let product = Product { id: self.ids.id("prod_"), name: "First Product".into() };
        let customer = Customer {
            id: self.ids.id("cust_"),
            name: "First Customer".into(),
            email: "first.customer@example.com".into(),
        };
        let store = Store { products: vec![product], customers: vec![customer] };
        self.database.stores.insert(Arc::clone(&id), store);
        id
    }

    pub(super) fn status(&self, license: &License, now: Timestamp) -> LicenseStatus {
        if license.disabled {
            LicenseStatus::Disabled
        } else if license.is_expired(now) {
            LicenseStatus::Expired
        } else if self.activation(license) == 0 {
            LicenseStatus::Inactive
        } else {
            LicenseStatus::Active
        }
    }

    /// The number in the member `activation`.
    pub(super) fn activation(&self, license: &License) -> u64 {
        match self.quirks.deactivation {
            Deactivation::LowersCount => license.seats(),
            Deactivation::KeepsCount => u64::try_from(license.instances.len()).unwrap_or(u64::MAX),
        }
    }
}
