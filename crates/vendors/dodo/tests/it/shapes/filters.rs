use anykey_core::{
    Capability, ErrorKind, KeySource, LicenseProvider, LicenseStatus, ListQuery, SignedDuration,
};
use anykey_dodo::LicenseKeysApi;
use anykey_dodo_sim::{KeySpec, Purchase, SubscriptionState};

use super::bench::{Bench, all, codes, sorted};

#[tokio::test]
async fn a_status_brings_every_key_that_has_it_and_no_other() {
    let bench = Bench::new();
    let soon = bench.clock.now() + SignedDuration::from_hours(1);
    bench.issue_many(3);
    bench.issue(KeySpec { expires_at: Some(soon), ..KeySpec::default() });
    let disabled = bench.issue(KeySpec::default());
    bench.sim.disable(&disabled.id);
    let held = bench.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    bench.sim.set_subscription(held.subscription_id.as_ref().unwrap(), SubscriptionState::OnHold);
    let revoked = bench.issue(KeySpec::default());
    bench.sim.revoke(&revoked.id);
    let odd = bench.issue(KeySpec::default());
    bench.sim.force_status_word(&odd.id, Some("disabled"));
    bench.clock.set(soon);

    let provider = bench.provider(LicenseKeysApi::Grants);
    let everything = all(&provider, ListQuery::new()).await;
    for (status, count, word) in [
        (LicenseStatus::Active, 3, Some("Delivered")),
        (LicenseStatus::Expired, 1, Some("Delivered")),
        (LicenseStatus::Disabled, 3, None),
        (LicenseStatus::Revoked, 1, Some("Revoked")),
        (LicenseStatus::Other("delivered".into()), 3, Some("Delivered")),
        (LicenseStatus::Other("disabled".into()), 3, None),
    ] {
        let from = bench.arrived();
        let found = all(&provider, ListQuery::new().status(status.clone())).await;
        let expected: Vec<_> =
            everything.iter().filter(|key| key.status == known(&status)).cloned().collect();
        assert_eq!((found.len(), &found), (count, &expected), "{status}");
        let sent = bench.arrived_since(from).into_iter().find(|line| line.contains("/grants")).unwrap();
        let filter = word.map_or(String::new(), |word| format!("status={word}&"));
        assert!(sent.ends_with(&format!("/grants?{filter}page_size=100&page_number=0")), "{sent}");
    }
}

fn known(asked: &LicenseStatus) -> LicenseStatus {
    match asked.to_string().as_str() {
        "delivered" => LicenseStatus::Active,
        "disabled" => LicenseStatus::Disabled,
        _ => asked.clone(),
    }
}

#[tokio::test]
async fn a_filter_holds_although_dodo_ignores_it() {
    let bench = Bench::new();
    bench.issue_many(2);
    let revoked = bench.issue(KeySpec::default());
    bench.sim.revoke(&revoked.id);
    let listed = all(&bench.provider(LicenseKeysApi::Grants), ListQuery::new()).await;
    let everything = serde_json::json!({ "items": [
        { "id": "entg_1", "entitlement_id": "ent_1", "customer_id": "cus_1", "status": "Delivered",
          "license_key": { "id": "lic_1", "key": "K-1", "status": "active", "activations_used": 0 } },
        { "id": "entg_2", "entitlement_id": "ent_1", "customer_id": "cus_2", "status": "Revoked",
          "license_key": { "id": "lic_2", "key": "K-2", "status": "disabled", "activations_used": 0 } }
    ] });
    assert_eq!(listed.len(), 3);
    let deaf = anykey_testkit::transport::ScriptedTransport::from_fn(move |_| {
        anykey_testkit::transport::Answer::json(200, everything.to_string())
    });
    let provider = bench.provider_on(std::sync::Arc::new(deaf), LicenseKeysApi::Grants);
    for (query, expected) in [
        (ListQuery::new().customer("cus_2"), vec!["K-2"]),
        (ListQuery::new().customer("cus_1").status(LicenseStatus::Active), vec!["K-1"]),
        (ListQuery::new().customer("cus_2").status(LicenseStatus::Active), vec![]),
        (ListQuery::new().customer("cus_1").created_from(bench.clock.now()), vec![]),
    ] {
        assert_eq!(codes(&provider, query.clone()).await, expected, "{query:?}");
    }
}

#[tokio::test]
async fn the_creation_filter_looks_at_the_grant() {
    let bench = Bench::new();
    let mut issued = Vec::new();
    for _ in 0..5 {
        issued.push(bench.issue(KeySpec::default()).key);
        bench.clock.advance(SignedDuration::from_hours(1));
    }
    let provider = bench.provider(LicenseKeysApi::Grants);
    let start = bench.clock.now() - SignedDuration::from_hours(5);
    let hour = |hours| start + SignedDuration::from_hours(hours);
    let query = ListQuery::new().created_from(hour(1)).created_until(hour(3)).page_size(1);
    assert_eq!(sorted(codes(&provider, query).await), sorted(issued[1..=3].iter().cloned()));
}

#[tokio::test]
async fn what_grants_do_not_tell_is_unsupported() {
    let bench = Bench::new();
    let provider = bench.provider(LicenseKeysApi::Grants);
    for (query, capability) in [
        (ListQuery::new().product("pdt_1"), Capability::FilterByProduct),
        (ListQuery::new().source(KeySource::Import), Capability::FilterBySource),
        (ListQuery::new().status(LicenseStatus::Inactive), Capability::FilterByStatus),
        (ListQuery::new().status(LicenseStatus::Other("paused".into())), Capability::FilterByStatus),
    ] {
        let error = provider.list(query).await.unwrap_err();
        assert_eq!((error.kind(), error.capability()), (ErrorKind::Unsupported, Some(capability)));
    }
    assert_eq!(bench.arrived(), 0);
}

#[tokio::test]
async fn a_customer_has_a_list_of_its_own_that_knows_deleted_entitlements_too() {
    let bench = Bench::new();
    let [product, other] = [bench.sim.add_product("A"), bench.sim.add_product("B")];
    let customer = bench.sim.add_customer("Ada", "ada@example.com");
    let mut mine = Vec::new();
    for product in [&product, &other] {
        let spec = KeySpec {
            product: Some(product.clone()),
            customer: Some(customer.clone()),
            ..KeySpec::default()
        };
        mine.push(bench.issue(spec).key);
        bench.issue(KeySpec { product: Some(product.clone()), ..KeySpec::default() });
    }
    bench.sim.delete_entitlement(&other.replacen("pdt_", "ent_", 1));
    let provider = bench.provider(LicenseKeysApi::Grants);
    let from = bench.arrived();
    let found = codes(&provider, ListQuery::new().customer(customer.as_str()).page_size(1)).await;
    assert_eq!(sorted(found), sorted(mine));
    let path = format!("GET /customers/{customer}/entitlement-grants?integration_type=license_key");
    assert!(bench.arrived_since(from).iter().all(|line| line.starts_with(&path)));
    assert_eq!(codes(&provider, ListQuery::new()).await.len(), 2, "a deleted entitlement is not listed");
}

#[tokio::test]
async fn an_unknown_customer_is_not_an_empty_list() {
    let bench = Bench::new();
    let provider = bench.provider(LicenseKeysApi::Grants);
    let error = provider.list(ListQuery::new().customer("cus_nobody")).await.unwrap_err();
    assert_eq!((error.kind(), error.vendor_code()), (ErrorKind::NotFound, Some("NOT_FOUND")));
    let hostile = provider.list(ListQuery::new().customer("../entitlements")).await.unwrap_err();
    assert_eq!((hostile.kind(), hostile.provider()), (ErrorKind::InvalidRequest, Some("dodo")));
}

#[tokio::test]
async fn a_page_whose_keys_are_all_filtered_out_costs_a_bounded_number_of_requests() {
    let bench = Bench::new();
    let disabled = bench.issue(KeySpec::default());
    bench.sim.disable(&disabled.id);
    bench.issue_many(30);
    let provider = bench.provider(LicenseKeysApi::Grants);
    let query = ListQuery::new().status(LicenseStatus::Disabled).page_size(1);
    let page = provider.list(query.clone()).await.unwrap();
    let reads = bench.arrived_since(0).into_iter().filter(|line| line.contains("/grants?")).count();
    assert_eq!((page.items.len(), page.next.is_some(), reads), (0, true, 10));
    assert_eq!(codes(&provider, query).await, [disabled.key]);
}
