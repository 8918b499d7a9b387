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

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{InstallationMark, Timestamp};

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn seat(vendor: &str, code: &str, activation: &str) -> HeldSeat {
        let (issuer, code) = (Issuer::new(vendor), KeyCode::verbatim(code));
        HeldSeat::new(issuer, code, Some(activation.into()), "label", NOW)
    }

    fn empty() -> SeatRecord {
        SeatRecord::new(InstallationMark::from_digest([7; 6]), NOW)
    }

    #[test]
    fn a_seat_is_known_that_is_held_and_was_not_found() {
        let adopted = seat("acme", "AAAA", "1");
        let held = |seat: HeldSeat| SeatRecord { held: Some(seat), ..empty() };
        assert!(!is_known(&empty(), &adopted));
        assert!(is_known(&held(adopted.clone()), &adopted));
        assert!(!is_known(&held(HeldSeat { found: true, ..adopted.clone() }), &adopted));
        assert!(!is_known(&held(seat("acme", "AAAA", "2")), &adopted));
        assert!(!is_known(&held(seat("globex", "AAAA", "1")), &adopted));
    }

    #[test]
    fn a_seat_is_known_that_an_activation_of_the_same_key_may_have_taken() {
        let adopted = seat("acme", "AAAA", "1");
        for (vendor, code, known) in
            [("acme", "AAAA", true), ("acme", "BBBB", false), ("globex", "AAAA", false)]
        {
            let sent = seat(vendor, code, "2");
            let mut record = empty();
            record.expect_seat(NOW, &sent.issuer, &sent.code, "label");
            assert_eq!(is_known(&record, &adopted), known, "pending: {vendor} {code}");
            let unreleased = UnreleasedSeat {
                issuer: sent.issuer,
                code: sent.code,
                activation: None,
                label: "label".into(),
                since: NOW,
            };
            let record = SeatRecord { unreleased: vec![unreleased], ..empty() };
            assert_eq!(is_known(&record, &adopted), known, "unreleased: {vendor} {code}");
        }
    }
}
