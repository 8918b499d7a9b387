//! Seats that end unless they are renewed.

use anykey_core::{
    ActivateRequest, Activation, ActivationId, ActivationLimit, LicenseProvider, Operation, RefusalReason,
    RenewRequest, Result as ProviderResult, SignedDuration, ValidateRequest, Validation,
};

use super::check::{Checked, altered, ensure, invalid, issue, refused, valid, works};
use super::{IssueSpec, IssuedKey, Subject};

/// How long a seat lasts without a renewal.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// A step of the clock.
const A_MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Past its first end it is valid because it was renewed.
pub(super) async fn a_renewed_seat_lasts_longer(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().seat_lifetime(LIFETIME)).await?;
    let seat = take(subject, &issued).await?;
    let first = works(renew(subject, &issued, &seat.id).await, "renewing a seat")?;
    ensure(first.id == seat.id, "the seat that was renewed")?;
    ensure(first.expires_at > Some(subject.clock().now()), "the end of a renewed seat")?;

    subject.clock().advance(LIFETIME - A_MINUTE);
    valid(validate(subject, &issued, &seat.id).await, "a seat before its end")?;
    let second = works(renew(subject, &issued, &seat.id).await, "renewing a seat again")?;
    ensure(second.expires_at > first.expires_at, "a later end of a seat that was renewed later")?;

    subject.clock().advance(LIFETIME - A_MINUTE);
    valid(validate(subject, &issued, &seat.id).await, "a renewed seat after its first end")?;
    subject.clock().advance(LIFETIME);
    let answer = validate(subject, &issued, &seat.id).await;
    invalid(subject, answer, RefusalReason::SeatExpired, "a seat that was not renewed").map(drop)
}

/// A device that is gone must not hold a seat for ever.
pub(super) async fn a_seat_that_ended_is_free_for_another_device(subject: &dyn Subject) -> Checked {
    let spec = IssueSpec::new().activation_limit(ActivationLimit::AtMost(1)).seat_lifetime(LIFETIME);
    let issued = issue(subject, spec).await?;
    let seat = take(subject, &issued).await?;
    works(renew(subject, &issued, &seat.id).await, "renewing a seat")?;
    subject.clock().advance(LIFETIME + A_MINUTE);
    let next = take(subject, &issued).await?;
    ensure(next.id != seat.id, "a seat of its own for another device")
}

/// Another device may have it by then.
pub(super) async fn a_seat_that_ended_is_not_renewed(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().seat_lifetime(LIFETIME)).await?;
    let seat = take(subject, &issued).await?;
    works(renew(subject, &issued, &seat.id).await, "renewing a seat")?;
    subject.clock().advance(LIFETIME + A_MINUTE);
    let answer = renew(subject, &issued, &seat.id).await;
    refused(subject, answer, Operation::Renew, RefusalReason::SeatExpired, "renewing a seat that ended")
}

/// The id alone gives no right.
pub(super) async fn a_seat_that_is_not_the_keys_is_not_renewed(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().seat_lifetime(LIFETIME)).await?;
    let seat = take(subject, &issued).await?;
    let unknown = ActivationId::from(altered(seat.id.as_str()));
    let answer = renew(subject, &issued, &unknown).await;
    let cause = RefusalReason::UnknownActivation;
    refused(subject, answer, Operation::Renew, cause, "renewing a seat that the key does not have")
}

/// Takes a seat that ends.
async fn take(subject: &dyn Subject, issued: &IssuedKey) -> Checked<Activation> {
    let request = ActivateRequest::new(issued.code.clone(), "laptop");
    works(subject.provider().activate(request).await, "taking a seat")
}

/// Renews a seat.
async fn renew(subject: &dyn Subject, issued: &IssuedKey, seat: &ActivationId) -> ProviderResult<Activation> {
    subject.provider().renew(RenewRequest::new(issued.code.clone(), seat.clone())).await
}

/// Validates a seat.
async fn validate(
    subject: &dyn Subject,
    issued: &IssuedKey,
    seat: &ActivationId,
) -> ProviderResult<Validation> {
    let request = ValidateRequest::new(issued.code.clone()).activation(seat.clone());
    subject.provider().validate(request).await
}
