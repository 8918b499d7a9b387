use std::fmt;

use anykey_core::Timestamp;
use bytes::Bytes;
use http::Request;

/// Identifies one sending of one message. A retry of the same message has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub(super) u64);

impl DeliveryId {
    /// The number of the sending, counted over all endpoints.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// One request that the vendor sends now; see [`WebhookSender::next_delivery`](crate::WebhookSender::next_delivery).
///
/// It is in flight until [`WebhookSender::answered`](crate::WebhookSender::answered) reports its answer, and
/// counts as failed after the vendor's time limit by the simulator's clock. `Debug` prints neither address nor
/// body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// What its answer is reported with.
    pub id: DeliveryId,
    /// The endpoint's id, in the vendor's own form.
    pub endpoint_id: String,
    /// The event's type in the vendor's own words, such as `license_key.created`.
    pub event_type: String,
    /// Which sending of the message it is, from 1.
    pub attempt: u32,
    /// When it is sent.
    pub at: Timestamp,
    /// What is sent: a `POST` with the event's JSON and its signature.
    pub request: Request<Bytes>,
}

impl Delivery {
    /// The delivery of `request`, which the outbox handed out as `sending`.
    #[must_use]
    pub fn new<E, M>(
        sending: &super::Sending<E, M>,
        endpoint_id: String,
        event_type: String,
        at: Timestamp,
        request: Request<Bytes>,
    ) -> Self {
        Self { id: sending.id, endpoint_id, event_type, attempt: sending.attempt, at, request }
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("endpoint_id", &self.endpoint_id)
            .field("event_type", &self.event_type)
            .field("attempt", &self.attempt)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// What the vendor does after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryOutcome {
    /// The message is delivered.
    Delivered,
    /// The message failed and is sent again.
    Retried {
        /// When.
        at: Timestamp,
    },
    /// The message failed for the last time and is lost.
    GivenUp,
    /// There is no such delivery in flight: it was answered before, or its time ran out.
    Unknown,
}
