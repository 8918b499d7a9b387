//! Pings: requests to the seller's addresses, which nobody signs.

use std::sync::Arc;

use anykey_core::Timestamp;
use anykey_sim_kit::{Delivery, DeliveryId, DeliveryOutcome, WebhookQuirks, WebhookSender, webhook_url};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, StatusCode};

use super::GumroadSim;
use super::database::State;
use super::ping_bodies::encoded;
use super::ping_event::PingEvent;
use super::ping_queue::{Ping, Subscriber};

/// The only statuses after which a ping is sent again.
const RETRIED: [u16; 5] = [499, 500, 502, 503, 504];

impl State {
    /// Adds an address; returns its id, or `None` if it is no http or https URL.
    pub(super) fn subscribe(&mut self, seller: u64, event: PingEvent, url: &str) -> Option<String> {
        let uri = webhook_url(url)?;
        let id = self.ids.id();
        let subscriber = Subscriber { id: id.clone(), seller, event, url: url.to_owned(), uri };
        self.pings.0.endpoints.push(subscriber);
        Some(id)
    }

    /// Queues an event about a sale for the addresses of its seller.
    pub(super) fn ping(&mut self, sale: u64, event: PingEvent, now: Timestamp) {
        let Some(fields) = self.ping_fields(sale, event) else { return };
        let seller = self.sales.get(&sale).map(|sale| sale.seller);
        let is_meant = |one: &&Subscriber| Some(one.seller) == seller && one.event == event;
        let message = Arc::new(Ping { event, fields });
        let subscribers = self.pings.0.endpoints.iter().filter(is_meant);
        let messages: Vec<_> = subscribers.map(|one| (one.id.clone(), Arc::clone(&message))).collect();
        self.pings.0.post(now, messages);
    }

    fn next_ping(&mut self, now: Timestamp) -> Option<Delivery> {
        let sending = self.pings.0.take(now)?;
        let uri = self.pings.0.endpoint(&sending.endpoint)?.uri.clone();
        let Ping { event, fields } = &*sending.message;
        let mut request = Request::new(encoded(fields, sending.attempt).into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        Some(Delivery::new(&sending, sending.endpoint.clone(), event.word().to_owned(), now, request))
    }
}

/// Pings: addresses of this handle's seller, and the requests to them, which have neither a signature nor a time.
///
/// The requests are sent with [`WebhookSender`]. A retry has the counter `retry_count` in its body.
impl GumroadSim {
    /// Sets the address in the seller's settings, which gets sales only. False unless it is a http or https URL.
    pub fn set_ping_url(&self, url: &str) -> bool {
        self.subscribe(PingEvent::Sale, url).is_some()
    }

    /// Adds an address for one kind of event, as `PUT /v2/resource_subscriptions` does, and returns its id. Unlike that
    /// call it accepts addresses of this machine.
    pub fn subscribe(&self, event: PingEvent, url: &str) -> Option<String> {
        self.lock().subscribe(self.seller, event, url)
    }
}

impl WebhookSender for GumroadSim {
    fn next_delivery(&self) -> Option<Delivery> {
        let now = self.now();
        self.lock().next_ping(now)
    }

    /// Reports the status of an answer. Only 499, 500, 502, 503 and 504 are retried, after 60, 180 and 600 seconds; no
    /// answer is not.
    fn answered(&self, delivery: DeliveryId, status: Option<StatusCode>) -> DeliveryOutcome {
        let now = self.now();
        let is_retried = status.is_some_and(|status| RETRIED.contains(&status.as_u16()));
        let outcome = self.lock().pings.0.settle(delivery, !is_retried, now);
        match outcome {
            DeliveryOutcome::Delivered if !status.is_some_and(|status| status.is_success()) => {
                DeliveryOutcome::GivenUp
            }
            outcome => outcome,
        }
    }

    fn repeat(&self, delivery: DeliveryId) -> bool {
        let now = self.now();
        self.lock().pings.0.repeat(delivery, now)
    }

    fn next_delivery_at(&self) -> Option<Timestamp> {
        self.lock().pings.0.next_at()
    }

    fn undelivered(&self) -> usize {
        self.lock().pings.0.undelivered()
    }

    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    fn webhook_quirks(&self) -> WebhookQuirks {
        self.lock().pings.0.quirks.clone()
    }

    fn set_webhook_quirks(&self, quirks: WebhookQuirks) {
        self.lock().pings.0.quirks = quirks;
    }
}
