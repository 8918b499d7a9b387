//! Switching keys off and on, and withdrawing them.

use anykey_core::{
    ActivateRequest, Capability, LicensePatch, LicenseProvider, LicenseStatus, Operation, RefusalReason,
    StatusChange, ValidateRequest,
};

use super::check::{Checked, ensure, equal, invalid, issue, refused, valid};
use super::update::patched;
use super::{IssueSpec, IssuedKey, Subject};

/// The patch's answer has the new status, and device calls follow it at once.
pub(super) async fn a_key_is_disabled_and_enabled(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let disabled = patched(subject, &issued, LicensePatch::new().status(StatusChange::Disable)).await?;
    equal(&disabled.status, &LicenseStatus::Disabled, "the status of a disabled key")?;
    is_refused(subject, &issued, RefusalReason::Disabled).await?;

    let enabled = patched(subject, &issued, LicensePatch::new().status(StatusChange::Enable)).await?;
    let status = &enabled.status;
    ensure(status.is_usable(), format_args!("an enabled key may be used, found the status {status}"))?;
    if subject.capabilities().contains(Capability::ValidateWithoutSeat) {
        let answer = subject.provider().validate(ValidateRequest::new(issued.code)).await;
        valid(answer, "an enabled key")?;
    }
    Ok(())
}

/// Device calls refuse it at once.
pub(super) async fn a_key_is_revoked(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let revoked = patched(subject, &issued, LicensePatch::new().status(StatusChange::Revoke)).await?;
    equal(&revoked.status, &LicenseStatus::Revoked, "the status of a revoked key")?;
    is_refused(subject, &issued, RefusalReason::Revoked).await
}

/// Validating and activating are refused because of `cause`.
async fn is_refused(subject: &dyn Subject, issued: &IssuedKey, cause: RefusalReason) -> Checked {
    let provider = subject.provider();
    let declared = subject.capabilities();
    if declared.contains(Capability::ValidateWithoutSeat) {
        let answer = provider.validate(ValidateRequest::new(issued.code.clone())).await;
        invalid(subject, answer, cause, "validating it")?;
    }
    if declared.contains(Capability::Activate) {
        let answer = provider.activate(ActivateRequest::new(issued.code.clone(), "laptop")).await;
        refused(subject, answer, Operation::Activate, cause, "activating it")?;
    }
    Ok(())
}
