//! The events of each change.

use std::borrow::Cow;
use std::sync::Arc;

use anykey_core::Timestamp;
use serde_json::json;

use super::event::{Event, Subject};
use crate::database::Database;
use crate::grant_records::{Grant, GrantState};
use crate::records::Key;

/// The states of some grants before a change, oldest first.
pub(crate) struct GrantsBefore(Vec<(Arc<str>, GrantState)>);

impl Database {
    /// Queues an event for the endpoints that are subscribed to it.
    pub(crate) fn announce(
        &mut self,
        business: &Arc<str>,
        event_type: impl Into<Cow<'static, str>>,
        subject: Subject,
        happened_at: Timestamp,
    ) {
        if !self.outbox.has_endpoints() {
            return;
        }
        let event =
            |event_type, subject| Event { business: Arc::clone(business), event_type, happened_at, subject };
        let number = self.outbox.post(event(event_type.into(), subject));
        if self.outbox.messages.quirks.adds_unknown_event(number) {
            let data = json!({ "payload_type": "LicensePool", "id": "lpl_example", "size": 3 });
            self.outbox.post(event("license_pool.refilled".into(), Subject::Given(data)));
        }
    }

    /// Sends the events of a new key, whose grant exists already.
    pub(crate) fn announce_issue(&mut self, key: &Key, now: Timestamp) {
        if key.payment.is_none() && self.outbox.events.silent_imports {
            return;
        }
        self.announce(&key.business, "license_key.created", Subject::Key(Arc::clone(&key.id)), now);
        self.announce_grant(&key.grant, now);
    }

    /// Sends the events of a new grant.
    pub(crate) fn announce_grant(&mut self, id: &str, now: Timestamp) {
        let Some(grant) = self.grants.get(id).filter(|_| self.outbox.has_endpoints()) else { return };
        let (business, id) = (Arc::clone(&grant.business), Arc::clone(&grant.id));
        let next = match self.grant_state(grant) {
            GrantState::Delivered => Some("entitlement_grant.delivered"),
            GrantState::Revoked(_) => Some("entitlement_grant.revoked"),
            GrantState::Pending | GrantState::Failed => None,
        };
        for event_type in ["entitlement_grant.created"].into_iter().chain(next) {
            self.announce(&business, event_type, Subject::Grant(Arc::clone(&id)), now);
        }
    }

    /// The current states of the grants that `concerns` accepts; empty without endpoints.
    pub(crate) fn grants_before(&self, concerns: impl Fn(&Grant) -> bool) -> GrantsBefore {
        if !self.outbox.has_endpoints() {
            return GrantsBefore(Vec::new());
        }
        let mut concerned: Vec<_> = self.grants.values().filter(|grant| concerns(grant)).collect();
        concerned.sort_by(|one, other| (one.created_at, &one.id).cmp(&(other.created_at, &other.id)));
        GrantsBefore(
            concerned.into_iter().map(|grant| (Arc::clone(&grant.id), self.reported_state(grant))).collect(),
        )
    }

    /// The current state of one grant.
    pub(crate) fn grant_before(&self, id: &str) -> GrantsBefore {
        let grant = self.grants.get(id).filter(|_| self.outbox.has_endpoints());
        GrantsBefore(
            grant.map(|grant| (Arc::clone(&grant.id), self.reported_state(grant))).into_iter().collect(),
        )
    }

    /// Sends the events of the grants that were revoked, failed or delivered since.
    pub(crate) fn announce_changes(&mut self, GrantsBefore(before): GrantsBefore, now: Timestamp) {
        for (id, before) in before {
            let Some(grant) = self.grants.get(&id) else { continue };
            let event_type = match (before, self.reported_state(grant)) {
                (GrantState::Revoked(_), GrantState::Revoked(_)) => continue,
                (_, GrantState::Revoked(_)) => "entitlement_grant.revoked",
                (GrantState::Pending | GrantState::Revoked(_), GrantState::Delivered) => {
                    "entitlement_grant.delivered"
                }
                (GrantState::Pending, GrantState::Failed) => "entitlement_grant.failed",
                _ => continue,
            };
            let business = Arc::clone(&grant.business);
            self.announce(&business, event_type, Subject::Grant(id), now);
        }
    }

    /// The state of a grant in events, which ignores a manually disabled key unless the quirk is set.
    fn reported_state(&self, grant: &Grant) -> GrantState {
        match self.grant_state(grant) {
            GrantState::Revoked("license_key_disabled") if !self.outbox.events.disabling_has_events => {
                GrantState::Delivered
            }
            state => state,
        }
    }
}
