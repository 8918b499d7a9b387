//! Giving seats back.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivateRequest, ActivationId, ActivationLimit, DeactivateRequest, KeyCode, LicenseProvider, Operation,
    RefusalReason, Result as ProviderResult, SignedDuration, StatusChange, ValidateRequest,
};

use super::check::{Checked, altered, issue, refused, set_status, valid, works};
use super::{IssueSpec, IssuedKey, Subject};

/// The second time is a refusal, which an app may take for done.
pub(super) async fn a_seat_is_given_back_once(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let seat = take(subject, &issued).await?;
    works(give_back(subject, &issued.code, &seat).await, "giving a seat back")?;
    let again = give_back(subject, &issued.code, &seat).await;
    if subject.rules().gives_back_twice {
        return works(again, "giving the same seat back again");
    }
    is_refused(subject, again, RefusalReason::UnknownActivation, "giving the same seat back again")
}

/// Three times on a key with one seat, so that no seat is lost on the way.
pub(super) async fn a_freed_seat_can_be_taken_again(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().activation_limit(ActivationLimit::AtMost(1))).await?;
    for _ in 0..3 {
        let seat = take(subject, &issued).await?;
        works(give_back(subject, &issued.code, &seat).await, "giving the only seat back")?;
    }
    Ok(())
}

/// A customer moves to another machine while a key is off; where the vendor refuses that, the seat has to be free once
/// it is on again.
pub(super) async fn a_disabled_key_gives_its_seats_back(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let seat = take(subject, &issued).await?;
    set_status(subject, &issued.id, StatusChange::Disable).await?;
    let answer = give_back(subject, &issued.code, &seat).await;
    if subject.rules().keeps_seats(RefusalReason::Disabled) {
        is_refused(subject, answer, RefusalReason::Disabled, "giving a disabled key's seat back")?;
        set_status(subject, &issued.id, StatusChange::Enable).await?;
        let answer = give_back(subject, &issued.code, &seat).await;
        return works(answer, "giving the seat back once the key is enabled");
    }
    works(answer, "giving a disabled key's seat back")
}

/// An expired key may be renewed later, and its seats are then needed.
pub(super) async fn an_expired_key_gives_its_seats_back(subject: &dyn Subject) -> Checked {
    let end = subject.clock().now() + SignedDuration::from_hours(1);
    let issued = issue(subject, IssueSpec::new().expires_at(end)).await?;
    let seat = take(subject, &issued).await?;
    subject.clock().set(end);
    let answer = give_back(subject, &issued.code, &seat).await;
    if subject.rules().keeps_seats(RefusalReason::Expired) {
        return is_refused(subject, answer, RefusalReason::Expired, "giving an expired key's seat back");
    }
    works(answer, "giving an expired key's seat back")
}

/// Whoever knows an activation's id, and not its key, must not free it.
pub(super) async fn a_seat_that_is_not_the_keys_stays(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let other = issue(subject, IssueSpec::new()).await?;
    let seat = take(subject, &other).await?;
    let unknown = ActivationId::from(altered(seat.as_str()));
    for (id, what) in [(&seat, "giving another key's seat back"), (&unknown, "giving an unknown seat back")] {
        let answer = give_back(subject, &issued.code, id).await;
        is_refused(subject, answer, RefusalReason::UnknownActivation, what)?;
    }
    let request = ValidateRequest::new(other.code).activation(seat.as_str());
    valid(subject.provider().validate(request).await, "the seat that another key tried to free").map(drop)
}

/// The refusal names the code and not the seat, which is still taken.
pub(super) async fn an_unknown_code_gives_no_seat_back(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let seat = take(subject, &issued).await?;
    let unknown = KeyCode::verbatim(altered(issued.code.expose()));
    let answer = give_back(subject, &unknown, &seat).await;
    is_refused(subject, answer, RefusalReason::UnknownKey, "giving a seat back with an unknown code")?;
    works(give_back(subject, &issued.code, &seat).await, "giving the seat back with its own code")
}

/// Takes a seat.
async fn take(subject: &dyn Subject, issued: &IssuedKey) -> Checked<ActivationId> {
    let answer = subject.provider().activate(ActivateRequest::new(issued.code.clone(), "laptop")).await;
    works(answer, "taking a seat").map(|seat| seat.id)
}

/// Gives a seat back.
async fn give_back(subject: &dyn Subject, code: &KeyCode, seat: &ActivationId) -> ProviderResult<()> {
    subject.provider().deactivate(DeactivateRequest::new(code.clone(), seat.as_str())).await
}

/// Fails unless giving back is refused because of `cause`.
fn is_refused(
    subject: &dyn Subject,
    answer: ProviderResult<()>,
    cause: RefusalReason,
    what: &str,
) -> Checked {
    refused(subject, answer, Operation::Deactivate, cause, what)
}
