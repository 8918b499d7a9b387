//! Requests in flight, shared by their callers.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::{Result, Validation};
use futures_util::future::{BoxFuture, FutureExt, Shared, WeakShared};

use crate::generation::{About, Generation, Generations};
use crate::tag::Tag;

/// The result of a request, for all its callers.
pub(crate) type Outcome = Result<Validation>;

/// A request in flight. Every caller polls it, so it continues as long as one caller waits, whichever other ones were
/// cancelled.
pub(crate) type Flight = Shared<BoxFuture<'static, Outcome>>;

/// The requests in flight, by the tag of the request.
#[derive(Default)]
pub(crate) struct Flights(Mutex<Table>);

#[derive(Default)]
struct Table {
    in_flight: HashMap<Tag, InFlight>,
    started: u64,
}

struct InFlight {
    number: u64,
    sent: Generation,
    about: About,
    flight: WeakShared<BoxFuture<'static, Outcome>>,
}

/// Removes a flight from the table when it ends, also when all callers were cancelled or the provider panicked.
pub(crate) struct RemoveOnDrop {
    flights: Arc<Flights>,
    request: Tag,
    number: u64,
}

impl Flights {
    /// Locks the table, to look up and insert one flight. No flight can be removed meanwhile.
    pub(crate) fn lock(self: &Arc<Self>) -> LockedFlights<'_> {
        let table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        LockedFlights { flights: self, table }
    }
}

/// The locked table of flights.
pub(crate) struct LockedFlights<'a> {
    flights: &'a Arc<Flights>,
    table: MutexGuard<'a, Table>,
}

impl LockedFlights<'_> {
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.table.in_flight.len()
    }

    /// The flight for `request`; `None` when there is none or it was invalidated.
    pub(crate) fn find(&self, request: Tag, generations: &Generations) -> Option<Flight> {
        let in_flight = self.table.in_flight.get(&request)?;
        // Checked before the upgrade: dropping an upgraded flight here would deadlock.
        generations.is_current(in_flight.sent, &in_flight.about).then(|| in_flight.flight.upgrade())?
    }

    /// Inserts a new flight, in place of an invalidated one. The future that `start` returns has to keep the guard
    /// until the answer is there.
    pub(crate) fn start(
        mut self,
        request: Tag,
        sent: Generation,
        about: About,
        start: impl FnOnce(RemoveOnDrop) -> BoxFuture<'static, Outcome>,
    ) -> Flight {
        self.table.started = self.table.started.wrapping_add(1);
        let number = self.table.started;
        let flight = start(RemoveOnDrop { flights: Arc::clone(self.flights), request, number }).shared();
        if let Some(weak) = flight.downgrade() {
            self.table.in_flight.insert(request, InFlight { number, sent, about, flight: weak });
        }
        flight
    }
}

impl Drop for RemoveOnDrop {
    fn drop(&mut self) {
        if let Slot::Occupied(slot) = self.flights.lock().table.in_flight.entry(self.request)
            && slot.get().number == self.number
        {
            slot.remove();
        }
    }
}
