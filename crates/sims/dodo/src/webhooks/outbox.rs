use std::collections::BTreeMap;
use std::sync::Arc;

use anykey_core::{SignedDuration, Timestamp};

use super::delivery::{DeliveryId, DeliveryOutcome};
use super::endpoint::Endpoint;
use super::event::Event;
use super::quirks::{DUPLICATE, LOST_ANSWER, OVERTAKING, WebhookQuirks};
use crate::ids::IdSource;

/// How long the vendor waits for an answer.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(15);
/// How long after each failure a message is sent again.
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
/// Keeps ids of endpoints and messages apart from those of everything else.
const SALT: u64 = 0x7765_6268_6F6F_6B73;

/// The endpoints, and what is still to be sent to them. Without endpoints nothing is kept.
pub(crate) struct Outbox {
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) ids: IdSource,
    pub(crate) quirks: WebhookQuirks,
    queue: BTreeMap<(Timestamp, u64), Pending>,
    /// Sent and not answered yet, oldest first.
    flights: BTreeMap<DeliveryId, Flight>,
    counted: u64,
}

/// An event on its way to one endpoint.
struct Pending {
    endpoint: Arc<str>,
    message: Arc<Message>,
    /// How often it was sent.
    attempts: u32,
    /// It was delivered before and is sent once more.
    repeated: bool,
}

/// An event and the id that all its requests have.
pub(super) struct Message {
    pub(super) id: Arc<str>,
    pub(super) event: Event,
}

/// What goes out now.
pub(super) struct Sending {
    pub(super) id: DeliveryId,
    pub(super) endpoint: Arc<str>,
    pub(super) message: Arc<Message>,
    pub(super) attempt: u32,
}

struct Flight {
    pending: Pending,
    sent_at: Timestamp,
}

impl Outbox {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self {
            endpoints: Vec::new(),
            ids: IdSource::new(seed ^ SALT),
            quirks: WebhookQuirks::default(),
            queue: BTreeMap::new(),
            flights: BTreeMap::new(),
            counted: 0,
        }
    }

    /// Whether an event would be kept at all.
    pub(crate) fn is_listened_to(&self) -> bool {
        !self.endpoints.is_empty()
    }

    /// Puts an event in the queue of each endpoint that wants it; returns the event's number.
    pub(super) fn post(&mut self, event: Event) -> u64 {
        let number = self.count();
        let wanting = |endpoint: &&Endpoint| endpoint.wants(&event.business, &event.event_type);
        let endpoints: Vec<_> =
            self.endpoints.iter().filter(wanting).map(|one| Arc::clone(&one.id)).collect();
        if endpoints.is_empty() {
            return number;
        }
        let happened_at = event.happened_at;
        let message = Arc::new(Message { id: self.ids.id("msg"), event });
        for endpoint in endpoints {
            let message = Arc::clone(&message);
            let due = later(happened_at, self.quirks.delay(self.counted));
            self.enqueue(due, Pending { endpoint, message, attempts: 0, repeated: false });
        }
        number
    }

    /// Takes the next message that is due, and marks it as sent.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<Sending> {
        self.expire(now);
        let place = self.next_place(now)?;
        let pending = self.queue.remove(&place)?;
        let attempts = pending.attempts.saturating_add(1);
        let id = DeliveryId(self.count());
        let sending = Sending {
            id,
            endpoint: Arc::clone(&pending.endpoint),
            message: Arc::clone(&pending.message),
            attempt: attempts,
        };
        self.flights.insert(id, Flight { pending: Pending { attempts, ..pending }, sent_at: now });
        Some(sending)
    }

    /// Decides what becomes of a message after an answer, or after none.
    pub(super) fn settle(&mut self, id: DeliveryId, well: bool, now: Timestamp) -> DeliveryOutcome {
        self.expire(now);
        let Some(Flight { pending, .. }) = self.flights.remove(&id) else { return DeliveryOutcome::Unknown };
        if !well || self.quirks.befalls(self.quirks.lost_answers, LOST_ANSWER, id.0) {
            return self.retry(pending, now);
        }
        if !pending.repeated && self.quirks.befalls(self.quirks.duplicates, DUPLICATE, id.0) {
            let due = later(now, self.quirks.delay(self.counted));
            self.enqueue(due, Pending { repeated: true, ..pending });
        }
        DeliveryOutcome::Delivered
    }

    /// When something happens next by itself: a message is due, or an answer is overdue.
    pub(super) fn next_at(&self) -> Option<Timestamp> {
        let due = self.queue.keys().next().map(|(due, _)| *due);
        let overdue = self.flights.values().next().map(|flight| later(flight.sent_at, TIMEOUT));
        due.into_iter().chain(overdue).min()
    }

    /// How many messages wait or are under way, each counted once for each endpoint.
    pub(super) fn len(&self) -> usize {
        self.queue.len() + self.flights.len()
    }

    pub(super) fn endpoint(&self, id: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| *endpoint.id == *id)
    }

    pub(super) fn endpoint_mut(&mut self, id: &str) -> Option<&mut Endpoint> {
        self.endpoints.iter_mut().find(|endpoint| *endpoint.id == *id)
    }

    /// Removes an endpoint and all that was to be sent to it. False if it is unknown.
    pub(super) fn close(&mut self, id: &str) -> bool {
        let before = self.endpoints.len();
        self.endpoints.retain(|endpoint| *endpoint.id != *id);
        self.queue.retain(|_, pending| *pending.endpoint != *id);
        self.flights.retain(|_, flight| *flight.pending.endpoint != *id);
        self.endpoints.len() < before
    }

    /// Gives up waiting for answers that are overdue.
    fn expire(&mut self, now: Timestamp) {
        while let Some(first) = self.flights.first_entry() {
            let expired_at = later(first.get().sent_at, TIMEOUT);
            if expired_at > now {
                return;
            }
            let pending = first.remove().pending;
            self.retry(pending, expired_at);
        }
    }

    fn retry(&mut self, pending: Pending, now: Timestamp) -> DeliveryOutcome {
        let failures = usize::try_from(pending.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
        let Some(wait) = RETRIES.get(failures) else { return DeliveryOutcome::GivenUp };
        let at = later(now, *wait);
        self.enqueue(at, pending);
        DeliveryOutcome::Retried { at }
    }

    fn enqueue(&mut self, due: Timestamp, pending: Pending) {
        let number = self.count();
        self.queue.insert((due, number), pending);
    }

    /// The place in the queue of the message that goes out next; it may overtake others that are due.
    fn next_place(&self, now: Timestamp) -> Option<(Timestamp, u64)> {
        let due = self.queue.range(..=(now, u64::MAX)).take(self.quirks.overtaking.saturating_add(1));
        let places: Vec<_> = due.map(|(place, _)| *place).collect();
        let number = u64::try_from(places.len()).ok().filter(|number| *number > 0)?;
        let chosen = self.quirks.chance(OVERTAKING, self.counted) % number;
        places.get(usize::try_from(chosen).ok()?).copied()
    }

    const fn count(&mut self) -> u64 {
        self.counted += 1;
        self.counted
    }
}

impl Default for Outbox {
    fn default() -> Self {
        Self::seeded(0)
    }
}

fn later(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.checked_add(wait).unwrap_or(at)
}
