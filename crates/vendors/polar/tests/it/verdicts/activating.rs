use anykey_core::{ActivateRequest, ErrorKind, LicenseProvider, Operation, RefusalReason};
use anykey_http::{RetryPolicy, TransportErrorKind};
use anykey_polar::PolarProvider;
use anykey_testkit::transport::{Answer, Reply, ScriptedTransport};

use crate::support::*;

const VALIDATE: &str = "/v1/customer-portal/license-keys/validate";
const ACTIVATE: &str = "/v1/customer-portal/license-keys/activate";
const DEACTIVATE: &str = "/v1/customer-portal/license-keys/deactivate";

fn request() -> ActivateRequest {
    ActivateRequest::new(code(DEVICE_CODE), "laptop")
}

fn pinned(transport: &ScriptedTransport, products: &[&str]) -> PolarProvider {
    let builder = builder(transport).retry(RetryPolicy::none());
    products.iter().fold(builder, |builder, product| builder.product(*product)).build().unwrap()
}

/// The recorded activation, with something else in its key.
fn activation(replaced: &str, with: &str) -> Answer {
    let body = Recording::read("cp-activate-ok").text().to_owned();
    assert!(body.contains(replaced));
    Answer::json(200, body.replace(replaced, with))
}

#[tokio::test]
async fn a_refusal_comes_as_an_error_that_tells_everything() {
    for (name, reason) in [
        ("cp-activate-limit-reached", RefusalReason::ActivationLimitReached),
        ("cp-activate-no-activations-benefit", RefusalReason::ActivationsNotSupported),
        ("cp-activate-revoked", RefusalReason::Inactive),
        ("cp-activate-unknown-key", RefusalReason::UnknownKey),
    ] {
        let transport = script(&[name]);
        let error = public(&transport).activate(request()).await.unwrap_err();
        transport.assert_finished();
        let recording = Recording::read(name);
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Refused, Some(Operation::Activate)));
        assert_eq!(error.refusal().unwrap().reason, reason, "{name}");
        assert!(recording.text().contains(error.refusal().unwrap().message.as_deref().unwrap()));
        assert!(recording.text().contains(error.vendor_code().unwrap()));
        assert_eq!(error.http_status(), Some(recording.status()));
        assert!(!error.is_transient() && !error.may_have_taken_effect());
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_activation_is_not_sent_again() {
    for lost in [
        Reply::from(TransportErrorKind::Interrupted),
        TransportErrorKind::Timeout.into(),
        Answer::html(502, "<html>").into(),
        Answer::json(200, r#"{"id":"#).into(),
    ] {
        let transport = ScriptedTransport::new().then(lost.clone());
        let error = public(&transport).activate(request()).await.unwrap_err();
        transport.assert_finished();
        assert!(error.may_have_taken_effect() && error.refusal().is_none(), "{lost:?}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_activation_that_was_not_read_is_sent_again() {
    let transport = ScriptedTransport::new()
        .then(TransportErrorKind::Connect)
        .then(Answer::new(429))
        .then(recorded("cp-activate-ok"));
    assert_eq!(public(&transport).activate(request()).await.unwrap().id.as_str(), SEAT);
    transport.assert_finished();
}

#[tokio::test]
async fn a_pinned_product_is_asked_for_before_a_seat_is_taken() {
    let good = "cp-validate-after-activate-conditions-match";
    for products in [&[DEVICE_BENEFIT][..], &[PLAIN_BENEFIT, DEVICE_BENEFIT]] {
        let transport = ScriptedTransport::new().then_on("POST", VALIDATE, recorded(good)).then_on(
            "POST",
            ACTIVATE,
            recorded("cp-activate-ok"),
        );
        pinned(&transport, products).activate(request()).await.unwrap();
        transport.assert_finished();
        let sent = transport.requests()[0].text().unwrap().to_owned();
        assert_eq!(sent.contains("benefit_id"), products.len() == 1, "{sent}");
        assert!(!sent.contains("increment_usage"), "{sent}");
    }
}

#[tokio::test]
async fn no_seat_is_taken_with_a_key_of_another_product() {
    for (products, answer) in [
        (&[PLAIN_BENEFIT][..], recorded("cp-validate-benefit-mismatch")),
        (
            &[PLAIN_BENEFIT, "b0000000-0000-4000-8000-000000000000"],
            recorded("cp-validate-after-activate-conditions-match"),
        ),
    ] {
        let transport = ScriptedTransport::new().then_on("POST", VALIDATE, answer);
        let error = pinned(&transport, products).activate(request()).await.unwrap_err();
        transport.assert_finished();
        assert_eq!(error.refusal().unwrap().reason, RefusalReason::WrongProduct);
        assert_eq!((error.operation(), error.may_have_taken_effect()), (Some(Operation::Activate), false));
    }
}

#[tokio::test]
async fn without_an_answer_about_the_product_no_seat_is_taken() {
    for reply in [
        Reply::from(TransportErrorKind::Interrupted),
        Answer::html(200, "<html>Log in</html>").into(),
        Answer::json(200, bare_key(DEVICE_CODE)).into(),
    ] {
        let transport = ScriptedTransport::new().then_on("POST", VALIDATE, reply);
        let error = pinned(&transport, &[DEVICE_BENEFIT]).activate(request()).await.unwrap_err();
        transport.assert_finished();
        assert!(error.refusal().is_none() && !error.may_have_taken_effect(), "{error}");
        assert_eq!(error.operation(), Some(Operation::Activate));
    }
}

#[tokio::test]
async fn a_seat_on_a_key_out_of_force_is_given_back() {
    for (replaced, with, reason) in [
        (r#""status":"granted""#, r#""status":"revoked""#, RefusalReason::Revoked),
        (r#""status":"granted""#, r#""status":"disabled""#, RefusalReason::Disabled),
        (r#""expires_at":null"#, r#""expires_at":"2026-11-21T00:31:44.127148Z""#, RefusalReason::Expired),
    ] {
        let transport = ScriptedTransport::new()
            .then_on("POST", ACTIVATE, activation(replaced, with))
            .then_on("POST", DEACTIVATE, recorded("cp-deactivate-ok"));
        let error = public(&transport).activate(request()).await.unwrap_err();
        transport.assert_finished();
        assert_eq!(error.refusal().unwrap().reason, reason);
        assert!(!error.may_have_taken_effect());
        assert!(transport.requests()[1].text().unwrap().contains(SEAT));
    }
}

#[tokio::test]
async fn a_seat_that_ends_later_is_kept() {
    let later = activation(r#""expires_at":null"#, r#""expires_at":"2026-11-21T00:31:44.127149Z""#);
    let transport = ScriptedTransport::new().then(later);
    assert!(public(&transport).activate(request()).await.is_ok());
}

#[tokio::test]
async fn a_seat_that_cannot_be_given_back_is_told() {
    let looked = recorded("cp-validate-after-activate-conditions-match");
    let transport = ScriptedTransport::new()
        .then(looked)
        .then(activation(DEVICE_BENEFIT, PLAIN_BENEFIT))
        .then(TransportErrorKind::Interrupted);
    let error = pinned(&transport, &[DEVICE_BENEFIT]).activate(request()).await.unwrap_err();
    transport.assert_finished();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::WrongProduct);
    assert!(error.may_have_taken_effect());
    assert!(std::error::Error::source(&error).is_some());
}
