use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{ActivationLimit, KeyCode, LicenseStatus};
use anykey_sim_kit::KeyRecord;

use super::key_status::KeyStatus;
use super::records::{Customer, LicenseKey, Origin};
use super::server::PolarSim;

impl PolarSim {
    /// The license keys of the initial organization, newest first.
    #[must_use]
    pub fn key_records(&self) -> Vec<KeyRecord> {
        let state = self.state();
        let home = state.organizations.get(&state.home);
        let keys = home.into_iter().flat_map(|organization| organization.keys.iter().rev());
        let keys = keys.filter_map(|id| state.key(*id));
        keys.map(|key| record(key, state.customers.get(&key.customer_id))).collect()
    }
}

fn record(key: &LicenseKey, customer: Option<&Customer>) -> KeyRecord {
    let count = |value: i64| u64::try_from(value).unwrap_or_default();
    let seats = key.limits.activations.map(count);
    let is_subscribed = matches!(key.grant.origin, Origin::Subscription { .. });
    let code = KeyCode::verbatim(key.key.as_str());
    let created_at = key.created_at.to_timestamp();
    KeyRecord::new(key.id.to_string(), code, key.benefit_id.to_string(), created_at)
        .customer(key.customer_id.to_string(), customer.and_then(|customer| customer.profile.name.clone()))
        .status(key.status.as_str(), common(key.status))
        .activation_limit(seats.map_or(ActivationLimit::NotAllowed, ActivationLimit::AtMost))
        .usage(count(key.usage), key.limits.usage.map(count))
        .expiry(key.limits.expires_at.map(|at| at.to_timestamp()), is_subscribed)
}

/// The stored status, which the expiry does not change.
const fn common(status: KeyStatus) -> LicenseStatus {
    match status {
        KeyStatus::Granted => LicenseStatus::Active,
        KeyStatus::Revoked => LicenseStatus::Revoked,
        KeyStatus::Disabled => LicenseStatus::Disabled,
    }
}
