//! Endpoints, and the requests to them.

use anykey_core::Timestamp;
use anykey_sim_kit::{Delivery, DeliveryId, DeliveryOutcome, WebhookQuirks, WebhookSender, webhook_url};
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use serde_json::Value;

use super::outbox::Endpoint;
use crate::KeygenSim;
use crate::signature::{Signed, host, target};
use crate::state::State;

const VERSION: HeaderName = HeaderName::from_static("keygen-version");

/// Webhooks: endpoints of this handle's account, and the requests to them.
///
/// The requests are sent with [`WebhookSender`]. They are signed with the account's key at the time of each attempt.
impl KeygenSim {
    /// Adds an endpoint for all later events of this account and returns its id; `None` if `url` is not an absolute
    /// http or https URL. The vendor accepts https only.
    pub fn add_webhook_endpoint(&self, url: &str) -> Option<String> {
        let uri = webhook_url(url)?;
        let mut state = self.lock();
        let id = state.ids.uuid();
        state.outbox.0.endpoints.push(Endpoint { id: id.clone(), account: self.account.clone(), uri });
        Some(id)
    }

    /// Removes an endpoint and its queued messages. False if it is unknown.
    ///
    /// ```
    /// use anykey_core::{ManualClock, Timestamp};
    /// use anykey_keygen_sim::kit::WebhookSender as _;
    /// use anykey_keygen_sim::{KeygenSim, LicenseSpec};
    ///
    /// let sim = KeygenSim::new(ManualClock::at(Timestamp::UNIX_EPOCH))?;
    /// let endpoint = sim.add_webhook_endpoint("https://example.com/hooks").ok_or("the URL is absolute")?;
    /// sim.issue(LicenseSpec::default())?;
    /// assert_eq!(sim.undelivered(), 1);
    /// assert!(sim.remove_webhook_endpoint(&endpoint));
    /// assert_eq!(sim.undelivered(), 0);
    /// # Ok::<(), anykey_keygen_sim::kit::StartError>(())
    /// ```
    pub fn remove_webhook_endpoint(&self, endpoint_id: &str) -> bool {
        self.lock().outbox.0.remove_endpoint(&endpoint_id.to_owned())
    }

    /// Sends an event with any resource to this account's endpoints, such as one that the simulator does not send by
    /// itself.
    pub fn announce(&self, event: &str, resource: &Value) {
        self.with_call(|call| call.announce(event, resource, None));
    }
}

impl WebhookSender for KeygenSim {
    /// The next due request of any account. Its body has the state at the time of its event.
    fn next_delivery(&self) -> Option<Delivery> {
        let now = self.now();
        self.lock().next_delivery(now)
    }

    /// Reports the status of an answer, `None` for no answer. Any status from 200 to 299 is success. Other messages
    /// are retried up to 15 times, with growing waits.
    fn answered(&self, delivery: DeliveryId, status: Option<StatusCode>) -> DeliveryOutcome {
        let now = self.now();
        let is_success = status.is_some_and(|status| status.is_success());
        self.lock().outbox.0.settle(delivery, is_success, now)
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
        let account = self.accounts.iter().find(|account| account.id == endpoint.account)?;
        let skew = self.outbox.0.quirks.clock_skew;
        let signed_at = now.checked_add(skew).unwrap_or(now);
        let message = &sending.message;
        let mut request = Request::new(message.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = endpoint.uri.clone();
        let host = host(&endpoint.uri, request.headers(), false);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(VERSION, HeaderValue::from_static("1.8"));
        let signed =
            Signed { method: "POST", target: target(&endpoint.uri), host: &host, body: &message.body };
        account.sign(headers, &signed, signed_at);
        let event = message.event.clone();
        Some(Delivery::new(&sending, endpoint.id.clone(), event, now, request))
    }
}
