//! Releasing the seat.

use anykey_core::{Error, Refusal, RefusalReason};

use super::command::{Next, done, stop};
use super::settling::is_settled;
use super::{Command, Context, Done, Lookup, Part, Purpose, Scope, Waiting, give_back};
use crate::{GuardError, Release, SeatRecord, UnreleasedSeat};

/// Releases the seat of a pending activation first, then the held seat.
pub(super) fn begin(record: &mut SeatRecord, mut scope: Scope, context: &Context<'_>) -> Next {
    if let Some(user) = context.user.filter(|_| !scope.all_users) {
        record.users.retain(|other| *other != user);
        if record.held.is_some() && !record.users.is_empty() {
            return done(Done::Released(Release::StillShared));
        }
    }
    if !scope.all_users && record.held.as_ref().is_some_and(|held| held.found) {
        record.held = None;
        scope.found = true;
    }
    if let Some(pending) = &record.pending {
        if let Some(at) = context.provider_of(&pending.issuer) {
            let command = Command::List { at, code: pending.code.clone() };
            return (Waiting::List { purpose: Purpose::Release(scope) }, command);
        }
        scope.pending = Some(Release::MayBeTaken);
    }
    held_part(record, scope, context)
}

pub(super) fn pending_looked_up(
    record: &mut SeatRecord,
    mut scope: Scope,
    lookup: Result<Lookup, Error>,
    context: &Context<'_>,
) -> Next {
    let Some(pending) = record.pending.clone() else { return held_part(record, scope, context) };
    scope.pending = Some(match lookup {
        Ok(Lookup::Listed(listed)) => {
            let first = record.mark.own_seats(listed).into_iter().next();
            match (first, context.provider_of(&pending.issuer)) {
                (Some(seat), Some(at)) => {
                    let command = Command::Deactivate { at, code: pending.code, activation: seat.id };
                    return (Waiting::Release { part: Part::Pending, scope }, command);
                }
                _ if is_settled(pending.latest, context.seen) => Release::AlreadyFree,
                _ => Release::MayBeTaken,
            }
        }
        Ok(Lookup::NotPossible) => Release::MayBeTaken,
        Err(_) if scope.later => {
            record.unreleased.push(UnreleasedSeat::of_pending(pending));
            Release::WhenOnline
        }
        Err(error) => return stop(GuardError::NoAnswer(error)),
    });
    record.pending = None;
    held_part(record, scope, context)
}

fn held_part(record: &mut SeatRecord, scope: Scope, context: &Context<'_>) -> Next {
    if scope.found {
        return finish(record, scope, Release::StillShared, context);
    }
    let Some(held) = &record.held else { return finish(record, scope, Release::NothingHeld, context) };
    let Some(activation) = held.activation.clone() else {
        return finish(record, scope, Release::NothingHeld, context);
    };
    match context.provider_of(&held.issuer) {
        Some(at) => {
            let command = Command::Deactivate { at, code: held.code.clone(), activation };
            (Waiting::Release { part: Part::Held, scope }, command)
        }
        None if scope.later => record_unreleased(record, scope, context),
        None => {
            let given = context.current().map(|info| info.issuer.vendor.clone()).unwrap_or_default();
            stop(GuardError::OtherProvider { recorded: held.issuer.vendor.clone(), given })
        }
    }
}

pub(super) fn deactivated(
    record: &mut SeatRecord,
    part: Part,
    mut scope: Scope,
    answer: Result<(), Error>,
    context: &Context<'_>,
) -> Next {
    let release = match answer {
        Ok(()) => Release::Freed,
        Err(error) => match (error.refusal().and_then(release_of), error.refusal()) {
            (Some(release), _) => release,
            (None, Some(refusal)) => return stop(GuardError::Refused(refusal.clone())),
            (None, None) if scope.later => {
                return match part {
                    Part::Held => record_unreleased(record, scope, context),
                    Part::Pending => {
                        record.unreleased.extend(record.pending.take().map(UnreleasedSeat::of_pending));
                        scope.pending = Some(Release::WhenOnline);
                        held_part(record, scope, context)
                    }
                };
            }
            (None, None) => return stop(GuardError::NoAnswer(error)),
        },
    };
    match part {
        Part::Pending => {
            record.pending = None;
            scope.pending = Some(release);
            held_part(record, scope, context)
        }
        Part::Held => finish(record, scope, release, context),
    }
}

/// Handles a missing answer: the seat is recorded as unreleased, to be released when the vendor can be reached.
fn record_unreleased(record: &mut SeatRecord, scope: Scope, context: &Context<'_>) -> Next {
    record.unreleased.extend(record.held.take().and_then(UnreleasedSeat::of_held));
    finish(record, scope, Release::WhenOnline, context)
}

fn finish(record: &mut SeatRecord, scope: Scope, release: Release, context: &Context<'_>) -> Next {
    record.release();
    let release = match (release, scope.pending) {
        (Release::NothingHeld, Some(pending)) => pending,
        (release, _) => release,
    };
    // After this request had no answer, requests for other seats would have none either.
    let first = if release == Release::WhenOnline { record.unreleased.len() } else { 0 };
    give_back::from(record, first, Done::Released(release), context)
}

/// The result that a refused deactivation means; `None` when the seat stays taken.
const fn release_of(refusal: &Refusal) -> Option<Release> {
    match refusal.reason {
        RefusalReason::UnknownActivation => Some(Release::AlreadyFree),
        RefusalReason::UnknownKey => Some(Release::KeyUnknown),
        _ => None,
    }
}
