//! What the seller does with one license key in the dashboard.

use anykey_core::Timestamp;
use uuid::Uuid;

use super::error::SimError;
use super::key_edits::KeyEdit;
use super::key_status::KeyStatus;
use super::server::PolarSim;
use super::validation::Metadata;

/// Changes of one key in the dashboard.
impl PolarSim {
    /// Sets a key's status to `granted`. [`run_jobs`](Self::run_jobs) updates its grant.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`]
    pub fn enable_key(&self, key: Uuid) -> Result<(), SimError> {
        self.edit(key, |edit| edit.status = KeyStatus::Granted)
    }

    /// Sets a key's status to `disabled`.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`]
    pub fn disable_key(&self, key: Uuid) -> Result<(), SimError> {
        self.edit(key, |edit| edit.status = KeyStatus::Disabled)
    }

    /// Sets a key's status to `revoked`. [`run_jobs`](Self::run_jobs) updates its grant.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`]
    pub fn revoke_key(&self, key: Uuid) -> Result<(), SimError> {
        self.edit(key, |edit| edit.status = KeyStatus::Revoked)
    }

    /// Sets or clears a key's expiry.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`]
    pub fn set_key_expiry(&self, key: Uuid, at: Option<Timestamp>) -> Result<(), SimError> {
        self.edit(key, |edit| edit.limits.expires_at = at.map(Into::into))
    }

    /// Sets a key's activation limit; `None` for a key that cannot be activated.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`]
    pub fn set_activation_limit(&self, key: Uuid, limit: Option<u32>) -> Result<(), SimError> {
        self.edit(key, |edit| edit.limits.activations = limit.map(i64::from))
    }

    /// Sets a key's usage limit; `None` for no limit.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`]
    pub fn set_usage_limit(&self, key: Uuid, limit: Option<u32>) -> Result<(), SimError> {
        self.edit(key, |edit| edit.limits.usage = limit.map(i64::from))
    }

    /// Replaces a key's string and returns the new one. The old string is unknown immediately.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`] or [`SimError::NotRotatable`]
    pub fn rotate_key(&self, key: Uuid) -> Result<String, SimError> {
        let mut state = self.state();
        if state.key(key).ok_or(SimError::UnknownKey)?.status == KeyStatus::Revoked {
            return Err(SimError::NotRotatable);
        }
        state.rotate_key(key).ok_or(SimError::UnknownKey)
    }

    /// Activates a key as another device, and returns the activation's id.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownKey`] or [`SimError::NotActivatable`]
    pub fn activate_key(&self, key: Uuid, label: impl Into<String>) -> Result<Uuid, SimError> {
        let mut state = self.state();
        let now = state.now();
        let found = state.key(key).ok_or(SimError::UnknownKey)?;
        let is_in_force = found.status == KeyStatus::Granted && !found.has_expired(now);
        let limit = found.limits.activations.and_then(|limit| usize::try_from(limit).ok());
        if !is_in_force || limit.is_none_or(|limit| found.activations.len() >= limit) {
            return Err(SimError::NotActivatable);
        }
        let nothing = Metadata::default();
        state.add_activation(key, label.into(), &nothing, &nothing).ok_or(SimError::UnknownKey)
    }

    /// The activations of a key and their labels, oldest first; empty if it is unknown.
    #[must_use]
    pub fn activations(&self, key: Uuid) -> Vec<(Uuid, String)> {
        let state = self.state();
        let activations = state.key(key).into_iter().flat_map(|key| &key.activations);
        activations.map(|activation| (activation.id, activation.label.clone())).collect()
    }

    fn edit(&self, id: Uuid, change: impl FnOnce(&mut KeyEdit)) -> Result<(), SimError> {
        let mut state = self.state();
        let mut edit = state.key(id).map(KeyEdit::nothing).ok_or(SimError::UnknownKey)?;
        change(&mut edit);
        state.edit_key(id, edit).ok_or(SimError::UnknownKey)
    }
}
