use std::collections::BTreeMap;
use std::error::Error as _;

use anykey_core::{Error, ErrorKind, Operation};
use anykey_http::ApiRequest;
use serde::Deserialize;

use crate::support::{Script, answer};

#[derive(Debug, Deserialize)]
struct Page {
    items: Vec<Item>,
    #[serde(default, rename = "metadata")]
    _metadata: BTreeMap<String, u8>,
}

#[derive(Debug, Deserialize)]
struct Item {
    #[serde(rename = "limit_activations")]
    limit: Option<u32>,
}

async fn decode(content_type: &str, body: &str) -> Result<Page, Error> {
    let headers = [("content-type", content_type)];
    let headers = if content_type.is_empty() { &[][..] } else { &headers[..] };
    let script = Script::new([answer(200, headers, body)]);
    script.client().send(ApiRequest::post(Operation::Activate)).await.unwrap().json()
}

async fn fault(content_type: &str, body: &str) -> Error {
    let error = decode(content_type, body).await.unwrap_err();
    let kind = if error.is_transient() { ErrorKind::Unrecognized } else { ErrorKind::Decode };
    assert_eq!((error.kind(), error.http_status()), (kind, Some(200)));
    assert!(error.may_have_taken_effect());
    assert!(error.source().is_none(), "serde's own words may repeat the input");
    error
}

#[tokio::test]
async fn reads_json_whatever_it_is_called() {
    for label in ["application/json", "text/plain", "text/html", ""] {
        let page = decode(label, " {\"items\":[{\"limit_activations\":3}],\"new\":1}\n").await.unwrap();
        assert_eq!(page.items[0].limit, Some(3), "{label}");
    }
}

#[tokio::test]
async fn names_the_place_and_never_the_value() {
    let secret = "SECRET-KEY";
    let bodies = [
        (r#"{"items":[{},{"limit_activations":"SECRET-KEY"}]}"#, "$.items[1].limit_activations"),
        (r#"{"items":{"SECRET-KEY":1}}"#, "$.items"),
        (r#"{"items":"SECRET-KEY, expected SECRET-KEY"}"#, "$.items"),
        (r#"{"items":[],"metadata":{"SECRET-KEY":"x"}}"#, "$.metadata.?"),
        (r#"{"items":[],"metadata":{"AB12CD34":"x"}}"#, "$.metadata.?"),
        (r#"["SECRET-KEY"]"#, "$"),
        (r#"[[]]"#, "not of the expected type at $ (line 1"),
        (r#"{"items":[["SECRET-KEY"]]}"#, "$.items[0]"),
        (r#""SECRET-KEY""#, "$"),
        (r#"{"metadata":{}}"#, "`items` is missing at $ (line 1"),
        (r#"{"items":[],"#, "too early"),
        (r#"{"items":[] SECRET-KEY}"#, "malformed at $"),
        (r#"{"items":[]} SECRET-KEY"#, "after the document"),
    ];
    for (body, place) in bodies {
        let error = fault("application/json", body).await;
        assert!(error.message().contains(place), "{body}: {error}");
        assert!(!format!("{error} {error:?}").contains(secret), "{error:?}");
        assert!(!format!("{error:?}").contains("AB12"), "{error:?}");
        assert!(!error.is_transient(), "{body}");
    }
    let error = fault("text/html", r#"{"items":7}"#).await;
    assert!(error.message().contains("$.items") && !error.is_transient(), "JSON by another name: {error}");
    let error = fault("application/json", "{\"items\":\n  [7]}").await;
    assert!(error.message().contains("(line 2, column 4)"), "{error}");
}

#[tokio::test]
async fn a_proxys_page_is_not_the_vendors_answer() {
    let table = [
        ("text/html; charset=utf-8", "<html>SECRET</html>", "text/html instead of JSON"),
        ("", "<html>SECRET</html>", "something else instead of JSON"),
        ("application/json", " <html>SECRET</html>", "something else instead of JSON"),
        ("text/plain", "Internal Server Error", "text/plain instead of JSON"),
        ("text/<script>", "SECRET", "something else instead of JSON"),
        ("application/json", "", "empty body instead of JSON"),
        ("text/html", " \r\n", "empty body instead of JSON"),
    ];
    for (label, body, what) in table {
        let error = fault(label, body).await;
        assert!(error.message().contains(what), "{label} {body:?}: {error}");
        assert!(error.is_transient(), "{label} {body:?}");
        assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
    }
}

#[tokio::test]
async fn survives_a_nesting_bomb() {
    for open in ["[", "{\"items\":"] {
        let error = fault("application/json", &open.repeat(1_000_000)).await;
        assert!(!error.is_transient());
    }
    let script = Script::new([answer(200, &[], &"[".repeat(1_000_000))]);
    let response = script.client().send(ApiRequest::get(Operation::List)).await.unwrap();
    assert!(response.json::<serde_json::Value>().is_err());
}
