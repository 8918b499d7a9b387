use std::fmt::Write as _;
use std::sync::Arc;

use anykey_core::{Error, ErrorKind, Operation};
use anykey_http::{ApiRequest, BearerToken, PathSegment, TransportErrorKind};

use crate::support::{Script, Step, answer};

const SECRET: &str = "SECRET0KEY";

fn request() -> ApiRequest {
    ApiRequest::post(Operation::Validate)
        .segment(PathSegment::new("license key id", SECRET).unwrap())
        .query("key", SECRET)
        .json(&serde_json::json!({ "key": SECRET }))
        .header(http::HeaderName::from_static("x-key"), SECRET.parse().unwrap())
        .read_only()
}

fn script() -> Arc<Script> {
    let body = format!("{{\"key\":\"{SECRET}\"}}");
    Script::new([
        Step::Fail(TransportErrorKind::Interrupted),
        answer(503, &[("set-cookie", SECRET)], SECRET),
        answer(200, &[("x-key", SECRET), ("content-type", "application/json")], &body),
    ])
}

#[tokio::test(start_paused = true)]
async fn nothing_prints_a_secret() {
    let token = BearerToken::new(SECRET).unwrap();
    let builder = script().builder().bearer(token.clone());
    let mut printed = format!("{token:?} {builder:?} {:?}", request());
    let client = builder.build().unwrap();
    let response = client.send(request()).await.unwrap();
    let unreadable: Error = response.json::<u32>().unwrap_err();
    let segment = PathSegment::new("license key id", SECRET).unwrap();
    write!(printed, "{client:?} {response:?} {segment:?} {unreadable} {unreadable:?}").unwrap();
    assert!(!printed.contains(SECRET), "{printed}");
    assert!(printed.contains("acme") && printed.contains("license key id"), "{printed}");
}

#[tokio::test(start_paused = true)]
async fn errors_have_a_line_of_their_own() {
    let script = Script::new([Step::Fail(TransportErrorKind::Interrupted)]);
    let error = script.client().send(ApiRequest::post(Operation::Activate)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(
        error.to_string(),
        "acme: activate: transport: the connection broke before the whole answer was read; the request may \
         still have taken effect"
    );
}
