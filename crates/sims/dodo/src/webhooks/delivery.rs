use std::fmt;

use anykey_core::Timestamp;
use bytes::Bytes;
use http::Request;

/// Names one sending of one message. A retry of the same message has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub(super) u64);

/// One request that the vendor sends now; see [`DodoSim::next_delivery`](crate::DodoSim::next_delivery).
///
/// Until [`DodoSim::answered`](crate::DodoSim::answered) is told what became of it, it is under way;
/// after 15 seconds by the simulator's clock it counts as failed. `Debug` shows neither address nor body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// What to tell the answer with.
    pub id: DeliveryId,
    /// The endpoint's id, `ep_…`.
    pub endpoint_id: String,
    /// The event's type, such as `license_key.created`.
    pub event_type: String,
    /// Which sending of the message it is, from 1.
    pub attempt: u32,
    /// When it is sent.
    pub at: Timestamp,
    /// What is sent: a `POST` with the event's JSON and its signature.
    pub request: Request<Bytes>,
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

/// What the vendor makes of an answer.
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
    /// There is no such delivery under way: it was answered before, or its time ran out.
    Unknown,
}
