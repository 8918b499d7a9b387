//! What all clones of a guard share.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use anykey_core::{Clock, SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::providers::Providers;
use crate::seen_time::SeenTime;
use crate::snapshot::Snapshot;
use crate::stored::{Found, Place, Stored};
use crate::timeline::Timeline;
use crate::{Access, Notice, Notices, Policy, SeatRecord, StoreError, StoreErrorKind, schedule};

/// So much passed time may be forgotten when the app ends: every write wears the disk.
const UNSAVED_TIME: SignedDuration = SignedDuration::from_hours(1);

/// What a guard is opened with.
pub(crate) struct Parts {
    pub(crate) stored: Stored,
    pub(crate) providers: Providers,
    pub(crate) policy: Policy,
    pub(crate) clock: Clock,
    pub(crate) device: Box<str>,
    pub(crate) discard_unreadable: bool,
}

pub(crate) struct Inner {
    parts: Parts,
    providers: RwLock<Arc<Providers>>,
    /// What [`access`](Self::access) follows from; boiled down from `known`.
    snapshot: Snapshot,
    known: Mutex<Known>,
    seen: SeenTime,
    /// What is wrong with the store, as bits of [`Notices`].
    store_notices: AtomicU16,
    published: watch::Sender<Access>,
    /// Held by the operation under way; other processes are kept out by the store's lock.
    pub(crate) turn: Arc<tokio::sync::Mutex<()>>,
    pub(crate) kept_fresh: AtomicBool,
    pub(crate) saves_later: AtomicBool,
}

struct Known {
    record: SeatRecord,
    /// What the record's place was last seen to hold.
    place: Place,
    /// Why what is there cannot be read.
    unreadable: Option<StoreErrorKind>,
    /// Since when nothing is known because of that.
    since: Timestamp,
    is_copy: bool,
    /// Whether `record` holds what could not be written.
    is_ahead: bool,
}

impl Inner {
    pub(crate) fn open(parts: Parts) -> Arc<Self> {
        let mut found = parts.stored.load();
        let is_unreadable = found.unreadable.as_ref().is_some_and(|error| error.kind().is_unreadable());
        if parts.discard_unreadable && is_unreadable {
            found = parts.stored.discard().unwrap_or(found);
        }
        let now = parts.clock.now();
        let known = Known::of(found, &parts, now);
        let timeline = known.timeline(&parts.policy);
        let inner = Arc::new(Self {
            providers: RwLock::new(Arc::new(parts.providers.clone())),
            seen: SeenTime::starting_at(known.record.high_water),
            store_notices: AtomicU16::new(known.notices()),
            published: watch::Sender::new(timeline.at(now)),
            snapshot: Snapshot::new(timeline),
            known: Mutex::new(known),
            parts,
            turn: Arc::default(),
            kept_fresh: AtomicBool::new(false),
            saves_later: AtomicBool::new(false),
        });
        inner.publish();
        inner
    }

    pub(crate) fn access(&self) -> Access {
        let clock = self.parts.clock.now();
        let access =
            self.snapshot.ask(|timeline| timeline.at_reading(self.seen.note(clock, timeline.off_by())));
        let marks = Notices::from_bits(self.store_notices.load(Ordering::Relaxed));
        Access { marks: access.marks.union(marks), ..access }
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

    pub(crate) fn providers(&self) -> Arc<Providers> {
        self.providers.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_providers(&self, providers: Arc<Providers>) {
        *self.providers.write().unwrap_or_else(PoisonError::into_inner) = providers;
    }

    /// What this computer's clock shows.
    pub(crate) fn clock_now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// The latest time seen, by the vendor's time.
    pub(crate) fn seen(&self) -> Timestamp {
        let clock = self.clock_now();
        self.snapshot.ask(|timeline| self.seen.note(clock, timeline.off_by()).seen)
    }

    /// Whether the vendor should be asked now. A clock that was set back does not put it off.
    pub(crate) fn is_due(&self, next_check: Timestamp) -> bool {
        let clock = self.clock_now();
        let reading = self.snapshot.ask(|timeline| self.seen.note(clock, timeline.off_by()));
        next_check <= reading.seen || schedule::is_due(self.policy(), next_check, reading.shown)
    }

    /// When access next changes by itself.
    pub(crate) fn next_change(&self) -> Option<Timestamp> {
        let seen = self.seen();
        self.snapshot.ask(|timeline| timeline.next_change(seen))
    }

    /// Whether the record holds what could not be written, or so much time has passed since it was that a clock
    /// set back would gain by it.
    pub(crate) fn has_unsaved(&self, seen: Timestamp) -> bool {
        let known = self.known();
        known.is_ahead
            || (!known.record.is_empty() && seen.duration_since(known.record.high_water) > UNSAVED_TIME)
    }

    /// How often the record was written.
    pub(crate) fn revision(&self) -> u64 {
        self.known().record.revision
    }

    pub(crate) fn is_ahead(&self) -> bool {
        self.known().is_ahead
    }

    /// Reads what the store has, which another process may have changed. What this guard knows but could
    /// not write counts on, until another one writes.
    pub(crate) fn reload(&self) -> SeatRecord {
        let (place, error) = self.parts.stored.look();
        let is_unchanged = self.known().place == place;
        if !is_unchanged {
            let found = self.parts.stored.open(place, error);
            self.learn_found(found);
        }
        let mut record = self.known().record.clone();
        record.observe(self.seen());
        record
    }

    /// Why the record cannot be read; `None` when it can, or when this guard knows what was in it.
    pub(crate) fn unreadable(&self) -> Option<StoreError> {
        let known = self.known();
        let kind = known.unreadable.filter(|_| known.record.is_empty())?;
        Some(StoreError::new(kind, self.parts.stored.store.place()))
    }

    /// Writes `record` as the next revision; only what is written becomes what [`access`](Self::access) follows.
    pub(crate) fn save(&self, record: &SeatRecord) -> Result<(), StoreError> {
        self.make_way()?;
        let mut record = record.clone();
        record.revision = record.revision.saturating_add(1);
        let place = self.parts.stored.write(&record)?;
        let since = record.high_water;
        self.learn(Known { record, place, unreadable: None, since, is_copy: false, is_ahead: false });
        Ok(())
    }

    /// Takes over `record`, which holds an answer of the vendor, although it cannot be written: so that a full
    /// disk neither locks a customer out nor keeps a refused key alive.
    pub(crate) fn believe(&self, record: &SeatRecord) {
        let known = {
            let known = self.known();
            Known { record: record.clone(), is_ahead: true, place: known.place.clone(), ..*known }
        };
        self.learn(known);
    }

    pub(crate) fn set_locked(&self, is_locked: bool) {
        let bit = Notice::NotLocked.bit();
        if is_locked {
            self.store_notices.fetch_and(!bit, Ordering::Relaxed);
        } else {
            self.store_notices.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Sets aside what is in the record's place and cannot be read, if it may be: this guard knows what was in
    /// it, or the user entered the key anew. What cannot be read at all may be a good record.
    fn make_way(&self) -> Result<(), StoreError> {
        let (unreadable, knows_more) = {
            let known = self.known();
            (known.unreadable, !known.record.is_empty())
        };
        let store = &self.parts.stored.store;
        match unreadable {
            None => Ok(()),
            Some(StoreErrorKind::Empty | StoreErrorKind::Damaged | StoreErrorKind::Foreign) => {
                store.set_aside().map(drop)
            }
            Some(StoreErrorKind::FutureVersion) if self.parts.discard_unreadable => {
                store.set_aside().map(drop)
            }
            Some(StoreErrorKind::Io) if knows_more => Ok(()),
            Some(kind) => Err(StoreError::new(kind, store.place())),
        }
    }

    /// Takes over what another process wrote. When it cannot be read, what this guard knows counts on.
    fn learn_found(&self, found: Found) {
        let now = self.seen();
        let read = found.record.clone();
        let mut known = Known::of(found, &self.parts, now);
        if known.unreadable.is_some() {
            let before = self.known();
            if !before.record.is_empty() {
                known.record = before.record.clone();
                known.is_ahead = true;
            }
        }
        if let Some(read) = &read {
            self.see(read);
        }
        self.set_known(known);
        self.publish();
    }

    /// Takes over the latest time seen by another process. A later answer of the vendor outweighs what this one
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

    /// Takes over what this guard itself found out: also that the clock had been wrong.
    fn learn(&self, known: Known) {
        let high_water = known.record.high_water;
        // First by how much the clock is wrong, then the time: a reader in between counts on from the old one.
        self.set_known(known);
        self.seen.set_to(high_water);
        self.publish();
    }

    fn set_known(&self, new: Known) {
        let mut known = self.known();
        self.snapshot.replace(new.timeline(&self.parts.policy));
        let own = Notice::NotLocked.bit();
        let kept = self.store_notices.load(Ordering::Relaxed) & own;
        self.store_notices.store(new.notices() | kept, Ordering::Relaxed);
        *known = new;
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the access to those who subscribed, if it is another one than before.
    pub(crate) fn publish(&self) {
        let access = self.access();
        self.published.send_if_modified(|published| {
            let changed = *published != access;
            *published = access;
            changed
        });
    }
}

impl Known {
    fn of(found: Found, parts: &Parts, now: Timestamp) -> Self {
        let nothing = || SeatRecord::new(parts.stored.store.installation().mark(), now);
        Self {
            record: found.record.unwrap_or_else(nothing),
            place: found.place,
            unreadable: found.unreadable.map(|error| error.kind()),
            since: now,
            is_copy: found.is_copy,
            is_ahead: false,
        }
    }

    fn timeline(&self, policy: &Policy) -> Timeline {
        if self.unreadable.is_some() && self.record.is_empty() {
            return Timeline::unreadable(&self.record, policy, self.since);
        }
        Timeline::of(&self.record, policy)
    }

    fn notices(&self) -> u16 {
        let is_unreadable = self.unreadable.is_some() && self.record.is_empty();
        [
            (Notice::RecordUnreadable, is_unreadable),
            (Notice::CopyUsed, self.is_copy),
            (Notice::NotSaved, self.is_ahead),
        ]
        .into_iter()
        .filter(|(_, applies)| *applies)
        .fold(0, |bits, (notice, _)| bits | notice.bit())
    }
}

/// What could not be written is tried once more.
impl Drop for Inner {
    fn drop(&mut self) {
        if !self.is_ahead() {
            return;
        }
        if let Ok(Some(_lock)) = self.parts.stored.store.try_lock() {
            let record = self.reload();
            if self.is_ahead() {
                self.save(&record).ok();
            }
        }
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("providers", &self.providers().reach())
            .field("store", &self.parts.stored.store)
            .field("policy", &self.parts.policy)
            .field("access", &self.access())
            .finish_non_exhaustive()
    }
}
