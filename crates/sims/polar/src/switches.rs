//! What the vendor decides, and a look into its database.

use uuid::Uuid;

use super::error::SimError;
use super::moment::Moment;
use super::options::{ApiVersion, RateGroup};
use super::server::PolarSim;
use super::specs::KeyState;

/// Switches.
impl PolarSim {
    /// Stops serving a version, as the vendor does about nine months after it was current. If it was
    /// the current one, the oldest that is left becomes it.
    pub fn remove_version(&self, version: ApiVersion) {
        let mut state = self.state();
        state.versions.retain(|served| *served != version);
        if state.current_version == version
            && let Some(oldest) = state.versions.iter().min().copied()
        {
            state.current_version = oldest;
        }
    }

    /// From now on the three `GET`s under `/v1/license-keys` show keys and activations as they are
    /// at this moment, or were at the last [`sync_replica`](Self::sync_replica).
    pub fn lag_replica(&self) {
        self.state().lag_replica();
    }

    /// Brings a lagging replica up to date; it goes on lagging from there.
    pub fn sync_replica(&self) {
        self.state().sync_replica();
    }

    /// Changes how much an organization may ask.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownOrganization`]
    pub fn set_rate_group(&self, organization: Uuid, group: RateGroup) -> Result<(), SimError> {
        let mut state = self.state();
        let found = state.organizations.get_mut(&organization).ok_or(SimError::UnknownOrganization)?;
        found.rate_group = group;
        Ok(())
    }

    /// Blocks an organization: its tokens are refused, its keys and its customers' sessions work on.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownOrganization`]
    pub fn block_organization(&self, organization: Uuid) -> Result<(), SimError> {
        let mut state = self.state();
        let found = state.organizations.get_mut(&organization).ok_or(SimError::UnknownOrganization)?;
        found.blocked = true;
        Ok(())
    }
}

/// Looking into the database.
impl PolarSim {
    /// What is stored of a key; `None` if there is none with this id.
    #[must_use]
    pub fn key(&self, id: Uuid) -> Option<KeyState> {
        let state = self.state();
        let key = state.key(id)?;
        Some(KeyState {
            key: key.key.clone(),
            status: key.status.as_str(),
            live_activations: key.activations.len(),
            limit_activations: key.limits.activations,
            usage: key.usage,
            limit_usage: key.limits.usage,
            validations: key.validations,
            expires_at: key.limits.expires_at.map(Moment::to_timestamp),
        })
    }
}
