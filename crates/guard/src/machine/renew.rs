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

#[cfg(test)]
mod tests {
    use anykey_core::adapter::KeyCodeExt as _;
    use anykey_core::{InstallationMark, KeyCode, SignedDuration};

    use super::*;
    use crate::{HeldSeat, Issuer};

    #[test]
    fn a_seat_has_ended_when_the_vendor_says_so_or_does_not_know_it_after_its_end() {
        let now = Timestamp::UNIX_EPOCH;
        let ends = |in_seconds: Option<i64>| {
            let code = KeyCode::verbatim("AAAA");
            let mut held = HeldSeat::new(Issuer::new("memory"), code, Some("1".into()), "label", now);
            held.ends_at = in_seconds.map(|seconds| now + SignedDuration::from_secs(seconds));
            let record = SeatRecord::new(InstallationMark::from_digest([7; 6]), now);
            SeatRecord { held: Some(held), ..record }
        };
        for (in_seconds, has_ended_if_unknown) in
            [(None, false), (Some(1), false), (Some(0), true), (Some(-1), true)]
        {
            let record = ends(in_seconds);
            assert!(has_ended(&record, RefusalReason::SeatExpired, now), "{in_seconds:?}");
            let unknown = has_ended(&record, RefusalReason::UnknownActivation, now);
            assert_eq!(unknown, has_ended_if_unknown, "{in_seconds:?}");
            assert!(!has_ended(&record, RefusalReason::Revoked, now), "{in_seconds:?}");
        }
    }
}
