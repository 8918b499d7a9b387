//! Seats that end at the vendor unless they are renewed.

use anykey_core::{Activation, Capability, Error, RefusalReason, Timestamp};

use super::command::Next;
use super::{Command, Context, Done, Entry, Origin, Waiting, activate, give_back};
use crate::SeatRecord;

/// Renews the held seat, which the vendor has just validated, if it ends. Then releases unreleased seats.
pub(super) fn held_seat(record: &mut SeatRecord, context: &Context<'_>) -> Next {
    command(record, context).unwrap_or_else(|| give_back::from(record, 0, Done::Checked, context))
}

fn command(record: &SeatRecord, context: &Context<'_>) -> Option<Next> {
    let held = record.held.as_ref().filter(|held| held.ends_at.is_some())?;
    let at = context.provider_of(&held.issuer)?;
    context.providers.get(at).filter(|info| info.capabilities.contains(Capability::Renew))?;
    let (code, activation) = (held.code.clone(), held.activation.clone()?);
    Some((Waiting::Renewal, Command::Renew { at, code, activation }))
}

/// Records the new end. A seat that ended in the meantime is taken again; without an answer the next check, which comes
/// well before the end, renews it.
pub(super) fn answered(
    record: &mut SeatRecord,
    answer: Result<Activation, Error>,
    context: &Context<'_>,
) -> Next {
    let refusal = answer.as_ref().err().and_then(Error::refusal).map(|refusal| refusal.reason);
    if let Ok(activation) = answer {
        record.renewed(activation.expires_at, context.policy);
    }
    match refusal {
        Some(reason) if has_ended(record, reason, context.seen) => take_again(record, context),
        _ => give_back::from(record, 0, Done::Checked, context),
    }
}

/// Whether a refusal means that the held seat has ended. A vendor may have removed it already.
pub(super) fn has_ended(record: &SeatRecord, reason: RefusalReason, now: Timestamp) -> bool {
    let ends_at = record.held.as_ref().and_then(|held| held.ends_at);
    match reason {
        RefusalReason::SeatExpired => true,
        RefusalReason::UnknownActivation => ends_at.is_some_and(|end| end <= now),
        _ => false,
    }
}

/// Whether the held seat can be taken again: its vendor is the current one.
pub(super) fn can_take_again(record: &SeatRecord, context: &Context<'_>) -> bool {
    let is_current = record.held.as_ref().is_some_and(|held| context.is_current(&held.issuer));
    is_current && context.can(Capability::Activate)
}

/// Activates the held key again.
pub(super) fn take_again(record: &mut SeatRecord, context: &Context<'_>) -> Next {
    match record.held.as_ref().map(|held| held.code.clone()) {
        Some(code) if can_take_again(record, context) => {
            let entry = Entry { code, accept_second_seat: false, origin: Origin::EndedSeat };
            activate::begin(record, entry, context)
        }
        _ => give_back::from(record, 0, Done::Checked, context),
    }
}
