use anykey_core::{
    ActivationId, ErrorKind, Expiry, InstallationMark, KeyCode, LicenseKeyId, Refusal, RefusalReason,
    SignedDuration, Timestamp,
};

mod issuer;
mod user;

pub use issuer::Issuer;
pub use user::UserMark;

/// All that is known about this installation's seat: what the store keeps, and what [`evaluate`](crate::evaluate)
/// reads access from.
///
/// It holds the license key, which `Debug` masks. A record with neither a held nor a pending seat means that
/// no key was entered, or that the seat was given back.
///
/// All times are the vendor's, as far as it reported its own time: see [`clock_off_by`](Self::clock_off_by).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SeatRecord {
    /// The installation that the record belongs to.
    pub mark: InstallationMark,
    /// Counts the writes of the record: of two copies, the one with the higher number is the later one.
    pub revision: u64,
    /// The seat of this installation; `None` when it has none.
    pub held: Option<HeldSeat>,
    /// An activation that was sent and whose answer is missing; `None` when there is none.
    pub pending: Option<PendingSeat>,
    /// Seats that are no longer used and could not be given back yet, oldest first.
    pub owed: Vec<OwedSeat>,
    /// The users of this computer who share the seat; empty when the installation belongs to one user.
    pub users: Vec<UserMark>,
    /// Why the last attempts to ask the vendor failed; `None` when the last one was answered.
    pub outage: Option<Outage>,
    /// When to ask the vendor next; `None` when there is nothing to ask.
    pub next_check: Option<Timestamp>,
    /// The latest time that was seen. An answer of the vendor sets it to the time of that answer.
    pub high_water: Timestamp,
    /// By how much this computer's clock was ahead of the vendor's time at the last answer; negative when it
    /// was behind. Zero when it was right within the policy's tolerance, or when no vendor reported its time.
    pub clock_off_by: SignedDuration,
    /// Whether this is an older record than the [counter](crate::RevisionCounter) knows of: it was put back in
    /// the place of a later one, and counts only after the vendor's next answer.
    pub restored: bool,
}

/// A seat that this installation has.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HeldSeat {
    /// Where the seat was taken.
    pub issuer: Issuer,
    /// The license key. A secret.
    pub code: KeyCode,
    /// The vendor's id of the activation; `None` when the key, or the vendor, has no seats to take.
    pub activation: Option<ActivationId>,
    /// The record of the key at the vendor; `None` when no answer named it.
    pub key_id: Option<LicenseKeyId>,
    /// What the seat is called at the vendor.
    pub label: Box<str>,
    /// When the key ends, as far as the vendor reported it.
    pub expiry: Expiry,
    /// Whether the key is known to follow a subscription: the vendor said so, or has renewed it before.
    pub renews: bool,
    /// When this installation got the seat.
    pub since: Timestamp,
    /// How many activations before this one were never answered: the vendor may count a seat for each. The
    /// seller finds them by the mark in their names.
    pub unanswered_before: u32,
    /// When the vendor last said yes; `None` when it never did on this installation.
    pub last_good: Option<Timestamp>,
    /// The vendor's no; `None` when its last answer was yes.
    pub refusal: Option<StandingRefusal>,
    /// Whether the app no longer asks the vendor of this seat: its configuration names another one.
    pub elsewhere: bool,
    /// Whether the seat was found at the vendor although this record knew nothing of it: the record was lost, or
    /// another user of the computer has the seat in a store of his own. It is given back only by
    /// [`deactivate_for_all_users`](crate::Guard::deactivate_for_all_users).
    pub found: bool,
}

/// An activation that was sent and whose answer is missing: the vendor may count a seat for it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PendingSeat {
    /// Where it was sent.
    pub issuer: Issuer,
    /// The license key. A secret.
    pub code: KeyCode,
    /// What the seat is called at the vendor, if it was taken. It ends with the installation's mark.
    pub label: Box<str>,
    /// When the first such activation was sent.
    pub since: Timestamp,
    /// When the last such activation was sent.
    pub latest: Timestamp,
    /// How many activations are without an answer.
    pub unanswered: u32,
}

/// A seat that this installation no longer uses and that the vendor may still count.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OwedSeat {
    /// Where the seat was taken.
    pub issuer: Issuer,
    /// The license key. A secret.
    pub code: KeyCode,
    /// The vendor's id of the activation; `None` when its answer was lost, so that it has to be looked for.
    pub activation: Option<ActivationId>,
    /// What the seat is called at the vendor.
    pub label: Box<str>,
    /// When the activation was last sent, or when the seat was got.
    pub since: Timestamp,
}

/// A vendor's no, and since when it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StandingRefusal {
    /// The vendor's latest no.
    pub refusal: Refusal,
    /// When the first no after the last yes came.
    pub since: Timestamp,
}

/// Consecutive attempts without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outage {
    /// How the last attempt failed.
    pub kind: ErrorKind,
    /// When the first attempt failed.
    pub since: Timestamp,
    /// How many attempts failed in a row.
    pub failures: u32,
}

impl SeatRecord {
    /// The record of an installation that no key was entered on.
    #[must_use]
    pub const fn new(mark: InstallationMark, now: Timestamp) -> Self {
        Self {
            mark,
            revision: 0,
            held: None,
            pending: None,
            owed: Vec::new(),
            users: Vec::new(),
            outage: None,
            next_check: None,
            high_water: now,
            clock_off_by: SignedDuration::ZERO,
            restored: false,
        }
    }

    /// Whether there is nothing to remember: no seat held, pending, or to be given back.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.held.is_none() && self.pending.is_none() && self.owed.is_empty()
    }
}

impl HeldSeat {
    /// A seat of which only the key and the vendor's id of the activation are known.
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
            since: now,
            unanswered_before: 0,
            last_good: None,
            refusal: None,
            elsewhere: false,
            found: false,
        }
    }
}

impl HeldSeat {
    /// Whether the key may follow a subscription whose renewal is late, now that it is refused for `reason`.
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

impl OwedSeat {
    /// What is left to do about a seat that another one has replaced; `None` for a key without seats, and for a
    /// seat that somebody else may use.
    #[must_use]
    pub fn of_held(seat: HeldSeat) -> Option<Self> {
        let activation = Some(seat.activation.filter(|_| !seat.found)?);
        Some(Self { issuer: seat.issuer, code: seat.code, activation, label: seat.label, since: seat.since })
    }

    /// What is left to do about an activation whose answer is missing and that nobody waits for any more.
    #[must_use]
    pub fn of_pending(seat: PendingSeat) -> Self {
        Self { issuer: seat.issuer, code: seat.code, activation: None, label: seat.label, since: seat.latest }
    }
}

impl StandingRefusal {
    /// A no that stands since `since`.
    #[must_use]
    pub const fn new(refusal: Refusal, since: Timestamp) -> Self {
        Self { refusal, since }
    }
}

impl Outage {
    /// One failed attempt.
    #[must_use]
    pub const fn new(kind: ErrorKind, since: Timestamp) -> Self {
        Self { kind, since, failures: 1 }
    }
}
