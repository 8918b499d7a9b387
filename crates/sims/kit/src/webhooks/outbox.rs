use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use anykey_core::{SignedDuration, Timestamp};

use super::quirks::{DUPLICATE, LOST_ANSWER, OVERTAKING, WebhookQuirks};
use super::{DeliveryId, DeliveryOutcome};

/// An endpoint as the [`Outbox`] knows it. What it wants, where it is and how it is signed for is the vendor's.
pub trait Endpoint {
    /// Identifies the endpoint.
    type Id: Clone + PartialEq;

    /// Its id.
    fn id(&self) -> Self::Id;

    /// A message was delivered to it.
    fn delivered(&mut self) {}

    /// A message to it was lost after the last attempt. False closes the queue: nothing that waits for the
    /// endpoint is sent any more.
    fn lost(&mut self) -> bool {
        true
    }
}

/// How long a vendor waits for answers and when it tries again.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "simulators write it as a constant")]
pub struct RetrySchedule {
    /// How long the vendor waits for an answer.
    pub timeout: SignedDuration,
    /// The wait after so many failed attempts, from 1; `None` when the message is given up.
    pub wait: fn(u32) -> Option<SignedDuration>,
}

impl fmt::Debug for RetrySchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetrySchedule").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// The webhook endpoints of a simulator and the messages that are still to be sent to them.
///
/// A message is one event for one endpoint. It is queued by [`post`](Self::post), taken by
/// [`take`](Self::take) when it is due, and ends with [`settle`](Self::settle) or after the last attempt.
#[derive(Debug)]
pub struct Outbox<E: Endpoint, M> {
    /// The endpoints that exist.
    pub endpoints: Vec<E>,
    /// The faults of the sending.
    pub quirks: WebhookQuirks,
    schedule: RetrySchedule,
    queue: BTreeMap<(Timestamp, u64), Pending<E::Id, M>>,
    /// Sent and not answered yet, oldest first.
    in_flight: BTreeMap<DeliveryId, InFlight<E::Id, M>>,
    counted: u64,
}

/// A message on its way.
#[derive(Debug)]
struct Pending<I, M> {
    endpoint: I,
    message: Arc<M>,
    /// How often it was sent.
    attempts: u32,
    /// It was delivered before and is sent once more.
    repeated: bool,
}

#[derive(Debug)]
struct InFlight<I, M> {
    pending: Pending<I, M>,
    sent_at: Timestamp,
}

/// A message that goes out now.
#[derive(Debug)]
#[non_exhaustive]
pub struct Sending<I, M> {
    /// What its answer is reported with.
    pub id: DeliveryId,
    /// The endpoint's id.
    pub endpoint: I,
    /// The message.
    pub message: Arc<M>,
    /// Which sending of the message it is, from 1.
    pub attempt: u32,
}

impl<E: Endpoint, M> Outbox<E, M> {
    /// An outbox without endpoints and without faults.
    #[must_use]
    pub fn new(schedule: RetrySchedule) -> Self {
        Self {
            endpoints: Vec::new(),
            quirks: WebhookQuirks::default(),
            schedule,
            queue: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            counted: 0,
        }
    }

    /// Queues one event as a message for each of `endpoints`, due at `at` and later by the quirks' delay.
    /// Returns the event's number, which the faults of events go by.
    pub fn post(&mut self, at: Timestamp, endpoints: impl IntoIterator<Item = (E::Id, Arc<M>)>) -> u64 {
        let number = self.count();
        for (endpoint, message) in endpoints {
            let due = later(at, self.quirks.delay(self.counted));
            self.enqueue(due, Pending { endpoint, message, attempts: 0, repeated: false });
        }
        number
    }

    /// Takes the next message that is due and marks it as sent; `None` if none is due.
    pub fn take(&mut self, now: Timestamp) -> Option<Sending<E::Id, M>> {
        self.expire(now);
        let position = self.next_position(now)?;
        let pending = self.queue.remove(&position)?;
        let attempts = pending.attempts.saturating_add(1);
        let id = DeliveryId(self.count());
        let (endpoint, message) = (pending.endpoint.clone(), Arc::clone(&pending.message));
        self.in_flight.insert(id, InFlight { pending: Pending { attempts, ..pending }, sent_at: now });
        Some(Sending { id, endpoint, message, attempt: attempts })
    }

    /// Decides what happens to a message after a good answer (`success`), another one, or none.
    pub fn settle(&mut self, id: DeliveryId, success: bool, now: Timestamp) -> DeliveryOutcome {
        self.expire(now);
        let Some(InFlight { pending, .. }) = self.in_flight.remove(&id) else {
            return DeliveryOutcome::Unknown;
        };
        if !success || self.quirks.occurs(self.quirks.lost_answers, LOST_ANSWER, id.0) {
            return self.retry(pending, now);
        }
        if let Some(endpoint) = self.endpoint_mut(&pending.endpoint) {
            endpoint.delivered();
        }
        if !pending.repeated && self.quirks.occurs(self.quirks.duplicates, DUPLICATE, id.0) {
            let due = later(now, self.quirks.delay(self.counted));
            self.enqueue(due, Pending { repeated: true, ..pending });
        }
        DeliveryOutcome::Delivered
    }

    /// When something happens next without a call from outside: a message is due, or an answer is overdue.
    #[must_use]
    pub fn next_at(&self) -> Option<Timestamp> {
        let due = self.queue.keys().next().map(|(due, _)| *due);
        let overdue = self.in_flight.values().next().map(|sent| later(sent.sent_at, self.schedule.timeout));
        due.into_iter().chain(overdue).min()
    }

    /// How many messages are queued or in flight.
    #[must_use]
    pub fn undelivered(&self) -> usize {
        self.queue.len() + self.in_flight.len()
    }

    /// The endpoint with this id.
    #[must_use]
    pub fn endpoint(&self, id: &E::Id) -> Option<&E> {
        self.endpoints.iter().find(|endpoint| endpoint.id() == *id)
    }

    /// The endpoint with this id, to be changed.
    pub fn endpoint_mut(&mut self, id: &E::Id) -> Option<&mut E> {
        self.endpoints.iter_mut().find(|endpoint| endpoint.id() == *id)
    }

    /// Removes an endpoint and everything that was to be sent to it. False if it is unknown.
    pub fn remove_endpoint(&mut self, id: &E::Id) -> bool {
        let before = self.endpoints.len();
        self.endpoints.retain(|endpoint| endpoint.id() != *id);
        self.drop_messages(id);
        self.endpoints.len() < before
    }

    fn drop_messages(&mut self, id: &E::Id) {
        self.queue.retain(|_, pending| pending.endpoint != *id);
        self.in_flight.retain(|_, sent| sent.pending.endpoint != *id);
    }

    /// Treats answers that are overdue as failures.
    fn expire(&mut self, now: Timestamp) {
        while let Some(first) = self.in_flight.first_entry() {
            let expired_at = later(first.get().sent_at, self.schedule.timeout);
            if expired_at > now {
                return;
            }
            let pending = first.remove().pending;
            self.retry(pending, expired_at);
        }
    }

    fn retry(&mut self, pending: Pending<E::Id, M>, now: Timestamp) -> DeliveryOutcome {
        if let Some(wait) = (self.schedule.wait)(pending.attempts) {
            let at = later(now, wait);
            self.enqueue(at, pending);
            return DeliveryOutcome::Retried { at };
        }
        let id = pending.endpoint;
        if self.endpoint_mut(&id).is_some_and(|endpoint| !endpoint.lost()) {
            self.drop_messages(&id);
        }
        DeliveryOutcome::GivenUp
    }

    fn enqueue(&mut self, due: Timestamp, pending: Pending<E::Id, M>) {
        let number = self.count();
        self.queue.insert((due, number), pending);
    }

    /// The position in the queue of the message that goes out next; it may overtake others that are due.
    fn next_position(&self, now: Timestamp) -> Option<(Timestamp, u64)> {
        let due = self.queue.range(..=(now, u64::MAX)).take(self.quirks.overtaking.saturating_add(1));
        let positions: Vec<_> = due.map(|(position, _)| *position).collect();
        let number = u64::try_from(positions.len()).ok().filter(|number| *number > 0)?;
        let chosen = self.quirks.chance(OVERTAKING, self.counted) % number;
        positions.get(usize::try_from(chosen).ok()?).copied()
    }

    const fn count(&mut self) -> u64 {
        self.counted += 1;
        self.counted
    }
}

fn later(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.checked_add(wait).unwrap_or(at)
}
