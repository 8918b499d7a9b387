//! How an answer of the vendor, or a failed request, changes the record.

use std::time::Duration;

use anykey_core::{
    Activation, ErrorKind, Expiry, KeyCode, LicenseKey, Refusal, RefusalReason, SignedDuration, Timestamp,
    Validation,
};

use crate::clock::plus;
use crate::seen_time::{Reading, SLACK};
use crate::{
    HeldProof, HeldSeat, Issuer, Outage, PendingSeat, Policy, SeatRecord, StandingRefusal, UnreleasedSeat,
    schedule,
};

/// When an answer arrived, by this computer's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnswerTime {
    /// The clock when the answer arrived.
    pub(crate) clock: Timestamp,
    /// The latest plausible clock time then: the clock when the request was sent, plus the monotonic duration of the
    /// request.
    pub(crate) latest: Timestamp,
}

/// The time of an answer, and the clock's error that follows from it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// The vendor's time of the answer.
    pub(crate) time: Timestamp,
    off_by: SignedDuration,
}

impl AnswerTime {
    /// Computes the time from `vendor`, the vendor's time of the answer. Without it, from the clock, corrected by the
    /// error that the record knows.
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

/// The vendor's time of the answer; `None` when it did not report one.
pub(crate) const fn time_of_validation(validation: &Validation) -> Option<Timestamp> {
    validation.answered_at
}

/// The vendor's time of the answer, or the creation time of the activation; `None` when it reported neither.
pub(crate) fn time_of_activation(activation: &Activation) -> Option<Timestamp> {
    activation.answered_at.or(activation.created_at)
}

impl SeatRecord {
    /// Records that time has passed. The high-water mark never goes back.
    pub(crate) fn observe(&mut self, seen: Timestamp) {
        self.high_water = self.high_water.max(seen);
    }

    /// Records a valid answer. `key` is what it contains about the key.
    ///
    /// The answer's time replaces the high-water mark even when that was later: after the clock ran ahead by years,
    /// one valid answer corrects everything.
    pub(crate) fn accept(&mut self, at: Measured, policy: &Policy, key: Option<&LicenseKey>) {
        self.high_water = at.time;
        self.clock_off_by = at.off_by;
        self.restored = false;
        self.outage = None;
        let Some(held) = &mut self.held else { return };
        held.last_good = Some(at.time);
        held.refusal = None;
        held.vendor_changed = false;
        if let Some(key) = key {
            held.learn(key);
        }
        let ends = held.expiry.at().into_iter().chain(held.renewal_due(at.time)).min();
        self.next_check = Some(schedule::after_valid(policy, self.mark, at.time, ends));
    }

    /// Records what a valid answer says about the held seat. To be called before [`accept`](Self::accept), which plans
    /// the next check.
    pub(crate) fn learn_seat(&mut self, seat: Option<&Activation>, proof: Option<HeldProof>) {
        let Some(held) = &mut self.held else { return };
        held.ends_at = seat.and_then(|seat| seat.expires_at).or(held.ends_at);
        held.proof = proof.or_else(|| held.proof.take());
    }

    /// Records that the held seat was renewed and now ends at `ends_at`.
    pub(crate) fn renewed(&mut self, ends_at: Option<Timestamp>, policy: &Policy) {
        let Some(held) = &mut self.held else { return };
        held.ends_at = ends_at;
        let ends = held.expiry.at().into_iter().chain(held.renewal_due(self.high_water)).min();
        self.next_check = Some(schedule::after_valid(policy, self.mark, self.high_water, ends));
    }

    /// Records a refusal of the held seat.
    pub(crate) fn refuse(&mut self, at: Measured, policy: &Policy, refusal: Refusal) {
        self.observe(at.time);
        self.outage = None;
        let Some(held) = &mut self.held else { return };
        held.vendor_changed = false;
        let since = held.refusal.as_ref().map_or(self.high_water, |standing| standing.since);
        held.refusal = Some(StandingRefusal::new(refusal, since));
        self.next_check = Some(schedule::after_refusal(policy, self.mark, self.high_water, since));
    }

    /// Records a check without an answer.
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

    /// Records that the guard has no provider for the vendor of the held seat. The seat stays valid for the grace
    /// after its last valid answer.
    pub(crate) fn record_other_vendor(&mut self, seen: Timestamp, policy: &Policy) {
        self.observe(seen);
        self.next_check = Some(schedule::after_valid(policy, self.mark, seen, None));
        if let Some(held) = &mut self.held {
            held.vendor_changed = true;
        }
    }

    /// Records that an activation of `code` is about to be sent. Until its answer is in the record, it counts as
    /// lost.
    pub(crate) fn expect_seat(&mut self, seen: Timestamp, issuer: &Issuer, code: &KeyCode, label: &str) {
        self.observe(seen);
        let is_same = |before: &PendingSeat| before.code == *code && before.issuer.is_same_account(issuer);
        self.pending = Some(match self.pending.take() {
            Some(before) if is_same(&before) => {
                let unanswered = before.unanswered.saturating_add(1);
                PendingSeat { latest: seen, unanswered, ..before }
            }
            other => {
                self.unreleased.extend(other.map(UnreleasedSeat::of_pending));
                PendingSeat::new(issuer.clone(), code.clone(), label, seen)
            }
        });
    }

    /// Records that the last activation certainly took no seat. `refusal` is the vendor's, if it answered.
    ///
    /// Earlier activations without an answer stay pending, unless the refusal says that there is no such key or that it
    /// has no seats.
    pub(crate) fn settle_without_seat(&mut self, refusal: Option<&Refusal>) {
        let has_no_seats = refusal.is_some_and(|refusal| {
            matches!(refusal.reason, RefusalReason::UnknownKey | RefusalReason::ActivationsNotSupported)
        });
        self.pending = self.pending.take().and_then(|pending| {
            let unanswered = pending.unanswered.saturating_sub(1);
            (unanswered > 0 && !has_no_seats).then_some(PendingSeat { unanswered, ..pending })
        });
    }

    /// Holds the seat that the last activation took. The seat that was held before becomes unreleased.
    pub(crate) fn hold_answered(&mut self, seat: HeldSeat) {
        let sent = self.pending.as_ref().map_or(1, |pending| pending.unanswered);
        self.hold(HeldSeat { unanswered_before: sent.saturating_sub(1), ..seat });
    }

    /// Holds `seat`. The seat that was held before becomes unreleased.
    pub(crate) fn hold(&mut self, seat: HeldSeat) {
        let is_other = |pending: &PendingSeat| {
            pending.code != seat.code || !pending.issuer.is_same_account(&seat.issuer)
        };
        self.unreleased.extend(self.pending.take().filter(is_other).map(UnreleasedSeat::of_pending));
        let is_new = |before: &UnreleasedSeat| {
            before.activation != seat.activation || !before.issuer.is_same_account(&seat.issuer)
        };
        let before = self.held.take().and_then(UnreleasedSeat::of_held).filter(is_new);
        self.unreleased.extend(before);
        self.held = Some(seat);
    }

    /// Forgets the held and the pending seat. Unreleased seats stay.
    pub(crate) fn release(&mut self) {
        let unreleased = std::mem::take(&mut self.unreleased);
        let (revision, clock_off_by) = (self.revision, self.clock_off_by);
        *self = Self { unreleased, revision, clock_off_by, ..Self::new(self.mark, self.high_water) };
    }
}

impl HeldSeat {
    /// When the seat has to be renewed: half-way to its end, so that one failed attempt costs nothing.
    fn renewal_due(&self, now: Timestamp) -> Option<Timestamp> {
        let left = self.ends_at?.duration_since(now);
        left.is_positive().then(|| plus(now, left / 2))
    }

    /// Copies what the vendor reports about the key: its id, its expiry, and whether it is renewed. An expiry that
    /// moves forward shows a subscription.
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
