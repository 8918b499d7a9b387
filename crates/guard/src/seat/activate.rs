use std::sync::Arc;

use anykey_core::{
    ActivateRequest, Activation, Capability, Error, ErrorKind, KeyCode, Refusal, RefusalReason,
    ValidateRequest, Verdict,
};

use super::adopt::{self, Lookup};
use super::check::{self, Answer};
use super::deactivate::{give_back, release_pending};
use super::replace;
use crate::inner::Inner;
use crate::session::Session;
use crate::{Access, GuardError, HeldSeat, Result};

/// No vendor's key is longer by far, and the record has to stay small.
const LONGEST_CODE: usize = 2_048;

pub(crate) async fn activate(inner: &Arc<Inner>, code: KeyCode) -> Result<Access> {
    activate_in(Session::begin(inner).await?, code).await
}

pub(crate) async fn activate_once_more(inner: &Arc<Inner>, code: KeyCode) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    session.may_lose_a_seat = true;
    activate_in(session, code).await
}

async fn activate_in(mut session: Session, code: KeyCode) -> Result<Access> {
    match &session.record.held {
        Some(held) if held.code == code => again(&mut session, code).await?,
        Some(_) => replace::replace(&mut session, code).await?,
        None => take(&mut session, code).await?,
    }
    Ok(session.inner.access())
}

/// The key that is held is entered once more: a check, and a new seat only if the vendor has none for this
/// machine any more.
async fn again(session: &mut Session, code: KeyCode) -> Result<()> {
    match check::check(session).await {
        Ok(Answer::Yes) => Ok(()),
        Ok(Answer::No(refusal)) if seat_is_gone(session, &code, &refusal).await? => take(session, code).await,
        Ok(Answer::No(refusal)) => Err(GuardError::Refused(refusal)),
        Err(GuardError::NoAnswer(_)) if session.inner.access().is_allowed() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether `refusal` is about the seat while the key itself is good. A vendor that gives no reason (Dodo) is
/// asked about the key alone.
pub(super) async fn seat_is_gone(session: &Session, code: &KeyCode, refusal: &Refusal) -> Result<bool> {
    match refusal.reason {
        RefusalReason::UnknownActivation => Ok(true),
        RefusalReason::Unspecified => {
            let provider = &session.inner.parts().provider;
            let validation = provider.validate(ValidateRequest::new(code.clone())).await;
            validation.map(|validation| validation.is_valid()).map_err(GuardError::NoAnswer)
        }
        _ => Ok(false),
    }
}

/// Gets a seat of `code`: the one that this installation already has at the vendor, or a new one.
pub(super) async fn take(session: &mut Session, code: KeyCode) -> Result<()> {
    if code.expose().len() > LONGEST_CODE {
        let message = "the license key is far too long; paste the key alone";
        return Err(GuardError::NoAnswer(Error::new(ErrorKind::InvalidRequest, message)));
    }
    if session.record.pending.as_ref().is_some_and(|pending| pending.code != code) {
        release_pending(session).await.ok();
    }
    let found = adopt::find(session, &code).await.map_err(GuardError::NoAnswer)?;
    if let Lookup::Seat(activation) = found {
        return answered(adopt::adopt(session, code, *activation).await?);
    }
    if let Some(error) = adopt::still_pending(session, &code, &found) {
        return Err(error);
    }
    if !session.inner.parts().provider.capabilities().contains(Capability::Activate) {
        return hold_without_seat(session, code).await;
    }
    send(session, code).await
}

/// Sends one activation. What it may do is on the disk before it leaves.
async fn send(session: &mut Session, code: KeyCode) -> Result<()> {
    let label = session.record.mark.label_for(&session.inner.parts().device);
    session.record.expect_seat(session.now(), &code, &label);
    session.save().await?;

    let request = ActivateRequest::new(code.clone(), label);
    match session.inner.parts().provider.clone().activate(request).await {
        Ok(activation) => hold(session, code, activation).await,
        Err(error) if error.may_have_taken_effect() => {
            let policy = *session.inner.policy();
            if session.record.held.is_none() {
                session.record.miss(session.now(), &policy, error.kind(), error.retry_after());
            }
            session.save_answer().await?;
            Err(GuardError::AnswerLost(error))
        }
        Err(error) => {
            session.record.settle_without_seat(error.refusal());
            session.save_answer().await?;
            match error.refusal() {
                Some(refusal) if refusal.reason == RefusalReason::ActivationsNotSupported => {
                    hold_without_seat(session, code).await
                }
                Some(refusal) => Err(GuardError::Refused(refusal.clone())),
                None => Err(GuardError::NoAnswer(error)),
            }
        }
    }
}

/// Records the seat that the vendor gave.
async fn hold(session: &mut Session, code: KeyCode, activation: Activation) -> Result<()> {
    let now = session.now();
    let policy = *session.inner.policy();
    let mut seat = HeldSeat::new(code, Some(activation.id), activation.label, now);
    seat.key_id = activation.key_id;
    let before = session.record.hold_answered(seat);
    session.record.accept(now, &policy, activation.key.as_deref());
    // Vendors have given seats of dead keys (Polar until 2025), and say so in the key that comes along.
    let dead = activation.key.and_then(|key| match key.status.verdict() {
        Some(Verdict::Refused(refusal)) => Some(refusal),
        Some(Verdict::Valid) | None => None,
    });
    if let Some(refusal) = &dead {
        session.record.refuse(now, &policy, refusal.clone());
    }
    session.save_answer().await?;
    if let Some(before) = before {
        give_back(session, &before).await;
    }
    dead.map_or(Ok(()), |refusal| Err(GuardError::Refused(refusal)))
}

/// Holds a key that has no seats to take: it is checked and nothing more.
async fn hold_without_seat(session: &mut Session, code: KeyCode) -> Result<()> {
    let now = session.now();
    let label = session.record.mark.label_for(&session.inner.parts().device);
    let seat = HeldSeat::new(code, None, label, now);
    let validation = check::validate(session, &seat).await.map_err(|error| match error.refusal() {
        Some(refusal) => GuardError::Refused(refusal.clone()),
        None => GuardError::NoAnswer(error),
    })?;
    let (refusal, validation) = check::refusal_of(validation);
    if let Some(refusal) = refusal {
        return Err(GuardError::Refused(refusal));
    }
    let before = session.record.hold(seat);
    session.record.accept(now, session.inner.policy(), validation.key.as_ref());
    session.save_answer().await?;
    if let Some(before) = before {
        give_back(session, &before).await;
    }
    Ok(())
}

fn answered(answer: Answer) -> Result<()> {
    match answer {
        Answer::Yes => Ok(()),
        Answer::No(refusal) => Err(GuardError::Refused(refusal)),
    }
}
