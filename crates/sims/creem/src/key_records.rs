use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{ActivationLimit, KeyCode, LicenseStatus as CommonStatus};
use anykey_sim_kit::KeyRecord;

use super::CreemSim;
use super::inspect::LicenseStatus;
use super::records::License;

impl CreemSim {
    /// The licenses of this store, newest first.
    #[must_use]
    pub fn key_records(&self) -> Vec<KeyRecord> {
        let now = self.now();
        let state = self.lock();
        let licenses =
            state.database.order_of_sale.iter().rev().filter_map(|id| state.database.licenses.get(id));
        let licenses = licenses.filter(|license| license.store == self.store);
        licenses.map(|license| record(license, state.status(license, now))).collect()
    }
}

fn record(license: &License, status: LicenseStatus) -> KeyRecord {
    let code = KeyCode::verbatim(&*license.code);
    KeyRecord::new(&*license.id, code, &*license.product.id, license.created_at)
        .product_name(Some(license.product.name.to_string()))
        .customer(&*license.customer.id, Some(license.customer.name.to_string()))
        .status(status.word(), common(status))
        .activation_limit(
            license.activation_limit.map_or(ActivationLimit::Unlimited, ActivationLimit::AtMost),
        )
        .expiry(license.expires_at, license.subscription.is_some())
}

const fn common(status: LicenseStatus) -> CommonStatus {
    match status {
        LicenseStatus::Inactive => CommonStatus::Inactive,
        LicenseStatus::Active => CommonStatus::Active,
        LicenseStatus::Expired => CommonStatus::Expired,
        LicenseStatus::Disabled => CommonStatus::Disabled,
    }
}
