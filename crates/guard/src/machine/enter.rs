//! A key that the user enters, and a backup that the app restores.

use anykey_core::{Error, ErrorKind, Validation};

use super::check_outcome::CheckOutcome;
use super::command::{Next, stop};
use super::{Answered, Command, Context, Done, Entry, Goal, Waiting, ask, give_back, take};
use crate::answer::time_of_validation;
use crate::{GuardError, HeldSeat, SeatBackup, SeatRecord};

/// No vendor's key is longer by far, and the record has to stay small.
const LONGEST_CODE: usize = 2_048;

/// The same key again is a check. Another one may be the same key under a new code, if it was rotated.
pub(super) fn begin(record: &mut SeatRecord, entry: Entry, context: &Context<'_>) -> Next {
    if entry.code.expose().len() > LONGEST_CODE {
        let message = "the license key is far too long; paste the key alone";
        return stop(GuardError::NoAnswer(Error::new(ErrorKind::InvalidRequest, message)));
    }
    match &record.held {
        Some(held) if !context.is_current(&held.issuer) => take::begin(record, entry, context),
        Some(held) if held.code == entry.code => ask::about_seat(record, Goal::Enter(entry), context),
        Some(held) if held.activation.is_some() => {
            let (code, activation) = (entry.code.clone(), held.activation.clone());
            let command = Command::Validate { at: Context::CURRENT, code, activation };
            (Waiting::Rotation { entry }, command)
        }
        Some(_) => take::begin(record, entry, context),
        None => match reclaimed(record, &entry, context) {
            Some(seat) => {
                record.hold(seat);
                ask::about_seat(record, Goal::Enter(entry), context)
            }
            None => take::begin(record, entry, context),
        },
    }
}

/// The seat of the entered key that was to be given back, if it still is.
fn reclaimed(record: &mut SeatRecord, entry: &Entry, context: &Context<'_>) -> Option<HeldSeat> {
    let is_wanted = |seat: &crate::OwedSeat| {
        seat.code == entry.code && seat.activation.is_some() && context.is_current(&seat.issuer)
    };
    let index = record.owed.iter().position(is_wanted)?;
    let owed = record.owed.remove(index);
    Some(HeldSeat::new(owed.issuer, owed.code, owed.activation, owed.label, context.seen))
}

/// If the vendor knows the held seat under the entered key, the key was rotated. Otherwise it is another key,
/// whose seat is taken before the old one is given back.
pub(super) fn rotation_answered(
    record: &mut SeatRecord,
    entry: Entry,
    answer: Answered<Box<Validation>>,
    context: &Context<'_>,
) -> Next {
    let vendors_time = answer.outcome.as_ref().ok().and_then(|validation| time_of_validation(validation));
    let measured = answer.at.measured(vendors_time, record, context.policy);
    match CheckOutcome::of(answer.outcome) {
        CheckOutcome::Yes(validation) => {
            if let Some(held) = &mut record.held {
                held.code = entry.code;
            }
            record.accept(measured, context.policy, validation.key.as_ref());
            give_back::from(record, 0, Done::Checked, context)
        }
        CheckOutcome::No(refusal) => take::after_no(record, entry, refusal, context),
        CheckOutcome::NoAnswer(error) => stop(GuardError::NoAnswer(error)),
    }
}

/// Takes over the seat of a backup, without taking another one, and checks it.
pub(super) fn restore(record: &mut SeatRecord, backup: SeatBackup, context: &Context<'_>) -> Next {
    if context.provider_of(&backup.issuer).is_none() {
        let given = context.current().map(|reach| reach.issuer.vendor.clone()).unwrap_or_default();
        return stop(GuardError::OtherProvider { recorded: backup.issuer.vendor, given });
    }
    match &record.held {
        Some(held)
            if held.code == backup.code
                && held.activation == backup.activation
                && held.issuer.is_same_place(&backup.issuer) => {}
        Some(_) => return stop(GuardError::HoldsAnotherKey),
        None => {
            let (code, label) = (backup.code, backup.label);
            let mut seat = HeldSeat::new(backup.issuer, code, backup.activation, label, context.seen);
            seat.key_id = backup.key_id;
            record.hold(seat);
            record.next_check = Some(context.seen);
        }
    }
    ask::held_seat(record, Goal::Check, false, context)
}
