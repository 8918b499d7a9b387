//! The bodies of webhooks: a resource whose attribute `payload` is the JSON text of another document.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::outbox::Message;
use crate::state::Call;
use crate::time::written;

impl Call<'_> {
    /// Queues an event about a resource for the account's endpoints, and an event of an unknown type if the quirks
    /// include it.
    pub(crate) fn announce(&mut self, event: &str, resource: &Value, meta: Option<&Map<String, Value>>) {
        if self.outbox.0.endpoints.iter().all(|endpoint| endpoint.account != self.account.id) {
            return;
        }
        let number = self.queue(event, resource, meta);
        if self.outbox.0.quirks.adds_unknown_event(number) {
            let resource = json!({ "id": self.ids.uuid(), "type": "license-pools", "attributes": {} });
            self.queue("license-pool.refilled", &resource, None);
        }
    }

    /// The payload is the JSON text of the resource's document.
    fn queue(&mut self, event: &str, resource: &Value, meta: Option<&Map<String, Value>>) -> u64 {
        let resource = self.quirks.members().apply(resource.clone());
        let payload = match meta {
            Some(meta) => json!({ "data": resource, "meta": meta }),
            None => json!({ "data": resource }),
        };
        let payload = payload.to_string();
        let account = self.account.id.clone();
        let endpoints = self.outbox.0.endpoints.iter().filter(|endpoint| endpoint.account == account);
        let targets: Vec<_> =
            endpoints.map(|endpoint| (endpoint.id.clone(), endpoint.uri.to_string())).collect();
        let messages: Vec<_> = targets
            .into_iter()
            .map(|(id, url)| {
                let document = json!({ "data": {
                    "id": self.ids.uuid(),
                    "type": "webhook-events",
                    "meta": { "idempotencyToken": self.ids.token("evt") },
                    "attributes": {
                        "endpoint": url,
                        "payload": payload,
                        "event": event,
                        "status": "DELIVERING",
                        "lastResponseCode": null,
                        "lastResponseBody": null,
                        "apiVersion": "1.8",
                        "created": written(self.now),
                        "updated": written(self.now),
                    },
                    "relationships": { "account": { "data": { "type": "accounts", "id": account } } },
                }});
                (id, Arc::new(Message { event: event.to_owned(), body: Bytes::from(document.to_string()) }))
            })
            .collect();
        self.outbox.0.post(self.now, messages)
    }
}
