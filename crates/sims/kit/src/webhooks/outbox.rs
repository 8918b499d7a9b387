use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use anykey_core::{SignedDuration, Timestamp};

use super::quirks::{DUPLICATE, LOST_ANSWER, OVERTAKING, WebhookQuirks};
use super::{DeliveryId, DeliveryOutcome};

/// An endpoint of an [`Outbox`]. Its URL, subscriptions and signatures are up to the vendor's simulator.
pub trait Endpoint {
    /// The type of the id.
    type Id: Clone + PartialEq;

    /// The endpoint's id.
    fn id(&self) -> Self::Id;

    /// Called when a message was delivered.
    fn delivered(&mut self) {}

    /// Called when a message was lost after the last attempt. Returning false drops all queued messages for the
    /// endpoint.
    fn lost(&mut self) -> bool {
        true
    }
}

/// A vendor's timeout and retry schedule.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "simulators write it as a constant")]
pub struct RetrySchedule {
    /// The timeout of an attempt.
    pub timeout: SignedDuration,
    /// The wait after this many failed attempts, from 1; `None` when the message is lost.
    pub wait: fn(u32) -> Option<SignedDuration>,
}

impl fmt::Debug for RetrySchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetrySchedule").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// The webhook endpoints of a simulator and the queue of their messages.
///
/// A message is one event for one endpoint. [`post`](Self::post) queues it, [`take`](Self::take) takes it when it is
/// due, and it ends with [`settle`](Self::settle) or after the last attempt.
#[derive(Debug)]
pub struct Outbox<E: Endpoint, M> {
    /// The endpoints.
    pub endpoints: Vec<E>,
    /// The faults of sending.
    pub quirks: WebhookQuirks,
    schedule: RetrySchedule,
    queue: BTreeMap<(Timestamp, u64), Pending<E::Id, M>>,
    /// Messages without an answer yet, oldest first.
    in_flight: BTreeMap<DeliveryId, InFlight<E::Id, M>>,
    /// The latest messages that were delivered or given up, oldest first.
    settled: VecDeque<Settled<E::Id, M>>,
    counted: u64,
}

/// How many settled messages can be sent again.
const MOST_SETTLED: usize = 64;

/// A message to send.
#[derive(Debug)]
struct Pending<I, M> {
    endpoint: I,
    message: Arc<M>,
    /// The number of attempts so far.
    attempts: u32,
    /// Whether it was delivered and is sent again as a duplicate.
    repeated: bool,
}

#[derive(Debug)]
struct InFlight<I, M> {
    pending: Pending<I, M>,
    sent_at: Timestamp,
}

#[derive(Debug)]
struct Settled<I, M> {
    id: DeliveryId,
    endpoint: I,
    message: Arc<M>,
}

/// A message that is sent now.
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
            settled: VecDeque::new(),
            counted: 0,
        }
    }

    /// Queues one event as a message for each of `endpoints`, due at `at` plus the delay of the quirks. Returns the
    /// event's number, which determines its faults.
    pub fn post(&mut self, at: Timestamp, endpoints: impl IntoIterator<Item = (E::Id, Arc<M>)>) -> u64 {
        let number = self.count();
        for (endpoint, message) in endpoints {
            let due = later(at, self.quirks.delay(self.counted));
            self.enqueue(due, Pending { endpoint, message, attempts: 0, repeated: false });
        }
        number
    }

    /// Takes the next due message and marks it as in flight; `None` if none is due.
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

    /// Records the result of an attempt: `success` for a successful answer, false for any other or none.
    pub fn settle(&mut self, id: DeliveryId, success: bool, now: Timestamp) -> DeliveryOutcome {
        self.expire(now);
        let Some(InFlight { pending, .. }) = self.in_flight.remove(&id) else {
            return DeliveryOutcome::Unknown;
        };
        if !success || self.quirks.occurs(self.quirks.lost_answers, LOST_ANSWER, id.0) {
            return self.retry(id, pending, now);
        }
        self.keep(id, &pending);
        if let Some(endpoint) = self.endpoint_mut(&pending.endpoint) {
            endpoint.delivered();
        }
        if !pending.repeated && self.quirks.occurs(self.quirks.duplicates, DUPLICATE, id.0) {
            let due = later(now, self.quirks.delay(self.counted));
            self.enqueue(due, Pending { repeated: true, ..pending });
        }
        DeliveryOutcome::Delivered
    }

    /// Queues the message of `id` again, due at `now`, as the seller can do in a vendor's dashboard. False if the
    /// message was not delivered or given up among the latest 64, or if its endpoint is gone.
    pub fn repeat(&mut self, id: DeliveryId, now: Timestamp) -> bool {
        let Some(settled) = self.settled.iter().find(|settled| settled.id == id) else { return false };
        let (endpoint, message) = (settled.endpoint.clone(), Arc::clone(&settled.message));
        let is_known = self.endpoint(&endpoint).is_some();
        if is_known {
            self.enqueue(now, Pending { endpoint, message, attempts: 0, repeated: true });
        }
        is_known
    }

    /// When the next message is due or the next attempt times out; `None` if there is neither.
    #[must_use]
    pub fn next_at(&self) -> Option<Timestamp> {
        let due = self.queue.keys().next().map(|(due, _)| *due);
        let overdue = self.in_flight.values().next().map(|sent| later(sent.sent_at, self.schedule.timeout));
        due.into_iter().chain(overdue).min()
    }

    /// The number of messages that are queued or in flight.
    #[must_use]
    pub fn undelivered(&self) -> usize {
        self.queue.len() + self.in_flight.len()
    }

    /// The endpoint with this id.
    #[must_use]
    pub fn endpoint(&self, id: &E::Id) -> Option<&E> {
        self.endpoints.iter().find(|endpoint| endpoint.id() == *id)
    }

    /// The endpoint with this id, for changes.
    pub fn endpoint_mut(&mut self, id: &E::Id) -> Option<&mut E> {
        self.endpoints.iter_mut().find(|endpoint| endpoint.id() == *id)
    }

    /// Removes an endpoint and its messages. False if it is unknown.
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

    /// Fails the attempts that have timed out.
    fn expire(&mut self, now: Timestamp) {
        while let Some(first) = self.in_flight.first_entry() {
            let expired_at = later(first.get().sent_at, self.schedule.timeout);
            if expired_at > now {
                return;
            }
            let (id, sent) = first.remove_entry();
            self.retry(id, sent.pending, expired_at);
        }
    }

    fn keep(&mut self, id: DeliveryId, pending: &Pending<E::Id, M>) {
        if self.settled.len() == MOST_SETTLED {
            self.settled.pop_front();
        }
        let (endpoint, message) = (pending.endpoint.clone(), Arc::clone(&pending.message));
        self.settled.push_back(Settled { id, endpoint, message });
    }

    fn retry(&mut self, id: DeliveryId, pending: Pending<E::Id, M>, now: Timestamp) -> DeliveryOutcome {
        if let Some(wait) = (self.schedule.wait)(pending.attempts) {
            let at = later(now, wait);
            self.enqueue(at, pending);
            return DeliveryOutcome::Retried { at };
        }
        self.keep(id, &pending);
        let endpoint_id = pending.endpoint;
        if self.endpoint_mut(&endpoint_id).is_some_and(|endpoint| !endpoint.lost()) {
            self.drop_messages(&endpoint_id);
        }
        DeliveryOutcome::GivenUp
    }

    fn enqueue(&mut self, due: Timestamp, pending: Pending<E::Id, M>) {
        let number = self.count();
        self.queue.insert((due, number), pending);
    }

    /// The position in the queue of the next message, which may overtake others that are due.
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
