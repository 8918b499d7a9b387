//! Queues events for the endpoints of a store.

use std::sync::Arc;

use anykey_core::Timestamp;
use bytes::Bytes;
use serde_json::{Value, json};

use super::outbox::{FeedEvent, Message};
use super::payload::{checkout, dispute, envelope, refund, subscription};
use crate::Mode;
use crate::records::License;
use crate::state::State;

impl State {
    /// Queues the event of a completed checkout with these licenses.
    pub(crate) fn announce_checkout(&mut self, first: &str, licenses: &[Arc<str>], now: Timestamp) {
        let all = licenses.iter().filter_map(|id| self.database.licenses.get(id));
        let documents: Vec<_> = all.map(|license| self.license_document(license, None, now)).collect();
        self.about(first, "checkout.completed", now, |state, license| {
            checkout(state, license, &documents, now)
        });
    }

    /// Queues the event of a refund of the order of the license `id`.
    pub(crate) fn announce_refund(&mut self, id: &str, now: Timestamp) {
        let refund_id = self.ids.id("ref_");
        self.about(id, "refund.created", now, |state, license| refund(state, license, &refund_id, now));
    }

    /// Queues the event of a dispute about the order of the license `id`. False if it is unknown.
    pub(crate) fn announce_dispute(&mut self, id: &str, now: Timestamp) -> bool {
        let dispute_id = self.ids.id("disp_");
        self.about(id, "dispute.created", now, |state, license| dispute(state, license, &dispute_id, now))
    }

    /// Queues the event of the new status of the subscription of the license `id`. The official package has no status
    /// `expired`.
    pub(crate) fn announce_subscription(&mut self, id: &str, status: &str, now: Timestamp) {
        let event_type = format!("subscription.{status}");
        let status = if status == "expired" { "canceled" } else { status };
        self.about(id, &event_type, now, |state, license| subscription(state, license, status, now));
    }

    /// Queues an event with any object for the endpoints of a store and mode, and an event of an unknown type if the
    /// quirks include it.
    pub(super) fn post(&mut self, store: &str, mode: Mode, event_type: &str, object: &Value, now: Timestamp) {
        let number = self.queue(store, mode, event_type, object, now);
        if self.outbox.sending.quirks.adds_unknown_event(number) {
            let object = json!({ "id": "pool_1", "object": "license_pool", "mode": mode.word() });
            self.queue(store, mode, "license_pool.refilled", &object, now);
        }
    }

    fn about(
        &mut self,
        id: &str,
        event_type: &str,
        now: Timestamp,
        object: impl FnOnce(&Self, &License) -> Value,
    ) -> bool {
        let Some(license) = self.database.licenses.get(id) else { return false };
        if self.outbox.has_endpoints() {
            let (store, mode) = (Arc::clone(&license.store), license.mode);
            let object = object(self, license);
            self.post(&store, mode, event_type, &object, now);
        }
        true
    }

    fn queue(&mut self, store: &str, mode: Mode, event_type: &str, object: &Value, now: Timestamp) -> u64 {
        let id = self.ids.id("evt_");
        let body = envelope(&id, event_type, now, self.quirks.standard_envelope, object);
        let body = Bytes::from(self.quirks.members().apply(body).to_string());
        let message = Arc::new(Message { id, event_type: event_type.to_owned(), body });
        for feed in &mut self.outbox.feeds {
            if *feed.endpoint.store == *store && feed.endpoint.mode == mode {
                let message = Arc::clone(&message);
                feed.events.push(FeedEvent { message, created_at: now, acknowledged: None });
            }
        }
        let endpoints = self.outbox.sending.endpoints.iter();
        let endpoints = endpoints.filter(|endpoint| *endpoint.store == *store && endpoint.mode == mode);
        let messages: Vec<_> =
            endpoints.map(|endpoint| (Arc::clone(&endpoint.id), Arc::clone(&message))).collect();
        self.outbox.sending.post(now, messages)
    }
}
