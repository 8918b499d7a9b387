//! What all clones of a guard share.

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::{Clock, LicenseProvider, SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::seen_time::SeenTime;
use crate::snapshot::Snapshot;
use crate::store::seal;
use crate::timeline::Timeline;
use crate::{Access, GuardError, Policy, Result, SeatRecord, Store, StoreError, StoreErrorKind};

/// So much passed time may be forgotten when the app ends: every write wears the disk.
const UNSAVED_TIME: SignedDuration = SignedDuration::from_hours(1);

/// What a guard is opened with.
pub(crate) struct Parts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) provider: Arc<dyn LicenseProvider>,
    pub(crate) policy: Policy,
    pub(crate) clock: Clock,
    pub(crate) device: Box<str>,
}

pub(crate) struct Inner {
    parts: Parts,
    /// What [`access`](Self::access) follows from; boiled down from `known`.
    snapshot: Snapshot,
    known: Mutex<Known>,
    seen: SeenTime,
    published: watch::Sender<Access>,
    /// Held by the operation under way; other processes are kept out by the store's lock.
    pub(crate) turn: Arc<tokio::sync::Mutex<()>>,
    pub(crate) kept_fresh: AtomicBool,
}

/// The store's bytes and the record in them.
type Stored = (Option<Vec<u8>>, Option<SeatRecord>);

struct Known {
    record: SeatRecord,
    /// What the store was last seen to have. While it cannot be written, `record` is ahead of it.
    sealed: Option<Vec<u8>>,
}

impl Inner {
    pub(crate) fn open(parts: Parts, discard_unreadable: bool) -> Result<Arc<Self>> {
        let (sealed, record) = match parts.load() {
            Err(GuardError::Store(error)) if discard_unreadable && error.kind().is_unreadable() => {
                parts.discard_unreadable()?
            }
            unsealed => unsealed?,
        };
        let now = parts.clock.now();
        let record = record.unwrap_or_else(|| parts.nothing_known(now));
        let timeline = Timeline::of(&record, &parts.policy);
        Ok(Arc::new(Self {
            seen: SeenTime::starting_at(record.high_water),
            published: watch::Sender::new(timeline.at(now)),
            snapshot: Snapshot::new(timeline),
            known: Mutex::new(Known { record, sealed }),
            parts,
            turn: Arc::default(),
            kept_fresh: AtomicBool::new(false),
        }))
    }

    pub(crate) fn access(&self) -> Access {
        let now = self.parts.clock.now();
        let seen = self.seen.note(now);
        self.snapshot.ask(|timeline| timeline.at_after(now, seen))
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<Access> {
        self.published.subscribe()
    }

    pub(crate) fn record(&self) -> Option<SeatRecord> {
        let known = self.known();
        (!known.record.is_empty()).then(|| known.record.clone())
    }

    pub(crate) const fn policy(&self) -> &Policy {
        &self.parts.policy
    }

    pub(crate) const fn parts(&self) -> &Parts {
        &self.parts
    }

    /// When access next changes by itself.
    pub(crate) fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let seen = self.seen.note(now);
        self.snapshot.ask(|timeline| timeline.next_change(seen))
    }

    /// Whether so much time has passed since the record was written that a clock set back would gain by it.
    pub(crate) fn has_seen_time_to_save(&self, now: Timestamp) -> bool {
        let passed = |since| self.seen.note(now).duration_since(since);
        let known = self.known();
        !known.record.is_empty() && passed(known.record.high_water) > UNSAVED_TIME
    }

    /// Reads what the store has, which another process may have changed. What this guard knows but could
    /// not write counts on, until another one writes.
    pub(crate) fn reload(&self) -> Result<SeatRecord> {
        let now = self.parts.clock.now();
        let sealed = self.parts.store.read()?;
        let unchanged = {
            let known = self.known();
            (known.sealed == sealed).then(|| known.record.clone())
        };
        let mut record = match unchanged {
            Some(record) => record,
            None => {
                let (sealed, record) = self.parts.unseal(sealed)?;
                let record = record.unwrap_or_else(|| self.parts.nothing_known(now));
                self.see(&record);
                self.learn(&record, Some(sealed));
                record
            }
        };
        record.observe(self.seen.note(now));
        Ok(record)
    }

    /// Writes `record`; only what is written becomes what [`access`](Self::access) judges.
    pub(crate) fn save(&self, record: &SeatRecord) -> Result<()> {
        let sealed = self.parts.save(record)?;
        self.believe(record, Some(sealed));
        Ok(())
    }

    /// Writes `record`, which holds an answer of the vendor: it counts also when it cannot be written, so
    /// that a full disk neither locks a customer out nor keeps a refused key alive.
    pub(crate) fn save_answer(&self, record: &SeatRecord) -> Result<()> {
        let (sealed, failed) = match self.parts.save(record) {
            Ok(sealed) => (Some(sealed), None),
            Err(error) => (None, Some(error)),
        };
        self.believe(record, sealed);
        failed.map_or(Ok(()), |error| Err(error.into()))
    }

    /// What this guard itself found out: also that the clock had been wrong.
    fn believe(&self, record: &SeatRecord, sealed: Option<Option<Vec<u8>>>) {
        self.seen.set_to(record.high_water);
        self.learn(record, sealed);
    }

    /// Takes over the latest time seen by another process. A later yes of the vendor outweighs what this one
    /// saw.
    fn see(&self, record: &SeatRecord) {
        let last_good = |record: &SeatRecord| record.held.as_ref().and_then(|held| held.last_good);
        let before = last_good(&self.known().record);
        if before == last_good(record) {
            self.seen.raise_to(record.high_water);
        } else {
            self.seen.set_to(record.high_water);
        }
    }

    /// `sealed` is what the store has now; `None` when it could not be written.
    fn learn(&self, record: &SeatRecord, sealed: Option<Option<Vec<u8>>>) {
        {
            let mut known = self.known();
            known.record = record.clone();
            if let Some(sealed) = sealed {
                known.sealed = sealed;
            }
            self.snapshot.replace(Timeline::of(record, &self.parts.policy));
        }
        self.publish();
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the access to those who subscribed, if it is another one than before.
    pub(crate) fn publish(&self) {
        let access = self.access();
        self.published.send_if_modified(|published| {
            let changed = *published != access;
            *published = access;
            changed
        });
    }
}

impl Parts {
    fn nothing_known(&self, now: Timestamp) -> SeatRecord {
        SeatRecord::new(self.provider.name(), self.store.installation().mark(), now)
    }

    fn load(&self) -> Result<Stored> {
        let sealed = self.store.read()?;
        self.unseal(sealed)
    }

    fn unseal(&self, sealed: Option<Vec<u8>>) -> Result<Stored> {
        let Some(bytes) = sealed else { return Ok((None, None)) };
        let record = seal::open(&bytes, self.store.installation())
            .map_err(|kind| StoreError::new(kind, self.store.place()))?;
        let given = self.provider.name();
        if *record.provider != *given {
            return Err(GuardError::OtherProvider { recorded: record.provider, given: given.into() });
        }
        Ok((Some(bytes), Some(record)))
    }

    /// Returns what the store has now.
    fn save(&self, record: &SeatRecord) -> Result<Option<Vec<u8>>, StoreError> {
        if record.is_empty() {
            self.store.remove()?;
            return Ok(None);
        }
        let sealed = seal::seal(record, self.store.installation())
            .map_err(|kind| StoreError::new(kind, self.store.place()))?;
        self.store.write(&sealed)?;
        Ok(Some(sealed))
    }

    /// Makes room for a new record, unless another process did so by now.
    fn discard_unreadable(&self) -> Result<Stored> {
        let Some(_lock) = self.store.try_lock()? else {
            return Err(StoreError::new(StoreErrorKind::Busy, self.store.place()).into());
        };
        match self.load() {
            Err(GuardError::Store(error)) if error.kind().is_unreadable() => {
                self.store.set_aside()?;
                Ok((None, None))
            }
            unsealed => unsealed,
        }
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("provider", &self.parts.provider.name())
            .field("store", &self.parts.store)
            .field("policy", &self.parts.policy)
            .field("access", &self.access())
            .finish_non_exhaustive()
    }
}
