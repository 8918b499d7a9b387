use anykey_core::{ErrorKind, LicenseProvider, ProductId, RefusalReason, ValidateRequest, Validation};
use anykey_http::{RetryPolicy, TransportErrorKind};
use anykey_polar::PolarProvider;
use anykey_testkit::transport::{Answer, Reply, ScriptedTransport};
use serde_json::{Value, json};

use crate::support::*;

const OTHER_BENEFIT: &str = "c4b0b19c-1a8e-4388-9f0e-fedabb7cc83c";

fn request() -> ValidateRequest {
    ValidateRequest::new(code(PLAIN_CODE))
}

fn once(transport: &ScriptedTransport) -> PolarProvider {
    builder(transport).retry(RetryPolicy::none()).build().unwrap()
}

fn pinned(transport: &ScriptedTransport, products: &[&str]) -> PolarProvider {
    products.iter().fold(builder(transport), |builder, product| builder.product(*product)).build().unwrap()
}

fn bodies(transport: &ScriptedTransport) -> Vec<Value> {
    transport.requests().iter().map(|request| serde_json::from_slice(request.body()).unwrap()).collect()
}

fn reason(validation: &Validation) -> Option<RefusalReason> {
    validation.refusal().map(|refusal| refusal.reason)
}

#[tokio::test]
async fn not_found_with_a_seat_is_told_apart_by_asking_without_it() {
    for (probe, expected) in [
        (Reply::from(recorded("cp-validate-good")), RefusalReason::UnknownActivation),
        (recorded("cp-validate-revoked").into(), RefusalReason::UnknownActivation),
        (recorded("cp-validate-unknown-key").into(), RefusalReason::UnknownKey),
        (recorded("ratelimit-production-cp-validate-429").into(), RefusalReason::Unspecified),
        (recorded("version-full-date").into(), RefusalReason::Unspecified),
        (Answer::html(200, "<html>Log in</html>").into(), RefusalReason::Unspecified),
        (Answer::html(502, "<html>").into(), RefusalReason::Unspecified),
        (TransportErrorKind::Interrupted.into(), RefusalReason::Unspecified),
        (
            Answer::json(404, r#"{"error":"ResourceNotFound","detail":"A sentence of next year"}"#).into(),
            RefusalReason::Unspecified,
        ),
    ] {
        let transport = script(&["cp-validate-activation-unknown"]).then(probe.clone());
        let asked = request().activation(SEAT).product(PLAIN_BENEFIT).customer("c").increment_usage(2);
        let validation = once(&transport).validate(asked).await.unwrap();
        transport.assert_finished();
        assert_eq!(reason(&validation), Some(expected), "{probe:?}");
        assert_eq!(validation.refusal().unwrap().message.as_deref(), Some("Not found"));
        assert_eq!(bodies(&transport)[1], json!({"key": PLAIN_CODE, "organization_id": ORGANIZATION}));
    }
}

#[tokio::test]
async fn not_found_without_a_seat_is_the_key() {
    let transport = script(&["cp-validate-unknown-key"]);
    let validation = public(&transport).validate(request()).await.unwrap();
    transport.assert_finished();
    assert_eq!(reason(&validation), Some(RefusalReason::UnknownKey));
}

#[tokio::test]
async fn one_pinned_product_is_polars_to_check() {
    let transport = script(&["cp-validate-good", "cp-validate-benefit-mismatch"]);
    let provider = pinned(&transport, &[PLAIN_BENEFIT]);
    assert!(provider.validate(request()).await.unwrap().is_valid());
    let other = provider.validate(request()).await.unwrap();
    assert_eq!(reason(&other), Some(RefusalReason::WrongProduct));
    assert!(bodies(&transport).iter().all(|body| body["benefit_id"] == PLAIN_BENEFIT));
    transport.assert_finished();
}

#[tokio::test]
async fn several_pinned_products_are_compared_here() {
    let transport = script(&["cp-validate-good", "cp-validate-good"]);
    let good = pinned(&transport, &[DEVICE_BENEFIT, &PLAIN_BENEFIT.to_uppercase()]);
    assert!(good.validate(request()).await.unwrap().is_valid());
    let wrong = pinned(&transport, &[DEVICE_BENEFIT, OTHER_BENEFIT]).validate(request()).await.unwrap();
    assert_eq!(reason(&wrong), Some(RefusalReason::WrongProduct));
    assert_eq!(wrong.key, None);
    assert!(bodies(&transport).iter().all(|body| body.get("benefit_id").is_none()));
}

#[tokio::test]
async fn nothing_is_counted_on_a_key_of_another_product() {
    let transport = script(&["cp-validate-good"]);
    let provider = pinned(&transport, &[DEVICE_BENEFIT, OTHER_BENEFIT]);
    let wrong = provider.validate(request().increment_usage(3)).await.unwrap();
    assert_eq!(reason(&wrong), Some(RefusalReason::WrongProduct));
    assert!(bodies(&transport)[0].get("increment_usage").is_none());
    transport.assert_finished();

    let transport = script(&["cp-validate-good", "cp-validate-good"]);
    let provider = pinned(&transport, &[DEVICE_BENEFIT, PLAIN_BENEFIT]);
    assert!(provider.validate(request().increment_usage(3)).await.unwrap().is_valid());
    let [looked, counted] = bodies(&transport).try_into().unwrap();
    assert!(looked.get("increment_usage").is_none());
    assert_eq!((&counted["increment_usage"], &counted["benefit_id"]), (&json!(3), &json!(PLAIN_BENEFIT)));
}

#[tokio::test]
async fn a_refused_look_counts_nothing_either() {
    let transport = script(&["cp-validate-revoked"]);
    let provider = pinned(&transport, &[DEVICE_BENEFIT, PLAIN_BENEFIT]);
    let refused = provider.validate(request().increment_usage(3)).await.unwrap();
    assert_eq!(reason(&refused), Some(RefusalReason::Inactive));
    transport.assert_finished();
}

#[tokio::test]
async fn an_answer_without_a_product_is_no_verdict_where_products_are_pinned() {
    let transport = ScriptedTransport::new().then(Answer::json(200, bare_key(PLAIN_CODE)));
    let provider = pinned(&transport, &[DEVICE_BENEFIT, PLAIN_BENEFIT]);
    let error = provider.validate(request().increment_usage(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        (error.provider(), error.operation()),
        (Some("polar"), Some(anykey_core::Operation::Validate))
    );
    transport.assert_finished();
}

#[tokio::test]
async fn a_required_product_has_to_be_a_pinned_one() {
    let transport = script(&["cp-validate-good", "cp-validate-good"]);
    let provider = pinned(&transport, &[DEVICE_BENEFIT, PLAIN_BENEFIT]);
    let foreign = provider.validate(request().product(OTHER_BENEFIT)).await.unwrap();
    assert_eq!(reason(&foreign), Some(RefusalReason::WrongProduct));
    assert!(transport.requests().is_empty());

    let upper_case = ProductId::from(PLAIN_BENEFIT.to_uppercase());
    assert!(provider.validate(request().product(upper_case.clone())).await.unwrap().is_valid());
    assert!(public(&transport).validate(request().product(upper_case)).await.unwrap().is_valid());
    assert!(bodies(&transport).iter().all(|body| body["benefit_id"] == PLAIN_BENEFIT));
}

#[tokio::test]
async fn an_increment_that_breaks_the_server_is_not_sent() {
    let transport = script(&["cp-validate-good"]);
    let provider = public(&transport);
    let error = provider.validate(request().increment_usage(2_147_483_648)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(transport.requests().is_empty());
    assert!(provider.validate(request().increment_usage(2_147_483_647)).await.unwrap().is_valid());
}

#[tokio::test(start_paused = true)]
async fn only_an_uncounted_validation_is_sent_again() {
    for lost in [Reply::from(TransportErrorKind::Interrupted), recorded("org-update-status-null").into()] {
        let transport = ScriptedTransport::new().then(lost.clone()).then(recorded("cp-validate-good"));
        assert!(public(&transport).validate(request()).await.unwrap().is_valid());
        transport.assert_finished();

        let transport = ScriptedTransport::new().then(lost);
        let error = public(&transport).validate(request().increment_usage(1)).await.unwrap_err();
        transport.assert_finished();
        assert!(error.may_have_taken_effect() && error.refusal().is_none() && error.is_transient());
    }
}

#[tokio::test]
async fn a_lost_uncounted_validation_leaves_nothing_open() {
    let transport = ScriptedTransport::new().then(TransportErrorKind::Interrupted);
    let error = once(&transport).validate(request()).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_taken_effect()), (ErrorKind::Transport, false));
}

#[tokio::test]
async fn a_key_that_is_not_in_force_is_never_valid() {
    for (word, expected) in [("revoked", RefusalReason::Revoked), ("disabled", RefusalReason::Disabled)] {
        let body = Recording::read("cp-validate-good").text().replace(r#""granted""#, &format!("{word:?}"));
        let transport = ScriptedTransport::new().then(Answer::json(200, body));
        let validation = public(&transport).validate(request()).await.unwrap();
        assert_eq!(reason(&validation), Some(expected));
        assert_eq!(validation.key.unwrap().status_word, word);
    }
}

#[tokio::test]
async fn a_yes_with_a_status_of_a_later_version_is_no_answer() {
    for word in ["trialing", "Granted", ""] {
        let body = Recording::read("cp-validate-good").text().replace(r#""granted""#, &format!("{word:?}"));
        let transport = ScriptedTransport::new().then(Answer::json(200, body));
        let error = public(&transport).validate(request()).await.unwrap_err();
        assert!(error.refusal().is_none() && error.is_transient(), "{word}: {error}");
    }
}

#[tokio::test]
async fn no_failure_becomes_a_refusal() {
    for (answer, expected) in [
        (recorded("ratelimit-production-cp-validate-429"), ErrorKind::RateLimited),
        (recorded("cp-validate-increment-usage-int32-overflow"), ErrorKind::Unavailable),
        (recorded("cp-validate-good-with-expired-token"), ErrorKind::Unauthenticated),
        (recorded("cp-validate-trailing-slash"), ErrorKind::Config),
        (recorded("version-full-date"), ErrorKind::Config),
        (recorded("cp-validate-chunked"), ErrorKind::InvalidRequest),
        (recorded("cp-validate-missing-organization"), ErrorKind::Config),
        (recorded("org-validate-read-only-token"), ErrorKind::PermissionDenied),
        (Answer::html(403, "<html>Attention required</html>"), ErrorKind::Unrecognized),
        (Answer::html(404, "<html>Not found</html>"), ErrorKind::Unrecognized),
        (Answer::html(503, "<html>"), ErrorKind::Unavailable),
        (Answer::html(200, "<html>Log in to go online</html>"), ErrorKind::Unrecognized),
        (Answer::new(200), ErrorKind::Unrecognized),
        (Answer::json(200, "{}"), ErrorKind::Decode),
    ] {
        let transport = ScriptedTransport::new().then(answer.clone());
        let error = once(&transport).validate(request()).await.unwrap_err();
        assert_eq!(error.kind(), expected, "{answer:?}");
        assert!(error.refusal().is_none());
        assert_eq!(
            (error.provider(), error.operation()),
            (Some("polar"), Some(anykey_core::Operation::Validate))
        );
    }
}

#[tokio::test]
async fn the_block_of_a_minute_is_told() {
    let transport = script(&["ratelimit-production-cp-validate-429"]);
    let error = once(&transport).validate(request()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(60)));
}

#[tokio::test]
async fn an_error_body_that_echoes_the_key_is_not_repeated() {
    for (status, body) in [
        (
            422,
            r#"{"error":"RequestValidationError","detail":[{"loc":["body","key"],"msg":"bad planted","input":"Planted"}]}"#,
        ),
        (404, r#"{"error":"ResourceNotFound","detail":"Key PLANTED is odd"}"#),
        (403, r#"{"error":"planted","detail":"Planted"}"#),
    ] {
        let transport = ScriptedTransport::new().then(Answer::json(status, body));
        let answer = once(&transport).validate(ValidateRequest::new(code("Planted"))).await;
        let printed = format!("{answer:?}").to_lowercase();
        assert!(!printed.contains("planted"), "{printed}");
    }
}
