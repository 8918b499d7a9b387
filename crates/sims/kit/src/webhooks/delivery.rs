use std::fmt;

use anykey_core::Timestamp;
use bytes::Bytes;
use http::Request;

/// The id of one attempt to send a message. A retry of the same message has another id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub(super) u64);

impl DeliveryId {
    /// The number of the attempt, counted over all endpoints.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// One webhook request of the vendor; see [`WebhookSender::next_delivery`](crate::WebhookSender::next_delivery).
///
/// It is in flight until [`WebhookSender::answered`](crate::WebhookSender::answered) reports its answer, and fails
/// after the vendor's timeout, measured with the simulator's clock. `Debug` prints neither URL nor body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// The id with which its answer is reported.
    pub id: DeliveryId,
    /// The endpoint's id, in the vendor's format.
    pub endpoint_id: String,
    /// The vendor's name of the event's type, such as `license_key.created`.
    pub event_type: String,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// When it is sent.
    pub at: Timestamp,
    /// The request: a `POST` with the event's JSON and its signature.
    pub request: Request<Bytes>,
}

impl Delivery {
    /// The delivery of `request` for the outbox message `sending`.
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

/// What happens to a message after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryOutcome {
    /// The message is delivered.
    Delivered,
    /// The attempt failed, and the message is sent again.
    Retried {
        /// When it is sent again.
        at: Timestamp,
    },
    /// The last attempt failed, and the message is lost.
    GivenUp,
    /// There is no such delivery in flight: it was answered before, or it timed out.
    Unknown,
}
