//! What a test can look at without a request.

use anykey_core::Timestamp;

use super::LemonSqueezySim;

/// The `status` of a license key's record.
///
/// The two usable ones differ by the instances only: a client that takes `inactive` for invalid refuses every new
/// buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyStatus {
    /// Usable, without instances.
    Inactive,
    /// Usable, with at least one instance.
    Active,
    /// Past its `expires_at`, or its subscription has ended.
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
    /// The id of its record in the main API.
    pub id: u64,
    /// Its id in the License API, a UUID.
    pub identifier: String,
    /// The name that the device sent.
    pub name: String,
    /// When it was activated.
    pub created_at: Timestamp,
}

/// Lookups for tests. They count as no request and need no API key.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_lemonsqueezy_sim::{KeySpec, LemonSqueezySim};
///
/// # fn main() -> Result<(), anykey_lemonsqueezy_sim::KeyTaken> {
/// let sim = LemonSqueezySim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let issued = sim.issue(KeySpec::default())?;
/// let identifier = sim.activate(issued.id, "laptop");
/// let instances = sim.instances(issued.id);
/// assert_eq!(instances.first().map(|instance| instance.identifier.clone()), identifier);
/// # Ok(())
/// # }
/// ```
impl LemonSqueezySim {
    /// The current status of the key with this id, of any store; `None` if it is unknown.
    #[must_use]
    pub fn key_status(&self, key_id: u64) -> Option<KeyStatus> {
        let now = self.now();
        let state = self.lock();
        Some(state.database.status(state.database.keys.get(&key_id)?, now, &state.quirks))
    }

    /// The instances of the key with this id, oldest first; empty if it is unknown.
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

    /// The number of license keys of this store.
    #[must_use]
    pub fn key_count(&self) -> usize {
        self.lock().database.keys.values().filter(|key| key.store == self.store).count()
    }
}
