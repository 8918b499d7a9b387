//! Answers of something between an app and the vendor.
//!
//! The answers are those of [`foreign_answers`]: each is sent in place of the vendor's, for each call of an app.

use anykey_sim_kit::{Answer, Fault, FaultyTransport, Rule};
use futures_util::future::try_join_all;

use super::Subject;
use super::check::{Checked, failed};
use super::through::DeviceCall;
use crate::transport::{ForeignAnswer, foreign_answers};

/// Neither a yes nor a refusal: a portal's page must not lock anybody out, nor let anybody in.
pub(super) async fn a_foreign_answer_is_no_validation(subject: &dyn Subject) -> Checked {
    is_no_answer(subject, |call| matches!(call, DeviceCall::Validate(_)), |_| true).await
}

/// A made-up seat would fail later, when nobody knows why.
pub(super) async fn a_foreign_answer_is_no_activation(subject: &dyn Subject) -> Checked {
    is_no_answer(subject, |call| matches!(call, DeviceCall::Activate(_)), |_| true).await
}

/// A success without a body is left out, because it is what some vendors answer.
pub(super) async fn a_foreign_answer_is_no_deactivation(subject: &dyn Subject) -> Checked {
    is_no_answer(subject, |call| matches!(call, DeviceCall::Deactivate(_)), |answer| !says_nothing(answer))
        .await
}

/// Tests the call that is meant with every answer that counts as foreign for it.
async fn is_no_answer(
    subject: &dyn Subject,
    is_meant: fn(&DeviceCall) -> bool,
    is_foreign: fn(&Answer) -> bool,
) -> Checked {
    let Some(call) = DeviceCall::all(subject).await?.into_iter().find(is_meant) else {
        return failed("expected: a request for a declared operation");
    };
    let answers = foreign_answers().into_iter().filter(|foreign| is_foreign(&foreign.answer));
    try_join_all(answers.map(|foreign| fails(subject, call.clone(), foreign))).await.map(drop)
}

/// The call has to fail, and not as a refusal.
async fn fails(subject: &dyn Subject, call: DeviceCall, foreign: ForeignAnswer) -> Checked {
    let instead = |transport| {
        let faulty = FaultyTransport::new(transport);
        faulty.inject(Rule::always(Fault::Instead(foreign.answer.clone())));
        faulty
    };
    call.fails_through(subject, instead, foreign.name).await
}

/// Whether an answer is a success without a body.
fn says_nothing(answer: &Answer) -> bool {
    let response = answer.clone().into_response();
    response.is_ok_and(|response| response.status().is_success() && response.body().is_empty())
}
