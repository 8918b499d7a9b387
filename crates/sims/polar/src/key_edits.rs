//! Changes of a license key, made through the API or in the dashboard.

use anykey_core::Timestamp;
use uuid::Uuid;

use super::error::SimError;
use super::jobs::Job;
use super::key_status::KeyStatus;
use super::records::{Activation, LicenseKey, Limits};
use super::server::PolarSim;
use super::state::State;
use super::validation::Metadata;

/// The values that a key has after an edit.
pub(super) struct KeyEdit {
    pub(super) status: KeyStatus,
    pub(super) limits: Limits,
    pub(super) usage: i64,
    /// Whether the key counts as modified even if no value differs.
    pub(super) always_modified: bool,
}

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

impl KeyEdit {
    const fn nothing(key: &LicenseKey) -> Self {
        Self { status: key.status, limits: key.limits, usage: key.usage, always_modified: false }
    }
}

impl State {
    /// Applies `edit` to a key; `None` if it is unknown. A change of status leaves the grant to a background job.
    pub(super) fn edit_key(&mut self, id: Uuid, edit: KeyEdit) -> Option<()> {
        let key = self.key(id)?;
        let KeyEdit { status, limits, usage, always_modified } = edit;
        let changed = always_modified || status != key.status || limits != key.limits || usage != key.usage;
        if status != key.status {
            self.jobs.push_back(Job::SyncGrant(id));
        }
        if changed {
            let now = self.now();
            let key = self.key_mut(id)?;
            key.status = status;
            key.limits = limits;
            key.usage = usage;
            key.modified_at = Some(now);
        }
        let code = self.key(id)?.key.clone();
        self.announce_edit(id, &code);
        Some(())
    }

    /// Replaces a key's string and returns the new one. Nothing else changes.
    pub(super) fn rotate_key(&mut self, id: Uuid) -> Option<String> {
        let key = self.key(id)?;
        let before = key.key.clone();
        let prefix = self.benefits.get(&key.benefit_id)?.properties.prefix.clone();
        let code = self.new_code(prefix.as_deref());
        self.rename_key(id, code.clone());
        let now = self.now();
        let key = self.key_mut(id)?;
        key.modified_at = Some(now);
        key.grant.modified_at = Some(now);
        self.announce_edit(id, &before);
        Some(code)
    }

    /// Adds an activation without a check of the limit, and returns its id.
    pub(super) fn add_activation(
        &mut self,
        key: Uuid,
        label: String,
        conditions: &Metadata,
        meta: &Metadata,
    ) -> Option<Uuid> {
        self.key(key)?;
        let id = self.ids.uuid();
        let created_at = self.now();
        let activation =
            Activation { id, label, conditions: conditions.stored(), meta: meta.stored(), created_at };
        self.key_mut(key)?.activations.push(activation);
        Some(id)
    }
}
