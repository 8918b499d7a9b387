//! Validating keys.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivateRequest, Capability, DeactivateRequest, ErrorKind, KeyCode, LicenseProvider, RefusalReason,
    SignedDuration, StatusChange, ValidateRequest,
};

use super::check::{
    Checked, altered, ensure, equal, failed, fails, invalid, issue, set_status, valid, validation_of, works,
};
use super::listing::is_the_issued_key;
use super::{IssueSpec, Subject};

/// Without a seat, and with the key in the answer where the vendor sends it.
pub(super) async fn a_good_key_is_valid(subject: &dyn Subject) -> Checked {
    issue(subject, IssueSpec::new()).await?;
    let issued = issue(subject, IssueSpec::new()).await?;
    let answer = subject.provider().validate(ValidateRequest::new(issued.code.clone())).await;
    let validation = valid(answer, "a fresh key")?;
    ensure(validation.activation.is_none(), "no activation, since none was asked about")?;
    validation.key.map_or(Ok(()), |key| is_the_issued_key(&key, &issued))
}

/// Codes are pasted with line breaks.
pub(super) async fn white_space_around_a_typed_code_does_not_matter(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let mut request = validation_of(subject, &issued).await?;
    let typed = KeyCode::parse(&format!(" \t{}\r\n", issued.code.expose()));
    request.code = works(typed, "reading what was typed")?;
    valid(subject.provider().validate(request).await, "a typed code").map(drop)
}

/// A code that differs in one character, and texts that are no code.
pub(super) async fn an_unknown_code_is_refused(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let mut request = validation_of(subject, &issued).await?;
    let code = issued.code.expose();
    let near = [altered(code), format!("{code}0"), format!("{code}/"), format!("{code} {code}")];
    let odd = ["0", "no such key", "../", "%00", "\"}{", "\u{1}", "\u{e9}\u{1f511}", "null", "' or 1=1 --"];
    let long = "A".repeat(300);
    for text in near.into_iter().chain(odd.map(str::to_owned)).chain([long]) {
        request.code = KeyCode::verbatim(text.clone());
        let answer = subject.provider().validate(request.clone()).await;
        invalid(subject, answer, RefusalReason::UnknownKey, &format!("validating {text:?}"))?;
    }
    Ok(())
}

/// A second before it is valid.
pub(super) async fn a_key_is_expired_from_the_very_instant_on(subject: &dyn Subject) -> Checked {
    let end = subject.clock().now() + SignedDuration::from_hours(1);
    let issued = issue(subject, IssueSpec::new().expires_at(end)).await?;
    let provider = subject.provider();
    let request = validation_of(subject, &issued).await?;
    let validate = || provider.validate(request.clone());
    subject.clock().set(end - SignedDuration::from_secs(1));
    valid(validate().await, "a key one second before its end")?;
    for (later, what) in [(0, "a key at its end"), (3_600, "a key an hour after its end")] {
        subject.clock().set(end + SignedDuration::from_secs(later));
        invalid(subject, validate().await, RefusalReason::Expired, what)?;
    }
    Ok(())
}

/// Disabling and enabling take effect at once.
pub(super) async fn a_disabled_key_is_refused_until_it_is_enabled(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let request = validation_of(subject, &issued).await?;
    let validate = || provider.validate(request.clone());
    set_status(subject, &issued.id, StatusChange::Disable).await?;
    invalid(subject, validate().await, RefusalReason::Disabled, "a disabled key")?;
    set_status(subject, &issued.id, StatusChange::Enable).await?;
    valid(validate().await, "a key that was enabled again").map(drop)
}

/// Where the vendor has revoked keys.
pub(super) async fn a_revoked_key_is_refused(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let request = validation_of(subject, &issued).await?;
    set_status(subject, &issued.id, StatusChange::Revoke).await?;
    let answer = subject.provider().validate(request).await;
    invalid(subject, answer, RefusalReason::Revoked, "a revoked key")
}

/// A test purchase must not unlock the product.
pub(super) async fn a_key_of_the_other_environment_is_refused(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().other_environment()).await?;
    let answer = subject.provider().validate(ValidateRequest::new(issued.code)).await;
    invalid(subject, answer, RefusalReason::WrongEnvironment, "a key of the other environment")
}

/// The answer names the seat that was asked about.
pub(super) async fn a_seat_is_recognised(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let seat = provider.activate(ActivateRequest::new(issued.code.clone(), "laptop")).await;
    let seat = works(seat, "taking a seat")?.id;
    let request = ValidateRequest::new(issued.code).activation(seat.as_str());
    let validation = valid(provider.validate(request).await, "a key with its seat")?;
    match validation.activation {
        Some(activation) => equal(&activation.id, &seat, "the seat that was asked about"),
        None => Ok(()),
    }
}

/// A seat of another key, and one that does not exist.
pub(super) async fn a_seat_that_is_not_the_keys_is_refused(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let other = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let seat = provider.activate(ActivateRequest::new(other.code, "laptop")).await;
    let seat = works(seat, "taking another key's seat")?.id;
    for (id, what) in [(seat.to_string(), "another key's seat"), (altered(seat.as_str()), "an unknown seat")]
    {
        let request = ValidateRequest::new(issued.code.clone()).activation(id);
        invalid(subject, provider.validate(request).await, RefusalReason::UnknownActivation, what)?;
    }
    Ok(())
}

/// The key itself stays valid.
pub(super) async fn a_freed_seat_is_refused(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let seat = provider.activate(ActivateRequest::new(issued.code.clone(), "laptop")).await;
    let seat = works(seat, "taking a seat")?.id;
    let freed = provider.deactivate(DeactivateRequest::new(issued.code.clone(), seat.as_str())).await;
    works(freed, "giving the seat back")?;
    let request = ValidateRequest::new(issued.code.clone()).activation(seat.as_str());
    invalid(subject, provider.validate(request).await, RefusalReason::UnknownActivation, "a freed seat")?;
    if !subject.capabilities().contains(Capability::ValidateWithoutSeat) {
        return Ok(());
    }
    let alone = provider.validate(ValidateRequest::new(issued.code)).await;
    valid(alone, "the key alone after its seat was freed").map(drop)
}

/// Some vendors treat an empty id as absent, and would answer about the key alone.
pub(super) async fn a_malformed_seat_is_never_valid(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let has_seats = subject.capabilities().contains(Capability::Activate);
    let failures = if has_seats { &[ErrorKind::InvalidRequest][..] } else { &[ErrorKind::Unsupported] };
    for seat in ["", " ", "../x", "not an id", "\u{e9}", "\"}"] {
        let request = ValidateRequest::new(issued.code.clone()).activation(seat);
        match subject.provider().validate(request).await {
            Ok(validation) if validation.is_valid() => {
                return failed(format_args!("expected: {seat:?} is no seat, found Valid"));
            }
            Ok(_) => {}
            failure => fails(failure, failures, &format!("validating the seat {seat:?}"))?,
        }
    }
    Ok(())
}
