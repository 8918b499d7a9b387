//! Giving a key a new code.

use anykey_core::{
    ActivateRequest, ErrorKind, LicenseKeyId, LicenseProvider, RefusalReason, ValidateRequest,
};

use super::check::{Checked, altered, ensure, equal, fails, invalid, issue, valid, works};
use super::record::{agree, read};
use super::{IssueSpec, Subject};

/// The id stays, so that an app finds its records; the code is new.
pub(super) async fn a_rotated_key_is_the_same_record_with_a_new_code(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let before = read(subject, &issued.id).await?;
    let rotated = works(subject.provider().rotate(&issued.id).await, "rotating a key")?;
    equal(&rotated.id, &issued.id, "the rotated key's id")?;
    ensure(rotated.code != issued.code, "a new code")?;
    if let Some(mut before) = before {
        before.code = rotated.code.clone();
        before.modified_at = rotated.modified_at;
        agree(&rotated, &before)?;
    }
    match read(subject, &issued.id).await? {
        Some(found) => agree(&found, &rotated),
        None => Ok(()),
    }
}

/// The old code is unknown at once: it may have been published.
pub(super) async fn after_a_rotation_only_the_new_code_is_good(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let rotated = works(provider.rotate(&issued.id).await, "rotating a key")?;
    let answer = provider.validate(ValidateRequest::new(issued.code)).await;
    invalid(subject, answer, RefusalReason::UnknownKey, "the old code")?;
    valid(provider.validate(ValidateRequest::new(rotated.code)).await, "the new code").map(drop)
}

/// With the new code, so that a customer does not have to activate again.
pub(super) async fn an_activation_survives_a_rotation(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let seat = provider.activate(ActivateRequest::new(issued.code, "laptop")).await;
    let seat = works(seat, "taking a seat")?.id;
    let rotated = works(provider.rotate(&issued.id).await, "rotating a key")?;
    let request = ValidateRequest::new(rotated.code).activation(seat.as_str());
    valid(provider.validate(request).await, "the new code with the old seat").map(drop)
}

/// `NotFound`, which is no refusal.
pub(super) async fn rotating_an_unknown_id_is_not_found(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let unknown = LicenseKeyId::from(altered(issued.id.as_str()));
    fails(subject.provider().rotate(&unknown).await, &[ErrorKind::NotFound], "rotating an unknown id")
}
