use anykey_core::Timestamp;

use super::DodoSim;

/// What a license key's record says in `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyStatus {
    /// Usable.
    Active,
    /// Past its `expires_at`.
    Expired,
    /// Disabled by the merchant, a refund, or its subscription's hold or end.
    Disabled,
}

/// An activation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstanceInfo {
    /// The instance's id, `lki_…`.
    pub id: String,
    /// The name that the device gave.
    pub name: String,
    /// When it was activated.
    pub created_at: Timestamp,
}

/// Lookups for tests: no request is counted and no API key is needed.
impl DodoSim {
    /// The status of the key with this id (`lic_…`) now, of any business; `None` if unknown.
    #[must_use]
    pub fn key_status(&self, key_id: &str) -> Option<KeyStatus> {
        let now = self.now();
        let state = self.lock();
        let key = state.database.keys.get(key_id)?;
        Some(state.database.status(key, now, state.quirks.expiry_sweep_lag))
    }

    /// The instances of the key with this id (`lic_…`), oldest first; none if it is unknown.
    #[must_use]
    pub fn instances(&self, key_id: &str) -> Vec<InstanceInfo> {
        let state = self.lock();
        let ids = state.database.keys.get(key_id).into_iter().flat_map(|key| key.instances.oldest_first());
        ids.filter_map(|id| state.database.instances.get(id))
            .map(|instance| InstanceInfo {
                id: instance.id.to_string(),
                name: instance.name.clone(),
                created_at: instance.position.created_at,
            })
            .collect()
    }

    /// How many license keys this business has.
    #[must_use]
    pub fn key_count(&self) -> usize {
        self.lock().database.businesses.get(&self.business).map_or(0, |business| business.keys.len())
    }
}
