//! A page that is not full, and a record that cannot be read.

use anykey_core::{LicenseProvider, LicenseProviderExt, ListQuery};
use anykey_dodo::DodoProvider;
use anykey_dodo::LicenseKeysApi::{Classic, Grants};
use anykey_http::Pacer;
use anykey_testkit::transport::{Answer, ScriptedTransport};
use futures_util::TryStreamExt;
use serde_json::{Value, json};

fn key(number: u32) -> Value {
    json!({ "id": format!("lic_{number:03}"), "key": format!("K-{number}"), "status": "active" })
}

fn grant(number: u32) -> Value {
    json!({
        "id": format!("entg_{number:03}"), "entitlement_id": "ent_1", "status": "Delivered",
        "integration_type": "license_key", "license_key": key(number)
    })
}

fn page(records: impl Iterator<Item = Value>) -> Answer {
    Answer::json(200, json!({ "items": records.collect::<Vec<_>>() }).to_string())
}

fn provider(transport: &ScriptedTransport, api: anykey_dodo::LicenseKeysApi) -> DodoProvider {
    DodoProvider::builder()
        .base_url("http://localhost".parse().unwrap())
        .token("t")
        .license_keys(api)
        .transport(std::sync::Arc::new(transport.clone()))
        .management_pacer(Pacer::unlimited())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_lower_cap_than_the_documented_one_ends_no_listing() {
    // Pages of 50 at most, whatever is asked for.
    let transport = ScriptedTransport::new()
        .then(page((0..50).map(key)))
        .then(page((49..98).map(key)))
        .then(page((97..120).map(key)))
        .then(page((119..120).map(key)));
    let keys: Vec<_> = provider(&transport, Classic).keys(ListQuery::new()).try_collect().await.unwrap();
    let ids: Vec<_> = keys.iter().map(|key| key.id.as_str().to_owned()).collect();
    assert_eq!(ids, (0..120).map(|number| format!("lic_{number:03}")).collect::<Vec<_>>());
    let asked: Vec<_> =
        transport.requests().iter().map(|request| request.query().unwrap().to_owned()).collect();
    assert_eq!(asked[..2], ["page_size=100&page_number=0", "page_size=49&page_number=1"]);
    assert!(asked[2..].iter().all(|query| !query.contains("page_size=9")), "no larger page again: {asked:?}");
}

#[tokio::test]
async fn a_page_of_the_default_size_or_less_is_the_last() {
    let transport = ScriptedTransport::new().then(page((0..9).map(key)));
    let page = provider(&transport, Classic).list(ListQuery::new()).await.unwrap();
    assert_eq!((page.items.len(), page.next), (9, None));
}

#[tokio::test]
async fn one_odd_key_takes_no_other_along_in_either_shape() {
    let mut odd_key = key(1);
    odd_key["key"] = json!(["SECRET"]);
    let mut odd_grant = grant(1);
    odd_grant["license_key"]["key"] = json!(["SECRET"]);
    let classic = ScriptedTransport::new().then(page([key(0), odd_key, key(2)].into_iter()));
    let entitlements = json!({ "items": [{ "id": "ent_1", "integration_type": "license_key" }] }).to_string();
    let grants = ScriptedTransport::new()
        .then(Answer::json(200, entitlements.clone()))
        .then(page([grant(0), odd_grant, grant(2)].into_iter()))
        .then(Answer::json(200, entitlements));
    for (transport, api, id) in [(classic, Classic, "lic_001"), (grants, Grants, "entg_001")] {
        let page = provider(&transport, api).list(ListQuery::new()).await.unwrap();
        let ids: Vec<_> = page.items.iter().map(|key| key.id.as_str()).collect();
        assert_eq!(ids, ["lic_000", "lic_002"]);
        assert_eq!((page.unreadable[0].position, page.unreadable[0].id.as_deref()), (1, Some(id)));
        assert!(page.unreadable[0].cause.contains("key"), "{:?}", page.unreadable);
        assert!(!format!("{page:?}").contains("SECRET"));
    }
}
