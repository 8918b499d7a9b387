//! What an answer of the vendor, or its absence, does to the record.

use std::time::Duration;

use anykey_core::{ErrorKind, KeyCode, LicenseKey, Refusal, RefusalReason, Timestamp};

use crate::{HeldSeat, Outage, PendingSeat, Policy, SeatRecord, StandingRefusal, schedule};

impl SeatRecord {
    /// Time passed. Seen time never goes back.
    pub(crate) fn observe(&mut self, now: Timestamp) {
        self.high_water = self.high_water.max(now);
    }

    /// The vendor said yes; `key` is what it told about the key.
    ///
    /// Its word counts from `now`, also when the clock had shown a later time before: after a clock that
    /// ran ahead by years, one yes puts everything right.
    pub(crate) fn accept(&mut self, now: Timestamp, policy: &Policy, key: Option<&LicenseKey>) {
        self.high_water = now;
        self.outage = None;
        let Some(held) = &mut self.held else { return };
        held.last_good = Some(now);
        held.refusal = None;
        if let Some(key) = key {
            held.key_id = Some(key.id.clone());
            held.expiry = key.expiry;
        }
        self.next_check = Some(schedule::after_yes(policy, self.mark, now, held.expiry.at()));
    }

    /// The vendor said no to the seat that is held.
    pub(crate) fn refuse(&mut self, now: Timestamp, policy: &Policy, refusal: Refusal) {
        self.observe(now);
        self.outage = None;
        let Some(held) = &mut self.held else { return };
        let since = held.refusal.as_ref().map_or(self.high_water, |standing| standing.since);
        held.refusal = Some(StandingRefusal::new(refusal, since));
        self.next_check = Some(schedule::after_no(policy, self.mark, now));
    }

    /// No answer came.
    pub(crate) fn miss(
        &mut self,
        now: Timestamp,
        policy: &Policy,
        kind: ErrorKind,
        retry_after: Option<Duration>,
    ) {
        self.observe(now);
        let outage = match self.outage {
            Some(outage) => Outage { kind, failures: outage.failures.saturating_add(1), ..outage },
            None => Outage::new(kind, self.high_water),
        };
        self.outage = Some(outage);
        let next = schedule::after_failure(policy, self.mark, now, outage.failures, retry_after);
        self.next_check = Some(next);
    }

    /// An activation of `code` is about to be sent. Until its answer is in the record, it counts as lost.
    pub(crate) fn expect_seat(&mut self, now: Timestamp, code: &KeyCode, label: &str) {
        self.observe(now);
        let before = self.pending.take().filter(|before| before.code == *code);
        self.pending = Some(match before {
            Some(before) => {
                let unanswered = before.unanswered.saturating_add(1);
                PendingSeat { latest: now, unanswered, ..before }
            }
            None => PendingSeat::new(code.clone(), label, now),
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

    /// The seat is what the last activation brought. Returns the one that was held before.
    pub(crate) fn hold_answered(&mut self, seat: HeldSeat) -> Option<HeldSeat> {
        let sent = self.pending.as_ref().map_or(1, |pending| pending.unanswered);
        self.hold(HeldSeat { unanswered_before: sent.saturating_sub(1), ..seat })
    }

    /// The seat is this machine's. Returns the one that was held before.
    pub(crate) fn hold(&mut self, seat: HeldSeat) -> Option<HeldSeat> {
        self.pending = None;
        self.held.replace(seat)
    }

    /// Nothing is held or pending any more.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(std::mem::take(&mut self.provider), self.mark, self.high_water);
    }
}
