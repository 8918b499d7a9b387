//! The exact requests, and the results for the documented answers.

use anykey_core::{
    ActivationLimit, EmailAddress, Environment, ErrorKind, Expiry, KeySource, LicensePatch, LicenseProvider,
    LicenseStatus, ListQuery, StatusChange, Usage, ValidateRequest,
};
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::*;

const VERIFY: &str = "POST https://api.gumroad.com/v2/licenses/verify\n\
    accept: application/json\n\
    content-length: 114\n\
    content-type: application/x-www-form-urlencoded\n\n\
    product_id=32-nPAicqbLj8B_WswVlMw%3D%3D&license_key=85DB562A-C11D4B06-A2335A6B-8C079166\
    &increment_uses_count=false";

#[tokio::test]
async fn a_validation_counts_nothing_and_carries_no_token() {
    let transport = ScriptedTransport::new().then(verified(&[]));
    let validation = management(&transport).validate(ValidateRequest::new(code())).await.unwrap();
    assert_eq!(sent(&transport), [VERIFY]);
    assert!(validation.is_valid() && validation.activation.is_none());
    assert_eq!(validation.status_word.as_deref(), Some("active"));
    assert_eq!(validation.answered_at, Some("2026-11-28T12:00:00Z".parse().unwrap()));
    let key = validation.key.unwrap();
    assert_eq!((key.id.as_str(), key.code.expose()), (SALE, CODE));
    assert_eq!((&key.status, key.environment), (&LicenseStatus::Active, Some(Environment::Live)));
    assert_eq!((key.expiry, key.usage), (Expiry::FollowsSubscription, Some(Usage { used: 3, limit: None })));
    assert_eq!((key.activations.used, key.activations.limit), (None, ActivationLimit::NotAllowed));
    assert_eq!((key.product, key.customer), (Some(PRODUCT.into()), Some("5550321502811".into())));
    assert_eq!(key.origin.source, Some(KeySource::Purchase));
    assert_eq!(key.origin.seller.as_deref(), Some("kL0psVL2admJSYRNs-OCMg=="));
    assert_eq!(key.origin.order.as_deref(), Some("524459995"));
    assert_eq!(key.origin.subscription.as_deref(), Some("GDzW4_aBdQc-o7Gbjng7lw=="));
    assert_eq!(key.created_at, Some("2021-01-05T19:38:56Z".parse().unwrap()));
}

#[tokio::test]
async fn a_counted_validation_asks_first_and_counts_second() {
    let transport =
        ScriptedTransport::new().then(verified(&[])).then(verified(&[("\"uses\":3", "\"uses\":4")]));
    let request = ValidateRequest::new(code()).increment_usage(1);
    let validation = device(&transport).validate(request).await.unwrap();
    assert_eq!(validation.key.unwrap().usage.unwrap().used, 4);
    let counted = VERIFY.replace("count=false", "count=true").replace("114", "113");
    assert_eq!(sent(&transport), [VERIFY.to_owned(), counted]);
}

#[tokio::test]
async fn a_list_sends_its_filters_and_the_page_key() {
    let page = format!(
        r#"{{"success":true,"next_page_url":"/v2/sales?page_key=20230119081040000000-123456","next_page_key":"20230119081040000000-123456","sales":[{}]}}"#,
        sale_document()
    );
    let transport = ScriptedTransport::new()
        .then(Answer::json(200, page))
        .then(Answer::json(200, r#"{"success":true,"sales":[]}"#));
    let provider = management(&transport);
    let from = "2021-01-05T00:00:00Z".parse().unwrap();
    let query = ListQuery::new().product(PRODUCT).created_from(from).created_until(from);
    let page = provider.list(query.clone()).await.unwrap();
    assert!(page.items.is_empty(), "the sale was made later on that day");
    let last = provider.list(query.page(page.next.unwrap())).await.unwrap();
    assert!(last.items.is_empty() && last.next.is_none());
    let headers = "accept: application/json\nauthorization: Bearer planted-token\n\n";
    let list = "GET https://api.gumroad.com/v2/sales?product_id=32-nPAicqbLj8B_WswVlMw%3D%3D&after=2021-01-04&before=2021-01-07";
    assert_eq!(
        sent(&transport),
        [format!("{list}\n{headers}"), format!("{list}&page_key=20230119081040000000-123456\n{headers}")]
    );
}

#[tokio::test]
async fn a_key_is_read_as_its_sale() {
    let transport = ScriptedTransport::new().then(sale(&[]));
    let key = management(&transport).get(&SALE.into()).await.unwrap();
    assert_eq!(
        sent(&transport),
        ["GET https://api.gumroad.com/v2/sales/FO8TXN-dvaYbBbahG97a-Q%3D%3D\n\
          accept: application/json\n\
          authorization: Bearer planted-token\n\n"]
    );
    assert_eq!((key.id.as_str(), key.code.expose()), (SALE, CODE));
    assert_eq!((key.expiry, key.usage), (Expiry::Never, None));
    assert!(!format!("{key:?}").contains("lanted"));
}

#[tokio::test]
async fn changes_read_the_sale_and_send_its_key() {
    let rotated = "AAAAAAAA-BBBB4BBB-8CCCCCCC-DDDDDDDD";
    let transport = ScriptedTransport::new()
        .then(sale(&[]))
        .then(verified(&[]))
        .then(sale(&[("\"license_disabled\":false", "\"license_disabled\":true")]))
        .then(verified(&[]))
        .then(sale(&[]))
        .then(verified(&[(CODE, rotated)]));
    let provider = management(&transport);
    let id = SALE.into();
    let patch = |change| LicensePatch::new().status(change);
    assert_eq!(
        provider.update(&id, patch(StatusChange::Disable)).await.unwrap().status,
        LicenseStatus::Disabled
    );
    assert_eq!(
        provider.update(&id, patch(StatusChange::Enable)).await.unwrap().status,
        LicenseStatus::Active
    );
    assert_eq!(provider.rotate(&id).await.unwrap().code.expose(), rotated);
    let put = |action: &str| {
        format!(
            "PUT https://api.gumroad.com/v2/licenses/{action}\n\
             accept: application/json\n\
             authorization: Bearer planted-token\n\
             content-length: 87\n\
             content-type: application/x-www-form-urlencoded\n\n\
             product_id=32-nPAicqbLj8B_WswVlMw%3D%3D&license_key={CODE}"
        )
    };
    let requests = sent(&transport);
    let puts: Vec<_> = requests.iter().filter(|request| request.starts_with("PUT")).collect();
    assert_eq!(puts, [&put("disable"), &put("enable"), &put("rotate")]);
    assert_eq!(requests.len(), 6);
}

#[tokio::test]
async fn an_empty_patch_only_reads() {
    let transport = ScriptedTransport::new().then(sale(&[]));
    let key = management(&transport).update(&SALE.into(), LicensePatch::new()).await.unwrap();
    assert_eq!((key.status, sent(&transport).len()), (LicenseStatus::Active, 1));
}

#[tokio::test]
async fn a_key_code_is_never_part_of_a_url() {
    let transport = ScriptedTransport::new();
    let provider = management(&transport);
    for id in [CODE, "../sales", "", "a b"] {
        let error = provider.get(&id.into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id}");
        assert!(!error.to_string().contains(CODE));
    }
    assert_eq!(sent(&transport), [""; 0]);
}

#[tokio::test]
async fn a_rotation_whose_answer_was_lost_is_recognized_and_not_sent_for_another_key() {
    let rotated = "AAAAAAAA-BBBB4BBB-8CCCCCCC-DDDDDDDD";
    let gone = r#"{"success":false,"message":"That license does not exist for the provided product."}"#;
    let transport = ScriptedTransport::new()
        .then(sale(&[]))
        .then(Answer::new(502))
        .then(Answer::json(404, gone))
        .then(sale(&[(CODE, rotated)]));
    assert_eq!(management(&transport).rotate(&SALE.into()).await.unwrap().code.expose(), rotated);
    let transport = ScriptedTransport::new().then(sale(&[])).then(Answer::json(404, gone));
    let error = management(&transport).rotate(&SALE.into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    transport.assert_finished();
}

#[tokio::test]
async fn a_list_by_an_address_leaves_out_the_sales_of_others() {
    let own = sale_document();
    let moved = own.replacen("planted@example.com", "new@example.com", 1);
    let others = own.replace("planted@", "eve@").replace(SALE, "aaaaaa-dvaYbBbahG97a-Q==");
    let page = format!(r#"{{"success":true,"sales":[{moved},{others},17]}}"#);
    let transport = ScriptedTransport::new().then(Answer::json(200, page));
    let query = ListQuery::new().customer(EmailAddress::parse("Planted@example.com").unwrap());
    let page = management(&transport).list(query).await.unwrap();
    assert_eq!(
        sent(&transport),
        ["GET https://api.gumroad.com/v2/sales?email=Planted%40example.com\n\
          accept: application/json\n\
          authorization: Bearer planted-token\n\n"]
    );
    assert_eq!(page.items.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), [SALE]);
    assert_eq!(page.unreadable.len(), 1);
}
