use std::fmt;
use std::sync::Arc;

use anykey_core::{ActivationId, DeactivateRequest, KeyCode, RefusalReason};

use super::adopt::{self, Lookup};
use crate::inner::Inner;
use crate::session::Session;
use crate::{GuardError, HeldSeat, Result};

/// What became of the seat when it was given back. In each case this machine has forgotten the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Release {
    /// The vendor counts one seat less.
    Freed,
    /// The seat was free already: the customer or the seller was faster.
    AlreadyFree,
    /// This machine had no seat.
    NothingHeld,
    /// The vendor does not know the key any more. If it was rotated, the seat is still counted under the new
    /// key; customer and seller can free it.
    KeyUnknown,
    /// An activation was pending, and nobody can say whether it took a seat.
    MayBeTaken,
}

pub(crate) async fn deactivate(inner: &Arc<Inner>) -> Result<Release> {
    let mut session = Session::begin(inner).await?;
    let pending = release_pending(&session).await?;
    let held = release_held(&session).await?;
    session.record.clear();
    session.save().await?;
    Ok(match held {
        Release::NothingHeld => pending,
        held => held,
    })
}

pub(crate) async fn forget(inner: &Arc<Inner>) -> Result<()> {
    let mut session = Session::begin(inner).await?;
    session.record.clear();
    session.save().await
}

/// Frees a seat that another one has replaced, as far as possible: the new one is held whatever comes of it.
pub(super) async fn give_back(session: &Session, before: &HeldSeat) {
    let now_held = session.record.held.as_ref().and_then(|held| held.activation.as_ref());
    if let Some(activation) = before.activation.as_ref().filter(|before| Some(*before) != now_held) {
        free(session, &before.code, activation).await.ok();
    }
}

/// Frees the seat of a pending activation, if there is one and it can be found.
pub(super) async fn release_pending(session: &Session) -> Result<Release> {
    let Some(pending) = &session.record.pending else { return Ok(Release::NothingHeld) };
    match adopt::find(session, &pending.code).await.map_err(GuardError::NoAnswer)? {
        Lookup::Seat(activation) => free(session, &pending.code, &activation.id).await,
        Lookup::NotThere => Ok(Release::AlreadyFree),
        Lookup::NotPossible => Ok(Release::MayBeTaken),
    }
}

async fn release_held(session: &Session) -> Result<Release> {
    match &session.record.held {
        Some(HeldSeat { code, activation: Some(activation), .. }) => free(session, code, activation).await,
        _ => Ok(Release::NothingHeld),
    }
}

async fn free(session: &Session, code: &KeyCode, activation: &ActivationId) -> Result<Release> {
    let request = DeactivateRequest::new(code.clone(), activation.clone());
    match session.inner.parts().provider.deactivate(request).await {
        Ok(()) => Ok(Release::Freed),
        Err(error) => match error.refusal() {
            Some(refusal) => match refusal.reason {
                RefusalReason::UnknownActivation => Ok(Release::AlreadyFree),
                RefusalReason::UnknownKey => Ok(Release::KeyUnknown),
                _ => Err(GuardError::Refused(refusal.clone())),
            },
            None => Err(GuardError::NoAnswer(error)),
        },
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Freed => "the seat is free",
            Self::AlreadyFree => "the seat was free already",
            Self::NothingHeld => "this machine had no seat",
            Self::KeyUnknown => {
                "the vendor does not know the key; its seat may still be counted under a new one"
            }
            Self::MayBeTaken => "an activation got lost; a seat may still be counted",
        })
    }
}
