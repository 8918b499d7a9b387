//! Where sources are silent or disagree: what is not the same for the suite in both readings.

use anykey_core::{
    ActivateRequest, Environment, ErrorKind, KeyCode, LicensePatch, LicenseProvider, LicenseProviderExt,
    RefusalReason, SignedDuration, ValidateRequest,
};
use anykey_lemonsqueezy::LemonSqueezyProvider;
use anykey_lemonsqueezy_sim::{KeySpec, Mode, RateLimits};

use crate::support::*;

fn sandbox(bench: &Bench) -> LemonSqueezyProvider {
    let token = bench.sim().api_key(Mode::Test);
    bench.builder().environment(Environment::Sandbox).token(token).build().unwrap()
}

#[tokio::test]
async fn an_end_that_lost_its_time_of_day_is_an_error() {
    let bench = Bench::new();
    bench.sim().change_quirks(|quirks| quirks.expiry_is_a_day = true);
    let provider = sandbox(&bench);
    let id = bench.sim().issue(KeySpec::default()).unwrap().id.to_string().into();
    let evening = "2026-12-24T18:00:00Z".parse().unwrap();
    let error = provider.set_expiry(&id, evening).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.may_have_taken_effect());
    let midnight = "2026-12-24T00:00:00Z".parse().unwrap();
    assert_eq!(provider.set_expiry(&id, midnight).await.unwrap().expiry.at(), Some(midnight));
    assert_eq!(provider.clear_expiry(&id).await.unwrap().expiry.at(), None);
}

#[tokio::test]
async fn a_plain_body_of_the_main_api_is_taken_or_not_the_adapter_declares_it() {
    let bench = Bench::new();
    bench.sim().change_quirks(|quirks| quirks.accept_plain_json = true);
    let id = bench.sim().issue(KeySpec::default()).unwrap().id.to_string().into();
    sandbox(&bench).update(&id, LicensePatch::new().activation_limit(9)).await.unwrap();
}

#[tokio::test]
async fn a_key_is_known_in_capitals_where_the_vendor_knows_it() {
    let bench = Bench::new();
    bench.sim().change_quirks(|quirks| quirks.any_letter_case = true);
    let key = bench.sim().issue(KeySpec::default()).unwrap();
    let typed = KeyCode::parse(&key.key.to_uppercase()).unwrap();
    assert!(sandbox(&bench).validate(ValidateRequest::new(typed)).await.unwrap().is_valid());
}

#[tokio::test]
async fn a_fresh_key_is_unknown_until_it_is_known() {
    let bench = Bench::new();
    bench.sim().change_quirks(|quirks| quirks.unknown_at_first = SignedDuration::from_mins(30));
    let key = bench.sim().issue(KeySpec::default()).unwrap();
    let provider = sandbox(&bench);
    let validate =
        async || provider.validate(ValidateRequest::new(KeyCode::parse(&key.key).unwrap())).await.unwrap();
    assert_eq!(validate().await.refusal().unwrap().reason, RefusalReason::UnknownKey);
    bench.clock.advance(SignedDuration::from_mins(30));
    assert!(validate().await.is_valid());
}

#[tokio::test]
async fn a_limit_lowered_below_the_use_is_the_vendors_and_reached() {
    let bench = Bench::new();
    let key = bench.sim().issue(KeySpec { activation_limit: Some(3), ..KeySpec::default() }).unwrap();
    for name in ["a", "b"] {
        bench.sim().activate(key.id, name).unwrap();
    }
    let provider = sandbox(&bench);
    let changed =
        provider.update(&key.id.to_string().into(), LicensePatch::new().activation_limit(1)).await.unwrap();
    assert_eq!(changed.activations.used, Some(2));
    let request = ActivateRequest::new(KeyCode::parse(&key.key).unwrap(), "c");
    let error = provider.activate(request).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
}

#[tokio::test]
async fn bare_errors_of_the_main_api_are_no_missing_keys() {
    let bench = Bench::new();
    bench.sim().change_quirks(|quirks| quirks.bare_errors = true);
    let error = sandbox(&bench).get(&"1".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unrecognized);
    let revoked = bench.builder().environment(Environment::Sandbox).token("eyJ0.revoked").build().unwrap();
    assert_eq!(revoked.get(&"1".into()).await.unwrap_err().kind(), ErrorKind::Unauthenticated);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_is_waited_for_and_never_a_refusal() {
    let bench = Bench::new();
    let key = bench.sim().issue(KeySpec::default()).unwrap();
    bench.sim().set_rate_limits(Some(RateLimits::default()));
    let provider = bench
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
    // By default the provider keeps to the documented limit by itself.
    let paced = LemonSqueezyProvider::builder("1").build().unwrap();
    assert!(format!("{paced:?}").contains("60"));
}
