//! Requests to validate the held seat.

use anykey_core::Capability;

use super::command::{Next, done, stop};
use super::{Command, Context, Done, Goal, Waiting};
use crate::{GuardError, SeatRecord};

/// Validates the held seat at its vendor. If the current vendor is another one, asks that one about the key first.
pub(super) fn about_seat(record: &mut SeatRecord, goal: Goal, context: &Context<'_>) -> Next {
    let Some(held) = &record.held else { return done(Done::Checked) };
    let code = held.code.clone();
    let stays = context.is_current(&held.issuer) || !can_take_seats(context);
    record.add_user(context.user);
    if stays {
        return held_seat(record, goal, false, context);
    }
    (Waiting::Import, Command::Validate { at: Context::CURRENT, code, activation: None })
}

/// Validates the held seat at its vendor.
pub(super) fn held_seat(record: &mut SeatRecord, goal: Goal, again: bool, context: &Context<'_>) -> Next {
    let Some(held) = &record.held else { return done(Done::Checked) };
    let Some(at) = context.provider_of(&held.issuer) else {
        let recorded = held.issuer.vendor.clone();
        let given = context.current().map(|info| info.issuer.vendor.clone()).unwrap_or_default();
        record.record_other_vendor(context.seen, context.policy);
        return stop(GuardError::OtherProvider { recorded, given });
    };
    // With the activation: without it, vendors check only the key.
    let command = Command::Validate { at, code: held.code.clone(), activation: held.activation.clone() };
    (Waiting::HeldSeat { goal, again }, command)
}

/// Whether the current provider can check and activate a key, so that a seat of another vendor can move to it.
fn can_take_seats(context: &Context<'_>) -> bool {
    let needed = [Capability::Validate, Capability::ValidateWithoutSeat, Capability::Activate];
    context.current().is_some_and(|info| needed.iter().all(|one| info.capabilities.contains(*one)))
}
