//! A record and a policy, reduced to the instants at which access changes.
//!
//! All rules about access are here: [`Phase::of`] reads the record, and [`Phase::at`] compares instants. Neither does
//! I/O or reads a clock.

use anykey_core::{Expiry, RefusalReason, SignedDuration, Timestamp};

use crate::clock::plus;
use crate::seen_time::Reading;
use crate::{
    Access, AccessState, Cause, Enforcement, HeldSeat, Notice, Notices, OfflineGrace, Policy, RefusedBy,
    SeatRecord,
};

/// How access develops if there is no further answer. [`at`](Self::at) only compares instants.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeline {
    /// What the record allows.
    phase: Phase,
    next_check: Option<Timestamp>,
    high_water: Timestamp,
    off_by: SignedDuration,
    tolerance: SignedDuration,
    seat_may_be_taken: bool,
    marks: Notices,
    advisory: bool,
}

/// What a record allows if there is no further answer.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// No key.
    NotActivated,
    /// A key without a valid answer that counts.
    Unanswered { since: Timestamp, cause: Cause },
    /// The vendor refused; until `until` a payment may still resolve it.
    Refused { reason: RefusalReason, since: Timestamp, until: Option<Timestamp> },
    /// A valid answer: it counts until `due`, then as grace until `deadline`.
    Trusted { due: Timestamp, deadline: Option<Timestamp>, cause: Cause, expiry: Option<KnownExpiry> },
}

/// The expiry that the vendor reported, and until when a late renewal keeps access.
#[derive(Clone, Copy, Debug)]
struct KnownExpiry {
    at: Timestamp,
    applies_from: Timestamp,
    payable_until: Timestamp,
}

impl Timeline {
    /// The timeline of a record under a policy.
    pub(crate) fn of(record: &SeatRecord, policy: &Policy) -> Self {
        let policy = policy.bounded();
        Self {
            phase: Phase::of(record, &policy),
            next_check: if record.is_empty() { None } else { record.next_check },
            high_water: record.high_water,
            off_by: record.clock_off_by,
            tolerance: policy.clock_tolerance,
            seat_may_be_taken: record.pending.is_some(),
            marks: Notices::NONE
                .with(Notice::SeatUnreleased, !record.unreleased.is_empty())
                .with(Notice::VendorChanged, record.held.as_ref().is_some_and(|held| held.vendor_changed))
                .with(Notice::RecordRestored, record.restored),
            advisory: policy.enforcement == Enforcement::Advisory,
        }
    }

    /// The timeline when the record cannot be read since `since`.
    pub(crate) fn unreadable(record: &SeatRecord, policy: &Policy, since: Timestamp) -> Self {
        let phase = Phase::Unanswered { since, cause: Cause::RecordUnreadable };
        Self { phase, ..Self::of(record, policy) }
    }

    /// How far the clock was ahead of the vendor's time at the last answer.
    pub(crate) const fn off_by(&self) -> SignedDuration {
        self.off_by
    }

    /// Access when the clock shows `clock` and no later time was seen than the record's.
    pub(crate) fn at(&self, clock: Timestamp) -> Access {
        self.at_reading(Reading::of(clock, self.off_by, self.high_water))
    }

    /// Access at a reading of the clock.
    pub(crate) fn at_reading(&self, reading: Reading) -> Access {
        let Reading { shown, seen, off_by } = reading;
        Access {
            state: self.phase.at(seen),
            next_check: self.next_check,
            clock_set_back: seen.duration_since(shown) > self.tolerance,
            seat_may_be_taken: self.seat_may_be_taken,
            clock_off_by: off_by,
            marks: self.marks,
            advisory: self.advisory,
        }
    }

    /// The first instant after `seen` at which the state changes because of time alone; `None` when it does not.
    pub(crate) fn next_change(&self, seen: Timestamp) -> Option<Timestamp> {
        let instants = match self.phase {
            Phase::NotActivated | Phase::Unanswered { .. } => [None, None, None, None],
            Phase::Refused { until, .. } => [until, None, None, None],
            Phase::Trusted { due, deadline, expiry, .. } => [
                Some(due),
                deadline,
                expiry.map(|expiry| expiry.applies_from),
                expiry.map(|expiry| expiry.payable_until),
            ],
        };
        instants.into_iter().flatten().filter(|instant| *instant > seen).min()
    }
}

impl Phase {
    fn of(record: &SeatRecord, policy: &Policy) -> Self {
        let unanswered = match record.outage {
            _ if record.held.as_ref().is_some_and(|held| held.vendor_changed) => Cause::VendorChanged,
            Some(outage) => Cause::NoAnswer(outage.kind),
            None => Cause::NotChecked,
        };
        match (&record.held, &record.pending) {
            (None, None) => Self::NotActivated,
            (None, Some(pending)) => Self::unproven(pending.since, Cause::ActivationPending, policy),
            (Some(held), _) => match (&held.refusal, held.last_good) {
                (Some(standing), _) => {
                    let (reason, since) = (standing.refusal.reason, standing.since);
                    let until = plus(since, policy.payment_grace_of(held, reason));
                    Self::Refused { reason, since, until: Some(until) }
                }
                (None, _) if record.restored => {
                    Self::Unanswered { since: record.high_water, cause: Cause::RecordRestored }
                }
                (None, Some(good)) => Self::trusted(good, policy, unanswered, held),
                (None, None) => Self::unproven(held.since, unanswered, policy),
            },
        }
    }

    /// After a valid answer at `good`. A verified proof extends the deadline to its own end.
    fn trusted(good: Timestamp, policy: &Policy, cause: Cause, held: &HeldSeat) -> Self {
        let due = plus(good, policy.check_interval);
        let deadline = deadline(due, policy).and_then(|deadline| match &held.proof {
            None => Some(deadline),
            Some(held) => held.ends_at.map(|end| end.max(deadline)),
        });
        Self::Trusted { due, deadline, cause, expiry: KnownExpiry::of(held, policy) }
    }

    /// Before the first valid answer: no access, unless the policy starts the grace with the activation.
    fn unproven(since: Timestamp, cause: Cause, policy: &Policy) -> Self {
        if policy.grace_needs_good_check {
            return Self::Unanswered { since, cause };
        }
        Self::Trusted { due: since, deadline: deadline(since, policy), cause, expiry: None }
    }

    fn at(&self, seen: Timestamp) -> AccessState {
        match *self {
            Self::NotActivated => AccessState::NotActivated,
            Self::Unanswered { since, cause } => AccessState::NeedsCheck { since, cause },
            Self::Refused { reason, since, until } => AccessState::Refused {
                reason,
                by: RefusedBy::Vendor,
                since,
                until: until.filter(|until| seen < *until),
            },
            Self::Trusted { due, deadline, cause, expiry } => {
                if let Some(expiry) = expiry.filter(|expiry| seen >= expiry.applies_from) {
                    return AccessState::Refused {
                        reason: RefusalReason::Expired,
                        by: RefusedBy::KnownExpiry,
                        since: expiry.at,
                        until: earlier(Some(expiry.payable_until), deadline).filter(|until| seen < *until),
                    };
                }
                let until = earlier(deadline, expiry.map(|expiry| expiry.last_use()));
                match deadline {
                    _ if seen < due => AccessState::Granted { until },
                    Some(deadline) if seen >= deadline => AccessState::NeedsCheck { since: deadline, cause },
                    _ => AccessState::Grace { until, since: due, cause },
                }
            }
        }
    }
}

impl KnownExpiry {
    /// `None` also when a valid answer came after the expiry: the vendor's clock differs, or the date was moved.
    fn of(held: &HeldSeat, policy: &Policy) -> Option<Self> {
        let Expiry::At(at) = held.expiry else { return None };
        if held.last_good.is_some_and(|good| good >= at) {
            return None;
        }
        let applies_from = plus(at, policy.clock_tolerance);
        let payable_until = plus(at, policy.payment_grace_of(held, RefusalReason::Expired));
        Some(Self { at, applies_from, payable_until })
    }

    /// When the expiry ends access at the latest.
    fn last_use(&self) -> Timestamp {
        self.applies_from.max(self.payable_until)
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

/// The end of the grace; `None` for a grace without end.
fn deadline(due: Timestamp, policy: &Policy) -> Option<Timestamp> {
    match policy.offline_grace {
        OfflineGrace::For(grace) => Some(plus(due, grace)),
        OfflineGrace::Unlimited => None,
    }
}
