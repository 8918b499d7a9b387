//! The way to a seat: the one that this installation has at the vendor already, or a new one.

use anykey_core::{Activation, Capability, Error, Refusal, RefusalReason, Validation, Verdict};

use super::check_outcome::CheckOutcome;
use super::command::{Failure, Next, stop};
use super::settling::{is_settled, settled_at};
use super::{Answered, Command, Context, Done, Entry, Goal, Lookup, Purpose, Waiting, adopt, ask, give_back};
use crate::answer::{time_of_activation, time_of_validation};
use crate::{GuardError, HeldSeat, Issuer, SeatRecord};

/// Gets a seat of the entered key at the current vendor. It is looked for first.
pub(super) fn begin(record: &mut SeatRecord, entry: Entry, context: &Context<'_>) -> Next {
    if let Some(user) = context.user.filter(|user| !record.users.contains(user)) {
        record.users.push(user);
    }
    let command = Command::List { at: Context::CURRENT, code: entry.code.clone() };
    (Waiting::List { purpose: Purpose::Take(entry) }, command)
}

/// The vendor refused the held seat under the entered key. If that is about the seat and the key itself is
/// good, a new seat is taken; a vendor that gives no reason (Dodo) is asked about the key alone.
pub(super) fn after_no(
    record: &mut SeatRecord,
    entry: Entry,
    refusal: Refusal,
    context: &Context<'_>,
) -> Next {
    match refusal.reason {
        RefusalReason::UnknownActivation => begin(record, entry, context),
        RefusalReason::Unspecified => {
            let command =
                Command::Validate { at: Context::CURRENT, code: entry.code.clone(), activation: None };
            (Waiting::KeyAlone { entry, refusal }, command)
        }
        _ => stop(GuardError::Refused(refusal)),
    }
}

pub(super) fn key_alone_answered(
    record: &mut SeatRecord,
    entry: Entry,
    refusal: Refusal,
    answer: Answered<Box<Validation>>,
    context: &Context<'_>,
) -> Next {
    match CheckOutcome::of(answer.outcome) {
        CheckOutcome::Yes(_) => begin(record, entry, context),
        CheckOutcome::No(_) => stop(GuardError::Refused(refusal)),
        CheckOutcome::NoAnswer(error) => stop(GuardError::NoAnswer(error)),
    }
}

/// Adopts the seat that the list shows; sends an activation only when an earlier one cannot have taken a seat.
pub(super) fn looked_up(
    record: &mut SeatRecord,
    entry: Entry,
    lookup: Result<Lookup, Error>,
    context: &Context<'_>,
) -> Next {
    let is_listed = match lookup {
        Err(error) => return give_up(record, &entry, GuardError::NoAnswer(error), context),
        Ok(Lookup::NotPossible) => false,
        Ok(Lookup::Listed(listed)) => {
            let own = record.mark.own_seats(listed);
            if !own.is_empty() {
                return adopt::adopt(record, current_issuer(context), entry.code, own, context);
            }
            true
        }
    };
    if let Some(error) = still_pending(record, &entry, is_listed, context) {
        return give_up(record, &entry, error, context);
    }
    match context.current() {
        Some(reach) if reach.capabilities.contains(Capability::Activate) => {
            let label = record.mark.label_for(context.device);
            record.expect_seat(context.seen, &reach.issuer, &entry.code, &label);
            let command = Command::Activate { at: Context::CURRENT, code: entry.code.clone(), label };
            (Waiting::Activation { entry }, command)
        }
        _ => ask_seatless(entry),
    }
}

/// Why no further activation of the entered key may be sent: an earlier one may have taken a seat, and the list
/// does not rule that out. `None` when one may be sent.
fn still_pending(
    record: &SeatRecord,
    entry: &Entry,
    is_listed: bool,
    context: &Context<'_>,
) -> Option<GuardError> {
    let is_same = |issuer: &Issuer| context.current().is_some_and(|reach| reach.issuer.is_same_place(issuer));
    let pending = record.pending.as_ref()?;
    if pending.code != entry.code || !is_same(&pending.issuer) || entry.insists {
        return None;
    }
    if is_listed && is_settled(pending.latest, context.seen) {
        return None;
    }
    let look_again = is_listed.then(|| settled_at(pending.latest));
    Some(GuardError::StillPending { since: pending.since, look_again })
}

/// The record could not be written, so the activation was not sent.
pub(super) fn not_written(record: &mut SeatRecord, entry: &Entry, context: &Context<'_>) -> Next {
    record.settle_without_seat(None);
    if entry.imported {
        return ask::held_seat(record, Goal::Check, false, context);
    }
    (Waiting::Nothing, Command::Done(Err(Failure::NotWritten)))
}

pub(super) fn activated(
    record: &mut SeatRecord,
    entry: Entry,
    answer: Answered<Activation>,
    context: &Context<'_>,
) -> Next {
    match answer.outcome {
        Ok(activation) => {
            let measured = answer.at.measured(time_of_activation(&activation), record, context.policy);
            let issuer = current_issuer(context);
            let mut seat =
                HeldSeat::new(issuer, entry.code, Some(activation.id), activation.label, measured.time);
            seat.key_id = activation.key_id;
            record.hold_answered(seat);
            record.accept(measured, context.policy, activation.key.as_deref());
            // Vendors have given seats of dead keys (Polar until 2025), and say so in the key that comes along.
            match activation.key.and_then(|key| key.status.verdict()) {
                Some(Verdict::Refused(refusal)) => {
                    record.refuse(measured, context.policy, refusal.clone());
                    stop(GuardError::Refused(refusal))
                }
                Some(Verdict::Valid) | None => give_back::from(record, 0, Done::Checked, context),
            }
        }
        Err(error) if error.may_have_taken_effect() => {
            if record.held.is_none() {
                record.miss(context.seen, context.policy, error.kind(), error.retry_after());
            }
            give_up(record, &entry, GuardError::AnswerLost(error), context)
        }
        Err(error) => {
            record.settle_without_seat(error.refusal());
            match error.refusal() {
                Some(refusal) if refusal.reason == RefusalReason::ActivationsNotSupported => {
                    ask_seatless(entry)
                }
                Some(refusal) => {
                    let refused = GuardError::Refused(refusal.clone());
                    give_up(record, &entry, refused, context)
                }
                None => give_up(record, &entry, GuardError::NoAnswer(error), context),
            }
        }
    }
}

/// A key that has no seats to take is checked and nothing more.
fn ask_seatless(entry: Entry) -> Next {
    let command = Command::Validate { at: Context::CURRENT, code: entry.code.clone(), activation: None };
    (Waiting::Seatless { entry }, command)
}

pub(super) fn seatless_answered(
    record: &mut SeatRecord,
    entry: Entry,
    answer: Answered<Box<Validation>>,
    context: &Context<'_>,
) -> Next {
    let vendors_time = answer.outcome.as_ref().ok().and_then(|validation| time_of_validation(validation));
    let measured = answer.at.measured(vendors_time, record, context.policy);
    match CheckOutcome::of(answer.outcome) {
        CheckOutcome::Yes(validation) => {
            let label = record.mark.label_for(context.device);
            let issuer = current_issuer(context);
            record.hold(HeldSeat::new(issuer, entry.code, None, label, measured.time));
            record.accept(measured, context.policy, validation.key.as_ref());
            give_back::from(record, 0, Done::Checked, context)
        }
        CheckOutcome::No(refusal) => give_up(record, &entry, GuardError::Refused(refusal), context),
        CheckOutcome::NoAnswer(error) => give_up(record, &entry, GuardError::NoAnswer(error), context),
    }
}

/// Ends with `error`. When nobody entered the key, the seat that is held elsewhere is asked about instead.
fn give_up(record: &mut SeatRecord, entry: &Entry, error: GuardError, context: &Context<'_>) -> Next {
    if entry.imported {
        return ask::held_seat(record, Goal::Check, false, context);
    }
    stop(error)
}

fn current_issuer(context: &Context<'_>) -> Issuer {
    context.current().map_or_else(|| Issuer::new(""), |reach| reach.issuer.clone())
}
