//! Adding endpoints, and handing out the requests to them.

use anykey_core::Timestamp;
use anykey_sim_kit::{Delivery, DeliveryId, DeliveryOutcome, WebhookQuirks, WebhookSender};
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use serde_json::Value;

use super::endpoint::{BadEndpoint, Endpoint, WebhookEndpoint};
use crate::LemonSqueezySim;
use crate::state::State;

const EVENT_NAME: HeaderName = HeaderName::from_static("x-event-name");
const SIGNATURE: HeaderName = HeaderName::from_static("x-signature");

/// Webhooks: endpoints of this handle's store, and the requests to them.
///
/// The requests are sent with [`WebhookSender`]. They contain neither an id nor a time.
impl LemonSqueezySim {
    /// Adds an endpoint for all later events of this store. `secret` has 6 to 40 characters; `None` for a generated
    /// one.
    ///
    /// ```
    /// use anykey_core::{ManualClock, Timestamp};
    /// use anykey_lemonsqueezy_sim::{KeySpec, LemonSqueezySim};
    /// use anykey_sim_kit::{DeliveryOutcome, WebhookSender};
    /// use http::StatusCode;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sim = LemonSqueezySim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
    /// sim.add_webhook_endpoint("https://shop.example/webhooks", Some("ls_signing_secret"))?;
    ///
    /// sim.issue(KeySpec::default())?;
    /// let order = sim.next_delivery().ok_or("nothing to send")?;
    /// assert_eq!(order.event_type, "order_created");
    /// let key = sim.next_delivery().ok_or("nothing to send")?;
    /// assert_eq!(key.event_type, "license_key_created");
    /// assert_eq!(sim.answered(key.id, Some(StatusCode::OK)), DeliveryOutcome::Delivered);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`BadEndpoint`] with the invalid part.
    pub fn add_webhook_endpoint(
        &self,
        url: &str,
        secret: Option<&str>,
    ) -> Result<WebhookEndpoint, BadEndpoint> {
        let mut state = self.lock();
        let id = state.ids.number();
        let secret = secret.map_or_else(|| state.ids.webhook_secret(), str::to_owned);
        let endpoint = Endpoint::new(id, self.store, url, &secret)?;
        state.outbox.0.endpoints.push(endpoint);
        Ok(WebhookEndpoint { id, secret })
    }

    /// Removes an endpoint and its queued messages. False if it is unknown.
    pub fn remove_webhook_endpoint(&self, endpoint_id: u64) -> bool {
        self.lock().outbox.0.remove_endpoint(&endpoint_id)
    }

    /// Sends an event with the given name and data, in test mode, to this store's endpoints.
    pub fn announce(&self, event_name: &str, data: &Value) {
        let now = self.now();
        self.lock().post(self.store, event_name, true, data, now);
    }
}

impl WebhookSender for LemonSqueezySim {
    /// The next due request of any store. Its body has the state at the time of its event.
    fn next_delivery(&self) -> Option<Delivery> {
        let now = self.now();
        self.lock().next_delivery(now)
    }

    /// Reports the status of an answer. Only 200 is success. Messages are retried up to 3 times, after 5, 25 and 125
    /// seconds.
    fn answered(&self, delivery: DeliveryId, status: Option<StatusCode>) -> DeliveryOutcome {
        let now = self.now();
        self.lock().outbox.0.settle(delivery, status == Some(StatusCode::OK), now)
    }

    fn repeat(&self, delivery: DeliveryId) -> bool {
        let now = self.now();
        self.lock().outbox.0.repeat(delivery, now)
    }

    fn next_delivery_at(&self) -> Option<Timestamp> {
        self.lock().outbox.0.next_at()
    }

    fn undelivered(&self) -> usize {
        self.lock().outbox.0.undelivered()
    }

    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    fn webhook_quirks(&self) -> WebhookQuirks {
        self.lock().outbox.0.quirks.clone()
    }

    fn set_webhook_quirks(&self, quirks: WebhookQuirks) {
        self.lock().outbox.0.quirks = quirks;
    }
}

impl State {
    /// Builds the next due request.
    fn next_delivery(&mut self, now: Timestamp) -> Option<Delivery> {
        let sending = self.outbox.0.take(now)?;
        let endpoint = self.outbox.0.endpoint(&sending.endpoint)?;
        let message = &sending.message;
        let mut request = Request::new(message.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = endpoint.uri.clone();
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let signature = endpoint.signature(&message.body);
        for (name, value) in [(EVENT_NAME, &message.event_name), (SIGNATURE, &signature)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        let event_name = message.event_name.clone();
        Some(Delivery::new(&sending, endpoint.id.to_string(), event_name, now, request))
    }
}
