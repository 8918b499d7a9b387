//! Checks of the seat, and what the answers mean.

use std::time::Duration;

use anykey_core::{Error, Refusal, RefusalReason, Validation};

use super::check_outcome::CheckOutcome;
use super::command::{Next, done, stop};
use super::settling::{is_settled, settled_at};
use super::{
    Answered, Command, Context, Done, Entry, Goal, Lookup, Purpose, Waiting, adopt, ask, give_back, take,
};
use crate::answer::time_of_validation;
use crate::seen_time::Reading;
use crate::timeline::Timeline;
use crate::{GuardError, SeatRecord};

/// How long to wait before a no that may be wrong is asked about again.
const BEFORE_ASKING_AGAIN: Duration = Duration::from_secs(2);

/// Looks for the seat of a pending activation first, then asks about the one that is held.
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

/// Makes the seat of the pending activation this installation's, or forgets the activation once it is certain
/// that it took none. Where nothing can be found out, it stays pending.
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

fn about_held(record: &mut SeatRecord, context: &Context<'_>) -> Next {
    match record.held {
        Some(_) => ask::about_seat(record, Goal::Check, context),
        None => give_back::from(record, 0, Done::Checked, context),
    }
}

/// Records what the vendor answered about the held seat.
pub(super) fn answered(
    record: &mut SeatRecord,
    goal: Goal,
    again: bool,
    answer: Answered<Box<Validation>>,
    context: &Context<'_>,
) -> Next {
    let vendors_time = answer.outcome.as_ref().ok().and_then(|validation| time_of_validation(validation));
    let measured = answer.at.measured(vendors_time, record, context.policy);
    match CheckOutcome::of(answer.outcome) {
        CheckOutcome::Yes(validation) => {
            record.accept(measured, context.policy, validation.key.as_ref());
            remember_name(record, context);
            give_back::from(record, 0, Done::Checked, context)
        }
        CheckOutcome::No(refusal) if is_of_another_account(record, refusal.reason, context) => {
            elsewhere(record, goal, refusal, context)
        }
        CheckOutcome::No(refusal) if !again && may_be_wrong(record, refusal.reason) => {
            (Waiting::Pause { goal }, Command::Wait(BEFORE_ASKING_AGAIN))
        }
        CheckOutcome::No(refusal) => {
            record.refuse(measured, context.policy, refusal.clone());
            match goal {
                Goal::Check => give_back::from(record, 0, Done::Checked, context),
                Goal::Enter(entry) => take::after_no(record, entry, refusal, context),
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

/// The current vendor was asked about the key of a seat that was taken elsewhere. If it knows the key, a seat
/// is taken here before the old one is given back; otherwise the old one is asked about where it was taken.
pub(super) fn import_answered(
    record: &mut SeatRecord,
    answer: Answered<Box<Validation>>,
    context: &Context<'_>,
) -> Next {
    match (CheckOutcome::of(answer.outcome), &record.held) {
        (CheckOutcome::Yes(_), Some(held)) => {
            let entry = Entry { code: held.code.clone(), insists: false, imported: true };
            take::begin(record, entry, context)
        }
        _ => ask::held_seat(record, Goal::Check, false, context),
    }
}

/// Whether a single no may be the vendor's mistake. What names its reason is clear.
const fn may_be_wrong(record: &SeatRecord, reason: RefusalReason) -> bool {
    let Some(held) = &record.held else { return false };
    held.last_good.is_some()
        && held.refusal.is_none()
        && matches!(
            reason,
            RefusalReason::UnknownKey | RefusalReason::UnknownActivation | RefusalReason::Unspecified
        )
}

/// Whether a no may come from another account of the same vendor: the provider has another name than the one
/// that last said yes, and it does not know the seat.
fn is_of_another_account(record: &SeatRecord, reason: RefusalReason, context: &Context<'_>) -> bool {
    let Some(held) = &record.held else { return false };
    let reach = context.provider_of(&held.issuer).and_then(|at| context.providers.get(at));
    held.last_good.is_some()
        && reach.is_some_and(|reach| reach.issuer.name != held.issuer.name)
        && matches!(reason, RefusalReason::UnknownKey | RefusalReason::UnknownActivation)
}

fn elsewhere(record: &mut SeatRecord, goal: Goal, refusal: Refusal, context: &Context<'_>) -> Next {
    record.miss_elsewhere(context.seen, context.policy);
    match goal {
        Goal::Enter(_) | Goal::Adopted => stop(GuardError::Refused(refusal)),
        Goal::Check => {
            let recorded = record.held.as_ref().map(|held| held.issuer.name.clone()).unwrap_or_default();
            let given = context.current().map(|reach| reach.issuer.name.clone()).unwrap_or_default();
            stop(GuardError::OtherProvider { recorded, given })
        }
    }
}

/// The provider that said yes may have been renamed since.
fn remember_name(record: &mut SeatRecord, context: &Context<'_>) {
    let Some(held) = &mut record.held else { return };
    let reach = context.provider_of(&held.issuer).and_then(|at| context.providers.get(at));
    if let Some(reach) = reach {
        held.issuer.name = reach.issuer.name.clone();
    }
}

fn is_allowed(record: &SeatRecord, context: &Context<'_>) -> bool {
    let now = Reading { shown: context.seen, seen: context.seen, off_by: record.clock_off_by };
    Timeline::of(record, context.policy).at_reading(now).is_allowed()
}
