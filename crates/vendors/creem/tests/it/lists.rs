//! Pages of a server whose pages are smaller than asked for, and records that cannot be read.

use anykey_core::{ErrorKind, LicenseProvider, LicenseProviderExt, ListQuery};
use anykey_creem_sim::{KeySpec, OversizedPage};
use anykey_testkit::transport::{Answer, ScriptedTransport};
use futures_util::TryStreamExt;

use crate::support::*;

#[tokio::test]
async fn smaller_pages_follow_each_other() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.max_page_size = 7);
    let keys: Vec<_> = (0..30).map(|_| fixture.issue(KeySpec::default())).collect();
    let provider = fixture.provider();
    for prefetch in [1, 4] {
        let query = ListQuery::new().customer(&*keys[0].customer_id);
        let found: Vec<_> = provider.keys(query).prefetch(prefetch).try_collect().await.unwrap();
        let mut ids: Vec<_> = found.iter().map(|key| key.id.as_str().to_owned()).collect();
        let mut expected: Vec<_> = keys.iter().map(|key| key.id.clone()).collect();
        ids.sort();
        expected.sort();
        assert_eq!(ids, expected, "{prefetch}");
    }
    fixture.sim().change_quirks(|quirks| quirks.oversized_page = OversizedPage::Refuse);
    let error = provider.list(ListQuery::new().customer(&*keys[0].customer_id)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("page_size"), "{error}");
}

#[tokio::test]
async fn an_unreadable_key_does_not_affect_the_others() {
    let body = format!(
        r#"{{"items":[{{"id":"lk_1","status":"active","key":"{CODE}"}},{{"id":"lk_2","key":"K"}},{{"id":"lk_3","status":"expired","key":"L"}}],
        "pagination":{{"total_records":3,"total_pages":1,"current_page":1,"next_page":null,"prev_page":null}}}}"#
    );
    let transport = ScriptedTransport::new().then(Answer::json(200, body));
    let provider = builder(&transport).keep_raw(true).build().unwrap();
    let page = provider.list(ListQuery::new().customer("cust_1")).await.unwrap();
    let ids: Vec<_> = page.items.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(ids, ["lk_1", "lk_3"]);
    assert_eq!(page.unreadable[0].id.as_deref(), Some("lk_2"));
    assert!(page.items[1].raw.as_ref().unwrap().expose().contains("lk_3"));
}

#[tokio::test]
async fn a_list_that_does_not_say_whether_it_goes_on_is_an_error() {
    for pagination in ["{}", r#"{"total_records":3}"#, "[]", "null"] {
        let body = format!(r#"{{"items":[],"pagination":{pagination}}}"#);
        let transport = ScriptedTransport::from_fn(move |_| Answer::json(200, body.clone()));
        let provider = provider(&transport);
        let error = provider.list(ListQuery::new().customer("cust_1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{pagination}: {error}");
        assert!(provider.activations(&"lk_1".into()).await.is_err());
    }
}

#[tokio::test]
async fn an_unknown_customer_and_license_are_not_found() {
    let fixture = Fixture::new();
    let provider = fixture.provider();
    let error = provider.list(ListQuery::new().customer("cust_unknown")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("customer"), "{error}");
    let error = provider.activations(&"lk_unknown".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("license key"), "{error}");
}
