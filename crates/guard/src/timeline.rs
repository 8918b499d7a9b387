//! A record and a policy, boiled down to the few instants at which access changes.

use anykey_core::{Expiry, RefusalReason, SignedDuration, Timestamp};

use crate::clock::plus;
use crate::{Access, AccessState, Cause, Enforcement, HeldSeat, OfflineGrace, Policy, RefusedBy, SeatRecord};

/// How access goes on from a record if nobody asks the vendor again. [`at`](Self::at) only compares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeline {
    course: Course,
    next_check: Option<Timestamp>,
    high_water: Timestamp,
    tolerance: SignedDuration,
    seat_may_be_taken: bool,
    advisory: bool,
}

#[derive(Clone, Copy, Debug)]
enum Course {
    NotActivated,
    Unanswered { since: Timestamp, cause: Cause },
    Refused { reason: RefusalReason, since: Timestamp, until: Option<Timestamp> },
    Trusted { due: Timestamp, deadline: Option<Timestamp>, cause: Cause, expiry: Option<KnownExpiry> },
}

#[derive(Clone, Copy, Debug)]
struct KnownExpiry {
    at: Timestamp,
    applies_from: Timestamp,
    payable_until: Timestamp,
}

impl Timeline {
    pub(crate) fn of(record: &SeatRecord, policy: &Policy) -> Self {
        let policy = policy.bounded();
        Self {
            course: Course::of(record, &policy),
            next_check: if record.is_empty() { None } else { record.next_check },
            high_water: record.high_water,
            tolerance: policy.clock_tolerance,
            seat_may_be_taken: record.pending.is_some(),
            advisory: policy.enforcement == Enforcement::Advisory,
        }
    }

    /// Access when the clock shows `now`.
    pub(crate) fn at(&self, now: Timestamp) -> Access {
        self.at_after(now, self.high_water)
    }

    /// Access when the clock shows `now` and the latest time seen so far is `high_water`.
    pub(crate) fn at_after(&self, now: Timestamp, high_water: Timestamp) -> Access {
        Access {
            state: self.course.at(now.max(high_water)),
            next_check: self.next_check,
            clock_set_back: now < high_water && high_water.duration_since(now) > self.tolerance,
            seat_may_be_taken: self.seat_may_be_taken,
            advisory: self.advisory,
        }
    }

    /// The first instant after `seen` at which the state changes by itself; `None` when it stays.
    pub(crate) fn next_change(&self, seen: Timestamp) -> Option<Timestamp> {
        let instants = match self.course {
            Course::NotActivated | Course::Unanswered { .. } => [None, None, None, None],
            Course::Refused { until, .. } => [until, None, None, None],
            Course::Trusted { due, deadline, expiry, .. } => [
                Some(due),
                deadline,
                expiry.map(|expiry| expiry.applies_from),
                expiry.map(|expiry| expiry.payable_until),
            ],
        };
        instants.into_iter().flatten().filter(|instant| *instant > seen).min()
    }
}

impl Course {
    fn of(record: &SeatRecord, policy: &Policy) -> Self {
        let unanswered = match record.outage {
            Some(outage) => Cause::NoAnswer(outage.kind),
            None => Cause::NotChecked,
        };
        match (&record.held, &record.pending) {
            (None, None) => Self::NotActivated,
            (None, Some(pending)) => Self::unproven(pending.since, Cause::ActivationPending, policy),
            (Some(held), _) => match (&held.refusal, held.last_good) {
                (Some(standing), _) => Self::Refused {
                    reason: standing.refusal.reason,
                    since: standing.since,
                    until: is_payable(standing.refusal.reason)
                        .then(|| plus(standing.since, policy.payment_grace)),
                },
                (None, Some(good)) => Self::trusted(good, policy, unanswered, KnownExpiry::of(held, policy)),
                (None, None) => Self::unproven(held.since, unanswered, policy),
            },
        }
    }

    fn trusted(good: Timestamp, policy: &Policy, cause: Cause, expiry: Option<KnownExpiry>) -> Self {
        let due = plus(good, policy.check_interval);
        Self::Trusted { due, deadline: deadline(due, policy), cause, expiry }
    }

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
    /// A yes that came after the expiry outweighs it: the vendor has another clock, or moved the date.
    fn of(held: &HeldSeat, policy: &Policy) -> Option<Self> {
        let Expiry::At(at) = held.expiry else { return None };
        if held.last_good.is_some_and(|good| good >= at) {
            return None;
        }
        let applies_from = plus(at, policy.clock_tolerance);
        Some(Self { at, applies_from, payable_until: plus(at, policy.payment_grace) })
    }

    fn last_use(&self) -> Timestamp {
        self.applies_from.max(self.payable_until)
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

fn deadline(due: Timestamp, policy: &Policy) -> Option<Timestamp> {
    match policy.offline_grace {
        OfflineGrace::For(grace) => Some(plus(due, grace)),
        OfflineGrace::Unlimited => None,
    }
}

/// Whether a payment may cure the refusal. A key that the seller switched off, or one that is not this
/// machine's, is no matter of payment.
const fn is_payable(reason: RefusalReason) -> bool {
    matches!(
        reason,
        RefusalReason::Expired
            | RefusalReason::Inactive
            | RefusalReason::Revoked
            | RefusalReason::Unspecified
    )
}
