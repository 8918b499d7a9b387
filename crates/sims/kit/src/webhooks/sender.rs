use anykey_core::{HttpTransport, ManualClock, Timestamp};
use async_trait::async_trait;
use http::StatusCode;

use super::{Delivery, DeliveryId, DeliveryOutcome, DeliveryReport, WebhookQuirks};

/// The webhook requests of a simulated vendor.
///
/// A simulator has no network. Take each request with [`next_delivery`](Self::next_delivery) and report its
/// answer with [`answered`](Self::answered), or let [`deliver_due`](Self::deliver_due) do both through a
/// transport. Time is the simulator's clock.
#[async_trait]
pub trait WebhookSender: Send + Sync {
    /// The next request that is due, signed; `None` if there is none.
    fn next_delivery(&self) -> Option<Delivery>;

    /// Reports the status of an answer, `None` for no answer. A status of 200 to 299 is success; after
    /// everything else the vendor tries again by its own schedule, which the simulator's documentation states.
    fn answered(&self, delivery: DeliveryId, status: Option<StatusCode>) -> DeliveryOutcome;

    /// When the vendor acts next without a call from outside: a message is due, or an answer has taken too
    /// long. `None` if nothing is left to send.
    fn next_delivery_at(&self) -> Option<Timestamp>;

    /// How many messages are not delivered yet, each counted once for each endpoint.
    fn undelivered(&self) -> usize;

    /// What the simulator's clock shows.
    fn now(&self) -> Timestamp;

    /// The faults of the sending.
    fn webhook_quirks(&self) -> WebhookQuirks;

    /// Replaces the faults of the sending from now on.
    fn set_webhook_quirks(&self, quirks: WebhookQuirks);

    /// Changes the faults of the sending from now on. `change` must not use the simulator.
    fn change_webhook_quirks(&self, change: impl FnOnce(&mut WebhookQuirks))
    where
        Self: Sized,
    {
        let mut quirks = self.webhook_quirks();
        change(&mut quirks);
        self.set_webhook_quirks(quirks);
    }

    /// Everything that is due, as by [`next_delivery`](Self::next_delivery).
    fn due_deliveries(&self) -> Vec<Delivery> {
        std::iter::from_fn(|| self.next_delivery()).collect()
    }

    /// Sends everything that is due through `transport`, one request after the other, and reports the answers.
    /// A transport error counts as no answer. The vendor's time limit is for the transport to keep.
    async fn deliver_due(&self, transport: &dyn HttpTransport) -> DeliveryReport {
        let mut report = DeliveryReport::default();
        while let Some(delivery) = self.next_delivery() {
            let answer = transport.send(delivery.request).await;
            let status = answer.ok().map(|answer| answer.status());
            report.count(self.answered(delivery.id, status));
        }
        report
    }

    /// Sends until nothing is left, and moves `clock` to each next sending. It has to be the clock of this
    /// simulator; with another one the run ends at the first wait.
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
