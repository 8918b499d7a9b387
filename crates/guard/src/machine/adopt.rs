//! A seat that this installation finds at the vendor.

use anykey_core::{Activation, KeyCode};

use super::command::Next;
use super::{Context, Goal, ask};
use crate::{HeldSeat, Issuer, OwedSeat, SeatRecord};

/// Makes the first of the installation's `own` seats of `code` its seat, and checks it. Of the others, as many
/// as there are further activations without an answer are given back.
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
    record.owed.extend(own.take(surplus).map(|seat| OwedSeat {
        issuer: issuer.clone(),
        code: code.clone(),
        activation: Some(seat.id),
        label: seat.label.into(),
        since: context.seen,
    }));
    ask::held_seat(record, Goal::Adopted, false, context)
}

/// Whether the record knew of the seat, or of an activation that may have taken it.
fn is_known(record: &SeatRecord, seat: &HeldSeat) -> bool {
    let is_same = |code: &KeyCode, issuer: &Issuer| *code == seat.code && issuer.is_same_place(&seat.issuer);
    let held = record.held.as_ref().is_some_and(|held| {
        held.activation == seat.activation && held.issuer.is_same_place(&seat.issuer) && !held.found
    });
    let pending = record.pending.as_ref().is_some_and(|pending| is_same(&pending.code, &pending.issuer));
    held || pending || record.owed.iter().any(|owed| is_same(&owed.code, &owed.issuer))
}
