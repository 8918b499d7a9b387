//! Changes of a customer's state, which the vendor sends some time after the last of them.

use std::collections::{BTreeSet, HashMap};

use anykey_core::{SignedDuration, Timestamp};
use uuid::Uuid;

/// How long a customer must be unchanged before the event is sent.
const QUIET: SignedDuration = SignedDuration::from_secs(15);
/// The maximum delay of an event.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// The customers with a pending event. Further changes do not add another event.
#[derive(Default)]
pub(crate) struct StateChanges {
    by_customer: HashMap<Uuid, Waiting>,
    by_time: BTreeSet<(Timestamp, Uuid)>,
}

struct Waiting {
    since: Timestamp,
    due: Timestamp,
}

impl StateChanges {
    /// Records a change of a customer.
    pub(super) fn note(&mut self, customer: Uuid, now: Timestamp) {
        let since = self.by_customer.get(&customer).map_or(now, |waiting| waiting.since);
        let due = later(now, QUIET).min(later(since, LONGEST));
        if let Some(before) = self.by_customer.insert(customer, Waiting { since, due }) {
            self.by_time.remove(&(before.due, customer));
        }
        self.by_time.insert((due, customer));
    }

    /// Takes a customer whose event is due.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<Uuid> {
        let (due, customer) = *self.by_time.first()?;
        if due > now {
            return None;
        }
        self.by_time.pop_first();
        self.by_customer.remove(&customer);
        Some(customer)
    }

    /// When the next event is due.
    pub(super) fn next_at(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(due, _)| *due)
    }

    pub(super) fn len(&self) -> usize {
        self.by_time.len()
    }
}

fn later(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.checked_add(wait).unwrap_or(at)
}
