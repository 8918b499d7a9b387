use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anykey_core::{LicenseEvent, SignedDuration, Timestamp, async_trait};

use super::{Claim, Deliveries, LEASE, StoreError, WINDOW};

/// Remembers deliveries in this process: for one that applies them to memory too, and for tests.
///
/// A process that restarts remembers none, and applies again what the vendor sends again.
pub struct MemoryDeliveries {
    window: SignedDuration,
    lease: SignedDuration,
    capacity: usize,
    known: Mutex<Known>,
}

type Name = (Box<str>, Box<str>);

#[derive(Default)]
struct Known {
    deliveries: HashMap<Name, Entry>,
    by_age: BTreeMap<(Timestamp, u64), Name>,
    last: u64,
}

#[derive(Clone, Copy)]
struct Entry {
    place: (Timestamp, u64),
    is_done: bool,
}

impl MemoryDeliveries {
    /// Remembers up to 100,000 deliveries for seven days.
    #[must_use]
    pub fn new() -> Self {
        Self { window: WINDOW, lease: LEASE, capacity: 100_000, known: Mutex::default() }
    }

    /// Forgets a delivery when `window` has passed.
    #[must_use]
    pub fn window(mut self, window: SignedDuration) -> Self {
        self.window = window;
        self
    }

    /// Ends a claim that was neither finished nor released when `lease` has passed.
    #[must_use]
    pub fn lease(mut self, lease: SignedDuration) -> Self {
        self.lease = lease;
        self
    }

    /// Forgets the oldest delivery rather than remember more than `capacity`, but always remembers one.
    #[must_use]
    pub fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity.max(1);
        self
    }

    /// How many deliveries are remembered.
    pub fn len(&self) -> usize {
        self.known().deliveries.len()
    }

    /// Whether none is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryDeliveries {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryDeliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryDeliveries").field("len", &self.len()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Deliveries for MemoryDeliveries {
    async fn claim(&self, event: &LicenseEvent, now: Timestamp) -> Result<Claim, StoreError> {
        let mut known = self.known();
        known.forget_before(before(now, self.window));
        match known.deliveries.get(&name(event)) {
            Some(entry) if entry.is_done => return Ok(Claim::Done),
            Some(entry) if entry.place.0 > before(now, self.lease) => return Ok(Claim::InProgress),
            _ => {}
        }
        known.set(name(event), now, false);
        while known.deliveries.len() > self.capacity {
            known.forget_oldest();
        }
        Ok(Claim::New)
    }

    async fn finish(&self, event: &LicenseEvent, now: Timestamp) -> Result<(), StoreError> {
        self.known().set(name(event), now, true);
        Ok(())
    }

    async fn release(&self, event: &LicenseEvent) -> Result<(), StoreError> {
        let mut known = self.known();
        if known.deliveries.get(&name(event)).is_some_and(|entry| !entry.is_done) {
            known.forget(&name(event));
        }
        Ok(())
    }
}

impl Known {
    fn set(&mut self, name: Name, now: Timestamp, is_done: bool) {
        self.forget(&name);
        self.last = self.last.wrapping_add(1);
        let place = (now, self.last);
        self.by_age.insert(place, name.clone());
        self.deliveries.insert(name, Entry { place, is_done });
    }

    fn forget(&mut self, name: &Name) {
        if let Some(entry) = self.deliveries.remove(name) {
            self.by_age.remove(&entry.place);
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, name)) = self.by_age.pop_first() {
            self.deliveries.remove(&name);
        }
    }

    fn forget_before(&mut self, cutoff: Timestamp) {
        while self.by_age.first_key_value().is_some_and(|((at, _), _)| *at <= cutoff) {
            self.forget_oldest();
        }
    }
}

fn name(event: &LicenseEvent) -> Name {
    ((*event.provider).into(), event.id.clone())
}

fn before(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_sub(by).unwrap_or(Timestamp::MIN)
}
