use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{ActivationLimit, KeyCode, LicenseStatus};
use anykey_sim_kit::KeyRecord;

use crate::moment;
use crate::records::License;
use crate::site::DlmSim;

impl DlmSim {
    /// The license keys of the shop, newest first.
    #[must_use]
    pub fn key_records(&self) -> Vec<KeyRecord> {
        self.state.lock().licenses.iter().rev().map(record).collect()
    }
}

fn record(license: &License) -> KeyRecord {
    let text = |id: Option<i64>| id.map(|id| id.to_string());
    let seats =
        license.activations_limit.and_then(|limit| u64::try_from(limit).ok()).filter(|limit| *limit > 0);
    let status = if license.is_disabled() { LicenseStatus::Disabled } else { LicenseStatus::Active };
    let code = KeyCode::verbatim(license.license_key.as_str());
    let product = text(license.product_id).unwrap_or_default();
    let created_at = moment::instant(&license.created_at).unwrap_or_default();
    let record = KeyRecord::new(license.id.to_string(), code, product, created_at)
        .status(license.status.to_string(), status)
        .activation_limit(seats.map_or(ActivationLimit::Unlimited, ActivationLimit::AtMost))
        .expiry(license.end(), false);
    match text(license.user_id) {
        Some(user) => record.customer(user, None),
        None => record,
    }
}
