use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{ActivateRequest, ErrorKind, KeyCode, LicenseKeyId, LicenseProvider, ListQuery};
use anykey_dodo::LicenseKeysApi::{Auto, Grants};
use anykey_dodo_sim::{DeprecatedCalls, KeySpec};

use super::bench::{Bench, all};

#[tokio::test]
async fn an_id_stored_under_the_classic_calls_is_found_by_one_walk_and_then_by_its_customer() {
    let bench = Bench::new();
    let issued = bench.issue_many(250);
    let stored = all(&bench.provider(Auto), ListQuery::new()).await.pop().unwrap();
    assert_eq!(stored.id.as_str(), issued[0].id);
    bench.remove_classic(DeprecatedCalls::Gone);

    let provider = bench.provider(Grants);
    let from = bench.arrived();
    let found = provider.get(&stored.id).await.unwrap();
    assert_eq!((&found.id, &found.code), (&stored.id, &stored.code));
    let asked = bench.arrived_since(from).len();
    assert_eq!(asked, 1 + 3 + 1, "the entitlements, all the grants, and whether they end there");

    let customer = issued[0].customer_id.as_str();
    let other = bench.issue(KeySpec { customer: Some("cus_other".into()), ..KeySpec::default() });
    provider.list(ListQuery::new().customer("cus_other")).await.unwrap();
    let from = bench.arrived();
    assert_eq!(provider.clone().get(&other.id.as_str().into()).await.unwrap().code.expose(), other.key);
    let path = "GET /customers/cus_other/entitlement-grants?integration_type=license_key&page_size=100&page_number=0";
    assert_eq!(bench.arrived_since(from), [path]);
    let from = bench.arrived();
    provider.get(&stored.id).await.unwrap();
    let paths = bench.arrived_since(from);
    assert!(paths.iter().all(|line| line.starts_with(&format!("GET /customers/{customer}/"))), "{paths:?}");
}

#[tokio::test]
async fn a_key_that_is_no_longer_where_it_was_is_looked_for_everywhere() {
    let bench = Bench::new();
    let issued = bench.issue(KeySpec { customer: Some("cus_1".into()), ..KeySpec::default() });
    let provider = bench.provider(Grants);
    provider.list(ListQuery::new()).await.unwrap();
    bench.wire.inject(
        anykey_testkit::transport::Rule::always(anykey_testkit::transport::Fault::Instead(
            anykey_testkit::transport::Answer::json(
                404,
                r#"{"code":"NOT_FOUND","message":"Customer not found"}"#,
            ),
        ))
        .when(|_, path| path.starts_with("/customers/")),
    );
    assert_eq!(provider.get(&issued.id.as_str().into()).await.unwrap().code.expose(), issued.key);
}

#[tokio::test]
async fn an_outage_on_the_way_is_never_not_found() {
    let bench = Bench::new();
    let issued = bench.issue_many(250);
    let provider = bench.provider(Grants);
    for fault in [
        anykey_testkit::transport::Fault::unavailable(503),
        anykey_testkit::transport::Fault::captive_portal(),
        anykey_testkit::transport::Fault::TruncatedBody,
    ] {
        let third_page = |_: &http::Method, path: &str| path.ends_with("/grants");
        bench.wire.inject(anykey_testkit::transport::Rule::always(fault.clone()).when(third_page));
        let error = provider.get(&issued[0].id.as_str().into()).await.unwrap_err();
        assert!(![ErrorKind::NotFound, ErrorKind::Refused].contains(&error.kind()), "{fault:?}: {error}");
        bench.wire.clear();
    }
}

#[tokio::test]
async fn an_unknown_id_is_not_found_and_a_hostile_one_not_sent() {
    let bench = Bench::new();
    bench.issue_many(2);
    let provider = bench.provider(Grants);
    for id in ["lic_nobody", "entg_nobody"] {
        let error = provider.get(&id.into()).await.unwrap_err();
        assert_eq!((error.kind(), error.operation().unwrap().name()), (ErrorKind::NotFound, "get"), "{id}");
    }
    let from = bench.arrived();
    for id in ["../lic_1", "", "lic/1", "lic_1?x"] {
        assert_eq!(provider.get(&id.into()).await.unwrap_err().kind(), ErrorKind::InvalidRequest, "{id}");
        assert_eq!(
            provider.activations(&id.into()).await.unwrap_err().kind(),
            ErrorKind::InvalidRequest,
            "{id}"
        );
    }
    assert_eq!(bench.arrived(), from);
}

#[tokio::test]
async fn a_key_is_found_by_its_grants_id_too() {
    let bench = Bench::new();
    let issued = bench.issue_many(3);
    let grant = bench.sim.grant_of(&issued[1].id).unwrap();
    let provider = bench.provider(Grants);
    for _ in 0..2 {
        let found = provider.get(&grant.as_str().into()).await.unwrap();
        assert_eq!((found.id.as_str(), found.origin.grant.as_deref()), (&*issued[1].id, Some(&*grant)));
    }
}

#[tokio::test]
async fn where_grants_do_not_tell_the_keys_ids_nobody_is_called_unknown() {
    let bench = Bench::new();
    let issued = bench.issue_many(2);
    bench.sim.change_quirks(|quirks| quirks.nameless_granted_keys = true);
    let provider = bench.provider(Grants);
    let error = provider.get(&issued[0].id.as_str().into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert_eq!(provider.get(&"entg_nobody".into()).await.unwrap_err().kind(), ErrorKind::NotFound);

    let grant = bench.sim.grant_of(&issued[0].id).unwrap();
    let nameless = provider.get(&grant.as_str().into()).await.unwrap();
    assert_eq!((nameless.id.as_str(), nameless.code.expose()), (&*grant, &*issued[0].key));
    bench.sim.change_quirks(|quirks| quirks.nameless_granted_keys = false);
    assert_eq!(
        provider.get(&nameless.id).await.unwrap().id.as_str(),
        issued[0].id,
        "a stored grant id stays good"
    );
}

#[tokio::test]
async fn activations_are_read_by_the_grant_where_it_is_known() {
    let bench = Bench::new();
    let issued = bench.issue_many(2);
    let provider = bench.provider(Grants);
    for label in ["laptop", "desktop"] {
        let code = KeyCode::verbatim(issued[0].key.as_str());
        provider.activate(ActivateRequest::new(code, label)).await.unwrap();
    }
    let id: LicenseKeyId = issued[0].id.as_str().into();
    let grant = bench.sim.grant_of(&issued[0].id).unwrap();
    let from = bench.arrived();
    assert_eq!(provider.activations(&id).await.unwrap().len(), 2);
    assert_eq!(provider.activations(&grant.as_str().into()).await.unwrap().len(), 2);
    all(&provider, ListQuery::new()).await;
    assert_eq!(provider.activations(&id).await.unwrap().len(), 2);
    let lines = bench.arrived_since(from);
    let asked: Vec<_> = lines.iter().filter(|line| line.contains("instances")).collect();
    let by = |filter: &str| format!("GET /license_key_instances?{filter}&page_size=100&page_number=0");
    let by_grant = by(&format!("grant_id={grant}"));
    assert_eq!(asked, [&by(&format!("license_key_id={id}")), &by_grant, &by_grant]);
}
