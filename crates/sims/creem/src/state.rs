//! What the handles of a simulator share, and the status that follows from it.

use std::sync::Arc;

use anykey_core::Timestamp;

use super::database::Database;
use super::ids::IdSource;
use super::inspect::LicenseStatus;
use super::quirks::{Deactivation, Quirks};
use super::rate_limit::RateLimiter;
use super::records::{Customer, License, Product, Store};
use super::webhooks::Outbox;

/// The state that the handles of a simulator share.
pub(super) struct State {
    pub(super) quirks: Quirks,
    pub(super) limiter: RateLimiter,
    pub(super) ids: IdSource,
    pub(super) database: Database,
    pub(super) outbox: Outbox,
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

    /// Disabled comes before expired, and expired before the number of activations. The vendor documents no order.
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
