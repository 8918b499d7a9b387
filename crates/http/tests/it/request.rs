use anykey_core::{ErrorKind, Operation};
use anykey_http::{ApiClient, ApiRequest, BearerToken, PathSegment, Repeat};
use http::{HeaderName, HeaderValue, Method};

use crate::support::{Script, status};

async fn sent(request: ApiRequest) -> http::Request<bytes::Bytes> {
    let script = Script::new([status(200)]);
    script.client().send(request).await.unwrap();
    script.request(0)
}

#[tokio::test]
async fn carries_headers_and_a_sensitive_token() {
    let script = Script::new([status(200)]);
    let client = script
        .builder()
        .bearer(BearerToken::new("token-1").unwrap())
        .default_header(HeaderName::from_static("acme-version"), HeaderValue::from_static("2026-04"))
        .user_agent("acme-app/1")
        .build()
        .unwrap();
    client.send(ApiRequest::get(Operation::List).path(&["keys"])).await.unwrap();
    let request = script.request(0);
    let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("authorization"), "Bearer token-1");
    assert!(request.headers()["authorization"].is_sensitive());
    assert_eq!(header("acme-version"), "2026-04");
    assert_eq!(header("user-agent"), "acme-app/1");
    assert_eq!(header("accept"), "application/json");
    assert!(!request.headers().contains_key("content-type"));
    assert!(!request.headers().contains_key("content-length"));
}

#[tokio::test]
async fn sends_no_credential_without_one() {
    let script = Script::new([status(200)]);
    let client = script.client();
    assert!(!client.has_credential());
    client.send(ApiRequest::post(Operation::Validate)).await.unwrap();
    assert!(!script.request(0).headers().contains_key("authorization"));
}

#[tokio::test]
async fn a_requests_own_header_wins() {
    let script = Script::new([status(200)]);
    let name = HeaderName::from_static("acme-version");
    let client =
        script.builder().default_header(name.clone(), HeaderValue::from_static("old")).build().unwrap();
    let request = ApiRequest::get(Operation::List).header(name, HeaderValue::from_static("new"));
    client.send(request).await.unwrap();
    assert_eq!(script.request(0).headers()["acme-version"], "new");
}

#[tokio::test]
async fn every_body_has_a_fixed_length() {
    for method in [Method::POST, Method::PUT, Method::PATCH] {
        let request = sent(ApiRequest::new(Operation::Rotate, method.clone())).await;
        assert_eq!(request.headers()["content-length"], "0", "{method}");
        assert!(!request.headers().contains_key("content-type"));
    }
    let request = sent(ApiRequest::post(Operation::Activate).json(&serde_json::json!({ "key": "é" }))).await;
    assert_eq!(request.body().as_ref(), r#"{"key":"é"}"#.as_bytes());
    assert_eq!(request.headers()["content-length"], "12");
    assert_eq!(request.headers()["content-type"], "application/json");
    let request = sent(ApiRequest::delete(Operation::Deactivate)).await;
    assert!(!request.headers().contains_key("content-length"));
    let request = sent(ApiRequest::delete(Operation::Deactivate).json(&[1, 2])).await;
    assert_eq!(request.headers()["content-length"], "5");
}

#[tokio::test]
async fn encodes_the_query_and_repeats_names() {
    let request = ApiRequest::get(Operation::List)
        .path(&["keys"])
        .query("status", "a&b=c d")
        .query("status", "é/?#")
        .query("page", 0);
    let request = sent(request).await;
    assert_eq!(
        request.uri().path_and_query().unwrap(),
        "/v1/keys?status=a%26b%3Dc+d&status=%C3%A9%2F%3F%23&page=0"
    );
}

#[tokio::test]
async fn keeps_the_base_path_and_the_asked_slash() {
    for (base, root) in [
        ("https://api.acme.test", ""),
        ("https://api.acme.test/", ""),
        ("https://api.acme.test/v1", "/v1"),
        ("https://api.acme.test/a/b/", "/a/b"),
    ] {
        let script = Script::new([status(200), status(200), status(200)]);
        let client = ApiClient::builder("acme", base.parse().unwrap(), script.clone()).build().unwrap();
        let keys = || ApiRequest::get(Operation::List).path(&["license keys", "x/y"]);
        client.send(keys()).await.unwrap();
        client.send(keys().trailing_slash()).await.unwrap();
        client.send(keys().segment(PathSegment::new("id", "1").unwrap())).await.unwrap();
        assert_eq!(script.request(0).uri().path(), format!("{root}/license%20keys/x%2Fy"), "{base}");
        assert_eq!(script.request(1).uri().path(), format!("{root}/license%20keys/x%2Fy/"), "{base}");
        assert_eq!(script.request(2).uri().path(), format!("{root}/license%20keys/x%2Fy/1"), "{base}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_an_error_before_sending() {
    let unwritable = std::collections::BTreeMap::from([((1, 2), 3)]);
    let script = Script::new([]);
    let error =
        script.client().send(ApiRequest::post(Operation::Create).json(&unwritable)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!((error.provider(), error.operation()), (Some("acme"), Some(Operation::Create)));
    assert_eq!((error.attempts(), error.may_have_taken_effect()), (0, false));
}

#[test]
fn knows_what_may_be_repeated() {
    let kinds = |request: ApiRequest| (request.repeat(), request.changes_state());
    assert_eq!(kinds(ApiRequest::get(Operation::Get)), (Repeat::Always, false));
    assert_eq!(kinds(ApiRequest::new(Operation::Get, Method::HEAD)), (Repeat::Always, false));
    assert_eq!(kinds(ApiRequest::post(Operation::Activate)), (Repeat::OnlyIfNotDone, true));
    assert_eq!(kinds(ApiRequest::patch(Operation::Update)), (Repeat::OnlyIfNotDone, true));
    assert_eq!(kinds(ApiRequest::delete(Operation::Deactivate)), (Repeat::OnlyIfNotDone, true));
    assert_eq!(kinds(ApiRequest::patch(Operation::Update).repeatable()), (Repeat::Always, true));
    assert_eq!(kinds(ApiRequest::post(Operation::Validate).read_only()), (Repeat::Always, false));
}

#[test]
fn base_urls_that_no_request_may_go_to_are_refused() {
    let build =
        |base: &str| ApiClient::builder("acme", base.parse().unwrap(), Script::new([])).build().map(|_| ());
    for base in ["http://localhost:1", "http://127.0.0.1", "http://127.9.9.9:80/x", "http://[::1]:8080"] {
        assert!(build(base).is_ok(), "{base}");
    }
    let bad = [
        ("http://api.acme.test", "plain http"),
        ("http://localhost.evil.test", "plain http"),
        ("http://128.0.0.1", "plain http"),
        ("http://[::ffff:1.2.3.4]", "plain http"),
        ("https://user:hunter2@api.acme.test", "user name or password"),
        ("https://${HOST}", "variable"),
        ("https://{region}.acme.test", "variable"),
        ("https://api.acme.test/{account}/v1", "variable"),
        ("https://api.acme.test/$ACCOUNT", "variable"),
        ("https://api.acme.test/?x=hunter2", "query"),
        ("https://api.acme.test/#hunter2", "fragment"),
        ("ftp://api.acme.test", "https://"),
        ("mailto:x@acme.test", "https://"),
    ];
    for (base, why) in bad {
        let error = build(base).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{base}");
        assert_eq!((error.provider(), error.operation()), (Some("acme"), Some(Operation::Configure)));
        assert!(error.message().contains(why), "{base}: {error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
    let plain = "http://api.acme.test".parse().unwrap();
    assert!(ApiClient::builder("acme", plain, Script::new([])).allow_plain_http(true).build().is_ok());
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let zero = std::time::Duration::ZERO;
    let script = Script::new([]);
    for builder in [
        script.builder().deadline(zero),
        script.builder().attempt_timeout(zero),
        script.builder().user_agent("two\nlines"),
    ] {
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config);
    }
    assert!(script.builder().deadline(std::time::Duration::MAX).build().is_ok());
}

#[tokio::test]
async fn a_form_is_encoded_and_declared() {
    let fields = [("product_id", "32-nPAicqbLj8B_WswVlMw=="), ("license_key", "A&B C")];
    let request = sent(ApiRequest::put(Operation::Update).form(&fields)).await;
    assert_eq!(request.method(), Method::PUT);
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(&request.body()[..], b"product_id=32-nPAicqbLj8B_WswVlMw%3D%3D&license_key=A%26B+C");
    assert_eq!(request.headers()["content-length"], request.body().len().to_string());
}
