use anykey_core::{HttpTransport, ManualClock, Timestamp};
use async_trait::async_trait;
use http::StatusCode;

use super::{Delivery, DeliveryId, DeliveryOutcome, DeliveryReport, WebhookQuirks};

/// The webhook requests of a simulated vendor.
///
/// A simulator does no I/O. Take each request with [`next_delivery`](Self::next_delivery) and report its answer with
/// [`answered`](Self::answered), or call [`deliver_due`](Self::deliver_due), which does both with a transport. Time
/// is the simulator's clock.
#[async_trait]
pub trait WebhookSender: Send + Sync {
    /// The next due request, signed; `None` if none is due.
    fn next_delivery(&self) -> Option<Delivery>;

    /// Reports the status of an answer; `None` for no answer. A status of 200 to 299 is success. After any other the
    /// vendor retries by its own schedule, which is in the simulator's documentation.
    fn answered(&self, delivery: DeliveryId, status: Option<StatusCode>) -> DeliveryOutcome;

    /// Sends the message of a delivery again, with its id and a new signature, as the seller can do in a vendor's
    /// dashboard: it is due at once. False if it was not delivered or given up among the latest 64, or if its endpoint
    /// is gone.
    fn repeat(&self, delivery: DeliveryId) -> bool;

    /// When the next message is due or the next request times out. `None` if nothing is left to send.
    fn next_delivery_at(&self) -> Option<Timestamp>;

    /// The number of undelivered messages, counted per endpoint.
    fn undelivered(&self) -> usize;

    /// The time of the simulator's clock.
    fn now(&self) -> Timestamp;

    /// The faults of sending.
    fn webhook_quirks(&self) -> WebhookQuirks;

    /// Replaces the faults of sending, for later requests.
    fn set_webhook_quirks(&self, quirks: WebhookQuirks);

    /// Changes the faults of sending, for later requests. `change` must not use the simulator.
    fn change_webhook_quirks(&self, change: impl FnOnce(&mut WebhookQuirks))
    where
        Self: Sized,
    {
        let mut quirks = self.webhook_quirks();
        change(&mut quirks);
        self.set_webhook_quirks(quirks);
    }

    /// Takes all due requests, as [`next_delivery`](Self::next_delivery) does.
    fn due_deliveries(&self) -> Vec<Delivery> {
        std::iter::from_fn(|| self.next_delivery()).collect()
    }

    /// Sends all due requests with `transport`, one after the other, and reports the answers. A transport error
    /// counts as no answer. The transport has to enforce the vendor's timeout.
    async fn deliver_due(&self, transport: &dyn HttpTransport) -> DeliveryReport {
        let mut report = DeliveryReport::default();
        while let Some(delivery) = self.next_delivery() {
            let answer = transport.send(delivery.request).await;
            let status = answer.ok().map(|answer| answer.status());
            report.count(self.answered(delivery.id, status));
        }
        report
    }

    /// Sends until nothing is left, and advances `clock` to each next attempt. `clock` has to be the simulator's
    /// clock; with another clock it stops at the first wait.
    async fn deliver_all(&self, transport: &dyn HttpTransport, clock: &ManualClock) -> DeliveryReport {
        let mut report = self.deliver_due(transport).await;
        while let Some(at) = self.next_delivery_at() {
            clock.set(at.max(clock.now()));
            if self.now() < at {
                break;
            }
            report += self.deliver_due(transport).await;
        }
        report
    }
}
