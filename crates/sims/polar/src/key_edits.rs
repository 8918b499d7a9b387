//! What an edit of a license key changes, through the API and in the dashboard.

use uuid::Uuid;

use super::jobs::Job;
use super::key_status::KeyStatus;
use super::records::{Activation, LicenseKey, Limits};
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

impl KeyEdit {
    /// The values that the key has.
    pub(super) const fn nothing(key: &LicenseKey) -> Self {
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

    /// Replaces a key's string and returns the new one. Nothing else changes. `None` if the key is unknown.
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
