//! The checks that scenarios are made of.
//!
//! Each check names what was expected and where, since a provider's author reads the message without this source.

use std::fmt;
use std::panic::Location;

use anykey_core::{
    ActivateRequest, Capability, ErrorKind, LicenseKeyId, Operation, RefusalReason, Result as ProviderResult,
    StatusChange, ValidateRequest, Validation,
};

use super::{IssueSpec, IssuedKey, Skip, Subject};

/// Why a scenario ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The vendor does not have what the scenario is about.
    Skipped(Skip),
    /// A promise is broken; what was expected and found.
    Failed(String),
}

/// The result of a step of a scenario.
pub(super) type Checked<T = ()> = Result<T, Stop>;

/// Ends the scenario as failed, with the place of the check.
#[track_caller]
pub(super) fn failed<T>(what: impl fmt::Display) -> Checked<T> {
    let place = Location::caller();
    Err(Stop::Failed(format!("{what} [{}:{}]", place.file(), place.line())))
}

/// Fails unless `holds`.
#[track_caller]
pub(super) fn ensure(holds: bool, expected: impl fmt::Display) -> Checked {
    if holds { Ok(()) } else { failed(format_args!("expected: {expected}")) }
}

/// Fails unless both are equal.
#[track_caller]
pub(super) fn equal<T: PartialEq + fmt::Debug>(found: &T, expected: &T, what: &str) -> Checked {
    if found == expected {
        return Ok(());
    }
    failed(format_args!("{what}: expected {expected:?}, found {found:?}"))
}

/// Fails unless `found` is absent or equal: a call may leave a fact out, but not report a wrong one.
#[track_caller]
pub(super) fn equal_if_known<T: PartialEq + fmt::Debug>(
    found: Option<&T>,
    expected: &T,
    what: &str,
) -> Checked {
    found.map_or(Ok(()), |found| equal(found, expected, what))
}

/// The value of an operation that has to succeed.
#[track_caller]
pub(super) fn works<T>(result: ProviderResult<T>, what: &str) -> Checked<T> {
    match result {
        Ok(value) => Ok(value),
        Err(error) => failed(format_args!("{what}: expected to work, found the error `{error}`")),
    }
}

/// Fails unless the error is of one of `kinds`.
#[track_caller]
pub(super) fn fails<T>(result: ProviderResult<T>, kinds: &[ErrorKind], what: &str) -> Checked {
    match result {
        Err(error) if kinds.contains(&error.kind()) => Ok(()),
        Err(error) => failed(format_args!("{what}: expected one of {kinds:?}, found the error `{error}`")),
        Ok(_) => failed(format_args!("{what}: expected one of {kinds:?}, but it worked")),
    }
}

/// Fails unless the operation fails with a refusal, for the reason that the vendor reports for `cause`. It is for
/// every operation but `validate`, which returns its refusals as values.
#[track_caller]
pub(super) fn refused<T>(
    subject: &dyn Subject,
    result: ProviderResult<T>,
    operation: Operation,
    cause: RefusalReason,
    what: &str,
) -> Checked {
    let reason = subject.reported(operation, cause);
    match result {
        Err(error) if error.kind() == ErrorKind::Refused => match error.refusal() {
            Some(refusal) => equal(&refusal.reason, &reason, what),
            None => failed(format_args!("{what}: the error `{error}` is a refusal without its reason")),
        },
        Err(error) => failed(format_args!("{what}: expected `{reason:?}`, found the error `{error}`")),
        Ok(_) => failed(format_args!("{what}: expected `{reason:?}`, but it worked")),
    }
}

/// The validation, which has to accept the key.
#[track_caller]
pub(super) fn valid(result: ProviderResult<Validation>, what: &str) -> Checked<Validation> {
    let validation = works(result, what)?;
    match validation.refusal() {
        None => Ok(validation),
        Some(refusal) => failed(format_args!("{what}: expected Valid, found {:?}", refusal.reason)),
    }
}

/// Fails unless the validation refuses the key, with the reason that the vendor reports for `cause`.
#[track_caller]
pub(super) fn invalid(
    subject: &dyn Subject,
    result: ProviderResult<Validation>,
    cause: RefusalReason,
    what: &str,
) -> Checked {
    let reason = subject.reported(Operation::Validate, cause);
    match works(result, what)?.refusal() {
        Some(refusal) => equal(&refusal.reason, &reason, what),
        None => failed(format_args!("{what}: expected {reason:?}, found Valid")),
    }
}

/// Ends the scenario as skipped: the vendor has no `what`.
pub(super) fn skip<T>(what: &'static str) -> Checked<T> {
    Err(Stop::Skipped(Skip::NotThere(what)))
}

/// An issued key; a skip if the vendor sells no such keys.
pub(super) async fn issue(subject: &dyn Subject, spec: IssueSpec) -> Checked<IssuedKey> {
    subject.issue(spec.clone()).await.ok_or(Stop::Skipped(Skip::NotIssued(spec)))
}

/// Changes a status at the vendor; a skip if the vendor cannot.
pub(super) async fn set_status(subject: &dyn Subject, id: &LicenseKeyId, change: StatusChange) -> Checked {
    let lacking = match change {
        StatusChange::Revoke => "revoked keys",
        StatusChange::Disable => "disabled keys",
        _ => "way to enable a key again",
    };
    subject.set_status(id, change).await.ok_or(Stop::Skipped(Skip::NotThere(lacking)))
}

/// The request that validates an issued key: alone, or with an activation that is made for it where the provider
/// requires one.
pub(super) async fn validation_of(subject: &dyn Subject, issued: &IssuedKey) -> Checked<ValidateRequest> {
    let provider = subject.provider();
    let request = ValidateRequest::new(issued.code.clone());
    if subject.capabilities().contains(Capability::ValidateWithoutSeat) {
        return Ok(request);
    }
    let seat = provider.activate(ActivateRequest::new(issued.code.clone(), "laptop")).await;
    Ok(request.activation(works(seat, "taking a seat to validate with")?.id))
}

/// An id or code that looks like the given one and names nothing: its last character is another one.
pub(super) fn altered(id: &str) -> String {
    let mut altered = id.to_owned();
    let last = altered.pop();
    altered.push(if last == Some('0') { '1' } else { '0' });
    altered
}
