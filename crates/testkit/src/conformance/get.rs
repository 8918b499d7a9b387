//! Reading one key.

use anykey_core::{
    ActivationLimit, Capability, ErrorKind, Expiry, LicenseKeyId, LicenseProvider, LicenseStatus, ListQuery,
    SignedDuration,
};

use super::check::{Checked, altered, ensure, equal, failed, fails, issue, works};
use super::listing::{is_the_issued_key, read_all};
use super::record::agree;
use super::{IssueSpec, Subject, Which};

/// Among keys of another product. A fresh key is usable and has no seat in use.
pub(super) async fn a_key_is_read_by_its_id(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    issue(subject, IssueSpec::new().product(Which::Second)).await?;
    let provider = subject.provider();
    let key = works(provider.get(&issued.id).await, "reading an issued key")?;
    is_the_issued_key(&key, &issued)?;
    let status = &key.status;
    ensure(status.is_usable(), format_args!("a fresh key may be used, found the status {status}"))?;
    let limit = key.activations.limit;
    let has_seats = subject.capabilities().contains(Capability::Activate);
    let issued_limit = if has_seats { ActivationLimit::AtMost(3) } else { ActivationLimit::NotAllowed };
    ensure(
        [issued_limit, ActivationLimit::AtMost(3), ActivationLimit::Unknown].contains(&limit),
        format_args!("three seats, or none where there are none, found {limit:?}"),
    )?;
    ensure(key.activations.used.is_none_or(|used| used == 0), "no seat of a fresh key in use")
}

/// Two endpoints of a vendor may have different members; what both contain has to agree.
pub(super) async fn a_key_read_by_id_is_the_listed_one(subject: &dyn Subject) -> Checked {
    let end = subject.clock().now() + SignedDuration::from_hours(24);
    for spec in [IssueSpec::new(), IssueSpec::new().expires_at(end)] {
        issue(subject, spec).await?;
    }
    let provider = subject.provider();
    for listed in read_all(&*provider, ListQuery::new()).await? {
        agree(&works(provider.get(&listed.id).await, "reading a listed key")?, &listed)?;
    }
    Ok(())
}

/// `NotFound`, which is no refusal: no customer asked.
pub(super) async fn an_unknown_id_is_not_found(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let unknown = LicenseKeyId::from(altered(issued.id.as_str()));
    fails(subject.provider().get(&unknown).await, &[ErrorKind::NotFound], "reading an unknown id")
}

/// The end is exact, and at that instant the key is expired.
pub(super) async fn the_expiry_of_a_key_is_reported(subject: &dyn Subject) -> Checked {
    let end = subject.clock().now() + SignedDuration::from_hours(24);
    let issued = issue(subject, IssueSpec::new().expires_at(end)).await?;
    let key = works(subject.provider().get(&issued.id).await, "reading a key that ends")?;
    equal(&key.expiry, &Expiry::At(end), "the key's end")?;
    equal(key.status_at(end), &LicenseStatus::Expired, "the status at that instant")
}

/// A vendor's empty date on such a key is not *never*.
pub(super) async fn a_subscription_key_is_not_for_life(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().by_subscription()).await?;
    let key = works(subject.provider().get(&issued.id).await, "reading a subscription key")?;
    match key.expiry {
        Expiry::Never => failed("expected: a subscription key without a date does not last for ever"),
        _ => Ok(()),
    }
}
