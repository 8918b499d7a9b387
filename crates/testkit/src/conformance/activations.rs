//! Reading the seats of a key.

use anykey_core::{
    ActivateRequest, Activation, ActivationId, DeactivateRequest, ErrorKind, LicenseKeyId, LicenseProvider,
};

use super::check::{Checked, altered, ensure, equal, equal_if_known, failed, fails, issue, works};
use super::{IssueSpec, IssuedKey, Subject};

/// A missing list would be an error, so an empty one means none.
pub(super) async fn a_fresh_key_has_no_activations(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    equal(&read(subject, &issued).await?.len(), &0, "activations of a fresh key")
}

/// Two of the key are listed, and one of another key is not: an unfiltered list would show a stranger's devices.
pub(super) async fn the_activations_are_those_that_were_made(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let other = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let mut taken = Vec::new();
    for (code, label) in [(&issued.code, "laptop"), (&issued.code, "desktop"), (&other.code, "tablet")] {
        let answer = provider.activate(ActivateRequest::new(code.clone(), label)).await;
        taken.push(works(answer, "taking a seat")?);
    }
    let theirs = taken.pop();
    let found = read(subject, &issued).await?;
    equal(&found.len(), &2, "activations of a key with two seats taken")?;
    for seat in &taken {
        let Some(listed) = found.iter().find(|listed| listed.id == seat.id) else {
            return failed("expected: every seat that was taken");
        };
        is_the_same_seat(listed, seat, &issued)?;
    }
    ensure(
        found.iter().all(|listed| Some(&listed.id) != theirs.as_ref().map(|seat| &seat.id)),
        "no other key's",
    )
}

/// Vendors that keep deactivated records mark them; the provider leaves them out.
pub(super) async fn a_freed_seat_is_no_longer_listed(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let mut taken = Vec::new();
    for label in ["laptop", "desktop"] {
        let answer = provider.activate(ActivateRequest::new(issued.code.clone(), label)).await;
        taken.push(works(answer, "taking a seat")?.id);
    }
    let [freed, kept] = taken.as_slice() else { return failed("two seats were taken") };
    let request = DeactivateRequest::new(issued.code.clone(), freed.as_str());
    works(provider.deactivate(request).await, "giving a seat back")?;
    let found: Vec<_> = read(subject, &issued).await?.into_iter().map(|seat| seat.id).collect();
    equal(&found.as_slice(), &std::slice::from_ref(kept), "the activations that are left")
}

/// A count that is reported has to be right; one that is not known is absent.
pub(super) async fn a_reported_number_of_seats_in_use_is_right(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    for (label, taken) in [("laptop", 1), ("desktop", 2)] {
        let answer = provider.activate(ActivateRequest::new(issued.code.clone(), label)).await;
        works(answer, "taking a seat")?;
        let key = works(provider.get(&issued.id).await, "reading the key")?;
        equal_if_known(key.activations.used.as_ref(), &taken, "seats in use")?;
    }
    Ok(())
}

/// Either an empty list or `NotFound`, because not every vendor distinguishes them.
pub(super) async fn an_unknown_id_has_no_activations(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let unknown = LicenseKeyId::from(altered(issued.id.as_str()));
    match subject.provider().activations(&unknown).await {
        Ok(found) => equal(&found.len(), &0, "activations of an unknown id"),
        failure => fails(failure, &[ErrorKind::NotFound], "activations of an unknown id"),
    }
}

/// The id stays, and another activation keeps its name.
pub(super) async fn a_renamed_activation_keeps_its_seat(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let mut taken = Vec::new();
    for label in ["laptop", "desktop"] {
        let answer = provider.activate(ActivateRequest::new(issued.code.clone(), label)).await;
        taken.push(works(answer, "taking a seat")?.id);
    }
    let [first, second] = taken.as_slice() else { return failed("two seats were taken") };
    let renamed = works(provider.rename_activation(first, "studio").await, "renaming an activation")?;
    equal(&renamed.id, first, "the renamed activation")?;
    equal(&&*renamed.label, &"studio", "its label")?;
    let mut found: Vec<_> =
        read(subject, &issued).await?.into_iter().map(|seat| (seat.id, seat.label.to_string())).collect();
    let mut expected = vec![(first.clone(), "studio".to_owned()), (second.clone(), "desktop".to_owned())];
    found.sort();
    expected.sort();
    equal(&found, &expected, "the activations after one was renamed")
}

/// The id differs from an existing one in its last character.
pub(super) async fn renaming_an_unknown_activation_is_not_found(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let seat = provider.activate(ActivateRequest::new(issued.code, "laptop")).await;
    let seat = works(seat, "taking a seat")?;
    let unknown = ActivationId::from(altered(seat.id.as_str()));
    let answer = provider.rename_activation(&unknown, "studio").await;
    fails(answer, &[ErrorKind::NotFound], "renaming an unknown activation")
}

/// The activations of an issued key.
async fn read(subject: &dyn Subject, issued: &IssuedKey) -> Checked<Vec<Activation>> {
    works(subject.provider().activations(&issued.id).await, "reading the activations")
}

/// Whether a listed activation is the one that was made.
fn is_the_same_seat(listed: &Activation, taken: &Activation, key: &IssuedKey) -> Checked {
    equal(&listed.label, &taken.label, "the seat's label")?;
    equal_if_known(listed.key_id.as_ref(), &key.id, "the seat's key")?;
    equal_if_known(listed.product.as_ref(), &key.product, "the seat's product")?;
    match (listed.created_at, taken.created_at) {
        (Some(listed), Some(taken)) => equal(&listed, &taken, "when the seat was taken"),
        _ => Ok(()),
    }
}
