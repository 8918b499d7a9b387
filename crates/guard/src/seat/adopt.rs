use anykey_core::{
    Activation, Capabilities, Capability, Error, ErrorKind, KeyCode, LicenseKeyId, LicenseProvider,
    LicenseProviderExt, SignedDuration, ValidateRequest,
};

use super::check::{self, Answer};
use super::deactivate::give_back;
use crate::clock::plus;
use crate::session::Session;
use crate::{GuardError, HeldSeat, Result};

/// So long a sent activation may still be on its way, and a vendor's listing out of date (Polar reads from a
/// replica): until then, that a seat is not listed proves nothing.
const SETTLING: SignedDuration = SignedDuration::from_mins(2);

/// What the vendor's list of activations says about this installation.
pub(super) enum Lookup {
    /// The provider at hand cannot list activations.
    NotPossible,
    /// The list has no seat with this installation's mark.
    NotThere,
    /// This seat carries the mark.
    Seat(Box<Activation>),
}

/// Looks for a seat of `code` that carries this installation's mark.
pub(super) async fn find(session: &Session, code: &KeyCode) -> Result<Lookup, Error> {
    let provider = &*session.inner.parts().provider;
    let capabilities = provider.capabilities();
    if !capabilities.contains(Capability::Activations) {
        return Ok(Lookup::NotPossible);
    }
    let listed = match key_id(provider, capabilities, code).await {
        Ok(Some(id)) => provider.activations(&id).await,
        Ok(None) => return Ok(Lookup::NotPossible),
        Err(error) => Err(error),
    };
    match listed {
        Ok(activations) => {
            let mark = session.record.mark;
            let mine = activations.into_iter().filter(|activation| mark.is_on(activation));
            let latest = mine.max_by_key(|activation| activation.created_at);
            Ok(latest.map_or(Lookup::NotThere, |activation| Lookup::Seat(Box::new(activation))))
        }
        Err(error) if is_denied(error.kind()) => Ok(Lookup::NotPossible),
        Err(error) => Err(error),
    }
}

/// Makes `activation`, which carries this installation's mark, its seat and checks it.
pub(super) async fn adopt(session: &mut Session, code: KeyCode, activation: Activation) -> Result<Answer> {
    let now = session.now();
    let mut seat = HeldSeat::new(code, Some(activation.id), activation.label, now);
    seat.key_id = activation.key_id;
    let before = session.record.hold(seat);
    session.record.next_check = Some(now);
    session.save_answer().await?;
    if let Some(before) = before {
        give_back(session, &before).await;
    }
    check::check(session).await
}

/// Why no further activation of `code` may be sent: an earlier one may have taken a seat, and `found` does not rule
/// that out. `None` when one may be sent.
pub(super) fn still_pending(session: &Session, code: &KeyCode, found: &Lookup) -> Option<GuardError> {
    let pending = session.record.pending.as_ref().filter(|pending| pending.code == *code)?;
    let settled = plus(pending.latest, SETTLING);
    let look_again = match found {
        Lookup::NotThere if session.now() > settled => return None,
        Lookup::NotThere => Some(settled),
        Lookup::NotPossible | Lookup::Seat(_) => None,
    };
    (!session.may_lose_a_seat).then_some(GuardError::StillPending { since: pending.since, look_again })
}

/// Looks for the seat of the pending activation: adopts and checks it, or forgets it once it is certain that
/// there is none. Where nothing can be found out, it stays pending. Tells whether a seat was adopted.
pub(super) async fn resolve(session: &mut Session) -> Result<bool> {
    let Some(pending) = session.record.pending.clone() else { return Ok(false) };
    let now = session.now();
    let next_look = match find(session, &pending.code).await {
        Ok(Lookup::Seat(activation)) => {
            adopt(session, pending.code, *activation).await?;
            return Ok(true);
        }
        Ok(Lookup::NotThere) if now.duration_since(pending.latest) > SETTLING => {
            session.record.pending = None;
            None
        }
        Ok(Lookup::NotThere) => Some(plus(now, SETTLING)),
        Ok(Lookup::NotPossible) => None,
        Err(error) => {
            let policy = *session.inner.policy();
            session.record.miss(now, &policy, error.kind(), error.retry_after());
            session.save_answer().await?;
            return Err(GuardError::NoAnswer(error));
        }
    };
    if session.record.held.is_none() {
        session.record.next_check = next_look;
    }
    session.save_answer().await?;
    Ok(false)
}

async fn key_id(
    provider: &dyn LicenseProvider,
    capabilities: Capabilities,
    code: &KeyCode,
) -> Result<Option<LicenseKeyId>, Error> {
    let validation = provider.validate(ValidateRequest::new(code.clone())).await?;
    if let Some(key) = validation.key {
        return Ok(Some(key.id));
    }
    if !capabilities.contains(Capability::List) {
        return Ok(None);
    }
    Ok(provider.find(code).await?.map(|key| key.id))
}

/// Whether the vendor does not let this provider list activations, so that asking again is no use.
const fn is_denied(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Unsupported
            | ErrorKind::PermissionDenied
            | ErrorKind::Unauthenticated
            | ErrorKind::NotFound
            | ErrorKind::Refused
    )
}
