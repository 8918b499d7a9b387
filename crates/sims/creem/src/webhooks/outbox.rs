//! The queue of events, and when they are sent again.

use std::sync::Arc;

use anykey_core::{SignedDuration, Timestamp};
use anykey_sim_kit::RetrySchedule;
use bytes::Bytes;

use super::endpoint::Endpoint;

/// The vendor's timeout is not documented; it is 30 seconds here.
const SCHEDULE: RetrySchedule = RetrySchedule { timeout: SignedDuration::from_secs(30), wait };
/// The waits before the retries, by the documentation of 2026. An older page of it has other ones.
const RETRIES: [SignedDuration; 4] = [
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(6),
];

/// The endpoints of all stores, the queued events, and the feeds.
pub(crate) struct Outbox {
    pub(super) sending: anykey_sim_kit::Outbox<Endpoint, Message>,
    pub(super) feeds: Vec<Feed>,
}

/// An event, with the same body in every attempt.
pub(super) struct Message {
    pub(super) id: Arc<str>,
    pub(super) event_type: String,
    pub(super) body: Bytes,
}

/// An endpoint whose events wait until they are acknowledged.
pub(super) struct Feed {
    pub(super) endpoint: Endpoint,
    /// Oldest first.
    pub(super) events: Vec<FeedEvent>,
}

/// An event that is in the feed, acknowledged or not.
pub(super) struct FeedEvent {
    pub(super) message: Arc<Message>,
    pub(super) created_at: Timestamp,
    /// Whether the first acknowledgement reported a success; `None` before it.
    pub(super) acknowledged: Option<bool>,
}

impl Outbox {
    /// Without any, events are not even written.
    pub(super) fn has_endpoints(&self) -> bool {
        !self.sending.endpoints.is_empty() || !self.feeds.is_empty()
    }
}

impl Default for Outbox {
    fn default() -> Self {
        Self { sending: anykey_sim_kit::Outbox::new(SCHEDULE), feeds: Vec::new() }
    }
}

/// The wait after this many attempts; `None` after the last retry.
fn wait(attempts: u32) -> Option<SignedDuration> {
    RETRIES.get(usize::try_from(attempts.checked_sub(1)?).ok()?).copied()
}
