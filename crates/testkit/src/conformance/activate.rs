//! Taking seats.
//!
//! A scenario that shows that no seat was taken asks once more: a second answer that differs reveals the seat of the
//! first.

use std::collections::HashSet;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivateRequest, Activation, ActivationLimit, Capability, ErrorKind, KeyCode, LicenseProvider, Metadata,
    Operation, RefusalReason, Result as ProviderResult, SignedDuration, StatusChange,
};
use futures_util::future::join_all;

use super::check::{
    Checked, altered, ensure, equal, equal_if_known, failed, fails, issue, refused, set_status, works,
};
use super::{IssueSpec, Subject};

/// Two seats of two are given, a third is refused. Label, key and product of a seat are right where the answer contains
/// them.
pub(super) async fn seats_are_taken_up_to_the_limit(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().activation_limit(ActivationLimit::AtMost(2))).await?;
    let mut taken = HashSet::new();
    for label in ["laptop", "desktop"] {
        let seat = works(activate(subject, &issued.code, label).await, "taking a free seat")?;
        equal(&seat.label.as_str(), &label, "the seat's label")?;
        equal_if_known(seat.key_id.as_ref(), &issued.id, "the seat's key")?;
        equal_if_known(seat.product.as_ref(), &issued.product, "the seat's product")?;
        taken.insert(seat.id);
    }
    equal(&taken.len(), &2, "different seats")?;
    takes_no_seat(subject, &issued.code, RefusalReason::ActivationLimitReached).await
}

/// A label is for people: two machines may have the same name, and neither may get the other's seat.
pub(super) async fn equal_labels_take_two_seats(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().activation_limit(ActivationLimit::AtMost(2))).await?;
    let first = works(activate(subject, &issued.code, "laptop").await, "taking a seat")?;
    let second = works(activate(subject, &issued.code, "laptop").await, "taking a seat with the same label")?;
    ensure(first.id != second.id, "a seat of its own for each activation")?;
    takes_no_seat(subject, &issued.code, RefusalReason::ActivationLimitReached).await
}

/// Twelve activations are more than any default limit of a vendor.
pub(super) async fn an_unlimited_key_has_many_seats(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().activation_limit(ActivationLimit::Unlimited)).await?;
    for _ in 0..12 {
        works(activate(subject, &issued.code, "laptop").await, "taking a seat of an unlimited key")?;
    }
    Ok(())
}

/// *Not allowed* is another refusal than *limit reached*: the customer cannot free a seat.
pub(super) async fn a_key_without_seats_is_not_activated(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().activation_limit(ActivationLimit::NotAllowed)).await?;
    takes_no_seat(subject, &issued.code, RefusalReason::ActivationsNotSupported).await
}

/// Six devices ask at once for one seat.
pub(super) async fn the_last_seat_goes_to_exactly_one(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().activation_limit(ActivationLimit::AtMost(1))).await?;
    let rivals = ["a", "b", "c", "d", "e", "f"].map(|label| activate(subject, &issued.code, label));
    let (won, lost): (Vec<_>, Vec<_>) = join_all(rivals).await.into_iter().partition(Result::is_ok);
    equal(&won.len(), &1, "devices that got the last seat")?;
    for answer in lost {
        let reached = RefusalReason::ActivationLimitReached;
        refused(subject, answer, Operation::Activate, reached, "a device that came too late")?;
    }
    Ok(())
}

/// Quotes, markup, a backslash and characters outside of ASCII are what encodings damage. A vendor that would change
/// the label has to refuse it.
pub(super) async fn an_odd_label_is_kept_as_it_is(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let label = "Zo\u{eb}'s \"Mac\" \\ <b> & co \u{2014} \u{1f511}";
    if !subject.rules().keeps_every_label {
        let answer = activate(subject, &issued.code, label).await;
        return fails(answer, &[ErrorKind::InvalidRequest], "a label that the vendor would change");
    }
    let seat = works(activate(subject, &issued.code, label).await, "taking a seat")?;
    equal(&seat.label.as_str(), &label, "the seat's label")
}

/// Text, whole number, fraction and boolean keep their types, in the answer and in the list.
pub(super) async fn metadata_is_kept_with_the_seat(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let provider = subject.provider();
    let metadata = Metadata::from([
        ("os".into(), "linux".into()),
        ("cores".into(), 8.into()),
        ("scale".into(), 1.5.into()),
        ("portable".into(), true.into()),
    ]);
    let request = ActivateRequest::new(issued.code, "laptop").metadata(metadata.clone());
    let seat = works(provider.activate(request).await, "taking a seat with metadata")?;
    equal(&seat.metadata, &metadata, "the seat's metadata")?;
    if !subject.capabilities().contains(Capability::Activations) {
        return Ok(());
    }
    match works(provider.activations(&issued.id).await, "reading the seat back")?.as_slice() {
        [listed] => equal(&listed.metadata, &metadata, "the listed seat's metadata"),
        _ => failed("expected: the one seat that was taken"),
    }
}

/// The code differs from an issued one in its last character.
pub(super) async fn an_unknown_code_takes_no_seat(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let unknown = KeyCode::verbatim(altered(issued.code.expose()));
    takes_no_seat(subject, &unknown, RefusalReason::UnknownKey).await
}

/// At the very instant of its end a key is expired.
pub(super) async fn an_expired_key_takes_no_seat(subject: &dyn Subject) -> Checked {
    let end = subject.clock().now() + SignedDuration::from_hours(1);
    let issued = issue(subject, IssueSpec::new().expires_at(end)).await?;
    subject.clock().set(end);
    takes_no_seat(subject, &issued.code, RefusalReason::Expired).await
}

/// The seller disabled it.
pub(super) async fn a_disabled_key_takes_no_seat(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    set_status(subject, &issued.id, StatusChange::Disable).await?;
    takes_no_seat(subject, &issued.code, RefusalReason::Disabled).await
}

/// The seller revoked it.
pub(super) async fn a_revoked_key_takes_no_seat(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    set_status(subject, &issued.id, StatusChange::Revoke).await?;
    takes_no_seat(subject, &issued.code, RefusalReason::Revoked).await
}

/// With one seat, so that a seat which is taken and not given back shows in the second answer.
pub(super) async fn a_key_of_the_other_environment_takes_no_seat(subject: &dyn Subject) -> Checked {
    let spec = IssueSpec::new().activation_limit(ActivationLimit::AtMost(1)).other_environment();
    let issued = issue(subject, spec).await?;
    for _ in 0..2 {
        // A seat that stays taken would make the second answer another one.
        takes_no_seat(subject, &issued.code, RefusalReason::WrongEnvironment).await?;
    }
    Ok(())
}

/// Activates with this label.
async fn activate(subject: &dyn Subject, code: &KeyCode, label: &str) -> ProviderResult<Activation> {
    subject.provider().activate(ActivateRequest::new(code.clone(), label)).await
}

/// An activation that has to be refused because of `cause`.
async fn takes_no_seat(subject: &dyn Subject, code: &KeyCode, cause: RefusalReason) -> Checked {
    let answer = activate(subject, code, "one too many").await;
    refused(subject, answer, Operation::Activate, cause, "taking a seat that there is not")
}
