//! The state that all clones of a guard share.
//!
//! The record lives in three places: in the store, in memory as `known`, and reduced to a timeline in the snapshot
//! that [`access`](Inner::access) reads without a lock of its own.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use anykey_core::{Clock, SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::providers::Providers;
use crate::seen_time::SeenTime;
use crate::snapshot::Snapshot;
use crate::stored::{Content, Found, Stored};
use crate::timeline::Timeline;
use crate::{Access, Notice, Notices, Policy, SeatRecord, StoreError, StoreErrorKind, schedule};

/// How much passed time may be lost when the app exits. Writing more often would only wear the disk.
const UNSAVED_TIME: SignedDuration = SignedDuration::from_hours(1);

/// The settings that a guard is opened with.
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
    /// The timeline for [`access`](Self::access), computed from `known`.
    snapshot: Snapshot,
    known: Mutex<Known>,
    seen: SeenTime,
    /// Problems of the store, as bits of [`Notices`].
    store_notices: AtomicU16,
    published: watch::Sender<Access>,
    /// Held by the running operation. The store's lock excludes other processes.
    pub(crate) turn: Arc<tokio::sync::Mutex<()>>,
    pub(crate) kept_fresh: AtomicBool,
    pub(crate) saves_later: AtomicBool,
    /// Whether the answer to an activation is awaited; see [`AwaitedActivation`].
    awaits_activation: AtomicBool,
}

/// While it lives, access stays as it is: the record says already that a seat may be taken, which becomes true only
/// when the answer does not come.
pub(crate) struct AwaitedActivation<'a>(&'a Inner);

impl AwaitedActivation<'_> {
    /// The next record has what the answer changes.
    pub(crate) fn answered(self) {
        self.0.awaits_activation.store(false, Ordering::Relaxed);
    }
}

/// Without an answer, access is that of the record.
impl Drop for AwaitedActivation<'_> {
    fn drop(&mut self) {
        if self.0.awaits_activation.swap(false, Ordering::Relaxed) {
            let timeline = self.0.known().timeline(&self.0.parts.policy);
            self.0.snapshot.replace(timeline);
            self.0.publish();
        }
    }
}

/// The record as this process knows it, and where it is from.
struct Known {
    record: SeatRecord,
    /// The store's content when it was last read.
    content: Content,
    /// Why that content cannot be read; `None` when it can.
    unreadable: Option<StoreErrorKind>,
    /// Since when it cannot be read.
    since: Timestamp,
    is_copy: bool,
    /// Whether `record` contains changes that could not be written.
    is_unsaved: bool,
}

impl Inner {
    /// Reads the store and computes the first access. It never fails: what cannot be read is a notice.
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
            awaits_activation: AtomicBool::new(false),
        });
        inner.publish();
        inner
    }

    pub(crate) fn access(&self) -> Access {
        let clock = self.parts.clock.now();
        let access =
            self.snapshot.with(|timeline| timeline.at_reading(self.seen.note(clock, timeline.off_by())));
        let marks = Notices::from_bits(self.store_notices.load(Ordering::Relaxed));
        Access { marks: access.marks.union(marks), ..access }
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<Access> {
        self.published.subscribe()
    }

    /// The record in memory; `None` when it has nothing to show.
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

    /// The time of this computer's clock.
    pub(crate) fn clock_now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// The latest time seen, in the vendor's time.
    pub(crate) fn seen(&self) -> Timestamp {
        let clock = self.clock_now();
        self.snapshot.with(|timeline| self.seen.note(clock, timeline.off_by()).seen)
    }

    /// Whether a check is due now. Setting the clock back does not postpone it.
    pub(crate) fn is_due(&self, next_check: Timestamp) -> bool {
        let clock = self.clock_now();
        let reading = self.snapshot.with(|timeline| self.seen.note(clock, timeline.off_by()));
        next_check <= reading.seen || schedule::is_due(self.policy(), next_check, reading.shown)
    }

    /// When access next changes because of time alone; `None` when it does not.
    pub(crate) fn next_change(&self) -> Option<Timestamp> {
        let seen = self.seen();
        self.snapshot.with(|timeline| timeline.next_change(seen))
    }

    /// Whether the record contains changes that could not be written, or was written so long ago that setting the
    /// clock back would extend access.
    pub(crate) fn has_unsaved(&self, seen: Timestamp) -> bool {
        let known = self.known();
        known.is_unsaved
            || (!known.record.is_empty() && seen.duration_since(known.record.high_water) > UNSAVED_TIME)
    }

    /// The number of writes of the record.
    pub(crate) fn revision(&self) -> u64 {
        self.known().record.revision
    }

    pub(crate) fn is_unsaved(&self) -> bool {
        self.known().is_unsaved
    }

    /// Reads the store, which another process may have changed. Changes that this guard could not write stay valid
    /// until another guard writes.
    pub(crate) fn reload(&self) -> SeatRecord {
        let (content, error) = self.parts.stored.read();
        let is_unchanged = self.known().content == content;
        if !is_unchanged {
            let found = self.parts.stored.open(content, error);
            self.apply_loaded(found);
        }
        let mut record = self.known().record.clone();
        record.observe(self.seen());
        record
    }

    /// Why the record cannot be read; `None` when it can, or when this guard has its content in memory.
    pub(crate) fn unreadable(&self) -> Option<StoreError> {
        let known = self.known();
        let kind = known.unreadable.filter(|_| known.record.is_empty())?;
        Some(StoreError::new(kind, self.parts.stored.store.location()))
    }

    /// Writes `record` as the next revision. [`access`](Self::access) uses it only after the write succeeded.
    pub(crate) fn save(&self, record: &SeatRecord) -> Result<(), StoreError> {
        self.set_aside_unreadable()?;
        let mut record = record.clone();
        record.revision = record.revision.saturating_add(1);
        let content = self.parts.stored.write(&record)?;
        let since = record.high_water;
        self.learn(Known { record, content, unreadable: None, since, is_copy: false, is_unsaved: false });
        Ok(())
    }

    /// Uses `record`, which contains an answer of the vendor, although it cannot be written: a full disk must neither
    /// lock a customer out nor keep a refused key valid.
    pub(crate) fn keep_in_memory(&self, record: &SeatRecord) {
        let known = {
            let known = self.known();
            Known { record: record.clone(), is_unsaved: true, content: known.content.clone(), ..*known }
        };
        self.learn(known);
    }

    /// Records whether the store could be locked, as a notice.
    pub(crate) fn set_locked(&self, is_locked: bool) {
        let bit = Notice::NotLocked.bit();
        if is_locked {
            self.store_notices.fetch_and(!bit, Ordering::Relaxed);
        } else {
            self.store_notices.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Moves an unreadable record aside, if nothing is lost by it. After an I/O error the record may be intact, so it
    /// is replaced only when this guard has its content in memory.
    fn set_aside_unreadable(&self) -> Result<(), StoreError> {
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
            Some(kind) => Err(StoreError::new(kind, store.location())),
        }
    }

    /// Uses the record that another process wrote. If it cannot be read, the record in memory stays valid.
    fn apply_loaded(&self, found: Found) {
        let now = self.seen();
        let read = found.record.clone();
        let mut known = Known::of(found, &self.parts, now);
        if known.unreadable.is_some() {
            let before = self.known();
            if !before.record.is_empty() {
                known.record = before.record.clone();
                known.is_unsaved = true;
            }
        }
        if let Some(read) = &read {
            self.update_seen_time(read);
        }
        self.set_known(known);
        self.publish();
    }

    /// Uses the latest time seen by another process. A later answer of the vendor replaces the time that this process
    /// has seen.
    fn update_seen_time(&self, record: &SeatRecord) {
        let last_good = |record: &SeatRecord| record.held.as_ref().and_then(|held| held.last_good);
        let before = last_good(&self.known().record);
        if before == last_good(record) {
            self.seen.raise_to(record.high_water);
        } else {
            self.seen.set_to(record.high_water);
        }
    }

    /// Uses what this guard itself learned, including a correction of the clock.
    fn learn(&self, known: Known) {
        let high_water = known.record.high_water;
        // The clock's error first, then the time: a reader in between uses the old time.
        self.set_known(known);
        self.seen.set_to(high_water);
        self.publish();
    }

    /// Keeps access as it is, until what it returns is dropped.
    pub(crate) fn await_activation(&self) -> AwaitedActivation<'_> {
        self.awaits_activation.store(true, Ordering::Relaxed);
        AwaitedActivation(self)
    }

    fn set_known(&self, new: Known) {
        let mut known = self.known();
        if !self.awaits_activation.load(Ordering::Relaxed) {
            self.snapshot.replace(new.timeline(&self.parts.policy));
        }
        let own = Notice::NotLocked.bit();
        let kept = self.store_notices.load(Ordering::Relaxed) & own;
        self.store_notices.store(new.notices() | kept, Ordering::Relaxed);
        *known = new;
    }

    /// The lock is held for copies only, never during I/O.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the access to all subscribers if it has changed.
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
        let mut record = found.record.unwrap_or_else(nothing);
        parts.providers.verify_proof(&mut record);
        Self {
            record,
            content: found.content,
            unreadable: found.unreadable.map(|error| error.kind()),
            since: now,
            is_copy: found.is_copy,
            is_unsaved: false,
        }
    }

    fn timeline(&self, policy: &Policy) -> Timeline {
        if self.unreadable.is_some() && self.record.is_empty() {
            return Timeline::unreadable(&self.record, policy, self.since);
        }
        Timeline::of(&self.record, policy)
    }

    /// The notices of this state, as bits.
    fn notices(&self) -> u16 {
        let is_unreadable = self.unreadable.is_some() && self.record.is_empty();
        [
            (Notice::RecordUnreadable, is_unreadable),
            (Notice::CopyUsed, self.is_copy),
            (Notice::NotSaved, self.is_unsaved),
        ]
        .into_iter()
        .filter(|(_, applies)| *applies)
        .fold(0, |bits, (notice, _)| bits | notice.bit())
    }
}

/// Tries once more to write changes that could not be written.
impl Drop for Inner {
    fn drop(&mut self) {
        if !self.is_unsaved() {
            return;
        }
        if let Ok(Some(_lock)) = self.parts.stored.store.try_lock() {
            let record = self.reload();
            if self.is_unsaved() {
                self.save(&record).ok();
            }
        }
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("providers", &self.providers().info())
            .field("store", &self.parts.stored.store)
            .field("policy", &self.parts.policy)
            .field("access", &self.access())
            .finish_non_exhaustive()
    }
}
