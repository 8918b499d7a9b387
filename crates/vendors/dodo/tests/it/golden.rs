//! Each operation's outgoing request, and what its answer becomes. The bodies are written from Dodo's
//! documentation; no traffic was recorded.

use std::sync::Arc;

use anykey_core::adapter::PageTokenExt as _;
use anykey_core::{
    ActivateRequest, ActivationLimit, CreateRequest, DeactivateRequest, EmailAddress, ErrorKind, Expiry,
    KeyCode, KeySource, LicensePatch, LicenseProvider, LicenseProviderExt, LicenseStatus, ListQuery,
    Operation, PageToken, RefusalReason, Result, Timestamp, ValidateRequest,
};
use anykey_dodo::{DodoBuilder, DodoProvider};
use anykey_http::{Pacer, RetryPolicy, TransportErrorKind};
use anykey_testkit::transport::{Answer, RecordedRequest, ScriptedTransport};
use serde_json::{Value, json};

const CODE: &str = "6f1c0a52-3b7e-4d0c-9a44-0c2e5d1f7b90";

fn builder(transport: &ScriptedTransport) -> DodoBuilder {
    DodoProvider::builder()
        .transport(Arc::new(transport.clone()))
        .retry(RetryPolicy::new().with_base(std::time::Duration::ZERO))
        .device_pacer(Pacer::unlimited())
        .management_pacer(Pacer::unlimited())
}

fn device(transport: &ScriptedTransport) -> DodoProvider {
    builder(transport).build().unwrap()
}

fn management(transport: &ScriptedTransport) -> DodoProvider {
    builder(transport).token("secret-api-key").build().unwrap()
}

fn code() -> KeyCode {
    KeyCode::parse(CODE).unwrap()
}

fn imported() -> Value {
    json!({
        "id": "lic_1", "brand_id": "bus_1", "business_id": "bus_1", "created_at": "2026-10-30T08:15:41.998120Z",
        "customer_id": "cus_1", "instances_count": 1, "key": CODE, "product_id": "pdt_1", "source": "import",
        "status": "active", "activations_limit": null, "expires_at": null, "payment_id": null,
        "subscription_id": null, "a_field_of_tomorrow": [1]
    })
}

fn ok(body: &Value) -> Answer {
    Answer::json(200, body.to_string())
}

fn refusal(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, json!({ "code": code, "message": message }).to_string())
}

fn only(transport: &ScriptedTransport) -> RecordedRequest {
    transport.assert_finished();
    let mut requests = transport.requests();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

fn sent(request: &RecordedRequest) -> (String, Value) {
    let line = format!("{} {}", request.method(), request.uri());
    (line, serde_json::from_slice(request.body()).unwrap_or(Value::Null))
}

#[tokio::test]
async fn list_counts_pages_from_zero_and_sends_every_filter() {
    let page = json!({ "items": [imported(), imported()] });
    let transport = ScriptedTransport::new().then(ok(&page)).then(ok(&json!({ "items": [imported()] })));
    let provider = management(&transport);
    let query = ListQuery::new()
        .page_size(2)
        .customer("cus_1")
        .product("pdt_1")
        .status(LicenseStatus::Disabled)
        .source(KeySource::Purchase)
        .created_from("2026-01-01T00:00:00Z".parse().unwrap())
        .created_until("2026-12-31T00:00:00Z".parse().unwrap());
    let first = provider.list(query.clone()).await.unwrap();
    let last = provider.list(query.page(first.next.clone().unwrap())).await.unwrap();

    assert_eq!((first.total, last.next), (None, None));
    let requests = transport.requests();
    assert_eq!(
        sent(&requests[0]).0,
        "GET https://live.dodopayments.com/license_keys?page_size=2&page_number=0&customer_id=cus_1&product_id=pdt_1\
         &status=disabled&source=auto&created_at_gte=2026-01-01T00%3A00%3A00Z&created_at_lte=2026-12-31T00%3A00%3A00Z"
    );
    assert!(requests[1].query().unwrap().starts_with("page_size=2&page_number=1&customer_id=cus_1"));
    assert_eq!(requests[0].header("authorization"), Some("Bearer secret-api-key"));
}

#[tokio::test]
async fn a_page_size_is_clamped_and_a_foreign_token_is_refused_unsent() {
    let empty = json!({ "items": [] });
    let transport = ScriptedTransport::new().then(ok(&empty)).then(ok(&empty));
    let provider = management(&transport);
    provider.list(ListQuery::new().page_size(0)).await.unwrap();
    provider.list(ListQuery::new().page_size(5_000)).await.unwrap();
    let sizes: Vec<_> =
        transport.requests().iter().map(|request| request.query().unwrap().to_owned()).collect();
    assert_eq!(sizes, ["page_size=1&page_number=0", "page_size=100&page_number=0"]);
    let foreign =
        provider.list(ListQuery::new().page(PageToken::numbered("polar", 1, 10))).await.unwrap_err();
    assert_eq!(foreign.kind(), ErrorKind::InvalidRequest);
    transport.assert_finished();
}

#[tokio::test]
async fn a_key_is_mapped_whole() {
    let transport = ScriptedTransport::new().then(ok(&imported()));
    let key = management(&transport).get(&"lic_1".into()).await.unwrap();
    assert_eq!(sent(&only(&transport)).0, "GET https://live.dodopayments.com/license_keys/lic_1");
    assert_eq!((key.provider.as_ref(), key.id.as_str(), key.code.expose()), ("dodo", "lic_1", CODE));
    assert_eq!((key.status, key.status_word.as_ref()), (LicenseStatus::Active, "active"));
    assert_eq!(key.expiry, Expiry::Never);
    assert_eq!((key.activations.used, key.activations.limit), (Some(1), ActivationLimit::Unlimited));
    assert_eq!(key.customer.unwrap().as_str(), "cus_1");
    assert_eq!(key.product.unwrap().as_str(), "pdt_1");
    assert_eq!((key.origin.source, key.origin.seller.as_deref()), (Some(KeySource::Import), Some("bus_1")));
    assert_eq!(key.created_at.unwrap().to_string(), "2026-10-30T08:15:41.99812Z");
    assert_eq!((key.usage, key.raw), (None, None));
}

#[tokio::test]
async fn what_an_old_or_a_coming_version_writes_is_read() {
    let old = json!({
        "id": "lic_2", "key": "LK-002", "status": "paused", "activations_limit": 0, "subscription_id": "sub_1",
        "source": "gift"
    });
    let transport = ScriptedTransport::new().then(ok(&old));
    let key = management(&transport).get(&"lic_2".into()).await.unwrap();
    assert_eq!(key.status, LicenseStatus::Other("paused".into()));
    assert!(!key.is_usable_at(Timestamp::UNIX_EPOCH));
    assert_eq!(key.status_word, "paused");
    assert_eq!(key.expiry, Expiry::FollowsSubscription);
    assert_eq!(key.activations.limit, ActivationLimit::AtMost(0));
    assert_eq!(key.activations.used, None);
    assert_eq!(key.origin.source, Some(KeySource::Other("gift".into())));
}

#[tokio::test]
async fn the_vendors_json_is_kept_only_when_asked_for() {
    let transport =
        ScriptedTransport::new().then(ok(&json!({ "items": [imported()] }))).then(ok(&imported()));
    let provider = builder(&transport).token("t").keep_raw(true).build().unwrap();
    let page = provider.list(ListQuery::new()).await.unwrap();
    let raw: Value = serde_json::from_str(page.items[0].raw.as_ref().unwrap().expose()).unwrap();
    assert_eq!(raw["a_field_of_tomorrow"], json!([1]));
    let key = provider.get(&"lic_1".into()).await.unwrap();
    assert_eq!(key.raw.unwrap().expose(), imported().to_string());
}

#[tokio::test]
async fn create_imports_the_code() {
    let transport = ScriptedTransport::new().then(Answer::json(201, imported().to_string()));
    let request = CreateRequest::new(code(), "cus_1", "pdt_1")
        .activation_limit(3)
        .expiry("2027-06-01T12:00:00Z".parse::<Timestamp>().unwrap());
    management(&transport).create(request).await.unwrap();
    let expected = json!({
        "key": CODE, "customer_id": "cus_1", "product_id": "pdt_1", "activations_limit": 3,
        "expires_at": "2027-06-01T12:00:00Z"
    });
    let request = only(&transport);
    assert_eq!(sent(&request), ("POST https://live.dodopayments.com/license_keys".to_owned(), expected));
}

#[tokio::test]
async fn what_a_new_key_cannot_be_is_unsupported_and_never_sent() {
    let import = || CreateRequest::new(code(), "cus_1", "pdt_1");
    for request in [
        import().activation_limit(ActivationLimit::NotAllowed),
        import().expiry(Expiry::FollowsSubscription),
        CreateRequest::minted("pdt_1").customer("cus_1"),
    ] {
        let transport = ScriptedTransport::new();
        let error = management(&transport).create(request).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, Some(Operation::Create)));
        transport.assert_finished();
    }
}

#[tokio::test]
async fn an_existing_code_is_a_conflict_and_not_asked_twice() {
    let transport = ScriptedTransport::new().then(Answer::json(
        409,
        json!({"code": "CONFLICT", "message": format!("{CODE} exists")}).to_string(),
    ));
    let error = management(&transport).create(CreateRequest::new(code(), "c", "p")).await.unwrap_err();
    assert_eq!((error.kind(), error.http_status(), error.attempts()), (ErrorKind::Conflict, Some(409), 1));
    assert!(!error.is_transient() && !error.may_have_taken_effect());
    assert!(!format!("{error} {error:?}").contains(CODE), "{error}");
    transport.assert_finished();
}

#[tokio::test]
async fn update_tells_keep_clear_and_set_apart() {
    let at = "2027-06-01T12:00:00Z".parse().unwrap();
    let cases = [
        (LicensePatch::new(), json!({})),
        (LicensePatch::new().clear_expiry(), json!({ "expires_at": null })),
        (LicensePatch::new().expiry(at), json!({ "expires_at": "2027-06-01T12:00:00Z" })),
        (
            LicensePatch::new().activation_limit(ActivationLimit::Unlimited),
            json!({ "activations_limit": null }),
        ),
        (LicensePatch::new().activation_limit(ActivationLimit::AtMost(5)), json!({ "activations_limit": 5 })),
    ];
    for (patch, body) in cases {
        let transport = ScriptedTransport::new().then(ok(&imported()));
        management(&transport).update(&"lic_1".into(), patch).await.unwrap();
        let expected = ("PATCH https://live.dodopayments.com/license_keys/lic_1".to_owned(), body);
        assert_eq!(sent(&only(&transport)), expected);
    }
    let transport = ScriptedTransport::new().then(ok(&imported())).then(ok(&imported()));
    management(&transport).disable(&"lic_1".into()).await.unwrap();
    management(&transport).enable(&"lic_1".into()).await.unwrap();
    let bodies: Vec<_> = transport.requests().iter().map(|request| sent(request).1).collect();
    assert_eq!(bodies, [json!({ "disabled": true }), json!({ "disabled": false })]);
}

#[tokio::test]
async fn each_refusal_of_an_update_is_its_own_error() {
    let cases = [
        (
            400,
            "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS",
            ErrorKind::Conflict,
            "lives as long as its subscription",
        ),
        (422, "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT", ErrorKind::Conflict, "below the seats in use"),
        (404, "NOT_FOUND", ErrorKind::NotFound, "no license key with this id"),
        (403, "UNAUTHORIZED", ErrorKind::PermissionDenied, "may not do this"),
    ];
    for (status, code, kind, words) in cases {
        let transport = ScriptedTransport::new().then(refusal(status, code, "Dodo's own sentence"));
        let error = management(&transport).disable(&"lic_1".into()).await.unwrap_err();
        assert_eq!((error.kind(), error.vendor_code()), (kind, Some(code)));
        assert!(
            error.to_string().contains(words) && error.to_string().contains("Dodo's own sentence"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn revoking_is_unsupported_and_says_what_to_do_instead() {
    let transport = ScriptedTransport::new();
    let error = management(&transport).revoke(&"lic_1".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("disable the key instead"), "{error}");
}

#[tokio::test]
async fn activations_are_read_to_the_last_page_once_each() {
    let instance = |number: usize| json!({ "id": format!("lki_{number}"), "license_key_id": "lic_1", "name": "a", "business_id": "b", "created_at": "2026-10-30T08:15:41Z" });
    let full: Vec<_> = (0..100).map(instance).collect();
    let shifted: Vec<_> = (99..102).map(instance).collect();
    let transport =
        ScriptedTransport::new().then(ok(&json!({ "items": full }))).then(ok(&json!({ "items": shifted })));
    let activations = management(&transport).activations(&"lic_1".into()).await.unwrap();
    assert_eq!(activations.len(), 102);
    let second = transport.requests()[1].uri().to_string();
    assert!(
        second.ends_with("/license_key_instances?license_key_id=lic_1&page_size=100&page_number=1"),
        "{second}"
    );
}

#[tokio::test]
async fn an_activation_is_renamed() {
    let renamed = json!({ "id": "lki_1", "license_key_id": "lic_1", "name": "new" });
    let transport = ScriptedTransport::new().then(ok(&renamed));
    let activation = management(&transport).rename_activation(&"lki_1".into(), "new").await.unwrap();
    assert_eq!(activation.label, "new");
    let expected = (
        "PATCH https://live.dodopayments.com/license_key_instances/lki_1".to_owned(),
        json!({ "name": "new" }),
    );
    assert_eq!(sent(&only(&transport)), expected);
}

#[tokio::test]
async fn the_device_plane_never_carries_the_token() {
    let activated = json!({ "id": "lki_1", "license_key_id": "lic_1", "name": "mac", "product": { "product_id": "pdt_1", "name": null } });
    let transport = ScriptedTransport::new()
        .then_on("POST", "/licenses/activate", Answer::json(201, activated.to_string()))
        .then_on("POST", "/licenses/validate", ok(&json!({ "valid": true })))
        .then_on("POST", "/licenses/deactivate", Answer::new(200));
    let provider = management(&transport);
    let seat = provider.activate(ActivateRequest::new(code(), "mac")).await.unwrap();
    assert_eq!((seat.id.as_str(), seat.product.unwrap().as_str()), ("lki_1", "pdt_1"));
    let validation = provider.validate(ValidateRequest::new(code()).activation("lki_1")).await.unwrap();
    assert!(validation.is_valid());
    provider.deactivate(DeactivateRequest::new(code(), "lki_1")).await.unwrap();

    let bodies: Vec<_> = transport.requests().iter().map(|request| sent(request).1).collect();
    let with_seat = json!({ "license_key": CODE, "license_key_instance_id": "lki_1" });
    assert_eq!(bodies, [json!({ "license_key": CODE, "name": "mac" }), with_seat.clone(), with_seat]);
    assert!(transport.requests().iter().all(|request| request.header("authorization").is_none()));
    transport.assert_finished();
}

#[tokio::test]
async fn a_validation_without_a_seat_sends_no_seat() {
    let transport = ScriptedTransport::new().then(ok(&json!({ "valid": false })));
    let validation = device(&transport).validate(ValidateRequest::new(code())).await.unwrap();
    assert_eq!(validation.refusal().unwrap().reason, RefusalReason::Unspecified);
    assert_eq!(sent(&only(&transport)).1, json!({ "license_key": CODE }));
}

#[tokio::test]
async fn a_seat_of_another_product_is_given_back_and_refused() {
    let activated = json!({ "id": "lki_9", "name": "mac", "product": { "product_id": "pdt_other" } });
    let transport = ScriptedTransport::new().then(Answer::json(201, activated.to_string())).then_on(
        "POST",
        "/licenses/deactivate",
        Answer::new(200),
    );
    let provider = builder(&transport).product("pdt_1").product("pdt_2").build().unwrap();
    let error = provider.activate(ActivateRequest::new(code(), "mac")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::WrongProduct);
    assert!(!error.may_have_taken_effect());
    assert_eq!(sent(&transport.requests()[1]).1["license_key_instance_id"], "lki_9");
    transport.assert_finished();
}

#[tokio::test]
async fn a_wrong_seat_that_cannot_be_given_back_is_told() {
    let activated = json!({ "id": "lki_9", "name": "mac", "product": { "product_id": "pdt_other" } });
    let transport = ScriptedTransport::new().then(Answer::json(201, activated.to_string())).then(refusal(
        403,
        "LICENSE_KEY_NOT_FOUND",
        "License key instance not found",
    ));
    let provider = builder(&transport).product("pdt_1").build().unwrap();
    let error = provider.activate(ActivateRequest::new(code(), "mac")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::WrongProduct);
    assert!(error.may_have_taken_effect());
}

#[tokio::test]
async fn a_validation_that_cannot_look_at_the_product_is_not_asked() {
    let transport = ScriptedTransport::new().then(ok(&json!({ "valid": true })));
    let provider = builder(&transport).product("pdt_1").build().unwrap();
    let error = provider.validate(ValidateRequest::new(code())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(transport.requests().is_empty());
    assert!(provider.validate(ValidateRequest::new(code()).activation("lki_1")).await.unwrap().is_valid());
}

#[tokio::test]
async fn an_activation_is_sent_once_and_its_lost_answer_is_told() {
    for lost in [TransportErrorKind::Interrupted, TransportErrorKind::Timeout] {
        let transport = ScriptedTransport::new().then(lost);
        let error = device(&transport).activate(ActivateRequest::new(code(), "mac")).await.unwrap_err();
        assert!(error.refusal().is_none() && error.is_transient() && error.may_have_taken_effect());
        assert_eq!(error.attempts(), 1);
        transport.assert_finished();
    }
    let activated = Answer::json(201, json!({ "id": "lki_1", "name": "mac" }).to_string());
    let transport =
        ScriptedTransport::new().then(TransportErrorKind::Connect).then(Answer::new(429)).then(activated);
    device(&transport).activate(ActivateRequest::new(code(), "mac")).await.unwrap();
    transport.assert_finished();
}

#[tokio::test]
async fn a_deactivation_that_was_done_by_a_lost_attempt_is_done() {
    let gone = refusal(403, "LICENSE_KEY_NOT_FOUND", "License key instance not found");
    let transport = ScriptedTransport::new().then(TransportErrorKind::Interrupted).then(gone.clone());
    device(&transport).deactivate(DeactivateRequest::new(code(), "lki_1")).await.unwrap();
    let transport = ScriptedTransport::new().then(gone);
    let error = device(&transport).deactivate(DeactivateRequest::new(code(), "lki_1")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::UnknownActivation);
}

#[tokio::test]
async fn an_outage_is_never_a_refusal() {
    let html = || Answer::html(200, "<html>sign in to the hotel's network</html>");
    let outages: [(&str, Answer); 6] = [
        ("a captive portal", html()),
        ("an empty body", Answer::new(200)),
        ("a proxy's 403", Answer::html(403, "<html>blocked</html>")),
        ("a proxy's 404", Answer::html(404, "<html>nothing here</html>")),
        ("a 429", Answer::new(429)),
        ("a 503", Answer::new(503)),
    ];
    for (name, answer) in outages {
        let transport = ScriptedTransport::from_fn(move |_| answer.clone());
        let error: Result<_> = device(&transport).validate(ValidateRequest::new(code())).await;
        assert!(error.unwrap_err().refusal().is_none(), "{name}");
        let error = device(&transport).activate(ActivateRequest::new(code(), "mac")).await.unwrap_err();
        assert!(error.refusal().is_none(), "{name}");
    }
}

#[tokio::test]
async fn hostile_ids_reach_no_other_endpoint() {
    let transport = ScriptedTransport::new();
    let provider = management(&transport);
    for id in ["", ".", "..", "../customers/x", "a/b", "a?b", "a#b", "a%2Fb", "a\\b", "a\nb", "é"] {
        let error = provider.get(&id.into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}");
        assert!(error.provider() == Some("dodo") && error.operation().is_some(), "{error}");
    }
    transport.assert_finished();
}

#[tokio::test]
async fn a_list_by_an_address_reads_each_customer_who_has_it() {
    let customer = |id: &str, email: &str| json!({ "customer_id": id, "email": email, "name": "Ada" });
    let customers = json!({ "items": [
        customer("cus_2", "ada@example.com"),
        customer("cus_3", "eve@example.com"),
        customer("cus_1", "Ada@example.com"),
    ] });
    let transport = ScriptedTransport::new()
        .then(ok(&customers))
        .then(ok(&json!({ "items": [imported()] })))
        .then(ok(&json!({ "items": [] })));
    let provider = management(&transport);
    let query = ListQuery::new().customer(EmailAddress::parse("ada@example.com").unwrap());
    let first = provider.list(query.clone()).await.unwrap();
    let next = first.next.unwrap();
    assert!(!next.as_str().contains("ada"));
    assert_eq!(provider.list(query.page(next)).await.unwrap().next, None);
    let uris: Vec<_> = transport.requests().iter().map(|request| request.uri().to_string()).collect();
    assert_eq!(
        uris[0],
        "https://live.dodopayments.com/customers?email=ada%40example.com&page_size=10&page_number=0"
    );
    assert!(uris[1].ends_with("&customer_id=cus_1") && uris[2].ends_with("&customer_id=cus_2"), "{uris:?}");
    assert_eq!(uris.len(), 3);
}
