//! The queue of events, and when they are sent again.

use anykey_core::SignedDuration;
use anykey_sim_kit::RetrySchedule;
use bytes::Bytes;

use super::endpoint::Endpoint;

/// The vendor's timeout is not documented; it is 30 seconds here.
const SCHEDULE: RetrySchedule = RetrySchedule { timeout: SignedDuration::from_secs(30), wait };
/// The waits before the retries, as documented in 2026.
const RETRIES: [SignedDuration; 3] =
    [SignedDuration::from_secs(5), SignedDuration::from_secs(25), SignedDuration::from_secs(125)];

/// The endpoints of all stores, and the queued events.
pub(crate) struct Outbox(pub(super) anykey_sim_kit::Outbox<Endpoint, Message>);

/// An event for one endpoint, with the same body in every attempt.
pub(super) struct Message {
    pub(super) event_name: String,
    pub(super) body: Bytes,
}

impl Default for Outbox {
    fn default() -> Self {
        Self(anykey_sim_kit::Outbox::new(SCHEDULE))
    }
}

/// The wait after this many attempts; `None` after the last retry.
fn wait(attempts: u32) -> Option<SignedDuration> {
    RETRIES.get(usize::try_from(attempts.checked_sub(1)?).ok()?).copied()
}
