//! Only what Dodo says in its own words is a refusal, or frees a seat; and no odd member loses one.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivateRequest, CreateRequest, DeactivateRequest, Error, ErrorKind, KeyCode, LicensePatch,
    LicenseProvider, ListQuery, Operation, RefusalReason, Result, ValidateRequest,
};
use anykey_dodo::{DodoBuilder, DodoProvider, LicenseKeysApi};
use anykey_http::{Pacer, RetryPolicy};
use anykey_testkit::transport::{Answer, ScriptedTransport, foreign_answers};
use serde_json::{Value, json};

fn builder(transport: ScriptedTransport) -> DodoBuilder {
    DodoProvider::builder()
        .transport(Arc::new(transport))
        .retry(RetryPolicy::none())
        .device_pacer(Pacer::unlimited())
        .management_pacer(Pacer::unlimited())
}

fn answering(answer: &Answer) -> DodoBuilder {
    let answer = answer.clone();
    builder(ScriptedTransport::from_fn(move |_| answer.clone()))
}

fn code() -> KeyCode {
    KeyCode::verbatim("K-1")
}

async fn deactivate(answer: Answer) -> Result<()> {
    let provider = answering(&answer).build().unwrap();
    provider.deactivate(DeactivateRequest::new(KeyCode::verbatim("K-1"), "lki_1")).await
}

#[tokio::test]
async fn every_body_that_dodo_may_write_means_done() {
    for answer in [Answer::new(200), Answer::new(204), Answer::json(200, "{}"), Answer::json(200, "null")] {
        deactivate(answer).await.unwrap();
    }
}

#[tokio::test]
async fn a_page_of_something_in_between_does_not_mean_done() {
    for answer in [
        Answer::html(200, "<html>log in to go online</html>"),
        Answer::json(200, r#"{"message":"Endpoint request timed out"}"#),
        Answer::json(200, r#"{"code":"URL_BLOCKED"}"#),
    ] {
        let error = deactivate(answer).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unrecognized);
        assert!(error.is_transient() && error.may_have_taken_effect() && error.refusal().is_none());
    }
}

fn assert_no_verdict(error: &Error, name: &str) {
    assert!(error.refusal().is_none(), "{name}: {error}");
    let status = error.http_status().unwrap_or_default();
    // A list that is gone, and a code that Dodo has too, are no verdict about a key.
    let may_be_dodos = status == 410 || name.starts_with("a framework in Node with a code");
    if (402..=499).contains(&status) && !(may_be_dodos && error.operation() != Some(Operation::Validate)) {
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unrecognized, true), "{name}: {error}");
    }
}

#[tokio::test]
async fn nothing_in_between_refuses_a_key_or_frees_a_seat() {
    for foreign in foreign_answers() {
        let (name, answer) = (foreign.name, &foreign.answer);
        let device = answering(answer).build().unwrap();
        for request in [ValidateRequest::new(code()), ValidateRequest::new(code()).activation("lki_1")] {
            assert_no_verdict(&device.validate(request).await.unwrap_err(), name);
        }
        assert_no_verdict(&device.activate(ActivateRequest::new(code(), "mac")).await.unwrap_err(), name);
        if name != "an empty 200" {
            assert_no_verdict(&deactivate(answer.clone()).await.unwrap_err(), name);
        }
        for api in [LicenseKeysApi::Auto, LicenseKeysApi::Classic, LicenseKeysApi::Grants] {
            let management = answering(answer).license_keys(api).token("planted").build().unwrap();
            let id = "lic_1".into();
            for error in [
                management.list(ListQuery::new()).await.unwrap_err(),
                management.get(&id).await.unwrap_err(),
                management.activations(&id).await.unwrap_err(),
                management.rename_activation(&"lki_1".into(), "new").await.unwrap_err(),
                management.update(&id, LicensePatch::new()).await.unwrap_err(),
                management.create(CreateRequest::new(code(), "cus_1", "pdt_1")).await.unwrap_err(),
            ] {
                assert_no_verdict(&error, name);
            }
        }
    }
}

fn activated(change: impl FnOnce(&mut Value)) -> Answer {
    let mut body = json!({
        "id": "lki_1", "license_key_id": "lic_1", "business_id": "bus_1", "name": "mac",
        "created_at": "2026-11-27T22:00:00Z", "customer": { "customer_id": "cus_1" },
        "product": { "product_id": "pdt_1", "name": "P" }
    });
    change(&mut body);
    Answer::json(201, body.to_string())
}

#[tokio::test]
async fn an_odd_member_loses_no_seat() {
    for (member, value) in [
        ("name", Value::Null),
        ("name", json!(7)),
        ("created_at", json!("")),
        ("created_at", json!("2026-11-27T22:00:00")),
        ("created_at", Value::Null),
        ("license_key_id", Value::Null),
        ("product", Value::Null),
        ("product", json!([])),
        ("customer", Value::Null),
    ] {
        let answer = activated(|body| body[member] = value.clone());
        let seat = answering(&answer).build().unwrap().activate(ActivateRequest::new(code(), "mac")).await;
        assert_eq!(seat.unwrap().id.as_str(), "lki_1", "{member} = {value}");
    }
}

#[tokio::test]
async fn a_key_without_a_product_is_not_for_another_one() {
    let transport = ScriptedTransport::new()
        .then_on("POST", "/licenses/activate", activated(|body| body["product"] = Value::Null))
        .then_on("POST", "/licenses/deactivate", Answer::new(200));
    let provider = builder(transport.clone()).product("pdt_1").build().unwrap();
    let error = provider.activate(ActivateRequest::new(code(), "mac")).await.unwrap_err();
    transport.assert_finished();
    assert_eq!((error.kind(), error.refusal()), (ErrorKind::Decode, None));
    assert!(!error.may_have_taken_effect(), "the seat was given back");
}

#[tokio::test]
async fn a_refused_seat_is_told_from_a_refused_key_by_asking_about_the_key() {
    for (about_the_key, expected) in [
        (Answer::json(200, r#"{"valid":true}"#), RefusalReason::UnknownActivation),
        (Answer::json(200, r#"{"valid":false}"#), RefusalReason::Unspecified),
        (Answer::new(503), RefusalReason::Unspecified),
        (Answer::json(403, r#"{"message":"Forbidden"}"#), RefusalReason::Unspecified),
    ] {
        let transport =
            ScriptedTransport::new().then(Answer::json(200, r#"{"valid":false}"#)).then(about_the_key);
        let provider = builder(transport.clone()).build().unwrap();
        let validation = provider.validate(ValidateRequest::new(code()).activation("lki_1")).await.unwrap();
        transport.assert_finished();
        assert_eq!(validation.refusal().unwrap().reason, expected);
        assert_eq!(transport.requests()[1].text().unwrap(), r#"{"license_key":"K-1"}"#);
    }
}
