//! What a test can look at without a request.

use anykey_core::Timestamp;

use super::DodoSim;

/// The `status` of a license key's record.
///
/// The field's description in the specification also mentions `inactive`, which is not among its values (1.113,
/// 2026).
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
    /// The name that the device sent.
    pub name: String,
    /// When it was activated.
    pub created_at: Timestamp,
}

/// Lookups for tests. They count as no request and need no API key.
///
/// ```
/// use anykey_core::{ManualClock, SignedDuration, Timestamp};
/// use anykey_dodo_sim::{DodoSim, KeySpec, KeyStatus};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
/// let sim = DodoSim::new(clock.clone());
/// let tomorrow = Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_hours(24))?;
/// let issued = sim.issue(KeySpec { expires_at: Some(tomorrow), ..KeySpec::default() })?;
/// sim.activate(&issued.id, "laptop");
/// assert_eq!(sim.instances(&issued.id).first().map(|one| one.name.clone()), Some("laptop".to_owned()));
///
/// clock.set(tomorrow);
/// assert_eq!(sim.key_status(&issued.id), Some(KeyStatus::Expired));
/// # Ok(())
/// # }
/// ```
impl DodoSim {
    /// The current status of the key with this id (`lic_…`), of any business; `None` if it is unknown.
    #[must_use]
    pub fn key_status(&self, key_id: &str) -> Option<KeyStatus> {
        let now = self.now();
        let state = self.lock();
        let key = state.database.keys.get(key_id)?;
        Some(state.database.status(key, now, state.quirks.expiry_sweep_lag))
    }

    /// The instances of the key with this id (`lic_…`), oldest first; empty if it is unknown.
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

    /// The number of license keys of this business.
    #[must_use]
    pub fn key_count(&self) -> usize {
        self.lock().database.businesses.get(&self.business).map_or(0, |business| business.keys.len())
    }
}
