//! Checks of the held seat, and how their answers are handled.

use std::time::Duration;

use anykey_core::{Error, ErrorKind, Refusal, RefusalReason, Validation};

use super::check_outcome::CheckOutcome;
use super::command::{Next, done, stop};
use super::settling::{is_settled, settled_at};
use super::{
    Answered, Command, Context, Done, Entry, Goal, Lookup, Origin, Purpose, Waiting, activate, adopt, ask,
    give_back, renew,
};
use crate::seen_time::Reading;
use crate::timeline::Timeline;
use crate::{GuardError, SeatRecord};

/// How long to wait before the second check after a refusal that may be mistaken.
const RECHECK_PAUSE: Duration = Duration::from_secs(2);

/// Searches for the seat of a pending activation first, then checks the held seat.
pub(super) fn begin(record: &mut SeatRecord, context: &Context<'_>) -> Next {
    if record.is_empty() {
        return stop(GuardError::NotActivated);
    }
    let pending = record.pending.as_ref();
    if let Some((pending, at)) =
        pending.and_then(|pending| Some((pending, context.provider_of(&pending.issuer)?)))
    {
        let command = Command::List { at, code: pending.code.clone() };
        return (Waiting::List { purpose: Purpose::Pending }, command);
    }
    about_held(record, context)
}

/// Adopts the seat of the pending activation, or forgets the activation once it is certain that it took no seat. If
/// neither is known, it stays pending.
pub(super) fn pending_looked_up(
    record: &mut SeatRecord,
    lookup: Result<Lookup, Error>,
    context: &Context<'_>,
) -> Next {
    let Some(pending) = record.pending.clone() else { return about_held(record, context) };
    let next_look = match lookup {
        Ok(Lookup::Listed(listed)) => {
            let own = record.mark.own_seats(listed);
            if !own.is_empty() {
                return adopt::adopt(record, pending.issuer, pending.code, own, context);
            }
            if is_settled(pending.latest, context.seen) {
                record.pending = None;
                None
            } else {
                Some(settled_at(context.seen))
            }
        }
        Ok(Lookup::NotPossible) => None,
        Err(error) if record.held.is_none() => {
            record.miss(context.seen, context.policy, error.kind(), error.retry_after());
            return stop(GuardError::NoAnswer(error));
        }
        Err(_) => None,
    };
    if record.held.is_none() {
        record.next_check = next_look;
    }
    about_held(record, context)
}

/// Checks the held seat; without one, releases seats that are left over.
fn about_held(record: &mut SeatRecord, context: &Context<'_>) -> Next {
    match record.held {
        Some(_) => ask::about_seat(record, Goal::Check, context),
        None => give_back::from(record, 0, Done::Checked, context),
    }
}

/// Records the vendor's answer about the held seat.
pub(super) fn answered(
    record: &mut SeatRecord,
    goal: Goal,
    again: bool,
    answer: Answered<Box<Validation>>,
    context: &Context<'_>,
) -> Next {
    let (outcome, measured, proof) = answer.into_outcome(record, context);
    match without_doubt(outcome, record, context) {
        CheckOutcome::Valid(validation) => {
            record.learn_seat(validation.activation.as_ref(), proof);
            record.accept(measured, context.policy, validation.key.as_ref());
            update_provider_name(record, context);
            renew::held_seat(record, context)
        }
        CheckOutcome::Refused(refusal)
            if matches!(goal, Goal::Check)
                && !again
                && renew::has_ended(record, refusal.reason, measured.time)
                && renew::can_take_again(record, context) =>
        {
            renew::take_again(record, context)
        }
        CheckOutcome::Refused(refusal) if is_other_account(record, refusal.reason, context) => {
            handle_other_account(record, goal, refusal, context)
        }
        CheckOutcome::Refused(refusal) if !again && may_be_mistaken(record, refusal.reason) => {
            (Waiting::Pause { goal }, Command::Wait(RECHECK_PAUSE))
        }
        CheckOutcome::Refused(refusal) => {
            record.refuse(measured, context.policy, refusal.clone());
            match goal {
                Goal::Check => give_back::from(record, 0, Done::Checked, context),
                Goal::Enter(entry) => activate::after_refusal(record, entry, refusal, context),
                Goal::Adopted => stop(GuardError::Refused(refusal)),
            }
        }
        CheckOutcome::NoAnswer(error) => {
            record.miss(context.seen, context.policy, error.kind(), error.retry_after());
            match goal {
                Goal::Enter(_) if is_allowed(record, context) => done(Done::Checked),
                _ => stop(GuardError::NoAnswer(error)),
            }
        }
    }
}

/// Handles the current vendor's answer about the key of a seat at another vendor. If it knows the key, it is
/// activated here before the old seat is released; otherwise the old seat is checked at its vendor.
pub(super) fn import_answered(
    record: &mut SeatRecord,
    answer: Answered<Box<Validation>>,
    context: &Context<'_>,
) -> Next {
    match (CheckOutcome::of(answer.outcome), &record.held) {
        (CheckOutcome::Valid(_), Some(held)) => {
            let entry =
                Entry { code: held.code.clone(), accept_second_seat: false, origin: Origin::OtherVendor };
            activate::begin(record, entry, context)
        }
        _ => ask::held_seat(record, Goal::Check, false, context),
    }
}

/// Makes no answer of a doubtful refusal of a seat that was good: access then ends as without an answer.
fn without_doubt(outcome: CheckOutcome, record: &SeatRecord, context: &Context<'_>) -> CheckOutcome {
    match outcome {
        CheckOutcome::Refused(refusal)
            if refusal.is_doubtful
                && record.held.as_ref().is_some_and(|held| held.last_good.is_some())
                && !is_other_account(record, refusal.reason, context) =>
        {
            let message =
                "the vendor does not find the key, which it also answers while it cannot read its records";
            CheckOutcome::NoAnswer(Error::new(ErrorKind::Unavailable, message))
        }
        outcome => outcome,
    }
}

/// Whether a first refusal may be the vendor's mistake. A refusal with a clear reason is not.
const fn may_be_mistaken(record: &SeatRecord, reason: RefusalReason) -> bool {
    let Some(held) = &record.held else { return false };
    held.last_good.is_some()
        && held.refusal.is_none()
        && matches!(
            reason,
            RefusalReason::UnknownKey | RefusalReason::UnknownActivation | RefusalReason::Unspecified
        )
}

/// Whether a refusal may come from another account at the same vendor: the provider has another name than the one
/// that last confirmed the seat, and it does not know the seat.
fn is_other_account(record: &SeatRecord, reason: RefusalReason, context: &Context<'_>) -> bool {
    let Some(held) = &record.held else { return false };
    let info = context.provider_of(&held.issuer).and_then(|at| context.providers.get(at));
    held.last_good.is_some()
        && info.is_some_and(|info| info.issuer.name != held.issuer.name)
        && matches!(reason, RefusalReason::UnknownKey | RefusalReason::UnknownActivation)
}

/// Leaves the seat as it is, since the refusal is of an account that does not have it, and reports the other
/// provider.
fn handle_other_account(
    record: &mut SeatRecord,
    goal: Goal,
    refusal: Refusal,
    context: &Context<'_>,
) -> Next {
    record.record_other_vendor(context.seen, context.policy);
    match goal {
        Goal::Enter(_) | Goal::Adopted => stop(GuardError::Refused(refusal)),
        Goal::Check => {
            let recorded = record.held.as_ref().map(|held| held.issuer.name.clone()).unwrap_or_default();
            let given = context.current().map(|info| info.issuer.name.clone()).unwrap_or_default();
            stop(GuardError::OtherProvider { recorded, given })
        }
    }
}

/// Updates the issuer's name: the provider may have been renamed in the configuration.
fn update_provider_name(record: &mut SeatRecord, context: &Context<'_>) {
    let Some(held) = &mut record.held else { return };
    let info = context.provider_of(&held.issuer).and_then(|at| context.providers.get(at));
    if let Some(info) = info {
        held.issuer.name = info.issuer.name.clone();
    }
}

/// Whether the record allows access now, so that an unanswered check after entering the same key again is no error.
fn is_allowed(record: &SeatRecord, context: &Context<'_>) -> bool {
    let now = Reading { shown: context.seen, seen: context.seen, off_by: record.clock_off_by };
    Timeline::of(record, context.policy).at_reading(now).is_allowed()
}
