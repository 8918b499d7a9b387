//! The exact requests, and the results for the documented answers.

use anykey_core::{
    ActivateRequest, ActivationLimit, DeactivateRequest, EmailAddress, Environment, ErrorKind, Expiry,
    LicensePatch, LicenseProvider, LicenseProviderExt, LicenseStatus, ListQuery, RefusalReason, StatusChange,
    ValidateRequest,
};
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::*;

#[tokio::test]
async fn a_validation_without_an_activation() {
    let transport = ScriptedTransport::new()
        .then(yes("valid", "null", &[]).header("date", "Sat, 28 Nov 2026 12:00:00 GMT"));
    let validation = management(&transport).validate(ValidateRequest::new(code())).await.unwrap();
    assert_eq!(
        sent(&transport),
        ["POST https://api.lemonsqueezy.com/v1/licenses/validate\n\
          accept: application/json\n\
          content-length: 54\n\
          content-type: application/json\n\n\
          {\"license_key\":\"38b1460a-5104-4067-a91d-77b872934d51\"}"]
    );
    assert!(validation.is_valid() && validation.activation.is_none());
    assert_eq!(validation.status_word.as_deref(), Some("active"));
    assert_eq!(validation.answered_at, Some("2026-11-28T12:00:00Z".parse().unwrap()));
    let key = validation.key.unwrap();
    assert_eq!((key.id.as_str(), key.environment), ("9", Some(Environment::Live)));
    assert_eq!((key.expiry, key.activations.used), (Expiry::Unknown, Some(1)));
    assert_eq!((key.product, key.customer), (Some("4".into()), Some("6".into())));
}

#[tokio::test]
async fn the_calls_with_an_activation() {
    let transport = ScriptedTransport::new()
        .then(yes("activated", &seat(), &[]))
        .then(yes("valid", &seat(), &[]))
        .then(yes("deactivated", "null", &[]));
    let provider = management(&transport);
    let taken = provider.activate(ActivateRequest::new(code(), "Zoë's \"Mac\"")).await.unwrap();
    assert_eq!((taken.id.as_str(), taken.label.as_str()), (SEAT, "Laptop"));
    assert_eq!(taken.key.unwrap().id.as_str(), "9");
    let request = ValidateRequest::new(code()).activation(SEAT).product("4").customer("6");
    assert_eq!(provider.validate(request).await.unwrap().activation.unwrap().id.as_str(), SEAT);
    provider.deactivate(DeactivateRequest::new(code(), SEAT)).await.unwrap();
    let bodies: Vec<_> = sent(&transport)
        .iter()
        .map(|text| (text.lines().next().unwrap().to_owned(), text.lines().last().unwrap().to_owned()))
        .collect();
    let about_the_seat = format!(r#"{{"license_key":"{CODE}","instance_id":"{SEAT}"}}"#);
    let path = |call: &str| format!("POST https://api.lemonsqueezy.com/v1/licenses/{call}");
    assert_eq!(
        bodies,
        [
            (path("activate"), format!(r#"{{"license_key":"{CODE}","instance_name":"Zoë's \"Mac\""}}"#)),
            (path("validate"), about_the_seat.clone()),
            (path("deactivate"), about_the_seat),
        ]
    );
}

#[tokio::test]
async fn a_list_sends_the_store_and_its_filters() {
    let page = format!(
        r#"{{"meta":{{"page":{{"currentPage":1,"from":1,"lastPage":2,"perPage":1,"to":1,"total":2}}}},"jsonapi":{{"version":"1.0"}},"links":{{"first":"u","last":"u","next":"u"}},"data":[{}]}}"#,
        key_resource()
    );
    let transport = ScriptedTransport::new().then(Answer::json(200, page));
    let query = ListQuery::new().page_size(1).product("4").status(LicenseStatus::Inactive);
    let page = management(&transport).list(query).await.unwrap();
    assert_eq!(
        sent(&transport),
        ["GET https://api.lemonsqueezy.com/v1/license-keys?filter%5Bstore_id%5D=1&filter%5Bproduct_id%5D=4\
          &filter%5Bstatus%5D=inactive&page%5Bnumber%5D=1&page%5Bsize%5D=1\n\
          accept: application/vnd.api+json\n\
          authorization: Bearer eyJ0.planted.token\n\n"]
    );
    assert_eq!((page.items.len(), page.total, page.next.is_some()), (1, Some(2), true));
    assert_eq!(page.items[0].status, LicenseStatus::Inactive);
}

#[tokio::test]
async fn an_update_reads_the_key_first_and_sends_only_changed_members() {
    let transport = ScriptedTransport::new()
        .then(key_document(&[]))
        .then(key_document(&[("\"activation_limit\":5", "\"activation_limit\":7")]));
    let patch = LicensePatch::new().activation_limit(ActivationLimit::AtMost(7));
    let key = management(&transport).update(&"9".into(), patch).await.unwrap();
    assert_eq!(key.activations.limit, ActivationLimit::AtMost(7));
    assert_eq!(
        sent(&transport),
        [
            "GET https://api.lemonsqueezy.com/v1/license-keys/9\n\
             accept: application/vnd.api+json\n\
             authorization: Bearer eyJ0.planted.token\n\n",
            "PATCH https://api.lemonsqueezy.com/v1/license-keys/9\n\
             accept: application/vnd.api+json\n\
             authorization: Bearer eyJ0.planted.token\n\
             content-length: 77\n\
             content-type: application/vnd.api+json\n\n\
             {\"data\":{\"type\":\"license-keys\",\"id\":\"9\",\"attributes\":{\"activation_limit\":7}}}",
        ]
    );
}

#[tokio::test]
async fn an_update_of_one_member_enables_no_key() {
    let fixture = Fixture::new();
    let key = fixture.sim().issue(anykey_lemonsqueezy_sim::KeySpec::default()).unwrap();
    let token = fixture.sim().api_key(anykey_lemonsqueezy_sim::Mode::Test);
    let provider = fixture.builder().environment(Environment::Sandbox).token(token).build().unwrap();
    let id = key.id.to_string().into();
    provider.disable(&id).await.unwrap();
    let key = provider.update(&id, LicensePatch::new().activation_limit(9)).await.unwrap();
    assert_eq!(key.status, LicenseStatus::Disabled);
    assert_eq!(
        provider.update(&id, LicensePatch::new().status(StatusChange::Enable)).await.unwrap().status,
        LicenseStatus::Inactive
    );
}

#[tokio::test]
async fn an_id_that_is_not_a_number_is_not_sent() {
    let transport = ScriptedTransport::new();
    let provider = management(&transport);
    for id in [CODE, "../1", "01", "1a", ""] {
        let error = provider.get(&id.into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}");
        assert!(!error.to_string().contains(CODE));
    }
    assert_eq!(sent(&transport), [""; 0]);
}

#[tokio::test]
async fn an_empty_activation_is_an_error() {
    let transport = ScriptedTransport::new();
    let provider = device(&transport);
    for blank in ["", "  ", "\t"] {
        let error = provider.validate(ValidateRequest::new(code()).activation(blank)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let error = provider.deactivate(DeactivateRequest::new(code(), blank)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
    assert_eq!(sent(&transport), [""; 0]);
}

#[tokio::test]
async fn a_deactivation_with_a_lost_first_answer_succeeds() {
    let gone = r#"{"deactivated":false,"error":"license_key_instance not found."}"#;
    let transport = ScriptedTransport::new().then(Answer::new(502)).then(Answer::json(404, gone));
    device(&transport).deactivate(DeactivateRequest::new(code(), SEAT)).await.unwrap();
    let transport = ScriptedTransport::new().then(Answer::json(404, gone));
    let error = device(&transport).deactivate(DeactivateRequest::new(code(), SEAT)).await.unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!(refusal.reason, RefusalReason::UnknownActivation);
    assert_eq!(refusal.message.as_deref(), Some("license_key_instance not found."));
}

#[tokio::test]
async fn a_list_by_an_address_reads_one_order_after_the_other() {
    let orders = |id: &str, email: &str, last: u64| {
        let next = if last > 1 { r#","next":"u""# } else { "" };
        let frame =
            format!(r#""meta":{{"page":{{"currentPage":1,"lastPage":{last},"perPage":1,"total":{last}}}}}"#);
        let data = format!(r#"{{"type":"orders","id":"{id}","attributes":{{"user_email":"{email}"}}}}"#);
        Answer::json(200, format!(r#"{{{frame},"links":{{"first":"u","last":"u"{next}}},"data":[{data}]}}"#))
    };
    let keys = format!(
        r#"{{"meta":{{"page":{{"currentPage":1,"lastPage":1,"perPage":100,"total":1}}}},"links":{{"first":"u","last":"u"}},"data":[{}]}}"#,
        key_resource()
    );
    let transport = ScriptedTransport::new()
        .then(orders("7", "Ada@example.com", 2))
        .then(Answer::json(200, keys))
        .then(orders("8", "eve@example.com", 1));
    let provider = management(&transport);
    let query = ListQuery::new().customer(EmailAddress::parse("ada@example.com").unwrap());
    let first = provider.list(query.clone()).await.unwrap();
    assert_eq!(first.items.len(), 1);
    let next = first.next.unwrap();
    assert!(!next.as_str().contains("ada"));
    let last = provider.list(query.page(next)).await.unwrap();
    assert!(last.items.is_empty(), "the order of another address is not read");
    let uris: Vec<_> = transport.requests().iter().map(|request| request.uri().to_string()).collect();
    let order = |number: u64| {
        format!(
            "https://api.lemonsqueezy.com/v1/orders?filter%5Bstore_id%5D=1&filter%5Buser_email%5D=ada%40example.com\
             &page%5Bnumber%5D={number}&page%5Bsize%5D=1"
        )
    };
    assert_eq!((uris[0].clone(), uris[2].clone()), (order(1), order(2)));
    assert!(uris[1].ends_with("&filter%5Border_id%5D=7") && uris.len() == 3, "{uris:?}");
}
