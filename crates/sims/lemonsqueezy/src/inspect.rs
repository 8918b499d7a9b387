use anykey_core::Timestamp;

use super::LemonSqueezySim;

/// What a license key's record says in `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyStatus {
    /// Usable, and without instances.
    Inactive,
    /// Usable, and with at least one instance.
    Active,
    /// Past its end, or of a subscription that ended.
    Expired,
    /// Disabled by the merchant or a refund.
    Disabled,
}

impl KeyStatus {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Disabled => "disabled",
        }
    }
}

/// An activation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstanceInfo {
    /// The number of its record in the main API.
    pub id: u64,
    /// The UUID that the License API knows it by.
    pub identifier: String,
    /// The name that the device gave.
    pub name: String,
    /// When it was activated.
    pub created_at: Timestamp,
}

/// Lookups for tests: no request is counted and no API key is needed.
impl LemonSqueezySim {
    /// The status of the key with this id now, of any store; `None` if unknown.
    #[must_use]
    pub fn key_status(&self, key_id: u64) -> Option<KeyStatus> {
        let now = self.now();
        let state = self.lock();
        Some(state.database.status(state.database.keys.get(&key_id)?, now, &state.quirks))
    }

    /// The instances of the key with this id, oldest first; none if it is unknown.
    #[must_use]
    pub fn instances(&self, key_id: u64) -> Vec<InstanceInfo> {
        let state = self.lock();
        let ids = state.database.keys.get(&key_id).into_iter().flat_map(|key| &key.instances);
        ids.filter_map(|id| state.database.instances.get(id))
            .map(|instance| InstanceInfo {
                id: instance.id,
                identifier: instance.identifier.to_string(),
                name: instance.name.clone(),
                created_at: instance.created_at,
            })
            .collect()
    }

    /// How many license keys this store has.
    #[must_use]
    pub fn key_count(&self) -> usize {
        self.lock().database.keys.values().filter(|key| key.store == self.store).count()
    }
}
