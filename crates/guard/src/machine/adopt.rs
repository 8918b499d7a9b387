//! Adopting a seat that was found in the vendor's list.

use anykey_core::{Activation, KeyCode};

use super::command::Next;
use super::{Context, Goal, ask};
use crate::{HeldSeat, Issuer, SeatRecord, UnreleasedSeat};

/// Holds the first of the installation's `own` seats of `code`, and checks it. For each further activation without an
/// answer, one of the other seats becomes unreleased.
pub(super) fn adopt(
    record: &mut SeatRecord,
    issuer: Issuer,
    code: KeyCode,
    own: Vec<Activation>,
    context: &Context<'_>,
) -> Next {
    let sent = record.pending.as_ref().filter(|pending| pending.code == code).map_or(0, |one| one.unanswered);
    let surplus = usize::try_from(sent.saturating_sub(1)).unwrap_or(usize::MAX);
    let mut own = own.into_iter();
    if let Some(first) = own.next() {
        let mut seat = HeldSeat::new(issuer.clone(), code.clone(), Some(first.id), first.label, context.seen);
        seat.key_id = first.key_id;
        seat.found = !is_known(record, &seat);
        record.hold(seat);
        record.next_check = Some(context.seen);
    }
    record.unreleased.extend(own.take(surplus).map(|seat| UnreleasedSeat {
        issuer: issuer.clone(),
        code: code.clone(),
        activation: Some(seat.id),
        label: seat.label.into(),
        since: context.seen,
    }));
    ask::held_seat(record, Goal::Adopted, false, context)
}

/// Whether the record contains the seat, or an activation that may have taken it.
fn is_known(record: &SeatRecord, seat: &HeldSeat) -> bool {
    let is_same =
        |code: &KeyCode, issuer: &Issuer| *code == seat.code && issuer.is_same_account(&seat.issuer);
    let held = record.held.as_ref().is_some_and(|held| {
        held.activation == seat.activation && held.issuer.is_same_account(&seat.issuer) && !held.found
    });
    let pending = record.pending.as_ref().is_some_and(|pending| is_same(&pending.code, &pending.issuer));
    held || pending
        || record.unreleased.iter().any(|unreleased| is_same(&unreleased.code, &unreleased.issuer))
}
