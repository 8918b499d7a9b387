//! Creating keys.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivationLimit, CreateRequest, ErrorKind, Expiry, KeyCode, LicenseKey, LicenseProvider, LicenseStatus,
    SignedDuration, ValidateRequest,
};

use super::check::{Checked, ensure, equal, equal_if_known, failed, fails, issue, valid, works};
use super::record::{agree, read};
use super::{IssueSpec, Subject};

/// The code keeps its case, and end and limit are those of the request, in the answer and when the key is read again.
pub(super) async fn a_created_key_keeps_every_field(subject: &dyn Subject) -> Checked {
    let end = subject.clock().now() + SignedDuration::from_hours(24);
    let request = request(subject, "CREATED-aBcD-0001").await?.activation_limit(7).expiry(end);
    let key = works(subject.provider().create(request.clone()).await, "creating a key")?;
    is_the_requested_key(&key, &request)?;
    equal(&key.expiry, &Expiry::At(end), "the created key's end")?;
    equal(&key.activations.limit, &ActivationLimit::AtMost(7), "the created key's seats")?;
    is_read_back(subject, &key).await
}

/// *Unlimited* must not become a vendor's default, and *never* not an end.
pub(super) async fn a_key_created_without_limits_has_none(subject: &dyn Subject) -> Checked {
    let request = request(subject, "CREATED-aBcD-0002").await?;
    let key = works(subject.provider().create(request.clone()).await, "creating a key")?;
    is_the_requested_key(&key, &request)?;
    equal(&key.activations.limit, &ActivationLimit::Unlimited, "the created key's seats")?;
    ensure(key.expiry.at().is_none(), "no end of the created key")?;
    is_read_back(subject, &key).await
}

/// Without a seat, right after its creation.
pub(super) async fn a_created_key_is_valid(subject: &dyn Subject) -> Checked {
    let request = request(subject, "CREATED-aBcD-0003").await?;
    let provider = subject.provider();
    let created = works(provider.create(request).await, "creating a key")?;
    valid(provider.validate(ValidateRequest::new(created.code)).await, "a created key").map(drop)
}

/// The first key stays as it was: creating is no update.
pub(super) async fn a_code_that_exists_is_a_conflict(subject: &dyn Subject) -> Checked {
    let provider = subject.provider();
    let request = request(subject, "CREATED-aBcD-0004").await?.activation_limit(2);
    let first = works(provider.create(request.clone()).await, "creating a key")?;
    let again = provider.create(request.activation_limit(9)).await;
    fails(again, &[ErrorKind::Conflict], "creating a key with a code that exists")?;
    is_read_back(subject, &first).await
}

/// Two keys without a requested code differ.
pub(super) async fn a_minted_key_has_a_code_of_its_own(subject: &dyn Subject) -> Checked {
    let sample = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let request = || CreateRequest::minted(sample.product.clone()).customer(sample.customer.clone());
    let first = works(provider.create(request()).await, "creating a key without a code")?;
    let second = works(provider.create(request()).await, "creating another")?;
    ensure(first.code != second.code && first.id != second.id, "two keys with codes of their own")?;
    equal_if_known(first.product.as_ref(), &sample.product, "the created key's product")?;
    if subject.capabilities().contains(anykey_core::Capability::ValidateWithoutSeat) {
        valid(provider.validate(ValidateRequest::new(first.code.clone())).await, "a created key")?;
    }
    is_read_back(subject, &first).await
}

/// A request for a customer and a product that exist.
async fn request(subject: &dyn Subject, code: &str) -> Checked<CreateRequest> {
    let sample = issue(subject, IssueSpec::new()).await?;
    Ok(CreateRequest::new(KeyCode::verbatim(code), sample.customer, sample.product))
}

/// Whether the key has what the request asked for.
fn is_the_requested_key(key: &LicenseKey, request: &CreateRequest) -> Checked {
    equal(&Some(&key.code), &request.code.as_ref(), "the created key's code")?;
    equal(&key.status, &LicenseStatus::Active, "the created key's status")?;
    if let Some(customer) = &request.customer {
        equal_if_known(key.customer.as_ref(), customer, "the created key's customer")?;
    }
    equal_if_known(key.product.as_ref(), &request.product, "the created key's product")?;
    equal_if_known(key.activations.used.as_ref(), &0, "the created key's seats in use")
}

/// Whether the vendor has the key as it was answered.
async fn is_read_back(subject: &dyn Subject, created: &LicenseKey) -> Checked {
    match read(subject, &created.id).await? {
        Some(found) => agree(&found, created),
        None if subject.capabilities().contains(anykey_core::Capability::ListAll) => {
            failed("expected: the created key in the listing")
        }
        None => Ok(()),
    }
}
