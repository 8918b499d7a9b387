use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{ActivationLimit, KeyCode, LicenseStatus};
use anykey_sim_kit::KeyRecord;

use super::DodoSim;
use super::inspect::KeyStatus;
use super::records::{Business, Key};

impl DodoSim {
    /// The license keys of this business, newest first.
    #[must_use]
    pub fn key_records(&self) -> Vec<KeyRecord> {
        let now = self.now();
        let state = self.lock();
        let Some(business) = state.database.businesses.get(&self.business) else { return Vec::new() };
        let keys = business.keys.newest_first().filter_map(|id| state.database.keys.get(id));
        keys.map(|key| record(business, key, state.database.status(key, now, state.quirks.expiry_sweep_lag)))
            .collect()
    }
}

fn record(business: &Business, key: &Key, status: KeyStatus) -> KeyRecord {
    let seats = key.activations_limit.map(|limit| u64::try_from(limit).unwrap_or_default());
    let product = business.products.get(&key.product);
    let customer = business.customers.get(&key.customer);
    let code = KeyCode::verbatim(&*key.code);
    KeyRecord::new(&*key.id, code, &*key.product, key.created_at)
        .product_name(product.and_then(|product| product.name.clone()))
        .customer(&*key.customer, customer.map(|customer| customer.name.clone()))
        .status(status.word(), common(status))
        .activation_limit(seats.map_or(ActivationLimit::Unlimited, ActivationLimit::AtMost))
        .expiry(key.expires_at, key.subscription.is_some())
}

const fn common(status: KeyStatus) -> LicenseStatus {
    match status {
        KeyStatus::Active => LicenseStatus::Active,
        KeyStatus::Expired => LicenseStatus::Expired,
        KeyStatus::Disabled => LicenseStatus::Disabled,
    }
}
