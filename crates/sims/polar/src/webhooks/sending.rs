//! Adding endpoints, and handing out the requests to them.

use anykey_core::Timestamp;
use anykey_sim_kit::{Delivery, DeliveryId, DeliveryOutcome, WebhookQuirks, WebhookSender, split_mix};
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use super::endpoint::{EndpointSpec, Signer, WebhookEndpoint, WebhookSecret};
use crate::error::SimError;
use crate::options::Release;
use crate::server::PolarSim;
use crate::specs::GrantSpec;
use crate::state::State;

const ID: HeaderName = HeaderName::from_static("webhook-id");
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const API_VERSION: HeaderName = HeaderName::from_static("webhook-api-version");

/// Webhooks: endpoints of sellers, and the requests to them.
///
/// The requests are sent with [`WebhookSender`].
impl PolarSim {
    /// Adds an endpoint for later events of an organization.
    ///
    /// ```
    /// use anykey_core::ManualClock;
    /// use anykey_polar_sim::{BenefitSpec, CustomerSpec, EndpointSpec, GrantSpec, PolarSim};
    /// use anykey_sim_kit::{DeliveryOutcome, WebhookSender};
    /// use http::StatusCode;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sim = PolarSim::new(ManualClock::at("2026-11-21T00:30:27Z".parse()?));
    /// let endpoint = sim.add_webhook_endpoint(EndpointSpec::new("https://seller.example/webhooks"))?;
    /// assert!(endpoint.uses_standard_webhook_signature);
    ///
    /// let customer = sim.add_customer(CustomerSpec::default())?;
    /// let benefit = sim.add_benefit(BenefitSpec::default())?;
    /// sim.grant(GrantSpec::order(benefit, customer))?;
    /// let delivery = sim.next_delivery().ok_or("nothing to send")?;
    /// assert_eq!(delivery.event_type, "benefit_grant.created");
    /// assert_eq!(sim.answered(delivery.id, Some(StatusCode::ACCEPTED)), DeliveryOutcome::Delivered);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`SimError::UnusableUrl`], [`SimError::UnusableSecret`] or [`SimError::UnknownOrganization`]
    pub fn add_webhook_endpoint(&self, spec: EndpointSpec) -> Result<WebhookEndpoint, SimError> {
        let mut state = self.state();
        let organization = spec.organization.unwrap_or(state.home);
        state.organizations.get(&organization).ok_or(SimError::UnknownOrganization)?;
        let version = (state.release == Release::October2026).then_some(state.current_version);
        let now = state.now().to_timestamp();
        let endpoint = spec.open(organization, &mut state.outbox.ids, version, now)?;
        let known = endpoint.known();
        state.outbox.messages.endpoints.push(endpoint);
        Ok(known)
    }

    /// Removes an endpoint and its queued messages.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownEndpoint`]
    pub fn remove_webhook_endpoint(&self, endpoint: Uuid) -> Result<(), SimError> {
        self.state().outbox.messages.remove_endpoint(&endpoint).then_some(()).ok_or(SimError::UnknownEndpoint)
    }

    /// Generates a new secret for an endpoint, with the scheme of the current date. The old one is invalid
    /// immediately, also for queued messages.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownEndpoint`]
    pub fn reset_webhook_secret(&self, endpoint: Uuid) -> Result<WebhookEndpoint, SimError> {
        let mut state = self.state();
        let now = state.now().to_timestamp();
        let outbox = &mut state.outbox;
        let signer = Signer::of(WebhookSecret::Generated, &mut outbox.ids, now)?;
        let endpoint = outbox.messages.endpoint_mut(&endpoint).ok_or(SimError::UnknownEndpoint)?;
        endpoint.signer = signer;
        Ok(endpoint.known())
    }

    /// Whether an endpoint is enabled. It is disabled after 10 consecutive lost events. `None` if it is unknown.
    #[must_use]
    pub fn webhook_endpoint_enabled(&self, endpoint: Uuid) -> Option<bool> {
        self.state().outbox.messages.endpoint(&endpoint).map(|endpoint| endpoint.enabled)
    }

    /// Enables an endpoint again. Events of the time while it was disabled are not sent.
    ///
    /// # Errors
    ///
    /// [`SimError::UnknownEndpoint`]
    pub fn enable_webhook_endpoint(&self, endpoint: Uuid) -> Result<(), SimError> {
        let mut state = self.state();
        let endpoint = state.outbox.messages.endpoint_mut(&endpoint).ok_or(SimError::UnknownEndpoint)?;
        endpoint.enabled = true;
        endpoint.lost_in_a_row = 0;
        Ok(())
    }

    /// Sets whether a grant of an imported license key contains it as `user_provided_key`. Default: false, as on the
    /// recorded server; the vendor's schema allows it.
    pub fn show_imported_keys(&self, show: bool) {
        self.state().outbox.shows_imported_keys = show;
    }

    /// As [`grant`](Self::grant), but the grant fails with the error `message`: there is no key, only the event.
    /// Returns the grant's id.
    ///
    /// # Errors
    ///
    /// [`SimError`] if the benefit, customer or member is unknown or they do not belong together.
    pub fn fail_grant(&self, spec: &GrantSpec, message: &str) -> Result<Uuid, SimError> {
        self.state().fail_grant(spec, message)
    }

    /// Sends an event with the given type and data to the endpoints of the initial organization.
    pub fn announce(&self, event_type: impl Into<String>, data: &Value) {
        let mut state = self.state();
        let home = state.home;
        state.announce_given(home, event_type.into(), data);
    }
}

impl WebhookSender for PolarSim {
    /// The next due request. Its body has the state at the time of its event; time and signature are current.
    fn next_delivery(&self) -> Option<Delivery> {
        self.state().next_delivery()
    }

    /// Reports the status of an answer. An event is sent at most ten times, with waits of 2, 4, 8 and so on up to 512
    /// seconds. Ten consecutive lost events disable the endpoint and drop its queued messages. The timeout is 10
    /// seconds.
    fn answered(&self, delivery: DeliveryId, status: Option<StatusCode>) -> DeliveryOutcome {
        let success = status.is_some_and(|status| status.is_success());
        let mut state = self.state();
        let now = state.now().to_timestamp();
        state.outbox.messages.settle(delivery, success, now)
    }

    fn repeat(&self, delivery: DeliveryId) -> bool {
        let mut state = self.state();
        let now = state.now().to_timestamp();
        state.outbox.messages.repeat(delivery, now)
    }

    fn next_delivery_at(&self) -> Option<Timestamp> {
        let state = self.state();
        state.outbox.messages.next_at().into_iter().chain(state.state_changes.next_at()).min()
    }

    /// The number of undelivered messages, counted per endpoint, and of customers with a delayed
    /// `customer.state_changed`.
    fn undelivered(&self) -> usize {
        let state = self.state();
        state.outbox.messages.undelivered() + state.state_changes.len()
    }

    fn now(&self) -> Timestamp {
        self.state().now().to_timestamp()
    }

    fn webhook_quirks(&self) -> WebhookQuirks {
        self.state().outbox.messages.quirks.clone()
    }

    fn set_webhook_quirks(&self, quirks: WebhookQuirks) {
        self.state().outbox.messages.quirks = quirks;
    }
}

impl State {
    /// Builds the next due request.
    fn next_delivery(&mut self) -> Option<Delivery> {
        self.announce_state_changes();
        let now = self.now().to_timestamp();
        let sending = self.outbox.messages.take(now)?;
        let message = &sending.message;
        let endpoint = self.outbox.messages.endpoint(&sending.endpoint)?;
        let sent_at = now.checked_add(self.outbox.messages.quirks.clock_skew).unwrap_or(now).as_second();
        let id = message.id.to_string();
        let signature = endpoint.signer.key.sign(&id, sent_at, &message.body);

        let mut request = Request::new(message.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = endpoint.uri.clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(USER_AGENT, HeaderValue::from_static("polar.sh webhooks"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(TIMESTAMP, HeaderValue::from(sent_at));
        for (name, value) in [(ID, &id), (SIGNATURE, &signature)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        if let Some(version) = endpoint.api_version {
            let traced = traceparent(sending.id);
            if let Ok(traced) = HeaderValue::from_str(&traced) {
                headers.insert(TRACEPARENT, traced);
            }
            headers.insert(API_VERSION, HeaderValue::from_static(version.as_str()));
        }
        let event_type = message.event_type.to_string();
        Some(Delivery::new(&sending, endpoint.id.to_string(), event_type, now, request))
    }
}

/// A value of `traceparent` in the format of W3C Trace Context, different for each request.
fn traceparent(delivery: DeliveryId) -> String {
    let bits = |index| split_mix(delivery.number(), index);
    format!("00-{:016x}{:016x}-{:016x}-01", bits(1), bits(2), bits(3))
}
