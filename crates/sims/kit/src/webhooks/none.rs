use anykey_core::{Clock, Timestamp};
use async_trait::async_trait;
use http::StatusCode;

use super::{Delivery, DeliveryId, DeliveryOutcome, WebhookQuirks, WebhookSender};

/// The [`WebhookSender`](crate::WebhookSender) of a vendor without webhooks.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_sim_kit::{NoWebhooks, WebhookSender};
///
/// let webhooks = NoWebhooks::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// assert!(webhooks.next_delivery().is_none());
/// ```
#[derive(Clone, Debug)]
pub struct NoWebhooks(Clock);

impl NoWebhooks {
    /// A sender without messages, with the simulator's clock.
    pub fn new(clock: impl Into<Clock>) -> Self {
        Self(clock.into())
    }
}

#[async_trait]
impl WebhookSender for NoWebhooks {
    fn next_delivery(&self) -> Option<Delivery> {
        None
    }

    fn answered(&self, _: DeliveryId, _: Option<StatusCode>) -> DeliveryOutcome {
        DeliveryOutcome::Unknown
    }

    fn repeat(&self, _: DeliveryId) -> bool {
        false
    }

    fn next_delivery_at(&self) -> Option<Timestamp> {
        None
    }

    fn undelivered(&self) -> usize {
        0
    }

    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn webhook_quirks(&self) -> WebhookQuirks {
        WebhookQuirks::default()
    }

    fn set_webhook_quirks(&self, _: WebhookQuirks) {}
}
