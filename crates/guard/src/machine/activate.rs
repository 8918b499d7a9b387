//! Activation: adopting a seat that this installation already has, or taking a new one.

use anykey_core::{
    Activation, Capability, Error, Refusal, RefusalReason, SignedDuration, Validation, Verdict,
};

use super::check_outcome::CheckOutcome;
use super::command::{Failure, Next, stop};
use super::settling::{is_settled, settled_at};
use super::{
    Answered, Command, Context, Done, Entry, Goal, Lookup, Origin, Purpose, Waiting, adopt, ask, give_back,
};
use crate::answer::time_of_activation;
use crate::{GuardError, HeldSeat, Issuer, SeatRecord};

/// How long an activation may take, from the creation of the seat to the answer.
const LONGEST_ACTIVATION: SignedDuration = SignedDuration::from_mins(2);

/// Activates the entered key at the current vendor, after searching for an existing seat.
pub(super) fn begin(record: &mut SeatRecord, entry: Entry, context: &Context<'_>) -> Next {
    record.add_user(context.user);
    let command = Command::List { at: Context::CURRENT, code: entry.code.clone() };
    (Waiting::List { purpose: Purpose::Activate(entry) }, command)
}

/// Handles a refusal of the held seat under the entered key. If only the seat is refused, the key is activated again.
/// A vendor that gives no reason (Dodo) is asked to validate the key alone.
pub(super) fn after_refusal(
    record: &mut SeatRecord,
    entry: Entry,
    refusal: Refusal,
    context: &Context<'_>,
) -> Next {
    match refusal.reason {
        RefusalReason::UnknownActivation | RefusalReason::SeatExpired => begin(record, entry, context),
        RefusalReason::Unspecified if context.can(Capability::ValidateWithoutSeat) => {
            let command =
                Command::Validate { at: Context::CURRENT, code: entry.code.clone(), activation: None };
            (Waiting::KeyAlone { entry, refusal }, command)
        }
        _ => stop(GuardError::Refused(refusal)),
    }
}

/// If the key alone is good, only the seat was refused: the key is activated again. Otherwise the first refusal
/// stands.
pub(super) fn key_alone_answered(
    record: &mut SeatRecord,
    entry: Entry,
    refusal: Refusal,
    answer: Answered<Box<Validation>>,
    context: &Context<'_>,
) -> Next {
    match CheckOutcome::of(answer.outcome) {
        CheckOutcome::Valid(_) => begin(record, entry, context),
        CheckOutcome::Refused(_) => stop(GuardError::Refused(refusal)),
        CheckOutcome::NoAnswer(error) => stop(GuardError::NoAnswer(error)),
    }
}

/// Adopts a listed seat; otherwise sends an activation, if no earlier one can have taken a seat.
pub(super) fn looked_up(
    record: &mut SeatRecord,
    entry: Entry,
    lookup: Result<Lookup, Error>,
    context: &Context<'_>,
) -> Next {
    let is_listed = match lookup {
        Err(error) => return end_with(record, &entry, GuardError::NoAnswer(error), context),
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
        return end_with(record, &entry, error, context);
    }
    match context.current() {
        Some(info) if info.capabilities.contains(Capability::Activate) => {
            let label = record.mark.label_for(context.device);
            record.expect_seat(context.seen, &info.issuer, &entry.code, &label);
            let command = Command::Activate { at: Context::CURRENT, code: entry.code.clone(), label };
            (Waiting::Activation { entry }, command)
        }
        _ => validate_without_seat(entry),
    }
}

/// The error when an earlier activation of the entered key may have taken a seat, and the list does not rule that
/// out. `None` when another one may be sent.
fn still_pending(
    record: &SeatRecord,
    entry: &Entry,
    is_listed: bool,
    context: &Context<'_>,
) -> Option<GuardError> {
    let is_same = |issuer: &Issuer| context.current().is_some_and(|info| info.issuer.is_same_account(issuer));
    let pending = record.pending.as_ref()?;
    if pending.code != entry.code || !is_same(&pending.issuer) || entry.accept_second_seat {
        return None;
    }
    // The vendor answers another activation with the seat that the first one took.
    if context.can(Capability::OneSeatPerInstallation) {
        return None;
    }
    if is_listed && is_settled(pending.latest, context.seen) {
        return None;
    }
    let look_again = is_listed.then(|| settled_at(pending.latest));
    Some(GuardError::StillPending { since: pending.since, look_again })
}

/// Handles a record that could not be written: the activation was not sent.
pub(super) fn not_written(record: &mut SeatRecord, entry: &Entry, context: &Context<'_>) -> Next {
    record.settle_without_seat(None);
    if let Some(next) = check_held_instead(record, entry, context) {
        return next;
    }
    (Waiting::Nothing, Command::Done(Err(Failure::NotWritten)))
}

/// Holds the seat that an activation took, or records what its failure means: a seat that may be taken, or certainly
/// none.
pub(super) fn activated(
    record: &mut SeatRecord,
    entry: Entry,
    answer: Answered<Activation>,
    context: &Context<'_>,
) -> Next {
    match answer.outcome {
        Ok(activation) => {
            let measured = answer.at.measured(time_of_activation(&activation), record, context.policy);
            let found = is_earlier(&activation) && !has_tried_before(record);
            let issuer = current_issuer(context);
            let mut seat =
                HeldSeat::new(issuer, entry.code, Some(activation.id), activation.label, measured.time);
            seat.key_id = activation.key_id;
            seat.ends_at = activation.expires_at;
            seat.proof = answer.proof;
            if context.can(Capability::OneSeatPerInstallation) {
                seat.found = found;
                record.hold(seat);
            } else {
                record.hold_answered(seat);
            }
            record.accept(measured, context.policy, activation.key.as_deref());
            // Vendors have activated refused keys (Polar until 2025); the key in the answer shows it.
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
            end_with(record, &entry, GuardError::AnswerLost(error), context)
        }
        Err(error) => {
            record.settle_without_seat(error.refusal());
            match error.refusal() {
                Some(refusal) if refusal.reason == RefusalReason::ActivationsNotSupported => {
                    validate_without_seat(entry)
                }
                Some(refusal) => {
                    let refused = GuardError::Refused(refusal.clone());
                    end_with(record, &entry, refused, context)
                }
                None => end_with(record, &entry, GuardError::NoAnswer(error), context),
            }
        }
    }
}

/// Whether the seat is not one that this very activation took: a vendor that recognises installations returns the
/// seat that one has.
fn is_earlier(activation: &Activation) -> bool {
    let taken = activation.created_at.zip(activation.answered_at);
    taken.is_some_and(|(created, answered)| answered.duration_since(created) > LONGEST_ACTIVATION)
}

/// Whether an earlier activation of this installation, whose answer was lost, may have taken the seat.
fn has_tried_before(record: &SeatRecord) -> bool {
    record.pending.as_ref().is_some_and(|pending| pending.unanswered > 1)
}

/// Validates a key that has no seats.
fn validate_without_seat(entry: Entry) -> Next {
    let command = Command::Validate { at: Context::CURRENT, code: entry.code.clone(), activation: None };
    (Waiting::WithoutSeat { entry }, command)
}

/// Holds a key that has no seats, once it is valid.
pub(super) fn validated_without_seat(
    record: &mut SeatRecord,
    entry: Entry,
    answer: Answered<Box<Validation>>,
    context: &Context<'_>,
) -> Next {
    let (outcome, measured, proof) = answer.into_outcome(record, context);
    match outcome {
        CheckOutcome::Valid(validation) => {
            let label = record.mark.label_for(context.device);
            let issuer = current_issuer(context);
            record.hold(HeldSeat::new(issuer, entry.code, None, label, measured.time));
            record.learn_seat(None, proof);
            record.accept(measured, context.policy, validation.key.as_ref());
            give_back::from(record, 0, Done::Checked, context)
        }
        CheckOutcome::Refused(refusal) => end_with(record, &entry, GuardError::Refused(refusal), context),
        CheckOutcome::NoAnswer(error) => end_with(record, &entry, GuardError::NoAnswer(error), context),
    }
}

/// Ends with `error`. If the user did not enter the key, checks the seat at its vendor instead.
fn end_with(record: &mut SeatRecord, entry: &Entry, error: GuardError, context: &Context<'_>) -> Next {
    check_held_instead(record, entry, context).unwrap_or_else(|| stop(error))
}

/// The check of the held seat in place of an activation that failed; `None` when the user wanted the activation.
fn check_held_instead(record: &mut SeatRecord, entry: &Entry, context: &Context<'_>) -> Option<Next> {
    match entry.origin {
        Origin::User => None,
        Origin::OtherVendor => Some(ask::held_seat(record, Goal::Check, false, context)),
        // Again, so that a refusal of the seat that ended is recorded.
        Origin::EndedSeat => Some(ask::held_seat(record, Goal::Check, true, context)),
    }
}

/// The vendor and account of the current provider.
fn current_issuer(context: &Context<'_>) -> Issuer {
    context.current().map_or_else(|| Issuer::new(""), |info| info.issuer.clone())
}
