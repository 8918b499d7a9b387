//! Entering a key, and restoring a backup.

use anykey_core::{Error, ErrorKind, Validation};

use super::check_outcome::CheckOutcome;
use super::command::{Next, stop};
use super::{Answered, Command, Context, Done, Entry, Goal, Waiting, activate, ask, give_back};
use crate::{GuardError, HeldSeat, SeatBackup, SeatRecord};

/// Far longer than any vendor's key. The record has to stay small.
const LONGEST_CODE: usize = 2_048;

/// Entering the held key is a check. Another code may be the same key after a rotation.
pub(super) fn begin(record: &mut SeatRecord, entry: Entry, context: &Context<'_>) -> Next {
    if entry.code.expose().len() > LONGEST_CODE {
        let message = "the license key is too long; enter only the key";
        return stop(GuardError::NoAnswer(Error::new(ErrorKind::InvalidRequest, message)));
    }
    match &record.held {
        Some(held) if !context.is_current(&held.issuer) => activate::begin(record, entry, context),
        Some(held) if held.code == entry.code => ask::about_seat(record, Goal::Enter(entry), context),
        Some(held) if held.activation.is_some() => {
            let (code, activation) = (entry.code.clone(), held.activation.clone());
            let command = Command::Validate { at: Context::CURRENT, code, activation };
            (Waiting::Rotation { entry }, command)
        }
        Some(_) => activate::begin(record, entry, context),
        None => match reclaim(record, &entry, context) {
            Some(seat) => {
                record.hold(seat);
                ask::about_seat(record, Goal::Enter(entry), context)
            }
            None => activate::begin(record, entry, context),
        },
    }
}

/// The unreleased seat of the entered key, to be used again; `None` when there is none.
fn reclaim(record: &mut SeatRecord, entry: &Entry, context: &Context<'_>) -> Option<HeldSeat> {
    let is_wanted = |seat: &crate::UnreleasedSeat| {
        seat.code == entry.code && seat.activation.is_some() && context.is_current(&seat.issuer)
    };
    let index = record.unreleased.iter().position(is_wanted)?;
    let unreleased = record.unreleased.remove(index);
    Some(HeldSeat::new(
        unreleased.issuer,
        unreleased.code,
        unreleased.activation,
        unreleased.label,
        context.seen,
    ))
}

/// If the vendor knows the held seat under the entered code, the key was rotated. Otherwise it is another key, which
/// is activated before the old seat is released.
pub(super) fn rotation_answered(
    record: &mut SeatRecord,
    entry: Entry,
    answer: Answered<Box<Validation>>,
    context: &Context<'_>,
) -> Next {
    let (outcome, measured, proof) = answer.into_outcome(record, context);
    match outcome {
        CheckOutcome::Valid(validation) => {
            if let Some(held) = &mut record.held {
                held.code = entry.code;
            }
            record.learn_seat(validation.activation.as_ref(), proof);
            record.accept(measured, context.policy, validation.key.as_ref());
            give_back::from(record, 0, Done::Checked, context)
        }
        CheckOutcome::Refused(refusal) => activate::after_refusal(record, entry, refusal, context),
        CheckOutcome::NoAnswer(error) => stop(GuardError::NoAnswer(error)),
    }
}

/// Holds the seat of a backup and checks it. Takes no other seat.
pub(super) fn restore(record: &mut SeatRecord, backup: SeatBackup, context: &Context<'_>) -> Next {
    if context.provider_of(&backup.issuer).is_none() {
        let given = context.current().map(|info| info.issuer.vendor.clone()).unwrap_or_default();
        return stop(GuardError::OtherProvider { recorded: backup.issuer.vendor, given });
    }
    match &record.held {
        Some(held)
            if held.code == backup.code
                && held.activation == backup.activation
                && held.issuer.is_same_account(&backup.issuer) => {}
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
