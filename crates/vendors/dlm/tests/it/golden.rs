//! The requests of each operation, as they stand on the wire.

use anykey_core::{
    ActivateRequest, CreateRequest, DeactivateRequest, Expiry, KeySource, LicensePatch, LicenseProvider,
    LicenseStatus, ListQuery, StatusChange, ValidateRequest,
};
use anykey_dlm::Plane;
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::{CODE, TOKEN, code, data, key, management, not_found, provider, seat, sent};

/// What every request carries: the credential, and that no cache may answer.
const HEADERS: &str = "accept: application/json\n\
    authorization: Basic Y2tfMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDpjc18wMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw\n\
    cache-control: no-store\n";

fn get(path: &str) -> String {
    format!("GET https://shop.example.com/wp-json/dlm/v1/licenses{path}\n{HEADERS}\n")
}

fn with_body(method: &str, path: &str, body: &str) -> String {
    format!(
        "{method} https://shop.example.com/wp-json/dlm/v1/licenses{path}\n{HEADERS}content-length: {}\n\
         content-type: application/json\n\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn an_installed_app_makes_three_calls() {
    let (alive, freed) = (seat(&key(&[]), "null"), seat(&key(&[]), r#""2026-11-28 12:00:00""#));
    let transport =
        ScriptedTransport::new().then(data(&alive)).then(data(&alive)).then(data(&alive)).then(data(&freed));
    let app = provider(&transport, Plane::Device);
    let request = ActivateRequest::new(code(CODE), "Ada's Mac")
        .metadata([("os".to_owned(), "linux 6.1".into()), ("cores".to_owned(), 8.into())].into());
    let held = app.activate(request).await.unwrap();
    assert_eq!((held.id.as_str(), held.label.as_str()), (TOKEN, "laptop"));
    assert!(app.validate(ValidateRequest::new(code(CODE)).activation(TOKEN)).await.unwrap().is_valid());
    app.deactivate(DeactivateRequest::new(code(CODE), TOKEN)).await.unwrap();
    assert_eq!(
        sent(&transport),
        [
            get(&format!("/activate/{CODE}?label=Ada%27s+Mac&meta%5Bcores%5D=8&meta%5Bos%5D=linux+6.1")),
            get(&format!("/validate/{TOKEN}")),
            get(&format!("/validate/{TOKEN}")),
            get(&format!("/deactivate/{TOKEN}")),
        ]
    );
}

#[tokio::test]
async fn a_code_that_no_path_can_hold_is_named_in_the_query() {
    let dotted = key(&[(CODE, "DLM.DOTS/1")]);
    let transport = ScriptedTransport::new().then(data(&seat(&dotted, "null"))).then(data(&dotted));
    let server = management(&transport);
    server.activate(ActivateRequest::new(code("DLM.DOTS/1"), "")).await.unwrap();
    assert!(server.validate(ValidateRequest::new(code("DLM.DOTS/1"))).await.unwrap().is_valid());
    assert_eq!(
        sent(&transport),
        [get("/activate/x?license_key=DLM.DOTS%2F1"), get("/x?license_key=DLM.DOTS%2F1")]
    );
}

#[tokio::test]
async fn a_server_reads_keys_with_the_filters_that_the_plugin_has() {
    let list = format!("[{}]", key(&[]));
    let with_seats = key(&[(r#""is_expired":false"#, r#""is_expired":false,"activations":[]"#)]);
    let transport = ScriptedTransport::new()
        .then(data(&list))
        .then(data(&list))
        .then(data(&list))
        .then(data(&list))
        .then(data(&with_seats));
    let server = management(&transport);
    server.list(ListQuery::new().page_size(2)).await.unwrap();
    let query = ListQuery::new().customer("2").product("55").product("56").status(LicenseStatus::Active);
    let query = query.source(KeySource::Other("api".into()));
    assert_eq!(server.list(query).await.unwrap().items.len(), 1);
    server.get(&"1".into()).await.unwrap();
    assert!(server.activations(&"1".into()).await.unwrap().is_empty());
    assert_eq!(
        sent(&transport),
        [
            get(""),
            get(
                "?user_id=2&product_id%5B%5D=55&product_id%5B%5D=56&status%5B%5D=1&status%5B%5D=2&status%5B%5D=3&status%5B%5D=4"
            ),
            get("?id=1"),
            get("?id=1"),
            get(&format!("/{CODE}")),
        ]
    );
}

#[tokio::test]
async fn a_server_creates_and_changes_keys() {
    let end = r#""expires_at":"2030-01-02 03:04:05""#;
    let ending = key(&[(r#""expires_at":null"#, end)]);
    let changed = key(&[
        (r#""expires_at":null"#, end),
        (r#""status":3"#, r#""status":5"#),
        (r#""activations_limit":2"#, r#""activations_limit":null"#),
    ]);
    let transport = ScriptedTransport::new()
        .then(data(&ending))
        .then(data(&key(&[(r#""activations_limit":2"#, r#""activations_limit":null"#)])))
        .then(data(&changed))
        .then(data(&key(&[])))
        .then(data(&format!("[{}]", key(&[]))));
    let server = management(&transport);
    let request = CreateRequest::new(code(CODE), "2", "55").activation_limit(2);
    let request = request.expiry(Expiry::At("2030-01-02T03:04:05.678Z".parse().unwrap()));
    server.create(request).await.unwrap();
    server.create(CreateRequest::new(code(CODE), "2", "55")).await.unwrap();
    let patch = LicensePatch::new()
        .status(StatusChange::Disable)
        .activation_limit(anykey_core::ActivationLimit::Unlimited)
        .expiry("2030-01-02T03:04:05Z".parse::<anykey_core::Timestamp>().unwrap());
    server.update(&"1".into(), patch).await.unwrap();
    let patch = LicensePatch::new().status(StatusChange::Enable).clear_expiry();
    server.update(&"1".into(), patch).await.unwrap();
    server.update(&"1".into(), LicensePatch::new()).await.unwrap();
    assert_eq!(
        sent(&transport),
        [
            with_body(
                "POST",
                "",
                r#"{"license_key":"DLM-7F3K-9Q2M","status":3,"activations_limit":2,"expires_at":"2030-01-02 03:04:05","user_id":2,"product_id":55}"#
            ),
            with_body(
                "POST",
                "",
                r#"{"license_key":"DLM-7F3K-9Q2M","status":3,"activations_limit":null,"expires_at":null,"user_id":2,"product_id":55}"#
            ),
            with_body(
                "PUT",
                "/1",
                r#"{"status":5,"activations_limit":null,"expires_at":"2030-01-02 03:04:05"}"#
            ),
            with_body("PUT", "/1", r#"{"status":3,"expires_at":null}"#),
            // Nothing to change is a read.
            get("?id=1"),
        ]
    );
}

#[tokio::test]
async fn a_rotation_looks_for_the_key_and_for_the_new_code_first() {
    let transport =
        ScriptedTransport::from_fn(|request| match (request.method().as_str(), request.query()) {
            ("PUT", _) => {
                let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
                data(&key(&[(CODE, body["license_key"].as_str().unwrap())]))
            }
            (_, Some("id=1")) => data(&format!("[{}]", key(&[]))),
            _ => not_found(),
        });
    let new = management(&transport).rotate(&"1".into()).await.unwrap();
    let new = new.code.expose();
    assert!(new.len() == 29 && new != CODE, "five groups of five");
    assert_eq!(
        sent(&transport),
        [
            get("?id=1"),
            get(&format!("/{new}")),
            with_body("PUT", "/1", &format!(r#"{{"license_key":"{new}"}}"#)),
        ]
    );
}

#[tokio::test]
async fn a_seat_too_many_is_given_back_with_one_request() {
    let over = seat(&key(&[(r#""times_activated":1"#, r#""times_activated":3"#)]), "null");
    let freed = seat(&key(&[]), r#""2026-11-28 12:00:00""#);
    for (answer, is_open) in [(data(&freed), false), (Answer::new(503), true)] {
        let transport = ScriptedTransport::new().then(data(&over)).then(answer);
        let app = provider(&transport, Plane::Device);
        let error = app.activate(ActivateRequest::new(code(CODE), "laptop")).await.unwrap_err();
        let reason = error.refusal().map(|refusal| refusal.reason);
        assert_eq!(reason, Some(anykey_core::RefusalReason::ActivationLimitReached));
        assert_eq!(error.may_have_taken_effect(), is_open, "{error}");
        let expected = [get(&format!("/activate/{CODE}?label=laptop")), get(&format!("/deactivate/{TOKEN}"))];
        assert_eq!(sent(&transport), expected);
    }
}
