//! Each operation's outgoing request, and what the answers that matter become. The bodies are from Acme's
//! documentation, not from the simulator.

use std::sync::Arc;

use anykey::adapter::KeyCodeExt as _;
use anykey::{
    ActivateRequest, DeactivateRequest, ErrorKind, KeyCode, LicenseProvider, LicenseProviderExt, ListQuery,
    RefusalReason, ValidateRequest,
};
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::simulator::TOKEN;

const LICENSE: &str = r#"{"id":"lic_1","code":"ACME-1","state":"active","seats":2,"tomorrows_field":{}}"#;

fn provider(transport: &ScriptedTransport) -> Arc<dyn LicenseProvider> {
    crate::provider(crate::CONFIG, transport.clone()).unwrap()
}

fn code() -> KeyCode {
    KeyCode::verbatim("ACME-1")
}

/// A transport that answers once, and the request that it got.
fn once(answer: Answer) -> ScriptedTransport {
    ScriptedTransport::new().then(answer)
}

fn sent(transport: &ScriptedTransport) -> (String, Option<String>, String) {
    transport.assert_finished();
    let requests = transport.requests();
    let [request] = requests.as_slice() else { panic!("one request, found {}", requests.len()) };
    let line = format!("{} {}", request.method(), request.uri());
    (line, request.header("authorization").map(str::to_owned), request.text().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_device_plane_sends_the_code_and_no_credential() {
    let answer = format!(r#"{{"license":{LICENSE},"seat":{{"id":"seat_1"}}}}"#);
    let transport = once(Answer::json(200, answer.clone()));
    let request = ValidateRequest::new(code()).activation("seat_1");
    assert!(provider(&transport).validate(request).await.unwrap().is_valid());
    let body = r#"{"code":"ACME-1","seat":"seat_1","products":["app"]}"#;
    let url = "https://api.acme.example/v1/device";
    assert_eq!(sent(&transport), (format!("POST {url}/validate"), None, body.into()));

    let transport = once(Answer::json(201, answer));
    let seat = provider(&transport).activate(ActivateRequest::new(code(), "laptop")).await.unwrap();
    assert_eq!(seat.id.as_str(), "seat_1");
    let body = r#"{"code":"ACME-1","label":"laptop","products":["app"]}"#;
    assert_eq!(sent(&transport), (format!("POST {url}/activate"), None, body.into()));

    let transport = once(Answer::new(204));
    provider(&transport).deactivate(DeactivateRequest::new(code(), "seat_1")).await.unwrap();
    let body = r#"{"code":"ACME-1","seat":"seat_1"}"#;
    assert_eq!(sent(&transport), (format!("POST {url}/deactivate"), None, body.into()));
}

#[tokio::test]
async fn the_management_plane_sends_the_token() {
    let token = Some(format!("Bearer {TOKEN}"));
    let url = "https://api.acme.example/v1/licenses";
    let transport = once(Answer::json(200, format!(r#"{{"licenses":[{LICENSE}],"total":101}}"#)));
    let page = provider(&transport).list(ListQuery::new().product("a b")).await.unwrap();
    assert_eq!(page.next.unwrap().as_str(), "acme:2:100");
    let line = format!("GET {url}?page=1&per_page=100&product=a+b");
    assert_eq!(sent(&transport), (line, token.clone(), String::new()));

    let transport = once(Answer::json(200, LICENSE));
    provider(&transport).disable(&"lic_1".into()).await.unwrap();
    let body = r#"{"state":"suspended"}"#;
    assert_eq!(sent(&transport), (format!("PATCH {url}/lic_1"), token, body.into()));
}

#[tokio::test]
async fn only_the_vendors_own_words_are_a_verdict() {
    let expired = Answer::json(403, r#"{"error":"license_expired"}"#);
    let answer = provider(&once(expired)).validate(ValidateRequest::new(code())).await.unwrap();
    assert_eq!(answer.refusal().map(|refusal| refusal.reason), Some(RefusalReason::Expired));

    for unknown in [
        Answer::html(200, "<html>Sign in to the network</html>"),
        Answer::html(403, "<html>Blocked</html>"),
        Answer::json(403, r#"{"error":"ACCESS_DENIED"}"#),
        Answer::json(404, r#"{"message":"no Route matched"}"#),
        Answer::json(200, "{}"),
        Answer::json(200, format!(r#"{{"license":{}}}"#, LICENSE.replace("active", "paused"))),
    ] {
        let error = provider(&once(unknown)).validate(ValidateRequest::new(code())).await.unwrap_err();
        assert!(error.refusal().is_none(), "{error}");
        assert!(matches!(error.kind(), ErrorKind::Unrecognized | ErrorKind::Decode), "{error}");
    }
}
