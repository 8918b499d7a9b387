//! Records and errors carry the provider's name; nothing prints a secret.

use anykey_core::adapter::{KeyCodeExt as _, PageTokenExt as _};
use anykey_core::{
    ActivateRequest, Capability, DeactivateRequest, Error, KeyCode, LicenseKey, LicenseKeyId,
    LicenseProvider, Operation, PageToken, ValidateRequest,
};

use super::check::{Checked, altered, ensure, equal, issue, works};
use super::listing::{read_all, whole};
use super::{IssueSpec, IssuedKey, Subject};

/// An app with two shops stores the name with the key.
pub(super) async fn every_key_carries_the_providers_name(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let declared = subject.capabilities();
    let mut keys: Vec<LicenseKey> = Vec::new();
    if declared.contains(Capability::List) {
        keys.extend(read_all(&*provider, whole(subject, std::slice::from_ref(&issued))).await?);
    }
    if declared.contains(Capability::Get) {
        keys.push(works(provider.get(&issued.id).await, "reading a key")?);
    }
    if declared.contains(Capability::ValidateWithoutSeat) {
        let answer = provider.validate(ValidateRequest::new(issued.code.clone())).await;
        keys.extend(works(answer, "validating a key")?.key);
    }
    if declared.contains(Capability::Activate) {
        let answer = provider.activate(ActivateRequest::new(issued.code.clone(), "laptop")).await;
        keys.extend(works(answer, "taking a seat")?.key.map(|key| *key));
    }
    let name = subject.name();
    keys.iter().try_for_each(|key| equal(&key.provider.as_ref(), &name.as_str(), "the key's provider"))
}

/// An app with several providers reads in its log which one failed.
pub(super) async fn every_error_names_provider_and_operation(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    for (operation, error) in provoke(subject, &issued).await {
        is_named(subject, &error)?;
        equal(&error.operation(), &Some(operation), &format!("the operation of `{error}`"))?;
    }
    Ok(())
}

/// The provider, a validation and every error that can be provoked, with its causes, are printed and searched for codes
/// and credentials.
pub(super) async fn nothing_prints_a_secret(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let mut printed = Vec::new();
    if subject.capabilities().contains(Capability::ValidateWithoutSeat) {
        let answer = provider.validate(ValidateRequest::new(issued.code.clone())).await;
        printed.push(format!("{answer:?}"));
    }
    for (_, error) in provoke(subject, &issued).await {
        printed.push(format!("{error} {error:?}"));
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            printed.push(format!("{error} {error:?}"));
            cause = error.source();
        }
    }
    printed.push(format!("{provider:?} {provider:#?}"));

    let codes = [issued.code.expose().to_owned(), altered(issued.code.expose())];
    for secret in subject.secrets().iter().chain(&codes) {
        let leaks = printed.iter().any(|text| text.contains(secret.as_str()));
        ensure(!leaks, "neither provider, answer nor error prints a token or a code")?;
    }
    Ok(())
}

/// The errors that a declared operation makes of an unknown record.
async fn provoke(subject: &dyn Subject, issued: &IssuedKey) -> Vec<(Operation, Error)> {
    let provider = subject.provider();
    let id = LicenseKeyId::from(altered(issued.id.as_str()));
    let code = KeyCode::verbatim(altered(issued.code.expose()));
    let declared = subject.capabilities();
    let mut errors = Vec::new();
    if declared.contains(Capability::List) {
        let foreign = whole(subject, std::slice::from_ref(issued)).page(PageToken::new("somebody-else", 1));
        errors.extend(provider.list(foreign).await.err().map(|error| (Operation::List, error)));
    }
    if declared.contains(Capability::Get) {
        errors.extend(provider.get(&id).await.err().map(|error| (Operation::Get, error)));
    }
    if declared.contains(Capability::Rotate) {
        errors.extend(provider.rotate(&id).await.err().map(|error| (Operation::Rotate, error)));
    }
    if declared.contains(Capability::Activate) {
        let request = ActivateRequest::new(code.clone(), "laptop");
        errors.extend(provider.activate(request).await.err().map(|error| (Operation::Activate, error)));
    }
    if declared.contains(Capability::Deactivate) {
        let request = DeactivateRequest::new(code, "00000000-0000-4000-8000-000000000000");
        errors.extend(provider.deactivate(request).await.err().map(|error| (Operation::Deactivate, error)));
    }
    errors
}

/// An error has the name that the keys have. What is not the answer of one vendor has the provider's own.
pub(super) fn is_named(subject: &dyn Subject, error: &Error) -> Checked {
    let (name, provider) = (subject.name(), subject.provider());
    let found = error.provider();
    ensure(
        found == Some(name.as_str()) || found == Some(provider.name()),
        format_args!("the provider `{name}` in the error `{error}`, found {found:?}"),
    )
}
