//! Queues events for the endpoints of a store.

use std::sync::Arc;

use anykey_core::Timestamp;
use bytes::Bytes;
use serde_json::{Value, json};

use super::outbox::Message;
use super::payload::{Subject, envelope};
use crate::state::State;

impl State {
    /// Queues an event about the sale of the key `key_id` for its store's endpoints.
    pub(crate) fn announce(&mut self, key_id: u64, event_name: &str, subject: Subject, now: Timestamp) {
        let Some(key) = self.database.keys.get(&key_id).filter(|_| !self.outbox.0.endpoints.is_empty())
        else {
            return;
        };
        let (store, test_mode) = (key.store, key.test_mode);
        let data = self.event_data(key, &subject, now);
        self.post(store, event_name, test_mode, &data, now);
    }

    /// Queues an event with any data for the endpoints of a store, and an event of an unknown type if the quirks
    /// include it.
    pub(super) fn post(
        &mut self,
        store: u64,
        event_name: &str,
        test_mode: bool,
        data: &Value,
        now: Timestamp,
    ) {
        let number = self.queue(store, event_name, test_mode, data, now);
        if self.outbox.0.quirks.adds_unknown_event(number) {
            let data = json!({ "type": "license-pools", "id": "1", "attributes": { "size": 3 } });
            self.queue(store, "license_pool_refilled", test_mode, &data, now);
        }
    }

    fn queue(&mut self, store: u64, event_name: &str, test_mode: bool, data: &Value, now: Timestamp) -> u64 {
        let endpoints = self.outbox.0.endpoints.iter().filter(|endpoint| endpoint.store == store);
        let messages = endpoints.map(|endpoint| {
            let body = envelope(event_name, endpoint.id, test_mode, self.quirks.bare_webhook_meta, data);
            let body = Bytes::from(self.quirks.members().apply(body).to_string());
            (endpoint.id, Arc::new(Message { event_name: event_name.to_owned(), body }))
        });
        let messages: Vec<_> = messages.collect();
        self.outbox.0.post(now, messages)
    }
}
