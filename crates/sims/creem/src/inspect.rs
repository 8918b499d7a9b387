//! What a test can look at without a request.

use anykey_core::Timestamp;

use super::CreemSim;

/// The `status` of a license.
///
/// The vendor documents these four (specification of April 2026). A client has to expect others, which
/// [`CreemSim::force_status_word`] sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LicenseStatus {
    /// Usable, and not activated yet.
    Inactive,
    /// Usable and activated.
    Active,
    /// Past its `expires_at`, or its subscription has ended.
    Expired,
    /// Disabled by the seller or a refund.
    Disabled,
}

impl LicenseStatus {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Disabled => "disabled",
        }
    }
}

/// An activation of a license.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstanceInfo {
    /// Its id.
    pub id: String,
    /// The name that the device sent.
    pub name: String,
    /// When it was activated.
    pub created_at: Timestamp,
    /// False once it was deactivated.
    pub active: bool,
}

/// Lookups for tests. They count as no request and need no API key.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_creem_sim::{CreemSim, KeySpec};
///
/// # fn main() -> Result<(), anykey_creem_sim::KeyTaken> {
/// let sim = CreemSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let issued = sim.issue(KeySpec::default())?;
/// sim.activate(&issued.id, "laptop");
/// let instances = sim.instances(&issued.id);
/// assert!(instances.iter().all(|instance| instance.active && instance.name == "laptop"));
/// assert_eq!((instances.len(), sim.license_count()), (1, 1));
/// # Ok(())
/// # }
/// ```
impl CreemSim {
    /// The current status of the license with this id, of any store; `None` if it is unknown.
    #[must_use]
    pub fn license_status(&self, id: &str) -> Option<LicenseStatus> {
        let now = self.now();
        let state = self.lock();
        Some(state.status(state.database.licenses.get(id)?, now))
    }

    /// The instances of the license with this id, oldest first, deactivated ones too; empty if it is unknown.
    #[must_use]
    pub fn instances(&self, id: &str) -> Vec<InstanceInfo> {
        let state = self.lock();
        let instances = state.database.licenses.get(id).into_iter().flat_map(|license| &license.instances);
        instances
            .map(|instance| InstanceInfo {
                id: instance.id.to_string(),
                name: instance.name.clone(),
                created_at: instance.created_at,
                active: instance.active,
            })
            .collect()
    }

    /// The number of licenses of this store.
    #[must_use]
    pub fn license_count(&self) -> usize {
        self.lock().database.licenses.values().filter(|license| license.store == self.store).count()
    }
}
