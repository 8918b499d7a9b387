//! The addresses that receive pings, and the pings that are queued.

use anykey_core::SignedDuration;
use anykey_sim_kit::{Endpoint, Outbox, RetrySchedule};
use http::Uri;

use super::ping_event::PingEvent;

/// The vendor waits five seconds for an answer (server code, 2025).
const SCHEDULE: RetrySchedule = RetrySchedule { timeout: SignedDuration::from_secs(5), wait };
/// The waits before the three retries. The vendor's help page says once an hour; the server code says this.
const RETRIES: [SignedDuration; 3] =
    [SignedDuration::from_secs(60), SignedDuration::from_secs(180), SignedDuration::from_secs(600)];
/// The fields of a form, in their order.
pub(super) type Fields = Vec<(String, String)>;

/// An address that receives pings about one kind of event.
pub(super) struct Subscriber {
    pub(super) id: String,
    pub(super) seller: u64,
    pub(super) event: PingEvent,
    pub(super) url: String,
    pub(super) uri: Uri,
}

impl Endpoint for Subscriber {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// One event for one address.
pub(super) struct Ping {
    pub(super) event: PingEvent,
    pub(super) fields: Fields,
}

/// The addresses of all sellers, and the queued pings.
pub(super) struct Pings(pub(super) Outbox<Subscriber, Ping>);

impl Default for Pings {
    fn default() -> Self {
        Self(Outbox::new(SCHEDULE))
    }
}

/// The wait after this many attempts; `None` after the last retry.
fn wait(attempts: u32) -> Option<SignedDuration> {
    RETRIES.get(usize::try_from(attempts.checked_sub(1)?).ok()?).copied()
}
