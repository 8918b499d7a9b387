//! Which change of a key or a customer sends which event.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::documents::{GrantError, Properties};
use crate::error::SimError;
use crate::moment::Moment;
use crate::options::Release;
use crate::records::{Grant, LicenseKey};
use crate::specs::GrantSpec;
use crate::state::State;

/// The event about a customer as a whole.
pub(super) const STATE_CHANGED: &str = "customer.state_changed";

/// A change of a grant.
#[derive(Clone, Copy)]
pub(crate) enum GrantEvent {
    /// Granted for the first time, or again after a revocation.
    Created,
    /// The benefit or, since October 2026, the key was changed by hand.
    Updated,
    /// A subscription was renewed.
    Cycled,
    /// Refunded, ended, or taken away.
    Revoked,
}

impl GrantEvent {
    /// The vendor's name of the event.
    const fn event_type(self) -> &'static str {
        match self {
            Self::Created => "benefit_grant.created",
            Self::Updated => "benefit_grant.updated",
            Self::Cycled => "benefit_grant.cycled",
            Self::Revoked => "benefit_grant.revoked",
        }
    }
}

/// The body of every request.
#[derive(Serialize)]
struct Envelope<'a, T> {
    #[serde(rename = "type")]
    event_type: &'a str,
    timestamp: Moment,
    /// Since October 2026.
    #[serde(skip_serializing_if = "Option::is_none")]
    api_version: Option<&'static str>,
    data: T,
}

impl State {
    /// Queues the event of a key's first grant.
    pub(crate) fn announce_first_grant(&mut self, id: Uuid) {
        self.announce_event(id, GrantEvent::Created, |_| Properties::default());
    }

    /// Queues an event about the grant of a key whose string has not changed.
    pub(crate) fn announce_grant(&mut self, id: Uuid, event: GrantEvent) {
        let shows = self.outbox.shows_imported_keys;
        self.announce_event(id, event, |key| Properties::of(key, shows));
    }

    /// Queues the event of a manual change of a key, which the vendor sends since September 2026. `before` is the key
    /// string before the change.
    pub(crate) fn announce_edit(&mut self, id: Uuid, before: &str) {
        if self.release == Release::October2026 {
            self.announce_event(id, GrantEvent::Updated, |key| Properties::of_code(key.id, before));
        }
    }

    /// Queues an event about a grant if an endpoint wants it, and notes that the customer has changed.
    fn announce_event(
        &mut self,
        id: Uuid,
        event: GrantEvent,
        previous: impl FnOnce(&LicenseKey) -> Properties,
    ) {
        let Some(key) = self.key(id) else { return };
        let (organization, customer) = (key.organization_id, key.customer_id);
        let event_type = event.event_type();
        if self.outbox.is_wanted(organization, event_type) {
            let document = self.grant_of(key);
            let body = document.and_then(|document| self.written(event_type, document.sent(previous(key))));
            self.send(organization, event_type.into(), body);
        }
        self.note_change(organization, customer);
    }

    /// Queues the event of a failed grant. The grant is not stored.
    pub(crate) fn fail_grant(&mut self, spec: &GrantSpec, message: &str) -> Result<Uuid, SimError> {
        let organization = self.check_sale(spec)?;
        let now = self.now();
        let grant = Grant::failed(self.outbox.ids.uuid(), spec.subscription, self.outbox.ids.uuid(), now);
        let error =
            GrantError { message: message.to_owned(), kind: "BenefitActionRequiredError", timestamp: now };
        let sale = (spec.customer, spec.member, spec.benefit);
        let nothing = Properties::default;
        let document = self.grant_document(&grant, sale, Some(error), nothing());
        let event_type = GrantEvent::Created.event_type();
        let body = document.and_then(|document| self.written(event_type, document.sent(nothing())));
        self.send(organization, event_type.into(), body);
        self.note_change(organization, spec.customer);
        Ok(grant.id)
    }

    /// Queues the event of a changed benefit.
    pub(crate) fn announce_benefit(&mut self, id: Uuid) {
        let Some(benefit) = self.benefits.get(&id) else { return };
        let organization = benefit.organization_id;
        let body = self.written("benefit.updated", super::documents::BenefitDocument::new(benefit));
        self.send(organization, "benefit.updated".into(), body);
    }

    /// Queues an event of any type.
    pub(super) fn announce_given(&mut self, organization: Uuid, event_type: String, data: &Value) {
        let body = self.written(&event_type, data);
        self.send(organization, event_type.into(), body);
    }

    /// Queues the due `customer.state_changed` events.
    pub(super) fn announce_state_changes(&mut self) {
        while let Some(customer) = self.state_changes.take(self.now().to_timestamp()) {
            let Some(organization) = self.customers.get(&customer).map(|customer| customer.organization_id)
            else {
                continue;
            };
            let document = self.customer_state_document(customer);
            let body = document.and_then(|document| self.written(STATE_CHANGED, document));
            self.send(organization, STATE_CHANGED.into(), body);
        }
    }

    /// Starts the wait for `customer.state_changed` anew.
    fn note_change(&mut self, organization: Uuid, customer: Uuid) {
        if self.outbox.is_wanted(organization, STATE_CHANGED) {
            self.announce_state_changes();
            self.state_changes.note(customer, self.now().to_timestamp());
        }
    }

    /// The body of an event; `None` for data that is no JSON.
    fn written(&self, event_type: &str, data: impl Serialize) -> Option<Bytes> {
        let api_version = (self.release == Release::October2026).then(|| self.current_version.as_str());
        let envelope = Envelope { event_type, timestamp: self.now(), api_version, data };
        serde_json::to_vec(&envelope).ok().map(Bytes::from)
    }

    /// Queues a body for the endpoints of an organization that want the event.
    fn send(&mut self, organization: Uuid, event_type: Cow<'static, str>, body: Option<Bytes>) {
        let Some(body) = body.filter(|_| self.outbox.is_wanted(organization, &event_type)) else { return };
        let now = self.now().to_timestamp();
        let number = self.outbox.post(organization, event_type, &body, now);
        if self.outbox.messages.quirks.adds_unknown_event(number) {
            let event_type = "license_pool.refilled";
            let data = json!({ "id": self.outbox.ids.uuid(), "size": 3 });
            if let Some(body) = self.written(event_type, data) {
                self.outbox.post(organization, event_type.into(), &body, now);
            }
        }
    }
}
