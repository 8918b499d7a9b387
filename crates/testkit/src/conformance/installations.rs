//! Vendors that recognise an installation which activates again.
//!
//! Only there may a caller repeat an activation whose answer was lost.

use std::collections::HashSet;

use anykey_core::{
    ActivateRequest, Activation, ActivationLimit, DeactivateRequest, InstallationMark, KeyCode,
    LicenseProvider, Operation, RefusalReason, Result as ProviderResult, StatusChange,
};
use futures_util::future::join_all;

use super::check::{Checked, ensure, equal, issue, refused, set_status, works};
use super::{IssueSpec, Subject};

/// The marks of three installations.
const FIRST: InstallationMark = InstallationMark::from_digest([1; 6]);
const SECOND: InstallationMark = InstallationMark::from_digest([2; 6]);
const THIRD: InstallationMark = InstallationMark::from_digest([3; 6]);

/// Also on a full key. A third installation is refused, and the seat on one key says nothing about another key.
pub(super) async fn an_installation_that_activates_again_keeps_its_seat(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().activation_limit(ActivationLimit::AtMost(2))).await?;
    let first = works(activate(subject, &issued.code, FIRST).await, "taking a seat")?;
    equal(&first.installation, &Some(FIRST), "the installation of the seat")?;
    let second =
        works(activate(subject, &issued.code, SECOND).await, "taking a seat as another installation")?;
    ensure(first.id != second.id, "a seat of its own for each installation")?;
    for (installation, seat) in [(FIRST, &first), (SECOND, &second), (FIRST, &first)] {
        let again =
            works(activate(subject, &issued.code, installation).await, "activating again on a full key")?;
        equal(&again.id, &seat.id, "the seat of an installation that activates again")?;
        equal(&again.label, &seat.label, "its label")?;
    }
    let answer = activate(subject, &issued.code, THIRD).await;
    let full = RefusalReason::ActivationLimitReached;
    refused(subject, answer, Operation::Activate, full, "a third installation on a key with two seats")?;
    let other = issue(subject, IssueSpec::new()).await?;
    let elsewhere = works(activate(subject, &other.code, FIRST).await, "taking a seat of another key")?;
    ensure(elsewhere.id != first.id, "a seat of its own on each key")?;
    if set_status(subject, &issued.id, StatusChange::Disable).await.is_ok() {
        let answer = activate(subject, &issued.code, FIRST).await;
        refused(
            subject,
            answer,
            Operation::Activate,
            RefusalReason::Disabled,
            "activating a disabled key again",
        )?;
    }
    Ok(())
}

/// A vendor that only hides the old record must not give its seat out twice.
pub(super) async fn an_installation_that_gave_its_seat_back_takes_another(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().activation_limit(ActivationLimit::AtMost(1))).await?;
    let first = works(activate(subject, &issued.code, FIRST).await, "taking the only seat")?;
    let request = DeactivateRequest::new(issued.code.clone(), first.id);
    works(subject.provider().deactivate(request).await, "giving it back")?;
    works(activate(subject, &issued.code, SECOND).await, "taking it as another installation")?;
    let answer = activate(subject, &issued.code, FIRST).await;
    let full = RefusalReason::ActivationLimitReached;
    refused(subject, answer, Operation::Activate, full, "the installation that gave it back")
}

/// Five requests of two installations at once take two seats.
pub(super) async fn installations_that_race_take_one_seat_each(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new().activation_limit(ActivationLimit::AtMost(2))).await?;
    let racing = [FIRST, SECOND, FIRST, SECOND, FIRST]
        .map(|installation| activate(subject, &issued.code, installation));
    let mut seats = HashSet::new();
    for answer in join_all(racing).await {
        seats.insert(works(answer, "two installations that activate at once on two seats")?.id);
    }
    equal(&seats.len(), &2, "seats taken by two installations")
}

/// Activates as `installation`.
fn activate<'a>(
    subject: &'a dyn Subject,
    code: &KeyCode,
    installation: InstallationMark,
) -> impl Future<Output = ProviderResult<Activation>> + use<'a> {
    let label = installation.label_for("laptop");
    let request = ActivateRequest::new(code.clone(), label).installation(installation);
    async move { subject.provider().activate(request).await }
}
