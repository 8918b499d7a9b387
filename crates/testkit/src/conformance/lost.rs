//! Answers that get lost after the vendor has done its work.
//!
//! A timeout is the ordinary case of this: the request arrived, and the answer did not.

use std::sync::Arc;

use anykey_core::{
    ActivateRequest, ActivationLimit, HttpTransport, LicenseKeyId, LicenseProvider, ListQuery, Operation,
    RefusalReason, Result as ProviderResult, ValidateRequest,
};
use anykey_sim_kit::{Fault, FaultyTransport, Rule};
use futures_util::future::try_join_all;

use super::check::{Checked, ensure, issue, refused, validation_of, works};
use super::listing::whole;
use super::through::{no_refusal, provider_through};
use super::{IssueSpec, Subject};

/// An operation rarely sends more requests than this.
const REQUESTS: [u64; 3] = [1, 2, 3];

/// Whichever of its answers is lost, an activation takes one of two seats at most; the number is found out by taking
/// the rest.
pub(super) async fn a_lost_answer_takes_no_second_seat(subject: &dyn Subject) -> Checked {
    try_join_all(REQUESTS.map(|nth| takes_one_seat_at_most(subject, nth))).await.map(drop)
}

/// Loses the answer to the `nth` request of an activation.
async fn takes_one_seat_at_most(subject: &dyn Subject, nth: u64) -> Checked {
    let issued = issue(subject, IssueSpec::new().activation_limit(ActivationLimit::AtMost(2))).await?;
    let request = ActivateRequest::new(issued.code, "laptop");
    let answer = provider_through(subject, losing(nth))?.activate(request.clone()).await;
    let what = format!("an activation that loses answer {nth}");
    let worked = answer.is_ok();
    no_refusal(answer, &what)?;

    let left = free_seats(subject, request).await?;
    let most = if worked { 1 } else { 2 };
    ensure((1..=most).contains(&left), format_args!("{what} takes one of two seats, found {left} left"))
}

/// How many of a key's two seats are free, found out by taking them.
pub(super) async fn free_seats(subject: &dyn Subject, request: ActivateRequest) -> Checked<u64> {
    let provider = subject.provider();
    let mut free = 0_u64;
    let refusal = loop {
        match provider.activate(request.clone()).await {
            Ok(_) if free < 2 => free += 1,
            answer => break answer,
        }
    };
    let full = RefusalReason::ActivationLimitReached;
    refused(subject, refusal, Operation::Activate, full, "one activation more than the key has")?;
    Ok(free)
}

/// It counts nothing, so the provider has to send it again by itself.
pub(super) async fn a_validation_is_repeated_when_its_answer_is_lost(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    is_repeated(subject, &Read::Validation(validation_of(subject, &issued).await?)).await
}

/// Reading changes nothing.
pub(super) async fn a_key_is_read_again_when_its_answer_is_lost(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    is_repeated(subject, &Read::Key(issued.id)).await
}

/// The same page, not the next one.
pub(super) async fn a_page_is_read_again_when_its_answer_is_lost(subject: &dyn Subject) -> Checked {
    let issued = issue(subject, IssueSpec::new()).await?;
    let query = whole(subject, &[issued]);
    is_repeated(subject, &Read::Page(query)).await
}

/// An operation that changes nothing.
#[derive(Clone, Debug)]
enum Read {
    /// A validation without counting.
    Validation(ValidateRequest),
    /// One key by its id.
    Key(LicenseKeyId),
    /// One page of a listing.
    Page(ListQuery),
}

impl Read {
    /// Performs it; a refusal counts as a failure.
    async fn send(self, provider: &dyn LicenseProvider) -> ProviderResult<()> {
        match self {
            Self::Validation(request) => provider.validate(request).await?.into_result().map(drop),
            Self::Key(id) => provider.get(&id).await.map(drop),
            Self::Page(query) => provider.list(query).await.map(drop),
        }
    }
}

/// `read` has to succeed whichever of its answers gets lost.
async fn is_repeated(subject: &dyn Subject, read: &Read) -> Checked {
    try_join_all(REQUESTS.map(|nth| succeeds_without_answer(subject, read.clone(), nth))).await.map(drop)
}

/// Loses the answer to the `nth` request of a read.
async fn succeeds_without_answer(subject: &dyn Subject, read: Read, nth: u64) -> Checked {
    let provider = provider_through(subject, losing(nth))?;
    works(read.send(&*provider).await, &format!("a read that loses answer {nth}"))
}

/// A transport that loses the answer to the `nth` request.
fn losing(nth: u64) -> impl Fn(Arc<dyn HttpTransport>) -> FaultyTransport<Arc<dyn HttpTransport>> {
    move |transport| {
        let faulty = FaultyTransport::new(transport);
        faulty.inject(Rule::nth(nth, Fault::AnswerLost));
        faulty
    }
}
