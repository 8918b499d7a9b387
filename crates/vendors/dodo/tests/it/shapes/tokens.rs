use anykey_core::{ErrorKind, LicenseProvider, LicenseProviderExt, LicenseStatus, ListQuery, PageToken};
use anykey_dodo::LicenseKeysApi::{Auto, Classic, Grants};
use anykey_dodo_sim::{DeprecatedCalls, EntitlementSpec, IntegrationType, KeySpec};

use futures_util::TryStreamExt;

use super::bench::{Bench, codes, sorted};

/// Five keys each of four products, and their codes.
fn four_products(bench: &Bench) -> ([String; 4], Vec<String>) {
    let products = ["A", "B", "C", "D"].map(|name| bench.sim.add_product(name));
    let mut issued = Vec::new();
    for product in &products {
        let spec = KeySpec { product: Some(product.clone()), ..KeySpec::default() };
        issued.extend(bench.sim.issue_many(5, &spec).unwrap().into_iter().map(|key| key.key));
    }
    (products, issued)
}

fn entitlement(product: &str) -> String {
    product.replacen("pdt_", "ent_", 1)
}

#[tokio::test]
async fn a_listing_over_all_entitlements_holds_every_key_once_whatever_the_page_size() {
    let bench = Bench::new();
    let (_, issued) = four_products(&bench);
    bench.sim.add_entitlement(EntitlementSpec::default());
    bench.sim.add_entitlement(EntitlementSpec {
        integration_type: IntegrationType::Discord,
        ..EntitlementSpec::default()
    });
    let provider = bench.provider(Grants);
    let whole = codes(&provider, ListQuery::new()).await;
    assert_eq!(sorted(whole.clone()), sorted(issued));
    for size in [1, 2, 4, 5, 7] {
        assert_eq!(codes(&provider, ListQuery::new().page_size(size)).await, whole, "{size}");
    }
}

#[tokio::test]
async fn more_entitlements_than_a_page_holds_are_walked_through() {
    let bench = Bench::new();
    for number in 0..105 {
        let product = Some(format!("pdt_{number:03}"));
        bench.issue(KeySpec { product, ..KeySpec::default() });
    }
    assert_eq!(codes(&bench.provider(Grants), ListQuery::new()).await.len(), 105);
}

#[tokio::test]
async fn a_token_names_its_shape_and_where_it_goes_on() {
    let bench = Bench::new();
    let (products, _) = four_products(&bench);
    let first = products.iter().map(|product| entitlement(product)).min().unwrap();
    let second = sorted(products.iter().map(|product| entitlement(product)))[1].clone();
    let next = async |api, query| bench.provider(api).list(query).await.unwrap().next.unwrap().to_string();
    assert_eq!(next(Classic, ListQuery::new().page_size(3)).await, "dodo:classic:1:3");
    assert_eq!(next(Auto, ListQuery::new().page_size(3)).await, "dodo:classic:1:3");
    assert_eq!(
        next(Grants, ListQuery::new().page_size(3)).await,
        format!("dodo:grants:entitlement:{first}:1:3")
    );
    assert_eq!(next(Grants, ListQuery::new()).await, format!("dodo:grants:entitlement:{second}:0:100"));
    let customer = bench.sim.issue(KeySpec::default()).unwrap().customer_id;
    let query = ListQuery::new().customer(customer).page_size(3);
    assert_eq!(next(Grants, query).await, "dodo:grants:customer:1:3");
}

#[tokio::test]
async fn a_resumed_listing_stays_in_its_shape() {
    let bench = Bench::new();
    four_products(&bench);
    let at = |token: &str| ListQuery::new().page(PageToken::from(token));
    let grants = bench.provider(Grants).list(ListQuery::new().page_size(2)).await.unwrap().next.unwrap();
    for (api, token) in [(Classic, grants.as_str()), (Grants, "dodo:classic:1:2"), (Grants, "dodo:1:2")] {
        let error = bench.provider(api).list(at(token)).await.unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::InvalidRequest, Some("dodo")), "{token}");
    }
    let from = bench.arrived();
    let fresh = bench.provider(Auto);
    assert_eq!(fresh.list(at(grants.as_str())).await.unwrap().items.len(), 2);
    assert_eq!(fresh.list(at("dodo:1:2")).await.unwrap().items.len(), 2);
    assert_eq!(fresh.list(at("dodo:classic:1:2")).await.unwrap().items.len(), 2);
    let paths: Vec<_> =
        bench.arrived_since(from).into_iter().map(|line| line.contains("/license_keys?")).collect();
    assert_eq!(paths, [false, true, true]);
}

#[tokio::test]
async fn a_token_made_with_other_filters_is_refused_unsent() {
    let bench = Bench::new();
    let provider = bench.provider(Grants);
    for (token, query) in [
        ("dodo:grants:entitlement:ent_1:0:10", ListQuery::new().customer("cus_1")),
        ("dodo:grants:customer:0:10", ListQuery::new()),
        ("dodo:grants:entitlement:../customers:0:10", ListQuery::new()),
    ] {
        let error = provider.list(query.page(PageToken::from(token))).await.unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::InvalidRequest, Some("dodo")), "{token}");
    }
    assert_eq!(bench.arrived(), 0);
}

#[tokio::test]
async fn entitlements_that_come_and_go_lose_no_key_of_the_others() {
    let bench = Bench::new();
    let (products, issued) = four_products(&bench);
    let ids = sorted(products.iter().map(|product| entitlement(product)));
    let provider = bench.provider(Grants);
    let mut query = ListQuery::new().page_size(3);
    let mut found = Vec::new();
    for reads in 0.. {
        if reads == 1 {
            bench.sim.add_entitlement(EntitlementSpec::default());
            bench.sim.delete_entitlement(&ids[2]);
        }
        let page = provider.list(query.clone()).await.unwrap();
        found.extend(page.items.into_iter().map(|key| (key.origin.entitlement.unwrap(), key.code)));
        let Some(next) = page.next else { break };
        query.page = Some(next);
    }
    assert!(found.iter().all(|(entitlement, _)| **entitlement != *ids[2]));
    assert_eq!(found.len(), issued.len() - 5);
}

#[tokio::test]
async fn a_deleted_entitlement_is_told_to_a_listing_in_the_middle_of_it() {
    let bench = Bench::new();
    let (products, _) = four_products(&bench);
    let provider = bench.provider(Grants);
    let first = provider.list(ListQuery::new().page_size(3)).await.unwrap();
    bench.sim.delete_entitlement(&products.iter().map(|product| entitlement(product)).min().unwrap());
    let error = provider.list(ListQuery::new().page(first.next.unwrap())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn grants_without_a_key_are_no_keys() {
    let bench = Bench::new();
    let manual = bench.sim.add_entitlement(EntitlementSpec { manual: true, ..EntitlementSpec::default() });
    for _ in 0..250 {
        bench.sim.award(&manual, None, &anykey_dodo_sim::Purchase::OneTime).unwrap();
    }
    bench.issue_many(2);
    let provider = bench.provider(Grants);
    assert_eq!(codes(&provider, ListQuery::new()).await.len(), 2);
    assert_eq!(codes(&provider, ListQuery::new().page_size(10)).await.len(), 2);
    bench.remove_classic(DeprecatedCalls::Gone);
    let page = provider.list(ListQuery::new().page_size(10)).await.unwrap();
    assert!(page.items.len() <= 2);
}

#[tokio::test]
async fn a_stream_misses_no_key_while_others_leave_the_listing() {
    for api in [Classic, Grants] {
        let bench = Bench::new();
        let issued = bench.issue_many(60);
        let provider = bench.provider(api);
        let mut keys = provider.keys(ListQuery::new().status(LicenseStatus::Active).page_size(20));
        let mut found = vec![keys.try_next().await.unwrap().unwrap().code];
        for newest in issued.iter().rev().take(5) {
            bench.sim.disable(&newest.id);
        }
        while let Some(key) = keys.try_next().await.unwrap() {
            found.push(key.code);
        }
        for stays in issued.iter().rev().skip(5) {
            assert!(found.iter().any(|code| code.expose() == stays.key), "{api:?}");
        }
    }
}
