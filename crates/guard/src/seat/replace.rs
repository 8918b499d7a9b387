use anykey_core::{KeyCode, Refusal};

use super::activate::{seat_is_gone, take};
use super::check;
use crate::session::Session;
use crate::{GuardError, HeldSeat, Result};

/// Another key than the one that is held was entered.
///
/// If the vendor knows the held seat under it, the key was rotated. Otherwise it is another key, whose seat
/// is taken before the old one is given back.
pub(super) async fn replace(session: &mut Session, code: KeyCode) -> Result<()> {
    let Some(held) = session.record.held.clone() else { return take(session, code).await };
    if held.activation.is_none() {
        return take(session, code).await;
    }
    let rotated = HeldSeat { code: code.clone(), ..held };
    match check::validate(session, &rotated).await {
        Ok(validation) => match check::refusal_of(validation) {
            (None, validation) => {
                session.record.held = Some(rotated);
                check::record(session, Ok(validation)).await.map(|_| ())
            }
            (Some(refusal), _) => move_on(session, code, refusal).await,
        },
        Err(error) => match error.refusal().cloned() {
            Some(refusal) => move_on(session, code, refusal).await,
            None => Err(GuardError::NoAnswer(error)),
        },
    }
}

async fn move_on(session: &mut Session, code: KeyCode, refusal: Refusal) -> Result<()> {
    if seat_is_gone(session, &code, &refusal).await? {
        return take(session, code).await;
    }
    Err(GuardError::Refused(refusal))
}
