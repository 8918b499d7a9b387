use std::time::Duration;

use anykey_core::{ErrorKind, Operation};
use anykey_http::{ApiRequest, ApiResponse, BearerToken, PathSegment, RetryPolicy};

use crate::support::{Script, answer, json};

async fn answered(request: ApiRequest, code: u16, headers: &[(&str, &str)]) -> ApiResponse {
    let script = Script::new([answer(code, headers, "")]);
    let client = script.builder().retry(RetryPolicy::none()).bearer(BearerToken::new("t0ken").unwrap());
    client.build().unwrap().send(request).await.unwrap()
}

fn activate() -> ApiRequest {
    ApiRequest::post(Operation::Activate)
}

#[tokio::test(start_paused = true)]
async fn the_status_alone_says_this_much() {
    let table = [
        (199, ErrorKind::Unrecognized, true, true),
        (200, ErrorKind::Unrecognized, true, true),
        (204, ErrorKind::Unrecognized, true, true),
        (301, ErrorKind::Config, false, true),
        (307, ErrorKind::Config, false, true),
        (400, ErrorKind::InvalidRequest, false, false),
        (401, ErrorKind::Unauthenticated, false, false),
        (402, ErrorKind::InvalidRequest, false, false),
        (403, ErrorKind::PermissionDenied, false, false),
        (404, ErrorKind::NotFound, false, false),
        (405, ErrorKind::InvalidRequest, false, false),
        (407, ErrorKind::Config, false, false),
        (408, ErrorKind::Timeout, true, true),
        (409, ErrorKind::Conflict, false, false),
        (410, ErrorKind::NotFound, false, false),
        (411, ErrorKind::InvalidRequest, false, false),
        (413, ErrorKind::InvalidRequest, false, false),
        (415, ErrorKind::InvalidRequest, false, false),
        (422, ErrorKind::InvalidRequest, false, false),
        (429, ErrorKind::RateLimited, true, false),
        (500, ErrorKind::Unavailable, true, true),
        (503, ErrorKind::Unavailable, true, true),
        (599, ErrorKind::Unavailable, true, true),
        (460, ErrorKind::InvalidRequest, false, true),
        (499, ErrorKind::InvalidRequest, false, true),
        (600, ErrorKind::Unrecognized, true, true),
        (999, ErrorKind::Unrecognized, true, true),
    ];
    for (code, kind, transient, open) in table {
        let error = answered(activate(), code, &[]).await.general_error();
        assert_eq!(error.kind(), kind, "{code}");
        assert_eq!(error.is_transient(), transient, "{code}");
        assert_eq!(error.may_have_taken_effect(), open, "{code}");
        assert_eq!(error.http_status(), Some(code));
        let read = answered(activate().read_only(), code, &[]).await.general_error();
        assert!(!read.may_have_taken_effect(), "{code}");
    }
    let redirect = answered(activate(), 307, &[]).await.general_error();
    assert!(redirect.message().contains("base_url"), "{redirect}");
}

#[tokio::test(start_paused = true)]
async fn fills_in_what_is_known() {
    let headers = [("x-request-id", "req-1"), ("cf-ray", "ray-1"), ("retry-after", "7")];
    let response = answered(activate(), 403, &headers).await;
    let error = response.error(ErrorKind::Conflict, "not now");
    assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, "not now"));
    assert_eq!((error.provider(), error.operation()), (Some("acme"), Some(Operation::Activate)));
    assert_eq!((error.http_status(), error.attempts()), (Some(403), 1));
    assert_eq!(error.request_id(), Some("req-1"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert!(!error.may_have_taken_effect());
}

#[tokio::test(start_paused = true)]
async fn finds_the_request_id_that_there_is() {
    assert_eq!(answered(activate(), 200, &[]).await.request_id(), None);
    assert_eq!(answered(activate(), 200, &[("cf-ray", "ray-1")]).await.request_id(), Some("ray-1"));
    let long = "x".repeat(129);
    let headers = [("x-request-id", ""), ("request-id", long.as_str()), ("cf-ray", "ray-1")];
    assert_eq!(answered(activate(), 200, &headers).await.request_id(), Some("ray-1"));
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_success_may_have_taken_effect() {
    let script = Script::new([json("{}"), json("{}")]);
    let response = script.client().send(activate()).await.unwrap();
    assert!(response.error(ErrorKind::Decode, "no id").may_have_taken_effect());
    assert!(!response.error(ErrorKind::Conflict, "other product").may_have_taken_effect());
    let refused = response.fill(anykey_core::Error::new(ErrorKind::NotFound, "x"));
    assert_eq!(refused.provider(), Some("acme"));
}

#[tokio::test(start_paused = true)]
async fn tells_json_by_its_label() {
    let labels = [
        ("application/json", true),
        ("Application/JSON; charset=utf-8", true),
        ("application/problem+json", true),
        ("text/html", false),
        ("application/jsonlines", false),
        ("text/json+json", false),
    ];
    for (label, expected) in labels {
        let response = answered(activate(), 200, &[("content-type", label)]).await;
        assert_eq!(response.is_json(), expected, "{label}");
    }
    assert!(!answered(activate(), 200, &[]).await.is_json());
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_unknown_words_is_no_refusal_and_repeats_nothing() {
    for (status, open) in [(200, true), (201, true), (400, false), (403, false), (404, false), (500, true)] {
        let headers = [("content-type", "application/json"), ("x-request-id", "req-1")];
        let script = Script::new([answer(status, &headers, r#"{"message":"SECRET"}"#)]);
        let client = script.builder().retry(RetryPolicy::none()).build().unwrap();
        let error = client.send(activate()).await.unwrap().unrecognized();
        assert_eq!((error.kind(), error.refusal()), (ErrorKind::Unrecognized, None));
        assert!(error.is_transient(), "{status}");
        assert_eq!(error.may_have_taken_effect(), open, "{status}");
        assert_eq!((error.http_status(), error.request_id()), (Some(status), Some("req-1")));
        assert!(error.message().contains("(20 bytes of application/json)"), "{error}");
        assert!(!format!("{error} {error:?}").contains("SECRET"), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_an_answer_without_content_is_an_acknowledgement() {
    for (body, is_one) in [
        ("", true),
        (" \r\n", true),
        ("null", true),
        ("{}", true),
        ("{ }\n", true),
        ("[]", true),
        (r#""""#, true),
        (r#"{"message":"Forbidden"}"#, false),
        (r#"{"valid":true}"#, false),
        ("true", false),
        ("<html>", false),
        ("{", false),
    ] {
        let script = Script::new([answer(200, &[], body)]);
        let response = script.client().send(ApiRequest::post(Operation::Deactivate)).await.unwrap();
        match response.acknowledged() {
            Ok(()) => assert!(is_one, "{body}"),
            Err(error) => {
                assert!(!is_one, "{body}");
                assert_eq!(error.kind(), ErrorKind::Unrecognized);
                assert!(error.may_have_taken_effect(), "{body}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_redirect_to_a_page_is_a_sign_in_and_one_to_the_same_endpoint_a_wrong_base_url() {
    for (status, location, kind) in [
        (302, "https://portal.hotel.test/login", ErrorKind::Unrecognized),
        (302, "/login", ErrorKind::Unrecognized),
        (303, "", ErrorKind::Unrecognized),
        (307, "https://portal.hotel.test/", ErrorKind::Unrecognized),
        (301, "https://portal.hotel.test/", ErrorKind::Unrecognized),
        (511, "", ErrorKind::Unrecognized),
        (307, "/v1/", ErrorKind::Config),
        (307, "http://inner.acme.test/v1/", ErrorKind::Config),
        (308, "https://api.acme.test/v2", ErrorKind::Config),
        (301, "", ErrorKind::Config),
        (304, "", ErrorKind::Unrecognized),
        (300, "", ErrorKind::Unrecognized),
    ] {
        let error = answered(activate(), status, &[("location", location)]).await.general_error();
        assert_eq!(error.kind(), kind, "{status} {location}");
        assert_eq!(error.is_transient(), kind == ErrorKind::Unrecognized, "{status} {location}");
        assert!(error.may_have_taken_effect(), "{status} {location}");
        assert!(!error.message().contains("hotel"), "{error}");
        let is_sign_in = !matches!(status, 300 | 304) && kind == ErrorKind::Unrecognized;
        assert_eq!(error.message().contains("sign-in"), is_sign_in, "{status} {location}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_activation_answered_with_a_redirect_or_an_unknown_status_may_have_taken_effect() {
    for status in (300..=308).chain([399, 600, 666, 799, 999]) {
        let error = answered(activate(), status, &[]).await.general_error();
        assert!(error.may_have_taken_effect() && error.refusal().is_none(), "{status}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn not_modified_is_no_redirect() {
    let error =
        answered(activate(), 304, &[("location", "https://portal.hotel.test/login")]).await.general_error();
    assert_eq!(error.kind(), ErrorKind::Unrecognized);
    let message = error.message();
    assert!(!message.contains("redirect") && !message.contains("sign-in"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_was_not_sent_is_not_spoken_of() {
    for (status, kind) in [(401, ErrorKind::Unauthenticated), (403, ErrorKind::Unrecognized)] {
        let script = Script::new([answer(status, &[], "")]);
        let error = script.client().send(activate()).await.unwrap().general_error();
        assert_eq!(error.kind(), kind);
        assert!(!error.message().contains("the credential"), "{error}");
        let header = http::HeaderValue::from_static("session");
        let with_own = activate().header(http::header::AUTHORIZATION, header);
        let script = Script::new([answer(status, &[], "")]);
        let error = script.client().send(with_own).await.unwrap().general_error();
        assert!(error.message().contains("the credential"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_repeats_the_request_is_no_id_and_no_code() {
    let request = || {
        let id = PathSegment::new("license key id", "lic_777").unwrap();
        activate().segment(id).json(&serde_json::json!({ "key": "SECRETKEY" }))
    };
    for (id, kept) in [("req-1", true), ("req-secretkey", false), ("a-lic_777", false)] {
        let response = answered(request(), 403, &[("x-request-id", id)]).await;
        assert_eq!(response.request_id().is_some(), kept, "{id}");
        assert_eq!(response.error(ErrorKind::Conflict, "x").request_id().is_some(), kept, "{id}");
    }
    let form = || ApiRequest::put(Operation::Update).form(&[("license_key", "SECRETKEY")]);
    assert_eq!(answered(form(), 403, &[("x-request-id", "req-secretkey")]).await.request_id(), None);
    let query = || activate().secret_query("license_key", "SECRETKEY");
    assert_eq!(answered(query(), 403, &[("x-request-id", "req-secretkey")]).await.request_id(), None);
    let response = answered(request(), 403, &[]).await;
    assert_eq!(response.vendor_code("LIMIT_REACHED"), Some("LIMIT_REACHED"));
    assert_eq!(response.vendor_code("NO_SUCH_KEY.SECRETKEY"), None);
    assert_eq!(response.vendor_code("two words"), None);
}

#[tokio::test(start_paused = true)]
async fn the_vendor_tells_when_it_answered() {
    let date = [("date", "Fri, 30 Oct 2026 08:15:41 GMT"), ("age", "19")];
    let at = answered(activate(), 200, &date).await.answered_at();
    assert_eq!(at, Some("2026-10-30T08:16:00Z".parse().unwrap()));
    assert_eq!(answered(activate(), 200, &[]).await.answered_at(), None);
}
