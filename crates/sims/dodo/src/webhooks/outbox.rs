//! The queue of events, and when they are sent again.

use std::sync::Arc;

use anykey_core::SignedDuration;
use anykey_sim_kit::RetrySchedule;

use super::endpoint::Endpoint;
use super::event::Event;
use super::quirks::EventQuirks;
use crate::ids::IdSource;

/// The vendor's timeout and the waits between retries.
///
/// As documented in 2026: up to eight retries over about a day.
const SCHEDULE: RetrySchedule = RetrySchedule { timeout: SignedDuration::from_secs(15), wait };
/// The wait before each retry.
const RETRIES: [SignedDuration; 8] = [
    SignedDuration::ZERO,
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
];
/// Separates the ids of endpoints and messages from all other ids.
const SALT: u64 = 0x7765_6268_6F6F_6B73;

/// The endpoints of all businesses, and the queue of their events. Without endpoints nothing is queued.
pub(crate) struct Outbox {
    pub(super) messages: anykey_sim_kit::Outbox<Endpoint, Message>,
    pub(super) ids: IdSource,
    pub(super) events: EventQuirks,
}

/// An event and the id that all its requests have.
pub(super) struct Message {
    pub(super) id: Arc<str>,
    pub(super) event: Event,
}

impl Outbox {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self {
            messages: anykey_sim_kit::Outbox::new(SCHEDULE),
            ids: IdSource::new(seed ^ SALT),
            events: EventQuirks::default(),
        }
    }

    /// Whether there is an endpoint.
    pub(crate) fn has_endpoints(&self) -> bool {
        !self.messages.endpoints.is_empty()
    }

    /// Queues an event for each endpoint that is subscribed to it; returns the event's number.
    pub(super) fn post(&mut self, event: Event) -> u64 {
        let endpoints = self.messages.endpoints.iter();
        let wanting = endpoints.filter(|endpoint| endpoint.wants(&event.business, &event.event_type));
        let wanting: Vec<_> = wanting.map(|endpoint| Arc::clone(&endpoint.id)).collect();
        let at = event.happened_at;
        let id = if wanting.is_empty() { "".into() } else { self.ids.id("msg") };
        let message = Arc::new(Message { id, event });
        self.messages.post(at, wanting.into_iter().map(|endpoint| (endpoint, Arc::clone(&message))))
    }
}

impl Default for Outbox {
    fn default() -> Self {
        Self::seeded(0)
    }
}

/// The wait after this many attempts; `None` after the last retry.
fn wait(attempts: u32) -> Option<SignedDuration> {
    RETRIES.get(usize::try_from(attempts.checked_sub(1)?).ok()?).copied()
}
