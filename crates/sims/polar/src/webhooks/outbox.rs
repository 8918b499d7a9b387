use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use anykey_core::{SignedDuration, Timestamp};
use bytes::Bytes;
use uuid::Uuid;

use super::delivery::{DeliveryId, DeliveryOutcome};
use super::endpoint::Endpoint;
use super::quirks::{DUPLICATE, LOST_ANSWER, OVERTAKING, WebhookQuirks};
use crate::ids::Ids;

/// How long the vendor waits for an answer.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(10);
/// How often an event is sent.
const ATTEMPTS: u32 = 10;
/// The longest time between two attempts, in seconds.
const LONGEST_WAIT: i64 = 20 * 60;
/// How many events in a row may be lost before the endpoint is.
const LOST_IN_A_ROW: u32 = 10;
/// Keeps ids of endpoints and events apart from those of everything else.
const SALT: u64 = 0x7765_6268_6F6F_6B73;

/// The endpoints, and what is still to be sent to them. Without endpoints nothing is kept.
pub(crate) struct Outbox {
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) ids: Ids,
    pub(crate) quirks: WebhookQuirks,
    queue: BTreeMap<(Timestamp, u64), Pending>,
    /// Sent and not answered yet, oldest first.
    flights: BTreeMap<DeliveryId, Flight>,
    counted: u64,
}

/// An event on its way to one endpoint.
struct Pending {
    message: Arc<Message>,
    /// How often it was sent.
    attempts: u32,
    /// It was delivered before and is sent once more.
    repeated: bool,
}

/// An event for one endpoint, as all its requests have it.
pub(super) struct Message {
    pub(super) id: Uuid,
    pub(super) endpoint: Uuid,
    pub(super) event_type: Cow<'static, str>,
    pub(super) body: Bytes,
}

/// What goes out now.
pub(super) struct Sending {
    pub(super) id: DeliveryId,
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
            ids: Ids::seeded(seed ^ SALT),
            quirks: WebhookQuirks::default(),
            queue: BTreeMap::new(),
            flights: BTreeMap::new(),
            counted: 0,
        }
    }

    /// Whether anyone in `organization` would be told of an event of this type.
    pub(crate) fn is_wanted(&self, organization: Uuid, event_type: &str) -> bool {
        self.endpoints.iter().any(|endpoint| endpoint.wants(organization, event_type))
    }

    /// Puts an event in the queue of each endpoint that wants it; returns the event's number.
    pub(super) fn post(
        &mut self,
        organization: Uuid,
        event_type: Cow<'static, str>,
        body: &Bytes,
        now: Timestamp,
    ) -> u64 {
        let number = self.count();
        let wanting = self.endpoints.iter().filter(|endpoint| endpoint.wants(organization, &event_type));
        let endpoints: Vec<Uuid> = wanting.map(|endpoint| endpoint.id).collect();
        for endpoint in endpoints {
            let id = self.ids.uuid();
            let message = Message { id, endpoint, event_type: event_type.clone(), body: body.clone() };
            let due = later(now, self.quirks.delay(self.counted));
            self.enqueue(due, Pending { message: Arc::new(message), attempts: 0, repeated: false });
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
        let sending = Sending { id, message: Arc::clone(&pending.message), attempt: attempts };
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
        if let Some(endpoint) = self.endpoint_mut(pending.message.endpoint) {
            endpoint.lost_in_a_row = 0;
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

    pub(super) fn endpoint(&self, id: Uuid) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.id == id)
    }

    pub(super) fn endpoint_mut(&mut self, id: Uuid) -> Option<&mut Endpoint> {
        self.endpoints.iter_mut().find(|endpoint| endpoint.id == id)
    }

    /// Removes an endpoint and all that was to be sent to it. False if it is unknown.
    pub(super) fn close(&mut self, id: Uuid) -> bool {
        let before = self.endpoints.len();
        self.endpoints.retain(|endpoint| endpoint.id != id);
        self.forget(id);
        self.endpoints.len() < before
    }

    /// Drops all that was to be sent to an endpoint.
    fn forget(&mut self, endpoint: Uuid) {
        self.queue.retain(|_, pending| pending.message.endpoint != endpoint);
        self.flights.retain(|_, flight| flight.pending.message.endpoint != endpoint);
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
        if pending.attempts < ATTEMPTS {
            let wait = 2_i64.saturating_pow(pending.attempts).min(LONGEST_WAIT);
            let at = later(now, SignedDuration::from_secs(wait));
            self.enqueue(at, pending);
            return DeliveryOutcome::Retried { at };
        }
        let id = pending.message.endpoint;
        if let Some(endpoint) = self.endpoint_mut(id) {
            endpoint.lost_in_a_row += 1;
            endpoint.enabled = endpoint.lost_in_a_row < LOST_IN_A_ROW;
            if !endpoint.enabled {
                self.forget(id);
            }
        }
        DeliveryOutcome::GivenUp
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

fn later(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.checked_add(wait).unwrap_or(at)
}
