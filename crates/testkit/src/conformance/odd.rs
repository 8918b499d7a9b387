//! Answers of which one member is odd: absent, `null`, of another type, or far away.
//!
//! A vendor that changes its answers is not asked about that, so an adapter may then have no answer. It must not make
//! one up: neither a refusal, nor a yes to what was not compared, nor a seat without an id.

use std::sync::Arc;

use anykey_core::{
    ActivateRequest, Activation, ActivationLimit, Capability, DeactivateRequest, InstallationMark, KeyCode,
    LicenseKeyId, LicenseProvider, Result as ProviderResult, SeatClaim, SignedDuration, ValidateRequest,
    Validation,
};
use serde_json::Value;

use super::check::{Checked, Stop, ensure, failed, issue, valid, validation_of, works};
use super::edited::{Edit, EditedAnswers};
use super::listing::{issue_in_a_row, whole};
use super::lost::free_seats;
use super::oddities::{first_records, of_each_member, of_members_with, of_record};
use super::through::{no_refusal, provider_through};
use super::{IssueSpec, IssuedKey, Skip, Subject};

const MARK: InstallationMark = InstallationMark::from_digest([7; 6]);
const DEVICE: &str = "laptop";
/// As many keys as tell their list from other lists in an answer.
const RECORDS: usize = 3;
/// The vendor signs its answers, so that one which was written anew is no answer of the vendor.
const SIGNED: Stop = Stop::Skipped(Skip::NotThere("answers that may be edited"));

/// An activation whose answer names the seat works, whatever its dates, numbers and label are. One whose answer does
/// not is a failure that says that a seat may be taken, and a claim that is settled again takes no second one.
pub(super) async fn an_odd_member_loses_no_seat(subject: &dyn Subject) -> Checked {
    let answers = EditedAnswers::default();
    let provider = odd_provider(subject, &answers)?;
    let issued = issue(subject, two_seats()).await?;
    let request = activation_of(subject, &issued.code);
    answers.edit(Edit::of_nothing());
    provider.activate(request.clone()).await.map_err(|_| SIGNED)?;
    for edit in edits_of(&answers.take(), &request.label) {
        let issued = issue(subject, two_seats()).await?;
        let what = format!("an activation answered with {edit}");
        let may_fail = !edit.is_dispensable;
        let provider = odd_provider(subject, &answers)?;
        answers.edit(edit);
        let seat = provider.activate(activation_of(subject, &issued.code)).await;
        answers.take();
        loses_no_seat(subject, issued, seat, may_fail, &what).await?;
    }
    Ok(())
}

/// A provider whose vendor's answers are edited: a new one for each edit, because a provider may keep answers.
fn odd_provider(subject: &dyn Subject, answers: &EditedAnswers) -> Checked<Arc<dyn LicenseProvider>> {
    provider_through(subject, |vendor| answers.of(vendor))
}

fn two_seats() -> IssueSpec {
    IssueSpec::new().activation_limit(ActivationLimit::AtMost(2))
}

/// Activates as an installed app does: with a marked label, and as an installation where the vendor recognises one.
fn activation_of(subject: &dyn Subject, code: &KeyCode) -> ActivateRequest {
    let request = ActivateRequest::new(code.clone(), MARK.label_for(DEVICE));
    match subject.capabilities().contains(Capability::OneSeatPerInstallation) {
        true => request.installation(MARK),
        false => request,
    }
}

/// The edits of each member of each of the answers.
fn edits_of(answers: &[Value], label: &str) -> Vec<Edit> {
    answers.iter().flat_map(|answer| of_each_member(answer, label)).collect()
}

/// Whether a seat of the two is named, or reported as possibly taken and found again, or still free.
async fn loses_no_seat(
    subject: &dyn Subject,
    issued: IssuedKey,
    seat: ProviderResult<Activation>,
    may_fail: bool,
    what: &str,
) -> Checked {
    let error = match seat {
        Ok(seat) => return is_taken(subject, issued.code, seat.id.as_str(), what).await,
        Err(error) => error,
    };
    let is_open = error.may_have_taken_effect();
    if is_open && !may_fail {
        return failed(format_args!("{what}: expected the seat, which it names; found the error `{error}`"));
    }
    no_refusal(Err::<(), _>(error), what)?;
    if is_open {
        let mut claim = SeatClaim::new(issued.code.clone(), DEVICE, MARK).key(issued.id).reopened();
        // Without a list of activations nothing says whether a seat is taken, and the claim stays open.
        claim.settle(&*subject.provider()).await.ok();
    }
    let taken = 2_u64.saturating_sub(free_seats(subject, ActivateRequest::new(issued.code, DEVICE)).await?);
    let expected = if is_open { "at most one seat is taken" } else { "no seat is taken, as its error says" };
    ensure(taken <= u64::from(is_open), format_args!("{what}: {expected}, found {taken}"))
}

/// Whether the seat can be given back, or is recognised where the provider cannot give it back.
async fn is_taken(subject: &dyn Subject, code: KeyCode, seat: &str, what: &str) -> Checked {
    let provider = subject.provider();
    let what = format!("the seat of {what}");
    if subject.capabilities().contains(Capability::Deactivate) {
        return works(provider.deactivate(DeactivateRequest::new(code, seat)).await, &what);
    }
    if subject.capabilities().contains(Capability::Validate) {
        let request = ValidateRequest::new(code).activation(seat);
        return valid(provider.validate(request).await, &what).map(drop);
    }
    Ok(())
}

/// With a seat where there are seats. What the answer repeats of the request has to be there for a yes, and a product
/// or a customer that cannot be read is not another one than is required.
pub(super) async fn an_odd_member_is_no_verdict(subject: &dyn Subject) -> Checked {
    let answers = EditedAnswers::default();
    let provider = odd_provider(subject, &answers)?;
    let issued = key_with_an_end(subject).await?;
    let request = with_seat(subject, &issued).await?;
    answers.edit(Edit::of_nothing());
    provider.validate(request.clone()).await.map_err(|_| SIGNED)?;
    let plain = answers.take();
    for edit in edits_of(&plain, DEVICE) {
        let what = format!("a validation answered with {edit}");
        no_refusal(validated(subject, &answers, edit, &request).await?, &what)?;
    }
    for edit in edits_of_what_was_asked(subject, &plain, &request) {
        let what =
            format!("a failure of a validation answered with {edit}, which is not what was asked about");
        ensure(validated(subject, &answers, edit, &request).await?.is_err(), what)?;
    }
    let request = requiring(subject, request, &issued);
    // Without the member, or with `null`, a vendor may say that the key has no such value.
    for edit in edits_of(&plain, DEVICE).into_iter().filter(|edit| !edit.is_absence()) {
        let what = format!("a validation that requires what the key is for, answered with {edit}");
        no_refusal(validated(subject, &answers, edit, &request).await?, &what)?;
    }
    Ok(())
}

/// The validation that requires the key's product and customer, as far as the provider can.
fn requiring(subject: &dyn Subject, mut request: ValidateRequest, issued: &IssuedKey) -> ValidateRequest {
    let can = subject.capabilities();
    if can.contains(Capability::RequireProduct) {
        request = request.product(issued.product.clone());
    }
    if can.contains(Capability::RequireCustomer) {
        request = request.customer(issued.customer.clone());
    }
    request
}

/// The validation that a new provider returns when the vendor's answers have the edit. A refusal is an error.
async fn validated(
    subject: &dyn Subject,
    answers: &EditedAnswers,
    edit: Edit,
    request: &ValidateRequest,
) -> Checked<ProviderResult<Validation>> {
    let provider = odd_provider(subject, answers)?;
    answers.edit(edit);
    let answer = provider.validate(request.clone()).await.and_then(Validation::into_result);
    answers.take();
    Ok(answer)
}

/// The edits of what the answers repeat of the request, and the vendor always repeats.
fn edits_of_what_was_asked(subject: &dyn Subject, answers: &[Value], request: &ValidateRequest) -> Vec<Edit> {
    let mut edits = Vec::new();
    for answer in answers {
        let code = of_members_with(answer, request.code.expose());
        let may_lack_it = subject.rules().may_omit_the_code;
        edits.extend(code.into_iter().filter(|edit| !may_lack_it || !edit.is_absence()));
        if let Some(seat) = &request.activation {
            edits.extend(of_members_with(answer, seat.as_str()));
        }
    }
    edits
}

/// A validation of the key with a seat, where there are seats.
async fn with_seat(subject: &dyn Subject, issued: &IssuedKey) -> Checked<ValidateRequest> {
    if !subject.capabilities().contains(Capability::Activate) {
        return validation_of(subject, issued).await;
    }
    let seat = subject.provider().activate(ActivateRequest::new(issued.code.clone(), DEVICE)).await;
    Ok(ValidateRequest::new(issued.code.clone()).activation(works(seat, "taking a seat")?.id))
}

/// A key that ends, since its end is what an odd date could spoil; without an end where the vendor has no such key.
async fn key_with_an_end(subject: &dyn Subject) -> Checked<IssuedKey> {
    let end = subject.clock().now() + SignedDuration::from_hours(24 * 30);
    match subject.issue(IssueSpec::new().expires_at(end)).await {
        Some(issued) => Ok(issued),
        None => issue(subject, IssueSpec::new()).await,
    }
}

/// The other keys stay readable, and the page has the odd one or names it as unreadable.
pub(super) async fn an_odd_record_hides_no_other(subject: &dyn Subject) -> Checked {
    let answers = EditedAnswers::default();
    let provider = odd_provider(subject, &answers)?;
    let issued = issue_in_a_row(subject, RECORDS).await?;
    let query = whole(subject, &issued);
    answers.edit(Edit::of_nothing());
    provider.list(query.clone()).await.map_err(|_| SIGNED)?;
    let records: Vec<_> = answers.take().iter().flat_map(|answer| first_records(answer, RECORDS)).collect();
    ensure(!records.is_empty(), "an answer with a list of the keys")?;
    for edit in records.iter().flat_map(|(pointer, record)| of_record(record, pointer)) {
        let what = format!("a page with {edit}");
        let may_be_left_out = is_of_another_kind(subject, &edit);
        let provider = odd_provider(subject, &answers)?;
        answers.edit(edit);
        let page = provider.list(query.clone()).await;
        answers.take();
        let page = works(page, &what)?;
        let is_listed = |id: &LicenseKeyId| page.items.iter().any(|key| key.id == *id);
        let others = issued.iter().filter(|key| is_listed(&key.id)).count();
        ensure(others >= RECORDS - 1, format_args!("the other keys of {what}"))?;
        let reported = page.items.len().saturating_add(page.unreadable.len());
        let is_reported = may_be_left_out || reported >= RECORDS;
        ensure(is_reported, format_args!("{what} has the key, or names it as unreadable"))?;
    }
    Ok(())
}

/// Whether the vendor has records without a license key in the same list, and this is one of them.
fn is_of_another_kind(subject: &dyn Subject, edit: &Edit) -> bool {
    edit.is_absence() && subject.rules().members_of_keys_only.iter().any(|name| edit.is_of(name))
}
