use std::sync::Arc;

use anykey_core::{Error, LicenseEvent, Refusal, ValidateRequest, Validation, Verdict};

use super::adopt;
use crate::inner::Inner;
use crate::session::Session;
use crate::{Access, GuardError, HeldSeat, Result, SeatRecord, schedule};

/// What the vendor said to a check that was recorded.
pub(super) enum Answer {
    Yes,
    No(Refusal),
}

pub(crate) async fn refresh(inner: &Arc<Inner>) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    ask(&mut session).await?;
    Ok(inner.access())
}

/// As [`refresh`], unless it is too early: another process may have asked by now. The time that has passed is
/// remembered either way.
pub(crate) async fn refresh_if_due(inner: &Arc<Inner>) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    let now = session.now();
    if session.record.next_check.is_some_and(|at| schedule::is_due(inner.policy(), at, now)) {
        ask(&mut session).await?;
    } else if inner.has_seen_time_to_save(now) {
        session.save().await?;
    }
    Ok(inner.access())
}

/// As [`refresh`], if `event` may be about this seat.
pub(crate) async fn apply(inner: &Arc<Inner>, event: &LicenseEvent) -> Result<Access> {
    let mut session = Session::begin(inner).await?;
    if concerns(event, &session.record) {
        ask(&mut session).await?;
    }
    Ok(inner.access())
}

/// Whether `event` may be about the seat. One that names no key is about a purchase or a customer, which may be
/// this seat's.
fn concerns(event: &LicenseEvent, record: &SeatRecord) -> bool {
    if record.is_empty() || event.provider != *record.provider {
        return false;
    }
    match record.held.as_ref().and_then(|held| held.key_id.as_ref()) {
        Some(own) => event.granted_keys.is_some() || event.key_id.as_ref().is_none_or(|id| id == own),
        None => true,
    }
}

/// Looks for the seat that is pending, and asks about the one that is held.
async fn ask(session: &mut Session) -> Result<()> {
    if session.record.is_empty() {
        return Err(GuardError::NotActivated);
    }
    let adopted = adopt::resolve(session).await?;
    if session.record.held.is_some() && !adopted {
        check(session).await?;
    }
    Ok(())
}

/// Validates the held seat and records the answer.
pub(super) async fn check(session: &mut Session) -> Result<Answer> {
    let Some(held) = &session.record.held else { return Err(GuardError::NotActivated) };
    let outcome = validate(session, held).await;
    record(session, outcome).await
}

/// Records what the vendor answered to a validation of the held seat.
pub(super) async fn record(session: &mut Session, outcome: Result<Validation, Error>) -> Result<Answer> {
    let now = session.now();
    let policy = *session.inner.policy();
    let answer = match outcome.map(refusal_of) {
        Ok((None, validation)) => {
            session.record.accept(now, &policy, validation.key.as_ref());
            Ok(Answer::Yes)
        }
        Ok((Some(refusal), _)) => {
            session.record.refuse(now, &policy, refusal.clone());
            Ok(Answer::No(refusal))
        }
        Err(error) => match error.refusal() {
            Some(refusal) => {
                session.record.refuse(now, &policy, refusal.clone());
                Ok(Answer::No(refusal.clone()))
            }
            None => {
                session.record.miss(now, &policy, error.kind(), error.retry_after());
                Err(GuardError::NoAnswer(error))
            }
        },
    };
    session.save_answer().await?;
    answer
}

/// Asks about `seat`, with its activation: without one neither vendor looks at seats.
pub(super) async fn validate(session: &Session, seat: &HeldSeat) -> Result<Validation, Error> {
    let mut request = ValidateRequest::new(seat.code.clone());
    if let Some(activation) = &seat.activation {
        request = request.activation(activation.clone());
    }
    session.inner.parts().provider.validate(request).await
}

pub(super) fn refusal_of(validation: Validation) -> (Option<Refusal>, Validation) {
    let refusal = match &validation.verdict {
        Verdict::Valid => None,
        Verdict::Refused(refusal) => Some(refusal.clone()),
    };
    (refusal, validation)
}
