//! Requests under way, and who waits for them.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::{Result, Validation};
use futures_util::future::{BoxFuture, FutureExt, Shared, WeakShared};

use crate::generation::{About, Generation, Generations};
use crate::tag::Tag;

/// What a request brings home, for all who wait.
pub(crate) type Outcome = Result<Validation>;

/// A request under way. Whoever waits for it drives it, so it lives as long as anybody waits: nobody leads, and
/// nobody's giving up hurts the others.
pub(crate) type Flight = Shared<BoxFuture<'static, Outcome>>;

/// The requests under way, by what they ask.
#[derive(Default)]
pub(crate) struct Flights(Mutex<Table>);

#[derive(Default)]
struct Table {
    under_way: HashMap<Tag, UnderWay>,
    started: u64,
}

struct UnderWay {
    number: u64,
    asked: Generation,
    about: About,
    flight: WeakShared<BoxFuture<'static, Outcome>>,
}

/// Takes a flight off the table when it is over, also when everybody gave up or the provider panicked.
pub(crate) struct Landing {
    flights: Arc<Flights>,
    request: Tag,
    number: u64,
}

impl Flights {
    /// The table, locked for one look and one entry. No flight may end while it is: its landing waits for it.
    pub(crate) fn board(self: &Arc<Self>) -> Board<'_> {
        let table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Board { flights: self, table }
    }
}

/// The locked table.
pub(crate) struct Board<'a> {
    flights: &'a Arc<Flights>,
    table: MutexGuard<'a, Table>,
}

impl Board<'_> {
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.table.under_way.len()
    }

    /// The flight for `request`, unless there is none or an invalidation has overtaken it.
    pub(crate) fn find(&self, request: Tag, generations: &Generations) -> Option<Flight> {
        let under_way = self.table.under_way.get(&request)?;
        // Asked before it is upgraded: what is upgraded here must not be dropped here.
        generations.is_current(under_way.asked, &under_way.about).then(|| under_way.flight.upgrade())?
    }

    /// Puts a new flight on the table, in place of one that was overtaken. `departs` gets what its future has
    /// to hold until the answer is there.
    pub(crate) fn start(
        mut self,
        request: Tag,
        asked: Generation,
        about: About,
        departs: impl FnOnce(Landing) -> BoxFuture<'static, Outcome>,
    ) -> Flight {
        self.table.started = self.table.started.wrapping_add(1);
        let number = self.table.started;
        let flight = departs(Landing { flights: Arc::clone(self.flights), request, number }).shared();
        if let Some(weak) = flight.downgrade() {
            self.table.under_way.insert(request, UnderWay { number, asked, about, flight: weak });
        }
        flight
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        if let Slot::Occupied(slot) = self.flights.board().table.under_way.entry(self.request)
            && slot.get().number == self.number
        {
            slot.remove();
        }
    }
}
