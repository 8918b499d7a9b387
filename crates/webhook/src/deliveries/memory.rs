use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anykey_core::{LicenseEvent, SignedDuration, Timestamp, async_trait};

use super::times::Times;
use super::{Claim, Deliveries, StoreError};

/// A store of deliveries in memory, for tests and for processes whose own state is in memory too.
///
/// After a restart the store is empty, and repeated deliveries are applied again.
pub struct MemoryDeliveries {
    times: Times,
    capacity: usize,
    known: Mutex<Known>,
}

type DeliveryId = (Box<str>, Box<str>);

#[derive(Default)]
struct Known {
    deliveries: HashMap<DeliveryId, Entry>,
    by_age: BTreeMap<(Timestamp, u64), DeliveryId>,
    last: u64,
}

#[derive(Clone, Copy)]
struct Entry {
    age: (Timestamp, u64),
    is_done: bool,
}

impl MemoryDeliveries {
    /// A store for up to 100,000 deliveries, each for seven days.
    #[must_use]
    pub fn new() -> Self {
        Self { times: Times::default(), capacity: 100_000, known: Mutex::default() }
    }

    /// Sets after how long a delivery is forgotten. Default: seven days.
    #[must_use]
    pub fn window(mut self, window: SignedDuration) -> Self {
        self.times.window = window;
        self
    }

    /// Sets after how long a claim ends that was neither finished nor released. Default: five minutes.
    #[must_use]
    pub fn lease(mut self, lease: SignedDuration) -> Self {
        self.times.lease = lease;
        self
    }

    /// Sets how many deliveries are stored. When the store is full, the oldest one is forgotten. Default: 100,000; at
    /// least 1.
    #[must_use]
    pub fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = capacity.max(1);
        self
    }

    /// The number of stored deliveries.
    pub fn len(&self) -> usize {
        self.known().deliveries.len()
    }

    /// Whether no delivery is stored.
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
        known.forget_before(self.times.forgotten(now));
        match known.deliveries.get(&id_of(event)) {
            Some(entry) if entry.is_done => return Ok(Claim::Done),
            Some(entry) if entry.age.0 > self.times.ended(now) => return Ok(Claim::InProgress),
            _ => {}
        }
        known.set(id_of(event), now, false);
        while known.deliveries.len() > self.capacity {
            known.forget_oldest();
        }
        Ok(Claim::New)
    }

    async fn finish(&self, event: &LicenseEvent, now: Timestamp) -> Result<(), StoreError> {
        self.known().set(id_of(event), now, true);
        Ok(())
    }

    async fn release(&self, event: &LicenseEvent, claimed_at: Timestamp) -> Result<(), StoreError> {
        let mut known = self.known();
        let is_own = |entry: &Entry| !entry.is_done && entry.age.0 == claimed_at;
        if known.deliveries.get(&id_of(event)).is_some_and(is_own) {
            known.forget(&id_of(event));
        }
        Ok(())
    }
}

impl Known {
    fn set(&mut self, id: DeliveryId, now: Timestamp, is_done: bool) {
        self.forget(&id);
        self.last = self.last.wrapping_add(1);
        let age = (now, self.last);
        self.by_age.insert(age, id.clone());
        self.deliveries.insert(id, Entry { age, is_done });
    }

    fn forget(&mut self, id: &DeliveryId) {
        if let Some(entry) = self.deliveries.remove(id) {
            self.by_age.remove(&entry.age);
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, id)) = self.by_age.pop_first() {
            self.deliveries.remove(&id);
        }
    }

    fn forget_before(&mut self, cutoff: Timestamp) {
        while self.by_age.first_key_value().is_some_and(|((at, _), _)| *at <= cutoff) {
            self.forget_oldest();
        }
    }
}

fn id_of(event: &LicenseEvent) -> DeliveryId {
    ((*event.provider).into(), event.id.clone())
}
