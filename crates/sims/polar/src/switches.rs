//! Actions of the vendor, and lookups in its database.

use uuid::Uuid;

use super::error::SimError;
use super::moment::Moment;
use super::options::{ApiVersion, RateGroup};
use super::server::PolarSim;
use super::specs::KeyState;

/// Actions of the vendor.
impl PolarSim {
    /// Removes a version, as the vendor does about nine months after it was current. If it was the current one, the
    /// oldest remaining version becomes current.
    pub fn remove_version(&self, version: ApiVersion) {
        let mut state = self.state();
        state.versions.retain(|served| *served != version);
        if state.current_version == version
            && let Some(oldest) = state.versions.iter().min().copied()
        {
            state.current_version = oldest;
        }
    }

    /// Makes the three `GET`s under `/v1/license-keys` return keys and activations in their current state until the
    /// next [`sync_replica`](Self::sync_replica).
    pub fn lag_replica(&self) {
        self.state().lag_replica();
    }

    /// Updates a lagging replica, which then lags again.
    pub fn sync_replica(&self) {
        self.state().sync_replica();
    }

    /// Changes the rate group of an organization.
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

    /// Blocks an organization: its tokens are rejected, but its keys and its customers' sessions stay valid.
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

/// Lookups in the database.
impl PolarSim {
    /// The stored state of a key; `None` if it is unknown.
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
