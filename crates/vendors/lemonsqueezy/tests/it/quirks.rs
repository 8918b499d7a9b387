//! Behaviour that is unknown or on which sources disagree, where the alternatives have different results.

use anykey_core::{
    ActivateRequest, Environment, ErrorKind, KeyCode, LicensePatch, LicenseProvider, LicenseProviderExt,
    RefusalReason, SignedDuration, ValidateRequest,
};
use anykey_lemonsqueezy::LemonSqueezyProvider;
use anykey_lemonsqueezy_sim::{KeySpec, Mode, RateLimits};

use crate::support::*;

fn sandbox(fixture: &Fixture) -> LemonSqueezyProvider {
    let token = fixture.sim().api_key(Mode::Test);
    fixture.builder().environment(Environment::Sandbox).token(token).build().unwrap()
}

#[tokio::test]
async fn an_expiry_without_its_time_of_day_is_an_error() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.expiry_is_a_day = true);
    let provider = sandbox(&fixture);
    let id = fixture.sim().issue(KeySpec::default()).unwrap().id.to_string().into();
    let evening = "2026-12-24T18:00:00Z".parse().unwrap();
    let error = provider.set_expiry(&id, evening).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.may_have_taken_effect());
    let midnight = "2026-12-24T00:00:00Z".parse().unwrap();
    assert_eq!(provider.set_expiry(&id, midnight).await.unwrap().expiry.at(), Some(midnight));
    assert_eq!(provider.clear_expiry(&id).await.unwrap().expiry.at(), None);
}

#[tokio::test]
async fn the_adapter_sends_the_content_type_of_json_api() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.accept_plain_json = true);
    let id = fixture.sim().issue(KeySpec::default()).unwrap().id.to_string().into();
    sandbox(&fixture).update(&id, LicensePatch::new().activation_limit(9)).await.unwrap();
}

#[tokio::test]
async fn a_key_is_case_insensitive_if_it_is_at_the_vendor() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.any_letter_case = true);
    let key = fixture.sim().issue(KeySpec::default()).unwrap();
    let typed = KeyCode::parse(&key.key.to_uppercase()).unwrap();
    assert!(sandbox(&fixture).validate(ValidateRequest::new(typed)).await.unwrap().is_valid());
}

#[tokio::test]
async fn a_new_key_is_unknown_for_a_while_which_is_doubtful() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.unknown_at_first = SignedDuration::from_mins(30));
    let key = fixture.sim().issue(KeySpec::default()).unwrap();
    let provider = sandbox(&fixture);
    let validate =
        async || provider.validate(ValidateRequest::new(KeyCode::parse(&key.key).unwrap())).await.unwrap();
    let unknown = (RefusalReason::UnknownKey, true);
    assert_eq!(validate().await.refusal().map(|no| (no.reason, no.is_doubtful)), Some(unknown));
    let request = ActivateRequest::new(KeyCode::parse(&key.key).unwrap(), "laptop");
    let error = provider.activate(request).await.unwrap_err();
    assert_eq!(error.refusal().map(|no| (no.reason, no.is_doubtful)), Some(unknown));
    fixture.clock.advance(SignedDuration::from_mins(30));
    assert!(validate().await.is_valid());
}

#[tokio::test]
async fn a_limit_below_the_usage_is_reached() {
    let fixture = Fixture::new();
    let key = fixture.sim().issue(KeySpec { activation_limit: Some(3), ..KeySpec::default() }).unwrap();
    for name in ["a", "b"] {
        fixture.sim().activate(key.id, name).unwrap();
    }
    let provider = sandbox(&fixture);
    let changed =
        provider.update(&key.id.to_string().into(), LicensePatch::new().activation_limit(1)).await.unwrap();
    assert_eq!(changed.activations.used, Some(2));
    let request = ActivateRequest::new(KeyCode::parse(&key.key).unwrap(), "c");
    let error = provider.activate(request).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
}

#[tokio::test]
async fn bare_errors_of_the_main_api_are_not_missing_keys() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.bare_errors = true);
    let error = sandbox(&fixture).get(&"1".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unrecognized);
    let revoked = fixture.builder().environment(Environment::Sandbox).token("eyJ0.revoked").build().unwrap();
    assert_eq!(revoked.get(&"1".into()).await.unwrap_err().kind(), ErrorKind::Unauthenticated);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_is_waited_for_and_is_never_a_refusal() {
    let fixture = Fixture::new();
    let key = fixture.sim().issue(KeySpec::default()).unwrap();
    fixture.sim().set_rate_limits(Some(RateLimits::default()));
    let provider = fixture
        .builder()
        .environment(Environment::Sandbox)
        .retry(anykey_http::RetryPolicy::none())
        .build()
        .unwrap();
    let validate = async || provider.validate(ValidateRequest::new(KeyCode::parse(&key.key).unwrap())).await;
    for _ in 0..60 {
        assert!(validate().await.unwrap().is_valid());
    }
    assert_eq!(validate().await.unwrap_err().kind(), ErrorKind::RateLimited);
    // By default the provider stays below the documented limit.
    let paced = LemonSqueezyProvider::builder("1").build().unwrap();
    assert!(format!("{paced:?}").contains("60"));
}
