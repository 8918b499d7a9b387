use anykey_core::{
    ActivationId, ErrorKind, Expiry, InstallationMark, KeyCode, LicenseKeyId, Refusal, Timestamp,
};

/// All that is known about this machine's seat: what the store keeps and [`evaluate`](crate::evaluate) judges.
///
/// It holds the license key, which `Debug` masks. A record with neither a held nor a pending seat means that
/// no key was entered.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SeatRecord {
    /// The name of the provider that the seat was taken at.
    pub provider: Box<str>,
    /// The installation that the record belongs to.
    pub mark: InstallationMark,
    /// The seat that this machine has; `None` when it has none.
    pub held: Option<HeldSeat>,
    /// An activation that was sent and whose answer is missing; `None` when none is.
    pub pending: Option<PendingSeat>,
    /// Why the last attempts to ask the vendor failed; `None` when the last one was answered.
    pub outage: Option<Outage>,
    /// When to ask the vendor next; `None` when there is nothing to ask.
    pub next_check: Option<Timestamp>,
    /// The latest time that was seen. A yes of the vendor sets it to the time of that yes.
    pub high_water: Timestamp,
}

/// A seat that this machine has.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HeldSeat {
    /// The license key. A secret.
    pub code: KeyCode,
    /// The vendor's name for the seat; `None` when the key, or the vendor, has no seats to take.
    pub activation: Option<ActivationId>,
    /// The record of the key at the vendor; `None` when it never told.
    pub key_id: Option<LicenseKeyId>,
    /// What the seat is called at the vendor.
    pub label: Box<str>,
    /// When the key ends, as far as the vendor told.
    pub expiry: Expiry,
    /// When this machine came by the seat.
    pub since: Timestamp,
    /// How many activations before this one were never answered: the vendor may count a seat for each. The
    /// seller finds them by the mark in their names.
    pub unanswered_before: u32,
    /// When the vendor last said yes; `None` when it never did on this machine.
    pub last_good: Option<Timestamp>,
    /// The vendor's no; `None` when its last answer was yes.
    pub refusal: Option<StandingRefusal>,
}

/// An activation that was sent and whose answer is missing: the vendor may count a seat for it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PendingSeat {
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

/// A vendor's no, and since when it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StandingRefusal {
    /// The vendor's latest no.
    pub refusal: Refusal,
    /// When the first no after the last yes came.
    pub since: Timestamp,
}

/// A row of attempts without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outage {
    /// How the last attempt failed.
    pub kind: ErrorKind,
    /// When the first attempt of the row failed.
    pub since: Timestamp,
    /// How many attempts failed in a row.
    pub failures: u32,
}

impl SeatRecord {
    /// The record of an installation that no key was entered on.
    pub fn new(provider: impl Into<Box<str>>, mark: InstallationMark, now: Timestamp) -> Self {
        Self {
            provider: provider.into(),
            mark,
            held: None,
            pending: None,
            outage: None,
            next_check: None,
            high_water: now,
        }
    }

    /// Whether a key was entered, successfully or not yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.held.is_none() && self.pending.is_none()
    }
}

impl HeldSeat {
    /// A seat of which only the key and the vendor's name for the seat are known.
    pub fn new(
        code: KeyCode,
        activation: Option<ActivationId>,
        label: impl Into<Box<str>>,
        now: Timestamp,
    ) -> Self {
        Self {
            code,
            activation,
            key_id: None,
            label: label.into(),
            expiry: Expiry::Unknown,
            since: now,
            unanswered_before: 0,
            last_good: None,
            refusal: None,
        }
    }
}

impl PendingSeat {
    /// An activation that is about to be sent for the first time.
    pub fn new(code: KeyCode, label: impl Into<Box<str>>, now: Timestamp) -> Self {
        Self { code, label: label.into(), since: now, latest: now, unanswered: 1 }
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
