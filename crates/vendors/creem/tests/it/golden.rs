//! The exact requests, and the results for the documented answers.

use anykey_core::{
    ActivateRequest, DeactivateRequest, EmailAddress, Environment, ErrorKind, Expiry, LicenseProvider,
    LicenseStatus, ListQuery, RefusalReason, ValidateRequest,
};
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::*;

#[tokio::test]
async fn a_validation() {
    let transport = ScriptedTransport::new().then(license(&[]));
    let request = ValidateRequest::new(code()).activation(SEAT).product("prod_1");
    let validation = provider(&transport).validate(request).await.unwrap();
    assert_eq!(
        sent(&transport),
        ["POST https://api.creem.io/v1/licenses/validate\n\
          accept: application/json\n\
          content-length: 62\n\
          content-type: application/json\n\
          x-api-key: creem_planted\n\n\
          {\"key\":\"ABCDE-FGHIJ-KLMNO-PQRST-UVWXY\",\"instance_id\":\"inst_1\"}"]
    );
    assert!(validation.is_valid());
    assert_eq!(validation.status_word.as_deref(), Some("active"));
    assert_eq!(validation.answered_at, Some("2026-11-28T12:00:00Z".parse().unwrap()));
    let activation = validation.activation.unwrap();
    assert_eq!((activation.id.as_str(), &*activation.label), (SEAT, "Laptop"));
    let key = validation.key.unwrap();
    assert_eq!((key.id.as_str(), key.environment), ("lk_1", Some(Environment::Live)));
    assert_eq!((key.expiry, key.activations.used), (Expiry::Unknown, Some(1)));
    assert_eq!(key.product, Some("prod_1".into()));
}

#[tokio::test]
async fn an_activation_and_a_deactivation_in_test_mode() {
    let test = ("\"prod\"", "\"test\"");
    let freed =
        ("\"name\":\"Laptop\",\"status\":\"active\"", "\"name\":\"Laptop\",\"status\":\"deactivated\"");
    let transport = ScriptedTransport::new().then(license(&[test])).then(license(&[test, freed]));
    let provider =
        anykey_creem::CreemProvider::builder("creem_test_planted").environment(Environment::Sandbox);
    let provider = provider.transport(std::sync::Arc::new(transport.clone())).build().unwrap();
    let taken = provider.activate(ActivateRequest::new(code(), "Zoë's \"Mac\"")).await.unwrap();
    assert_eq!((taken.id.as_str(), taken.product.as_ref().unwrap().as_str()), (SEAT, "prod_1"));
    assert_eq!(taken.key.unwrap().status, LicenseStatus::Active);
    provider.deactivate(DeactivateRequest::new(code(), SEAT)).await.unwrap();
    let bodies: Vec<_> = sent(&transport)
        .iter()
        .map(|text| (text.lines().next().unwrap().to_owned(), text.lines().last().unwrap().to_owned()))
        .collect();
    let path = |call: &str| format!("POST https://test-api.creem.io/v1/licenses/{call}");
    assert_eq!(
        bodies,
        [
            (path("activate"), format!(r#"{{"key":"{CODE}","instance_name":"Zoë's \"Mac\""}}"#)),
            (path("deactivate"), format!(r#"{{"key":"{CODE}","instance_id":"{SEAT}"}}"#)),
        ]
    );
}

#[tokio::test]
async fn a_list_names_the_customer_and_the_page() {
    let body = format!(
        r#"{{"items":[{{"id":"lk_1","mode":"prod","object":"license","product_id":"prod_1","status":"inactive","key":"{CODE}","activation":0,"activation_limit":null,"expires_at":null,"created_at":"2026-01-31T10:20:30.456Z"}}],"pagination":{{"total_records":2,"total_pages":2,"current_page":1,"next_page":2,"prev_page":null}}}}"#
    );
    let transport = ScriptedTransport::new().then(Answer::json(200, body));
    let page = provider(&transport).list(ListQuery::new().customer("cust_1").page_size(1)).await.unwrap();
    assert_eq!(
        sent(&transport),
        ["GET https://api.creem.io/v1/customers/cust_1/licenses?page_number=1&page_size=1\n\
          accept: application/json\n\
          x-api-key: creem_planted\n\n"]
    );
    assert_eq!((page.items.len(), page.total, page.next.is_some()), (1, Some(2), true));
    assert_eq!(page.items[0].status, LicenseStatus::Inactive);
    assert_eq!(page.items[0].customer, Some("cust_1".into()));
}

#[tokio::test]
async fn a_list_of_activations_reads_every_page_and_leaves_out_freed_seats() {
    let page = |items: &str, next: &str| {
        let pagination =
            format!(r#"{{"total_records":3,"total_pages":2,"current_page":1,"next_page":{next}}}"#);
        Answer::json(200, format!(r#"{{"items":[{items}],"pagination":{pagination}}}"#))
    };
    let freed = instance().replace("inst_1", "inst_2").replace("active", "deactivated");
    let earlier = instance().replace("inst_1", "inst_3").replace("2026-02", "2026-01");
    let transport = ScriptedTransport::new()
        .then(page(&format!("{},{freed}", instance()), "2"))
        .then(page(&format!("{earlier},{}", instance()), "null"));
    let activations = provider(&transport).activations(&"lk_1".into()).await.unwrap();
    let ids: Vec<_> = activations.iter().map(|activation| activation.id.as_str()).collect();
    assert_eq!(ids, ["inst_3", "inst_1"]);
    assert_eq!(activations[0].key_id, Some("lk_1".into()));
    let lines: Vec<_> = sent(&transport).iter().map(|text| text.lines().next().unwrap().to_owned()).collect();
    let path = "GET https://api.creem.io/v1/licenses/lk_1/instances?page_number=";
    assert_eq!(lines, [format!("{path}1&page_size=100"), format!("{path}2&page_size=100")]);
}

#[tokio::test]
async fn an_id_that_could_be_another_path_is_not_sent() {
    let transport = ScriptedTransport::new();
    let provider = provider(&transport);
    for id in ["../1", "a/b", "", "%2e"] {
        let error = provider.activations(&id.into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}");
        let error = provider.list(ListQuery::new().customer(id)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}");
    }
    for blank in ["", "  ", "\t"] {
        let error = provider.validate(ValidateRequest::new(code()).activation(blank)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let error = provider.deactivate(DeactivateRequest::new(code(), blank)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
    assert_eq!(sent(&transport), [""; 0]);
}

#[tokio::test]
async fn a_seat_that_was_given_back_before_is_given_back() {
    let before = || error(409, "[\"already deactivated\"]");
    let transport = ScriptedTransport::new().then(before());
    provider(&transport).deactivate(DeactivateRequest::new(code(), SEAT)).await.unwrap();
    // An unknown seat is given back only if an earlier answer was lost.
    for unknown in [error(404, "[\"License instance not found\"]"), error(404, "[]")] {
        let transport = ScriptedTransport::new().then(Answer::new(502)).then(unknown.clone());
        provider(&transport).deactivate(DeactivateRequest::new(code(), SEAT)).await.unwrap();
        let transport = ScriptedTransport::new().then(unknown);
        let error = provider(&transport).deactivate(DeactivateRequest::new(code(), SEAT)).await.unwrap_err();
        assert!(error.refusal().is_some(), "{error}");
    }
    let gone = || error(404, "[\"License not found\"]");
    let transport = ScriptedTransport::new().then(Answer::new(502)).then(gone());
    let error = provider(&transport).deactivate(DeactivateRequest::new(code(), SEAT)).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::UnknownKey);
}

#[tokio::test]
async fn a_message_does_not_repeat_the_key() {
    let transport = ScriptedTransport::new().then(error(404, &format!("[\"License {CODE} not found\"]")));
    let request = ValidateRequest::new(code()).activation(SEAT);
    let validation = provider(&transport).validate(request).await.unwrap();
    assert!(!format!("{validation:?} {}", validation.refusal().unwrap()).contains(CODE));
}

#[tokio::test]
async fn a_list_by_an_address_asks_for_the_customer_first() {
    let customer = |email: &str| format!(r#"{{"id":"cust_1","object":"customer","email":"{email}"}}"#);
    let empty = r#"{"items":[],"pagination":{"total_records":0,"total_pages":0,"current_page":1,"next_page":null,"prev_page":null}}"#;
    let transport = ScriptedTransport::new()
        .then(Answer::json(200, customer("Ada@example.com")))
        .then(Answer::json(200, empty))
        .then(Answer::json(200, customer("eve@example.com")))
        .then(error(404, "\"Customer not found\""));
    let provider = provider(&transport);
    let query = || ListQuery::new().customer(EmailAddress::parse("ada@example.com").unwrap());
    assert!(provider.list(query()).await.unwrap().items.is_empty());
    assert!(provider.list(query()).await.is_err(), "the answer is about another customer");
    assert!(provider.list(query()).await.unwrap().items.is_empty(), "nobody has the address");
    let asked = "https://api.creem.io/v1/customers?email=ada%40example.com";
    let uris: Vec<_> = transport.requests().iter().map(|request| request.uri().to_string()).collect();
    assert_eq!(
        uris,
        [
            asked,
            "https://api.creem.io/v1/customers/cust_1/licenses?page_number=1&page_size=100",
            asked,
            asked
        ]
    );
}
