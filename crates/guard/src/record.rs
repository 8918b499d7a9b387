//! The record of a seat, as the rules read and change it.

use std::sync::Arc;

use anykey_core::{
    ActivationId, ErrorKind, Expiry, InstallationMark, KeyCode, LicenseKeyId, Refusal, RefusalReason,
    SignedDuration, Timestamp,
};

use crate::stored::Stored;
use crate::{Store, StoreError};

mod held_proof;
mod issuer;
mod user;

pub use held_proof::HeldProof;
pub(crate) use held_proof::ProofSubject;
pub use issuer::Issuer;
pub use user::UserMark;

/// Everything that is known about this installation's seat. The store keeps it, and [`evaluate`](crate::evaluate)
/// computes the access from it.
///
/// It contains the license key, which `Debug` masks. Without a held or pending seat, no key was entered or the seat
/// was released.
///
/// All times are in the vendor's time, if the vendor reported it; see [`clock_off_by`](Self::clock_off_by).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SeatRecord {
    /// The installation that the record belongs to.
    pub mark: InstallationMark,
    /// The number of writes of the record. Of two copies, the one with the higher number is the later one.
    pub revision: u64,
    /// The seat that this installation holds; `None` when it holds none.
    pub held: Option<HeldSeat>,
    /// An activation without an answer; `None` when there is none.
    pub pending: Option<PendingSeat>,
    /// Seats that are no longer used and could not be released yet, oldest first.
    pub unreleased: Vec<UnreleasedSeat>,
    /// The users of this computer who share the seat; empty when the installation belongs to one user.
    pub users: Vec<UserMark>,
    /// The failed checks since the last answer; `None` when the last check was answered.
    pub outage: Option<Outage>,
    /// When the next check is due; `None` when there is nothing to check.
    pub next_check: Option<Timestamp>,
    /// The latest time seen. A valid answer sets it to the time of that answer.
    pub high_water: Timestamp,
    /// How far this computer's clock was ahead of the vendor's time at the last answer; negative when it was behind.
    /// Zero when the difference was within the policy's tolerance, or when the vendor did not report its time.
    pub clock_off_by: SignedDuration,
    /// Whether this record is older than the [counter](crate::RevisionCounter) says: an old copy was restored. It is
    /// used only after the vendor's next answer.
    pub restored: bool,
}

impl SeatRecord {
    /// Reads the record of `store` as a guard does when it opens, from the copy where the record cannot be read. `None`
    /// when there is none. Changes nothing: for a diagnosis beside the app.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use anykey_guard::{FileStore, Installation, SeatRecord, Store};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let installation = Installation::from_identity("com.example.studio", "volume-7f3a")?;
    /// let store: Arc<dyn Store> = Arc::new(FileStore::in_directory(installation, folder.path()));
    /// assert_eq!(SeatRecord::read(&store)?, None);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Why neither the record nor its copy can be read.
    pub fn read(store: &Arc<dyn Store>) -> Result<Option<Self>, StoreError> {
        let found = Stored { store: Arc::clone(store), counter: None }.load();
        match (found.record, found.unreadable) {
            (Some(record), _) => Ok(Some(record)),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(None),
        }
    }
}

/// A seat that this installation holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HeldSeat {
    /// The vendor and account of the seat.
    pub issuer: Issuer,
    /// The license key. A secret.
    pub code: KeyCode,
    /// The vendor's id of the activation; `None` when the key or the vendor has no seats.
    pub activation: Option<ActivationId>,
    /// The vendor's id of the key; `None` when no answer contained it.
    pub key_id: Option<LicenseKeyId>,
    /// The activation's label at the vendor.
    pub label: Box<str>,
    /// When the key expires, as far as the vendor reported it.
    pub expiry: Expiry,
    /// Whether the key follows a subscription: the vendor reported that, or has renewed it before.
    pub renews: bool,
    /// When the seat ends at the vendor unless it is renewed; `None` where seats do not end. A check renews it.
    pub ends_at: Option<Timestamp>,
    /// The vendor's proof of the last valid answer, verified; `None` when the vendor gives none.
    pub proof: Option<HeldProof>,
    /// When this installation took the seat.
    pub since: Timestamp,
    /// The number of earlier activations that were never answered. The vendor may count a seat for each; the seller
    /// finds them by the mark in their labels.
    pub unanswered_before: u32,
    /// The time of the last valid answer; `None` before the first one.
    pub last_good: Option<Timestamp>,
    /// The vendor's refusal; `None` when its last answer was valid.
    pub refusal: Option<StandingRefusal>,
    /// Whether the guard has no provider for the seat's vendor any more, because the configuration names another one.
    pub vendor_changed: bool,
    /// Whether the seat was found at the vendor although the record did not contain it: the record was lost, or
    /// another user of the computer holds the seat in another store. Only
    /// [`deactivate_for_all_users`](crate::Guard::deactivate_for_all_users) releases it.
    pub found: bool,
}

/// An activation that was sent and has no answer. The vendor may count a seat for it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PendingSeat {
    /// The vendor and account that it was sent to.
    pub issuer: Issuer,
    /// The license key. A secret.
    pub code: KeyCode,
    /// The activation's label at the vendor. It ends with the installation's mark.
    pub label: Box<str>,
    /// When the first unanswered activation was sent.
    pub since: Timestamp,
    /// When the last unanswered activation was sent.
    pub latest: Timestamp,
    /// The number of unanswered activations.
    pub unanswered: u32,
}

/// A seat that this installation no longer uses and that the vendor may still count.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UnreleasedSeat {
    /// The vendor and account of the seat.
    pub issuer: Issuer,
    /// The license key. A secret.
    pub code: KeyCode,
    /// The vendor's id of the activation; `None` when its answer was lost, so that the list has to be searched.
    pub activation: Option<ActivationId>,
    /// The activation's label at the vendor.
    pub label: Box<str>,
    /// When the activation was last sent, or when the seat was taken.
    pub since: Timestamp,
}

/// A refusal of the held seat.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StandingRefusal {
    /// The vendor's latest refusal.
    pub refusal: Refusal,
    /// The time of the first refusal after the last valid answer.
    pub since: Timestamp,
}

/// Consecutive checks without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outage {
    /// The kind of the last error.
    pub kind: ErrorKind,
    /// When the first check failed.
    pub since: Timestamp,
    /// The number of failed checks in a row.
    pub failures: u32,
}

impl SeatRecord {
    /// The record of an installation without a key.
    #[must_use]
    pub const fn new(mark: InstallationMark, now: Timestamp) -> Self {
        Self {
            mark,
            revision: 0,
            held: None,
            pending: None,
            unreleased: Vec::new(),
            users: Vec::new(),
            outage: None,
            next_check: None,
            high_water: now,
            clock_off_by: SignedDuration::ZERO,
            restored: false,
        }
    }

    /// Whether there is nothing to store: no held, pending or unreleased seat.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.held.is_none() && self.pending.is_none() && self.unreleased.is_empty()
    }

    /// Adds a user of the seat, once.
    pub(crate) fn add_user(&mut self, user: Option<UserMark>) {
        self.users.extend(user.filter(|user| !self.users.contains(user)));
    }
}

impl HeldSeat {
    /// A seat of which only the key and the activation are known. `now` is when it was taken.
    pub fn new(
        issuer: Issuer,
        code: KeyCode,
        activation: Option<ActivationId>,
        label: impl Into<Box<str>>,
        now: Timestamp,
    ) -> Self {
        Self {
            issuer,
            code,
            activation,
            key_id: None,
            label: label.into(),
            expiry: Expiry::Unknown,
            renews: false,
            ends_at: None,
            proof: None,
            since: now,
            unanswered_before: 0,
            last_good: None,
            refusal: None,
            vendor_changed: false,
            found: false,
        }
    }
}

impl HeldSeat {
    /// Whether the key, which was refused for `reason`, may follow a subscription whose renewal is late.
    pub(crate) fn may_follow_subscription(&self, reason: RefusalReason) -> bool {
        self.renews
            || self.expiry == Expiry::FollowsSubscription
            || matches!(reason, RefusalReason::SubscriptionEnded | RefusalReason::PaymentFailed)
            || (self.expiry == Expiry::Unknown && reason == RefusalReason::Expired)
    }
}

impl PendingSeat {
    /// An activation that is about to be sent for the first time.
    pub fn new(issuer: Issuer, code: KeyCode, label: impl Into<Box<str>>, now: Timestamp) -> Self {
        Self { issuer, code, label: label.into(), since: now, latest: now, unanswered: 1 }
    }
}

impl UnreleasedSeat {
    /// The unreleased seat that remains of a replaced seat; `None` for a key without seats, and for a seat that
    /// another user may hold.
    #[must_use]
    pub fn of_held(seat: HeldSeat) -> Option<Self> {
        let activation = Some(seat.activation.filter(|_| !seat.found)?);
        Some(Self { issuer: seat.issuer, code: seat.code, activation, label: seat.label, since: seat.since })
    }

    /// The unreleased seat that may remain of an unanswered activation.
    #[must_use]
    pub fn of_pending(seat: PendingSeat) -> Self {
        Self { issuer: seat.issuer, code: seat.code, activation: None, label: seat.label, since: seat.latest }
    }
}

impl StandingRefusal {
    /// A refusal since `since`.
    #[must_use]
    pub const fn new(refusal: Refusal, since: Timestamp) -> Self {
        Self { refusal, since }
    }
}

impl Outage {
    /// An outage with one failed check.
    #[must_use]
    pub const fn new(kind: ErrorKind, since: Timestamp) -> Self {
        Self { kind, since, failures: 1 }
    }
}
