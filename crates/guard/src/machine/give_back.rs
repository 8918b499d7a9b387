//! Seats that are no longer used.

use anykey_core::{ActivationId, Error, RefusalReason};

use super::command::{Next, done};
use super::settling::is_settled;
use super::{Command, Context, Done, Lookup, Purpose, Waiting};
use crate::{SeatRecord, schedule};

/// Gives back the owed seats from the one at `index` on, as far as possible, and ends as `then`: what became of
/// them is no matter of the operation.
pub(super) fn from(record: &mut SeatRecord, index: usize, then: Done, context: &Context<'_>) -> Next {
    for (index, owed) in record.owed.iter().enumerate().skip(index) {
        let Some(at) = context.provider_of(&owed.issuer) else { continue };
        let code = owed.code.clone();
        return match &owed.activation {
            Some(activation) => {
                let activation = activation.clone();
                (Waiting::Owed { index, then }, Command::Deactivate { at, code, activation })
            }
            None => {
                let purpose = Purpose::Owed { index, then };
                (Waiting::List { purpose }, Command::List { at, code })
            }
        };
    }
    if record.held.is_none() && record.pending.is_none() {
        let retry = || schedule::after_no(context.policy, record.mark, context.seen);
        record.next_check = (!record.owed.is_empty()).then(retry);
    }
    done(then)
}

pub(super) fn deactivated(
    record: &mut SeatRecord,
    index: usize,
    then: Done,
    answer: &Result<(), Error>,
    context: &Context<'_>,
) -> Next {
    if is_free(answer) && index < record.owed.len() {
        record.owed.remove(index);
        return from(record, index, then, context);
    }
    from(record, index.saturating_add(1), then, context)
}

/// Finds an owed seat whose activation was never answered. Where nobody can look, or there is none, it is
/// settled; without an answer it stays owed.
pub(super) fn looked_up(
    record: &mut SeatRecord,
    index: usize,
    then: Done,
    lookup: Result<Lookup, Error>,
    context: &Context<'_>,
) -> Next {
    let is_settled = record.owed.get(index).is_none_or(|owed| is_settled(owed.since, context.seen));
    let found = match lookup {
        Err(_) => return from(record, index.saturating_add(1), then, context),
        Ok(Lookup::NotPossible) => None,
        Ok(Lookup::Listed(listed)) => {
            let issuer = record.owed.get(index).map(|owed| &owed.issuer);
            let is_held = |id: &ActivationId| {
                record.held.as_ref().is_some_and(|held| {
                    held.activation.as_ref() == Some(id)
                        && issuer.is_some_and(|issuer| issuer.is_same_place(&held.issuer))
                })
            };
            record.mark.own_seats(listed).into_iter().find(|seat| !is_held(&seat.id))
        }
    };
    match (found, record.owed.get_mut(index)) {
        (None, Some(_)) if !is_settled => return from(record, index.saturating_add(1), then, context),
        (Some(seat), Some(owed)) => owed.activation = Some(seat.id),
        (None, Some(_)) => drop(record.owed.remove(index)),
        (_, None) => {}
    }
    from(record, index, then, context)
}

/// Whether the vendor counts the seat no longer, as far as anybody can find out.
fn is_free(answer: &Result<(), Error>) -> bool {
    match answer {
        Ok(()) => true,
        Err(error) => error.refusal().is_some_and(|refusal| {
            matches!(refusal.reason, RefusalReason::UnknownActivation | RefusalReason::UnknownKey)
        }),
    }
}
