//! What an answer of the vendor, or its absence, does to the record.

use std::time::Duration;

use anykey_core::{
    Activation, ErrorKind, Expiry, KeyCode, LicenseKey, Refusal, RefusalReason, SignedDuration, Timestamp,
    Validation,
};

use crate::seen_time::{Reading, SLACK};
use crate::{HeldSeat, Issuer, Outage, OwedSeat, PendingSeat, Policy, SeatRecord, StandingRefusal, schedule};

/// When an answer came, by this computer's clock and by the vendor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnswerTime {
    /// What the clock showed when the answer was there.
    pub(crate) clock: Timestamp,
    /// The latest that the clock can rightly show then: what it showed when the request left, and how long the
    /// answer took by the monotonic clock.
    pub(crate) latest: Timestamp,
}

/// What the time of an answer says about the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// The vendor's time of the answer.
    pub(crate) time: Timestamp,
    off_by: SignedDuration,
}

impl AnswerTime {
    /// Measures by `vendor`, the vendor's own time of the answer; without it by the clock, as far as the record
    /// knows how wrong that is.
    pub(crate) fn measured(
        self,
        vendor: Option<Timestamp>,
        record: &SeatRecord,
        policy: &Policy,
    ) -> Measured {
        let Some(vendor) = vendor else {
            let clock = self.clock.min(self.latest);
            let reading = Reading::of(clock, record.clock_off_by, record.high_water);
            return Measured { time: reading.shown, off_by: reading.off_by };
        };
        let off_by = SignedDuration::from_secs(self.clock.duration_since(vendor).as_secs());
        if off_by.abs() <= policy.clock_tolerance.max(SLACK) {
            return Measured { time: self.clock, off_by: SignedDuration::ZERO };
        }
        Measured { time: vendor, off_by }
    }
}

/// The vendor's own time of its answer.
pub(crate) const fn time_of_validation(validation: &Validation) -> Option<Timestamp> {
    validation.answered_at
}

/// The vendor's own time of its answer; the time at which it made the seat serves as well.
pub(crate) fn time_of_activation(activation: &Activation) -> Option<Timestamp> {
    activation.answered_at.or(activation.created_at)
}

impl SeatRecord {
    /// Time passed. Seen time never goes back.
    pub(crate) fn observe(&mut self, seen: Timestamp) {
        self.high_water = self.high_water.max(seen);
    }

    /// The vendor said yes; `key` is what the answer holds about the key.
    ///
    /// Its word counts from its own time, also when the clock had shown a later time before: after a clock that
    /// ran ahead by years, one yes puts everything right.
    pub(crate) fn accept(&mut self, at: Measured, policy: &Policy, key: Option<&LicenseKey>) {
        self.high_water = at.time;
        self.clock_off_by = at.off_by;
        self.restored = false;
        self.outage = None;
        let Some(held) = &mut self.held else { return };
        held.last_good = Some(at.time);
        held.refusal = None;
        held.elsewhere = false;
        if let Some(key) = key {
            held.learn(key);
        }
        self.next_check = Some(schedule::after_yes(policy, self.mark, at.time, held.expiry.at()));
    }

    /// The vendor said no to the seat that is held.
    pub(crate) fn refuse(&mut self, at: Measured, policy: &Policy, refusal: Refusal) {
        self.observe(at.time);
        self.outage = None;
        let Some(held) = &mut self.held else { return };
        held.elsewhere = false;
        let since = held.refusal.as_ref().map_or(self.high_water, |standing| standing.since);
        held.refusal = Some(StandingRefusal::new(refusal, since));
        self.next_check = Some(schedule::after_no(policy, self.mark, self.high_water));
    }

    /// No answer came.
    pub(crate) fn miss(
        &mut self,
        seen: Timestamp,
        policy: &Policy,
        kind: ErrorKind,
        retry_after: Option<Duration>,
    ) {
        self.observe(seen);
        let outage = match self.outage {
            Some(outage) => Outage { kind, failures: outage.failures.saturating_add(1), ..outage },
            None => Outage::new(kind, self.high_water),
        };
        self.outage = Some(outage);
        let next = schedule::after_failure(policy, self.mark, seen, outage.failures, retry_after);
        self.next_check = Some(next);
    }

    /// The app no longer asks the vendor of the held seat. The seat stays good as long as its last yes does.
    pub(crate) fn miss_elsewhere(&mut self, seen: Timestamp, policy: &Policy) {
        self.observe(seen);
        self.next_check = Some(schedule::after_yes(policy, self.mark, seen, None));
        if let Some(held) = &mut self.held {
            held.elsewhere = true;
        }
    }

    /// An activation of `code` is about to be sent. Until its answer is in the record, it counts as lost.
    pub(crate) fn expect_seat(&mut self, seen: Timestamp, issuer: &Issuer, code: &KeyCode, label: &str) {
        self.observe(seen);
        let is_same = |before: &PendingSeat| before.code == *code && before.issuer.is_same_place(issuer);
        self.pending = Some(match self.pending.take() {
            Some(before) if is_same(&before) => {
                let unanswered = before.unanswered.saturating_add(1);
                PendingSeat { latest: seen, unanswered, ..before }
            }
            other => {
                self.owed.extend(other.map(OwedSeat::of_pending));
                PendingSeat::new(issuer.clone(), code.clone(), label, seen)
            }
        });
    }

    /// The activation that was sent last certainly took no seat; `refusal` is the vendor's, if it answered.
    pub(crate) fn settle_without_seat(&mut self, refusal: Option<&Refusal>) {
        let has_no_seats = refusal.is_some_and(|refusal| {
            matches!(refusal.reason, RefusalReason::UnknownKey | RefusalReason::ActivationsNotSupported)
        });
        self.pending = self.pending.take().and_then(|pending| {
            let unanswered = pending.unanswered.saturating_sub(1);
            (unanswered > 0 && !has_no_seats).then_some(PendingSeat { unanswered, ..pending })
        });
    }

    /// The seat is what the last activation brought. The one that was held before is owed.
    pub(crate) fn hold_answered(&mut self, seat: HeldSeat) {
        let sent = self.pending.as_ref().map_or(1, |pending| pending.unanswered);
        self.hold(HeldSeat { unanswered_before: sent.saturating_sub(1), ..seat });
    }

    /// The seat is this installation's. The one that was held before is owed.
    pub(crate) fn hold(&mut self, seat: HeldSeat) {
        let is_other =
            |pending: &PendingSeat| pending.code != seat.code || !pending.issuer.is_same_place(&seat.issuer);
        self.owed.extend(self.pending.take().filter(is_other).map(OwedSeat::of_pending));
        let is_new = |before: &OwedSeat| {
            before.activation != seat.activation || !before.issuer.is_same_place(&seat.issuer)
        };
        let before = self.held.take().and_then(OwedSeat::of_held).filter(is_new);
        self.owed.extend(before);
        self.held = Some(seat);
    }

    /// Nothing is held or pending any more. What is owed stays.
    pub(crate) fn release(&mut self) {
        let owed = std::mem::take(&mut self.owed);
        let (revision, clock_off_by) = (self.revision, self.clock_off_by);
        *self = Self { owed, revision, clock_off_by, ..Self::new(self.mark, self.high_water) };
    }
}

impl HeldSeat {
    /// Takes over what the vendor reports about the key.
    fn learn(&mut self, key: &LicenseKey) {
        self.key_id = Some(key.id.clone());
        let was_renewed = match (self.expiry, key.expiry) {
            (Expiry::At(before), Expiry::At(now)) => now > before,
            _ => false,
        };
        self.renews |=
            was_renewed || key.expiry == Expiry::FollowsSubscription || key.origin.subscription.is_some();
        self.expiry = key.expiry;
        if let Some(seller) = &key.origin.seller {
            self.issuer.seller = Some((&**seller).into());
        }
    }
}
