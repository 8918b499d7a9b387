//! Adding endpoints, and handing out the requests to them.

use std::sync::Arc;

use anykey_core::Timestamp;
use anykey_sim_kit::{Delivery, DeliveryId, DeliveryOutcome, WebhookQuirks, WebhookSender, standard_secret};
use http::{Method, Request, StatusCode};
use serde_json::Value;

use super::endpoint::{BadEndpoint, DeliveryMode, Endpoint, WebhookEndpoint};
use super::outbox::Feed;
use crate::state::State;
use crate::{CreemSim, Mode};

/// Webhooks: endpoints of this handle's store, and the requests to them.
///
/// The requests are sent with [`WebhookSender`].
impl CreemSim {
    /// Adds an endpoint for all later events of this store in test mode. `secret` may be any text; `None` for a
    /// generated one, `whsec_` and base64.
    ///
    /// ```
    /// use anykey_core::{ManualClock, Timestamp};
    /// use anykey_creem_sim::{CreemSim, KeySpec};
    /// use anykey_sim_kit::{DeliveryOutcome, WebhookSender};
    /// use http::StatusCode;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sim = CreemSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
    /// sim.add_webhook_endpoint("https://shop.example/webhooks", None)?;
    ///
    /// sim.issue(KeySpec::default())?;
    /// let checkout = sim.next_delivery().ok_or("nothing to send")?;
    /// assert_eq!(checkout.event_type, "checkout.completed");
    /// assert_eq!(sim.answered(checkout.id, Some(StatusCode::OK)), DeliveryOutcome::Delivered);
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
        self.add_webhook_endpoint_as(DeliveryMode::Http, Mode::Test, url, secret)
    }

    /// The same for a delivery mode and a mode. The URL of an endpoint whose events wait in its feed is never called.
    ///
    /// # Errors
    ///
    /// [`BadEndpoint`] with the invalid part.
    pub fn add_webhook_endpoint_as(
        &self,
        delivery: DeliveryMode,
        mode: Mode,
        url: &str,
        secret: Option<&str>,
    ) -> Result<WebhookEndpoint, BadEndpoint> {
        let mut state = self.lock();
        let id = state.ids.id("wh_");
        let secret = match secret {
            Some(secret) => secret.to_owned(),
            None => standard_secret(&state.ids.secret_bytes()),
        };
        let endpoint = Endpoint::new(Arc::clone(&id), Arc::clone(&self.store), mode, url, &secret)?;
        match delivery {
            DeliveryMode::Http => state.outbox.sending.endpoints.push(endpoint),
            DeliveryMode::Cli => state.outbox.feeds.push(Feed { endpoint, events: Vec::new() }),
        }
        Ok(WebhookEndpoint { id: id.to_string(), secret })
    }

    /// Removes an endpoint and its queued or pending events. False if it is unknown.
    pub fn remove_webhook_endpoint(&self, endpoint_id: &str) -> bool {
        let mut state = self.lock();
        let before = state.outbox.feeds.len();
        state.outbox.feeds.retain(|feed| *feed.endpoint.id != *endpoint_id);
        let removed = state.outbox.feeds.len() < before;
        state.outbox.sending.remove_endpoint(&endpoint_id.into()) || removed
    }

    /// Sends an event with the given type and object, in test mode, to this store's endpoints.
    pub fn announce(&self, event_type: &str, object: &Value) {
        let now = self.now();
        self.lock().post(&self.store, Mode::Test, event_type, object, now);
    }
}

impl WebhookSender for CreemSim {
    /// The next due request of any store. Its body has the state at the time of its event.
    fn next_delivery(&self) -> Option<Delivery> {
        let now = self.now();
        self.lock().next_delivery(now)
    }

    /// Reports the status of an answer. Messages are retried up to 4 times, after 30 seconds, 5 minutes, 30 minutes and
    /// 6 hours.
    fn answered(&self, delivery: DeliveryId, status: Option<StatusCode>) -> DeliveryOutcome {
        let now = self.now();
        let success = status.is_some_and(|status| status.is_success());
        self.lock().outbox.sending.settle(delivery, success, now)
    }

    fn repeat(&self, delivery: DeliveryId) -> bool {
        let now = self.now();
        self.lock().outbox.sending.repeat(delivery, now)
    }

    fn next_delivery_at(&self) -> Option<Timestamp> {
        self.lock().outbox.sending.next_at()
    }

    fn undelivered(&self) -> usize {
        self.lock().outbox.sending.undelivered()
    }

    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    fn webhook_quirks(&self) -> WebhookQuirks {
        self.lock().outbox.sending.quirks.clone()
    }

    fn set_webhook_quirks(&self, quirks: WebhookQuirks) {
        self.lock().outbox.sending.quirks = quirks;
    }
}

impl State {
    /// Builds the next due request.
    fn next_delivery(&mut self, now: Timestamp) -> Option<Delivery> {
        let sending = self.outbox.sending.take(now)?;
        let skew = self.outbox.sending.quirks.clock_skew;
        let endpoint = self.outbox.sending.endpoint(&sending.endpoint)?;
        let message = &sending.message;
        let timestamp = now.checked_add(skew).unwrap_or(now).as_second();
        let mut request = Request::new(message.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = endpoint.uri.clone();
        *request.headers_mut() =
            endpoint.keys.headers(self.quirks.webhook_scheme, &message.id, timestamp, &message.body);
        let event_type = message.event_type.clone();
        Some(Delivery::new(&sending, endpoint.id.to_string(), event_type, now, request))
    }
}
