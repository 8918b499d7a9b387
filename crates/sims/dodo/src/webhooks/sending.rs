//! Adding endpoints, and handing out the requests to them.

use std::sync::Arc;

use anykey_core::Timestamp;
use anykey_sim_kit::{Delivery, DeliveryId, DeliveryOutcome, WebhookQuirks, WebhookSender, standard_secret};
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use serde_json::Value;

use super::endpoint::{BadEndpoint, EndpointSpec, WebhookEndpoint};
use super::event::Subject;
use super::payload;
use super::quirks::EventQuirks;
use crate::DodoSim;
use crate::ids::IdSource;
use crate::state::State;

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// Webhooks: endpoints of this handle's business, and the requests to them.
///
/// The requests are sent with [`WebhookSender`].
impl DodoSim {
    /// Adds an endpoint for later events of this business.
    ///
    /// ```
    /// use anykey_core::{ManualClock, Timestamp};
    /// use anykey_dodo_sim::{DodoSim, EndpointSpec, KeySpec};
    /// use anykey_sim_kit::{DeliveryOutcome, WebhookSender};
    /// use http::StatusCode;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sim = DodoSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
    /// let endpoint = sim.add_webhook_endpoint(EndpointSpec::new("https://seller.example/webhooks"))?;
    /// assert!(endpoint.secret.starts_with("whsec_"));
    ///
    /// sim.issue(KeySpec::default())?;
    /// let delivery = sim.next_delivery().ok_or("nothing to send")?;
    /// assert_eq!(delivery.event_type, "license_key.created");
    /// assert_eq!(sim.answered(delivery.id, Some(StatusCode::NO_CONTENT)), DeliveryOutcome::Delivered);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`BadEndpoint`] with the invalid part of `spec`.
    pub fn add_webhook_endpoint(&self, spec: EndpointSpec) -> Result<WebhookEndpoint, BadEndpoint> {
        let mut state = self.lock();
        let outbox = &mut state.database.outbox;
        let id = outbox.ids.id("ep");
        let secret = spec.secret.clone().unwrap_or_else(|| fresh_secret(&mut outbox.ids));
        let endpoint = spec.open(id, Arc::clone(&self.business), secret)?;
        let known = WebhookEndpoint { id: endpoint.id.to_string(), secret: endpoint.secret.clone() };
        outbox.messages.endpoints.push(endpoint);
        Ok(known)
    }

    /// Removes an endpoint and its queued messages. False if it is unknown.
    pub fn remove_webhook_endpoint(&self, endpoint_id: &str) -> bool {
        self.lock().database.outbox.messages.remove_endpoint(&endpoint_id.into())
    }

    /// Replaces the secret of an endpoint and returns the new one. Requests are also signed with the old secret for
    /// 24 hours. `None` if the endpoint is unknown.
    pub fn rotate_webhook_secret(&self, endpoint_id: &str) -> Option<String> {
        let now = self.now();
        let mut state = self.lock();
        let outbox = &mut state.database.outbox;
        let secret = fresh_secret(&mut outbox.ids);
        outbox.messages.endpoint_mut(&endpoint_id.into())?.rotate(secret.clone(), now).then_some(secret)
    }

    /// Changes the events of later changes. `change` must not use the simulator.
    pub fn change_event_quirks(&self, change: impl FnOnce(&mut EventQuirks)) {
        change(&mut self.lock().database.outbox.events);
    }

    /// Sends an event with the given type and data to this business's endpoints.
    ///
    /// For types that the simulator does not send of its own accord, such as those of payments, and for types that a
    /// later version adds.
    pub fn announce(&self, event_type: impl Into<String>, data: Value) {
        let now = self.now();
        self.lock().database.announce(&self.business, event_type.into(), Subject::Given(data), now);
    }
}

impl WebhookSender for DodoSim {
    /// The next due request of any business. Its body has the state of the record at this moment.
    fn next_delivery(&self) -> Option<Delivery> {
        let now = self.now();
        self.lock().next_delivery(now)
    }

    /// Reports the status of an answer. Messages are retried up to 8 times: immediately, then after 5 seconds, 5
    /// minutes, 30 minutes, 2, 5, 10 and 10 hours. The timeout is 15 seconds.
    fn answered(&self, delivery: DeliveryId, status: Option<StatusCode>) -> DeliveryOutcome {
        let now = self.now();
        let success = status.is_some_and(|status| status.is_success());
        self.lock().database.outbox.messages.settle(delivery, success, now)
    }

    fn repeat(&self, delivery: DeliveryId) -> bool {
        let now = self.now();
        self.lock().database.outbox.messages.repeat(delivery, now)
    }

    /// An event whose record no longer exists is dropped.
    fn next_delivery_at(&self) -> Option<Timestamp> {
        self.lock().database.outbox.messages.next_at()
    }

    fn undelivered(&self) -> usize {
        self.lock().database.outbox.messages.undelivered()
    }

    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    fn webhook_quirks(&self) -> WebhookQuirks {
        self.lock().database.outbox.messages.quirks.clone()
    }

    fn set_webhook_quirks(&self, quirks: WebhookQuirks) {
        self.lock().database.outbox.messages.quirks = quirks;
    }
}

impl State {
    /// The next request, ready to be sent.
    fn next_delivery(&mut self, now: Timestamp) -> Option<Delivery> {
        loop {
            let sending = self.database.outbox.messages.take(now)?;
            let message = &sending.message;
            let outbox = &self.database.outbox.messages;
            let endpoint = outbox.endpoint(&sending.endpoint)?;
            let Some(body) = payload::body(&message.event, &self.database, &self.quirks, now) else {
                continue;
            };
            let sent_at = now.checked_add(outbox.quirks.clock_skew).unwrap_or(now).as_second();
            let signatures = endpoint.signatures(&message.id, sent_at, &body, now);

            let mut request = Request::new(body);
            *request.method_mut() = Method::POST;
            *request.uri_mut() = endpoint.uri.clone();
            let headers = request.headers_mut();
            headers.clone_from(&endpoint.headers);
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(TIMESTAMP, HeaderValue::from(sent_at));
            for (name, value) in [(ID, &*message.id), (SIGNATURE, &*signatures)] {
                if let Ok(value) = HeaderValue::from_str(value) {
                    headers.insert(name, value);
                }
            }
            let event_type = message.event.event_type.to_string();
            return Some(Delivery::new(&sending, endpoint.id.to_string(), event_type, now, request));
        }
    }
}

/// A secret of 24 bytes.
fn fresh_secret(ids: &mut IdSource) -> String {
    standard_secret(&ids.bytes::<24>())
}
