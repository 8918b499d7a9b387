//! A capability that is not declared is `Unsupported`.
//!
//! An app asks for capabilities before it offers a function. One that works undeclared would never be offered, and one
//! that is ignored would seem to work.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivateRequest, ActivationLimit, Capability, CreateRequest, DeactivateRequest, EmailAddress, Error,
    ErrorKind, ExternalCustomerId, InstallationMark, KeyCode, KeySource, LicensePatch, LicenseProvider,
    LicenseStatus, ListQuery, Metadata, RenewRequest, Result, StatusChange, ValidateRequest,
};

use super::check::{Checked, ensure, equal, failed, issue};
use super::listing::of_customer;
use super::provenance::is_named;
use super::{IssueSpec, IssuedKey, Subject};

/// Every undeclared capability is tried. The error has to be `Unsupported`, name provider, operation and an undeclared
/// capability, and be final.
pub(super) async fn what_is_undeclared_is_unsupported(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let declared = subject.capabilities();
    for capability in Capability::ALL.iter().filter(|capability| !declared.contains(**capability)) {
        let what = format!("`{}`, which is not declared", capability.name());
        let Err(error) = attempt(subject, *capability, &issued).await else {
            return failed(format_args!("{what}: expected Unsupported, but it worked"));
        };
        says_what_is_missing(subject, &error, *capability, &what)?;
        let named = error.capability().is_some_and(|named| !declared.contains(named));
        ensure(named, format_args!("{what}: the error names an undeclared capability, found `{error:?}`"))?;
    }
    equal(&subject.capabilities(), &declared, "the capabilities, asked again")
}

/// Fails unless the error is `Unsupported`, names provider and operation, and is final.
fn says_what_is_missing(subject: &dyn Subject, error: &Error, capability: Capability, what: &str) -> Checked {
    equal(&error.kind(), &ErrorKind::Unsupported, &format!("{what}: the kind of `{error}`"))?;
    is_named(subject, error)?;
    equal(&error.operation(), &Some(capability.operation()), &format!("{what}: the error's operation"))?;
    ensure(!error.is_transient(), format_args!("{what}: asking again does not help"))
}

/// Does what `capability` is for, and nothing that needs another one beside its operation's own.
async fn attempt(subject: &dyn Subject, capability: Capability, key: &IssuedKey) -> Result<()> {
    let provider = subject.provider();
    let now = anykey_core::Timestamp::UNIX_EPOCH;
    let metadata = || Metadata::from([("os".into(), "linux".into())]);
    let list = ListQuery::new;
    let patch = LicensePatch::new;
    let validate = || ValidateRequest::new(key.code.clone());
    let activate = || ActivateRequest::new(key.code.clone(), "laptop");
    let listed = |query| async { provider.list(query).await.map(drop) };
    let patched = |patch| async { provider.update(&key.id, patch).await.map(drop) };
    let validated = |request| async { provider.validate(request).await.map(drop) };
    let activated = |request| async { provider.activate(request).await.map(drop) };
    match capability {
        Capability::List => listed(of_customer(subject, key)).await,
        Capability::ListAll => listed(list()).await,
        Capability::FilterByCustomer => listed(list().customer(key.customer.clone())).await,
        Capability::FilterByEmail => {
            listed(list().customer(EmailAddress::parse("somebody@example.com")?)).await
        }
        Capability::FilterByExternalCustomer => {
            listed(list().customer(ExternalCustomerId::new("somebody"))).await
        }
        Capability::FilterByProduct => listed(list().product(key.product.clone())).await,
        Capability::FilterByStatus => listed(list().status(LicenseStatus::Active)).await,
        Capability::FilterBySource => listed(list().source(KeySource::Purchase)).await,
        Capability::FilterByCreation => listed(list().created_from(now)).await,
        Capability::FilterByMany if subject.capabilities().contains(Capability::FilterByStatus) => {
            listed(list().status(LicenseStatus::Active).status(LicenseStatus::Disabled)).await
        }
        Capability::FilterByMany => listed(list().product(key.product.clone()).product("another")).await,
        Capability::Get => provider.get(&key.id).await.map(drop),
        Capability::Create => {
            let code = KeyCode::verbatim("CREATED-THOUGH-UNDECLARED");
            let request = CreateRequest::new(code, key.customer.clone(), key.product.clone());
            provider.create(request).await.map(drop)
        }
        Capability::MintCode => {
            let request = CreateRequest::minted(key.product.clone()).customer(key.customer.clone());
            provider.create(request).await.map(drop)
        }
        Capability::SetDisabled => patched(patch().status(StatusChange::Disable)).await,
        Capability::Revoke => patched(patch().status(StatusChange::Revoke)).await,
        Capability::SetExpiry => patched(patch().clear_expiry()).await,
        Capability::SetActivationLimit => patched(patch().activation_limit(ActivationLimit::AtMost(2))).await,
        Capability::SetUsage => patched(patch().usage(1)).await,
        Capability::Rotate => provider.rotate(&key.id).await.map(drop),
        Capability::Activations => provider.activations(&key.id).await.map(drop),
        Capability::Validate => validated(validate().activation("any")).await,
        Capability::ValidateWithoutSeat => validated(validate()).await,
        Capability::RequireProduct => validated(validate().product(key.product.clone())).await,
        Capability::RequireCustomer => validated(validate().customer(key.customer.clone())).await,
        Capability::CountUsage => validated(validate().increment_usage(1)).await,
        Capability::OfflineProof => validated(validate().offline_proof()).await,
        Capability::Activate => activated(activate()).await,
        Capability::OneSeatPerInstallation => {
            activated(activate().installation(InstallationMark::from_digest([7; 6]))).await
        }
        Capability::ActivationMetadata => activated(activate().metadata(metadata())).await,
        Capability::Conditions => activated(activate().conditions(metadata())).await,
        Capability::Renew => provider.renew(RenewRequest::new(key.code.clone(), "any")).await.map(drop),
        Capability::Deactivate => provider.deactivate(DeactivateRequest::new(key.code.clone(), "any")).await,
        _ => Err(Error::unsupported(provider.name().to_owned(), capability)),
    }
}
