//! Changing a key: what a patch names changes, and nothing else.

use anykey_core::{
    ActivateRequest, ActivationLimit, ErrorKind, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider,
    RefusalReason, SignedDuration, Usage, ValidateRequest,
};

use super::check::{Checked, altered, equal, failed, fails, invalid, issue, valid, validation_of, works};
use super::record::{agree, read};
use super::{IssueSpec, IssuedKey, Subject};

/// An empty patch is no error, and no field is sent by accident.
pub(super) async fn an_empty_patch_changes_nothing(subject: &dyn Subject) -> Checked {
    let end = subject.clock().now() + SignedDuration::from_hours(24);
    let issued = issue(subject, IssueSpec::new().expires_at(end)).await?;
    let before = read(subject, &issued.id).await?;
    let answer = works(subject.provider().update(&issued.id, LicensePatch::new()).await, "an empty patch")?;
    let Some(mut before) = before else { return Ok(()) };
    before.modified_at = answer.modified_at;
    agree(&answer, &before)?;
    is_unchanged_but(subject, &before, |_, _| {}).await
}

/// `NotFound`, which is no refusal.
pub(super) async fn a_patch_of_an_unknown_id_is_not_found(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let unknown = LicenseKeyId::from(altered(issued.id.as_str()));
    let patch = LicensePatch::new().expiry(subject.clock().now() + SignedDuration::from_hours(1));
    fails(subject.provider().update(&unknown, patch).await, &[ErrorKind::NotFound], "changing an unknown id")
}

/// Everything else stays as it was.
pub(super) async fn an_expiry_is_set_and_cleared(subject: &dyn Subject) -> Checked {
    let now = subject.clock().now();
    let end = now + SignedDuration::from_hours(2);
    let issued = issue(subject, IssueSpec::new().expires_at(now + SignedDuration::from_hours(1))).await?;
    let before = read(subject, &issued.id).await?;

    let set = patched(subject, &issued, LicensePatch::new().expiry(end)).await?;
    equal(&set.expiry.at(), &Some(end), "the expiry that was set")?;
    if let Some(before) = &before {
        is_unchanged_but(subject, before, |expected, found| expected.expiry = found.expiry).await?;
    }
    let cleared = patched(subject, &issued, LicensePatch::new().clear_expiry()).await?;
    equal(&cleared.expiry.at(), &None, "the expiry that was cleared")
}

/// Validations follow the new end.
pub(super) async fn a_changed_expiry_holds(subject: &dyn Subject) -> Checked {
    let now = subject.clock().now();
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let request = validation_of(subject, &issued).await?;
    let validate = || provider.validate(request.clone());
    patched(subject, &issued, LicensePatch::new().expiry(now + SignedDuration::from_hours(1))).await?;
    valid(validate().await, "a key before its new end")?;
    subject.clock().advance(SignedDuration::from_hours(1));
    invalid(subject, validate().await, RefusalReason::Expired, "a key at its new end")?;
    patched(subject, &issued, LicensePatch::new().clear_expiry()).await?;
    valid(validate().await, "a key whose end was taken away").map(drop)
}

/// A special limit that the vendor does not have has to be `Unsupported`: a `null` means different things at different
/// vendors.
pub(super) async fn an_activation_limit_is_set(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let before = read(subject, &issued.id).await?;
    let limit = |limit| LicensePatch::new().activation_limit(limit);
    let set = patched(subject, &issued, limit(ActivationLimit::AtMost(9))).await?;
    equal(&set.activations.limit, &ActivationLimit::AtMost(9), "the limit that was set")?;
    if let Some(before) = &before {
        is_unchanged_but(subject, before, |expected, found| expected.activations = found.activations).await?;
    }
    for special in [ActivationLimit::Unlimited, ActivationLimit::NotAllowed] {
        match subject.provider().update(&issued.id, limit(special)).await {
            Ok(key) => equal(&key.activations.limit, &special, "the limit that was set")?,
            failure => fails(failure, &[ErrorKind::Unsupported], &format!("setting the limit {special:?}"))?,
        }
    }
    let unknown = subject.provider().update(&issued.id, limit(ActivationLimit::Unknown)).await;
    fails(unknown, &[ErrorKind::InvalidRequest], "setting the limit Unknown")
}

/// The vendor may refuse the limit; if it accepts it, no seat is lost.
pub(super) async fn a_limit_below_the_seats_in_use_frees_none(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let mut seats = Vec::new();
    for label in ["laptop", "desktop"] {
        let request = ActivateRequest::new(issued.code.clone(), label);
        seats.push(works(provider.activate(request).await, "taking a seat")?.id);
    }
    let patch = LicensePatch::new().activation_limit(ActivationLimit::AtMost(1));
    match provider.update(&issued.id, patch).await {
        Ok(_) => {}
        failure => fails(
            failure,
            &[ErrorKind::InvalidRequest, ErrorKind::Conflict],
            "setting a limit below the seats in use",
        )?,
    }
    for seat in seats {
        let request = ValidateRequest::new(issued.code.clone()).activation(seat.as_str());
        valid(provider.validate(request).await, "a seat that is over the new limit")?;
    }
    Ok(())
}

/// Count and limit are set one by one, and neither changes anything else.
pub(super) async fn a_usage_is_set_and_limited(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let before = read(subject, &issued.id).await?;
    for (patch, expected) in [
        (LicensePatch::new().usage(5), Usage { used: 5, limit: None }),
        (LicensePatch::new().usage_limit(10), Usage { used: 5, limit: Some(10) }),
        (LicensePatch::new().usage(0), Usage { used: 0, limit: Some(10) }),
        (LicensePatch::new().clear_usage_limit(), Usage { used: 0, limit: None }),
    ] {
        let what = format!("the usage after {patch:?}");
        equal(&patched(subject, &issued, patch).await?.usage, &Some(expected), &what)?;
    }
    match before {
        Some(before) => {
            is_unchanged_but(subject, &before, |expected, found| expected.usage = found.usage).await
        }
        None => Ok(()),
    }
}

/// Expiry and activation limit in one request.
pub(super) async fn one_patch_changes_several_fields(subject: &dyn Subject) -> Checked {
    let end = subject.clock().now() + SignedDuration::from_hours(2);
    let issued = issue(subject, IssueSpec::new()).await?;
    let patch = LicensePatch::new().expiry(end).activation_limit(ActivationLimit::AtMost(9));
    let key = patched(subject, &issued, patch).await?;
    equal(&key.expiry.at(), &Some(end), "the expiry that was set")?;
    equal(&key.activations.limit, &ActivationLimit::AtMost(9), "the limit that was set")
}

/// It is set, or refused as invalid or as a conflict, and never ignored.
pub(super) async fn an_end_of_a_subscription_key_is_the_vendors_decision(subject: &dyn Subject) -> Checked {
    let end = subject.clock().now() + SignedDuration::from_hours(2);
    let issued = issue(subject, IssueSpec::new().by_subscription()).await?;
    match subject.provider().update(&issued.id, LicensePatch::new().expiry(end)).await {
        Ok(key) => equal(&key.expiry.at(), &Some(end), "the expiry that was set"),
        failure => {
            let kinds = [ErrorKind::InvalidRequest, ErrorKind::Conflict];
            fails(failure, &kinds, "setting the end of a subscription key")
        }
    }
}

/// Applies `patch`; the answer has to be what the vendor has from then on.
pub(super) async fn patched(
    subject: &dyn Subject,
    issued: &IssuedKey,
    patch: LicensePatch,
) -> Checked<LicenseKey> {
    let answer = subject.provider().update(&issued.id, patch.clone()).await;
    let answer = works(answer, &format!("{patch:?}"))?;
    equal(&answer.id, &issued.id, "the changed key's id")?;
    if let Some(found) = read(subject, &issued.id).await? {
        agree(&answer, &found)?;
    }
    Ok(answer)
}

/// Compares the record with `before`, both read by the same call; `named` carries over what may differ.
async fn is_unchanged_but(
    subject: &dyn Subject,
    before: &LicenseKey,
    named: impl Fn(&mut LicenseKey, &LicenseKey),
) -> Checked {
    let Some(found) = read(subject, &before.id).await? else {
        return failed("expected: the key is still there");
    };
    let mut expected = before.clone();
    expected.modified_at = found.modified_at;
    named(&mut expected, &found);
    equal(&found, &expected, "the record, apart from what the patch names")
}
