//! The records of all stores and both modes.

use std::collections::HashMap;
use std::sync::Arc;

use super::Mode;
use super::records::{ApiKey, License, Store};

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

    /// Whether a license of any store has this key string.
    pub(super) fn is_code_taken(&self, code: &str) -> bool {
        self.id_of_code.contains_key(code)
    }

    /// Adds a license, whose id and key string must be new, to the lists.
    pub(super) fn add(&mut self, license: License) {
        self.id_of_code.insert(Arc::clone(&license.code), Arc::clone(&license.id));
        self.order_of_sale.push(Arc::clone(&license.id));
        self.licenses.insert(Arc::clone(&license.id), license);
    }
}
