use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{ActivationLimit, KeyCode, LicenseStatus};
use anykey_sim_kit::KeyRecord;

use super::LemonSqueezySim;
use super::inspect::KeyStatus;
use super::records::Key;

impl LemonSqueezySim {
    /// The license keys of this store, newest first.
    #[must_use]
    pub fn key_records(&self) -> Vec<KeyRecord> {
        let now = self.now();
        let state = self.lock();
        let keys = state.database.keys.values().rev().filter(|key| key.store == self.store);
        keys.map(|key| record(key, state.database.status(key, now, &state.quirks))).collect()
    }
}

fn record(key: &Key, status: KeyStatus) -> KeyRecord {
    let code = KeyCode::verbatim(&*key.code);
    KeyRecord::new(key.id.to_string(), code, key.product.id.to_string(), key.created_at)
        .product_name(Some(key.product.name.to_string()))
        .customer(key.customer.id.to_string(), Some(key.customer.name.to_string()))
        .status(status.word(), common(status))
        .activation_limit(key.activation_limit.map_or(ActivationLimit::Unlimited, ActivationLimit::AtMost))
        .expiry(key.expires_at, key.subscription.is_some())
}

const fn common(status: KeyStatus) -> LicenseStatus {
    match status {
        KeyStatus::Inactive => LicenseStatus::Inactive,
        KeyStatus::Active => LicenseStatus::Active,
        KeyStatus::Expired => LicenseStatus::Expired,
        KeyStatus::Disabled => LicenseStatus::Disabled,
    }
}
