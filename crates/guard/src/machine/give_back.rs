//! Releasing seats that are no longer used.

use anykey_core::{ActivationId, Error, RefusalReason};

use super::command::{Next, done};
use super::settling::is_settled;
use super::{Command, Context, Done, Lookup, Purpose, Waiting};
use crate::{SeatRecord, schedule};

/// Releases the unreleased seats from `index` on, as far as possible, and ends with `then`. Their failure does not
/// fail the operation.
pub(super) fn from(record: &mut SeatRecord, index: usize, then: Done, context: &Context<'_>) -> Next {
    for (index, unreleased) in record.unreleased.iter().enumerate().skip(index) {
        let Some(at) = context.provider_of(&unreleased.issuer) else { continue };
        let code = unreleased.code.clone();
        return match &unreleased.activation {
            Some(activation) => {
                let activation = activation.clone();
                (Waiting::Unreleased { index, then }, Command::Deactivate { at, code, activation })
            }
            None => {
                let purpose = Purpose::Unreleased { index, then };
                (Waiting::List { purpose }, Command::List { at, code })
            }
        };
    }
    if record.held.is_none() && record.pending.is_none() {
        let since = record.unreleased.iter().map(|seat| seat.since).min();
        record.next_check =
            since.map(|since| schedule::after_refusal(context.policy, record.mark, context.seen, since));
    }
    done(then)
}

/// Forgets a seat that the vendor no longer counts, and goes on with the next one.
pub(super) fn deactivated(
    record: &mut SeatRecord,
    index: usize,
    then: Done,
    answer: &Result<(), Error>,
    context: &Context<'_>,
) -> Next {
    if is_free(answer) && record.unreleased.get(index).is_some() {
        record.unreleased.remove(index);
        return from(record, index, then, context);
    }
    from(record, index.saturating_add(1), then, context)
}

/// Searches for an unreleased seat whose activation was never answered. If the list is not available, or does not
/// contain it, the entry is removed; without an answer it stays.
pub(super) fn looked_up(
    record: &mut SeatRecord,
    index: usize,
    then: Done,
    lookup: Result<Lookup, Error>,
    context: &Context<'_>,
) -> Next {
    let is_settled =
        record.unreleased.get(index).is_none_or(|unreleased| is_settled(unreleased.since, context.seen));
    let found = match lookup {
        Err(_) => return from(record, index.saturating_add(1), then, context),
        Ok(Lookup::NotPossible) => None,
        Ok(Lookup::Listed(listed)) => {
            let issuer = record.unreleased.get(index).map(|unreleased| &unreleased.issuer);
            let is_held = |id: &ActivationId| {
                record.held.as_ref().is_some_and(|held| {
                    held.activation.as_ref() == Some(id)
                        && issuer.is_some_and(|issuer| issuer.is_same_account(&held.issuer))
                })
            };
            record.mark.own_seats(listed).into_iter().find(|seat| !is_held(&seat.id))
        }
    };
    match (found, record.unreleased.get_mut(index)) {
        (None, Some(_)) if !is_settled => return from(record, index.saturating_add(1), then, context),
        (Some(seat), Some(unreleased)) => unreleased.activation = Some(seat.id),
        (None, Some(_)) => drop(record.unreleased.remove(index)),
        (_, None) => {}
    }
    from(record, index, then, context)
}

/// Whether the vendor no longer counts the seat, as far as can be known.
fn is_free(answer: &Result<(), Error>) -> bool {
    match answer {
        Ok(()) => true,
        Err(error) => error.refusal().is_some_and(|refusal| {
            matches!(refusal.reason, RefusalReason::UnknownActivation | RefusalReason::UnknownKey)
        }),
    }
}
