use anykey_core::{
    ActivateRequest, DeactivateRequest, Error, ErrorKind, LicensePatch, LicenseProvider, ListQuery,
    ValidateRequest,
};
use anykey_http::RetryPolicy;
use anykey_polar::PolarProvider;
use anykey_testkit::transport::{Answer, ScriptedTransport, foreign_answers};

use crate::support::*;

const ID: &str = "53db6835-958b-4a22-81f1-bc96b5a55cbc";

fn planes(answer: &Answer) -> [PolarProvider; 3] {
    let answer = answer.clone();
    let transport = ScriptedTransport::from_fn(move |_| answer.clone());
    let builder = || builder(&transport).retry(RetryPolicy::none());
    [
        builder().build().unwrap(),
        builder().session_token("polar_cst_planted").build().unwrap(),
        builder().token("polar_oat_planted").build().unwrap(),
    ]
}

fn assert_no_verdict(error: &Error, name: &str) {
    assert!(error.refusal().is_none(), "{name}: {error}");
    let status = error.http_status().unwrap_or_default();
    if (402..=499).contains(&status) && status != 404 {
        let expected = if status == 401 { ErrorKind::Unauthenticated } else { ErrorKind::Unrecognized };
        assert!([expected, ErrorKind::Unrecognized].contains(&error.kind()), "{name}: {error}");
    }
}

#[tokio::test]
async fn nothing_in_between_refuses_a_key_or_frees_a_seat() {
    for foreign in foreign_answers() {
        for provider in planes(&foreign.answer) {
            let name = format!("{} | {:?}", foreign.name, provider.plane());
            let validation = ValidateRequest::new(code(DEVICE_CODE));
            for request in
                [validation.clone(), validation.clone().activation(SEAT), validation.increment_usage(1)]
            {
                assert_no_verdict(&provider.validate(request).await.unwrap_err(), &name);
            }
            let activated = provider.activate(ActivateRequest::new(code(DEVICE_CODE), "mac")).await;
            assert_no_verdict(&activated.unwrap_err(), &name);
            if foreign.name == "an empty 200" {
                continue;
            }
            let freed = provider.deactivate(DeactivateRequest::new(code(DEVICE_CODE), SEAT)).await;
            assert_no_verdict(&freed.unwrap_err(), &name);
        }
        let [_, portal, organization] = planes(&foreign.answer);
        for provider in [&portal, &organization] {
            for error in [
                provider.list(ListQuery::new()).await.unwrap_err(),
                provider.get(&ID.into()).await.unwrap_err(),
                provider.rotate(&ID.into()).await.unwrap_err(),
                provider.visible_activations(&ID.into()).await.unwrap_err(),
            ] {
                assert_no_verdict(&error, foreign.name);
            }
        }
        let error = organization.update(&ID.into(), LicensePatch::new()).await.unwrap_err();
        assert_no_verdict(&error, foreign.name);
    }
}

#[tokio::test]
async fn a_filter_is_no_answer_and_may_be_gone_later() {
    let answer = Answer::json(404, r#"{"status":404,"error":"Not Found","path":"/x"}"#);
    let [public, ..] = planes(&answer);
    let error = public.validate(ValidateRequest::new(code(DEVICE_CODE))).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unrecognized, true));
    assert!(error.to_string().contains("base_url"), "{error}");
}

#[tokio::test]
async fn an_answer_about_something_else_is_no_answer() {
    let good = Recording::read("cp-validate-good").text().to_owned();
    let ask = async |body: String, request: ValidateRequest| {
        let transport = ScriptedTransport::new().then(Answer::json(200, body));
        public(&transport).validate(request).await
    };
    let request = || ValidateRequest::new(code(PLAIN_CODE));
    assert!(ask(good.clone(), request()).await.unwrap().is_valid());
    let other = "b8dcbab2-6c5a-4838-8b3b-79ea378e27b8";
    for (what, body, request) in [
        ("another key", good.clone(), ValidateRequest::new(code(DEVICE_CODE))),
        ("another organization", good.replace(ORGANIZATION, other), request()),
        ("no activation", good.clone(), request().activation(SEAT)),
        ("another product", good.clone(), request().product(DEVICE_BENEFIT)),
    ] {
        let error = ask(body, request).await.unwrap_err();
        assert_eq!((error.kind(), error.refusal()), (ErrorKind::Unrecognized, None), "{what}");
    }

    let seat = Recording::read("cp-activate-ok").text().replace(DEVICE_CODE, PLAIN_CODE);
    let transport = ScriptedTransport::new().then(Answer::json(200, seat));
    let error =
        public(&transport).activate(ActivateRequest::new(code(DEVICE_CODE), "mac")).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_taken_effect()), (ErrorKind::Unrecognized, true));
}
