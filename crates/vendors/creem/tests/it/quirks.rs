//! Behaviour of the vendor that is open, beside the alternatives of the conformance suite.

use anykey_core::{
    ActivateRequest, DeactivateRequest, ErrorKind, LicenseProvider, RefusalReason, ValidateRequest,
};
use anykey_creem::CreemProvider;
use anykey_creem_sim::{
    EndedAnswer, InstanceForm, IssuedKey, KeySpec, MessageForm, MissingApiKey, Mode, RateLimits,
};
use anykey_http::RetryPolicy;

use crate::support::*;

async fn reason(provider: &CreemProvider, key: &IssuedKey, seat: &str) -> RefusalReason {
    let request = ValidateRequest::new(typed(key)).activation(seat);
    provider.validate(request).await.unwrap().refusal().unwrap().reason
}

/// One status stands for several causes, and nothing else says which.
#[tokio::test]
async fn without_a_message_a_refusal_has_no_reason() {
    let fixture = Fixture::new();
    let provider = fixture.provider();
    let key = fixture.issue(KeySpec { activation_limit: Some(1), ..KeySpec::default() });
    let seat = provider.activate(ActivateRequest::new(typed(&key), "Laptop")).await.unwrap().id;
    fixture.sim().change_quirks(|quirks| quirks.message_form = MessageForm::Absent);
    assert_eq!(reason(&provider, &key, "inst_unknown").await, RefusalReason::Unspecified);
    let full = provider.activate(ActivateRequest::new(typed(&key), "Phone")).await.unwrap_err();
    assert_eq!(full.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
    fixture.sim().disable(&key.id);
    assert_eq!(reason(&provider, &key, seat.as_str()).await, RefusalReason::Unspecified);
    let unknown = anykey_core::KeyCode::parse("no-such-key").unwrap();
    let error = provider.activate(ActivateRequest::new(unknown, "Phone")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::UnknownKey);
    let freed = provider.deactivate(DeactivateRequest::new(typed(&key), "inst_unknown")).await.unwrap_err();
    assert_eq!(freed.refusal().unwrap().reason, RefusalReason::Unspecified);
}

/// The documentation has two meanings of 403, and neither is a statement about the license unless the limit is named.
#[tokio::test]
async fn an_api_key_that_is_not_accepted_is_never_a_refusal() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { activation_limit: Some(0), ..KeySpec::default() });
    let unscoped = fixture.builder();
    let provider = |token: String| {
        let provider = CreemProvider::builder(token).environment(anykey_core::Environment::Sandbox);
        let transport = anykey_creem_sim::kit::SimulatedVendor::transport(&fixture.vendor);
        provider.transport(transport).retry(RetryPolicy::none()).build().unwrap()
    };
    drop(unscoped);
    for answer in [MissingApiKey::Unauthorized, MissingApiKey::Forbidden] {
        fixture.sim().change_quirks(|quirks| quirks.missing_api_key = answer);
        for token in ["creem_test_unknown".to_owned(), fixture.sim().api_key_without_scopes(Mode::Test)] {
            let provider = provider(token);
            let request = ActivateRequest::new(typed(&key), "Laptop");
            let error = provider.activate(request).await.unwrap_err();
            assert_eq!((error.kind(), error.refusal()), (ErrorKind::Unauthenticated, None), "{error}");
            let request = ValidateRequest::new(typed(&key)).activation("inst_1");
            assert_eq!(provider.validate(request).await.unwrap_err().kind(), ErrorKind::Unauthenticated);
        }
    }
}

#[tokio::test]
async fn an_ended_license_takes_no_seat_where_the_vendor_gives_one() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.ended = EndedAnswer::Status);
    let key = fixture.issue(KeySpec::default());
    fixture.sim().disable(&key.id);
    let error = fixture.provider().activate(ActivateRequest::new(typed(&key), "Laptop")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::Disabled);
    assert_eq!(fixture.sim().instances(&key.id).len(), 1, "the vendor gave a seat");
    assert_eq!(fixture.seats(&key), [""; 0]);
}

#[tokio::test]
async fn the_new_instance_is_found_among_all() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.instance_form = InstanceForm::ListOfAll);
    let key = fixture.issue(KeySpec::default());
    let provider = fixture.provider();
    let mut taken = Vec::new();
    for label in ["Laptop", "Phone", "Laptop"] {
        fixture.clock.advance(anykey_core::SignedDuration::from_secs(1));
        taken.push(provider.activate(ActivateRequest::new(typed(&key), label)).await.unwrap().id);
    }
    let expected: Vec<_> = fixture.sim().instances(&key.id).into_iter().map(|instance| instance.id).collect();
    assert_eq!(taken.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>(), expected);
    let request = ValidateRequest::new(typed(&key)).activation(taken[1].clone());
    assert_eq!(&*provider.validate(request).await.unwrap().activation.unwrap().label, "Phone");
    // Two at the same instant: which one is new is not certain, and no seat is guessed.
    let error = provider.activate(ActivateRequest::new(typed(&key), "Laptop")).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_taken_effect()), (ErrorKind::Decode, true));
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_is_never_a_refusal() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let seat = fixture.sim().activate(&key.id, "Laptop").unwrap();
    fixture.sim().set_rate_limits(Some(RateLimits::default()));
    let provider = fixture.builder().retry(RetryPolicy::none()).build().unwrap();
    let validate = async || provider.validate(ValidateRequest::new(typed(&key)).activation(&*seat)).await;
    for _ in 0..100 {
        assert!(validate().await.unwrap().is_valid());
    }
    let error = validate().await.unwrap_err();
    assert_eq!((error.kind(), error.refusal()), (ErrorKind::RateLimited, None));
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(60)));
}
