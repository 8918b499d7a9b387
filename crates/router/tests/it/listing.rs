use std::sync::Arc;

use anykey_core::{
    Capability, ErrorKind, LicenseKey, LicenseProvider, LicenseProviderExt, LicenseStatus, ListQuery,
    Operation, PageToken,
};
use anykey_router::Router;
use futures_util::TryStreamExt;

use crate::fixture::{chain, over, vendors};
use crate::vendor::Vendor;

fn issue(vendor: &Vendor, count: usize) {
    for number in 0..count {
        vendor.issue(&format!("{}-{number}", vendor.name()));
    }
}

/// The keys and the total of each page.
async fn pages(router: &Router, query: ListQuery) -> Vec<(Vec<String>, Option<u64>)> {
    let mut query = query;
    let mut pages = Vec::new();
    loop {
        let page = router.list(query.clone()).await.unwrap();
        pages.push((page.items.iter().map(|key| key.code.expose().to_owned()).collect(), page.total));
        // As an app that stores the token as text.
        match page.next {
            Some(next) => query.page = Some(PageToken::from(next.to_string())),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn all_are_listed_in_the_order_of_the_chain() {
    let (main, legacy) = vendors();
    issue(&main, 3);
    issue(&legacy, 2);
    let router = over([&main, &legacy]).chain(["legacy", "main"]).build().unwrap();
    let expected = [["legacy-0", "legacy-1"].as_slice(), &["main-0", "main-1"], &["main-2"]];
    let read = pages(&router, ListQuery::new().page_size(2)).await;
    assert_eq!(read.iter().map(|(keys, _)| keys.clone()).collect::<Vec<_>>(), expected);
    assert!(read.iter().all(|(_, total)| *total == Some(5)), "{read:?}");

    for prefetch in [1, 8] {
        let keys: Vec<LicenseKey> =
            router.keys(ListQuery::new().page_size(1)).prefetch(prefetch).try_collect().await.unwrap();
        assert_eq!(keys.len(), 5);
    }
}

#[tokio::test]
async fn a_provider_without_keys_makes_no_empty_page() {
    let (main, legacy) = vendors();
    issue(&legacy, 1);
    assert_eq!(
        pages(&chain([&main, &legacy]), ListQuery::new()).await,
        [(vec!["legacy-0".to_owned()], Some(1))]
    );
    let (main, legacy) = vendors();
    assert_eq!(pages(&chain([&main, &legacy]), ListQuery::new()).await, [(vec![], Some(0))]);
}

#[tokio::test]
async fn the_total_follows_keys_that_come_and_go() {
    let (main, legacy) = vendors();
    issue(&main, 2);
    issue(&legacy, 1);
    let router = chain([&main, &legacy]);
    let first = router.list(ListQuery::new().page_size(2)).await.unwrap();
    assert_eq!(first.total, Some(3));
    legacy.issue("one-more");
    let second = router.list(ListQuery::new().page(first.next.unwrap())).await.unwrap();
    assert_eq!((second.total, second.items.len()), (Some(4), 2));
}

#[tokio::test]
async fn there_is_no_total_unless_all_report_one() {
    for vague in 0..2 {
        let (main, legacy) = vendors();
        issue(&main, 2);
        issue(&legacy, 2);
        [&main, &legacy][vague].report_no_totals();
        let read = pages(&chain([&main, &legacy]), ListQuery::new().page_size(1)).await;
        assert_eq!(read.len(), 4);
        assert!(read.iter().all(|(_, total)| total.is_none()), "{read:?}");
    }
}

/// Reading goes on where it was, with the other provider's failure in its place.
#[tokio::test]
async fn a_provider_that_is_down_ends_the_listing_with_its_error_and_not_silently() {
    let (main, legacy) = vendors();
    issue(&main, 2);
    issue(&legacy, 1);
    legacy.set_down(true);
    let router = chain([&main, &legacy]);
    let page = router.list(ListQuery::new()).await.unwrap();
    assert_eq!((page.items.len(), page.total), (2, None));
    let next = page.next.unwrap();
    let error = router.list(ListQuery::new().page(next.clone())).await.unwrap_err();
    assert_eq!((error.kind(), error.provider()), (ErrorKind::Unavailable, Some("legacy")));
    legacy.set_down(false);
    assert_eq!(router.list(ListQuery::new().page(next)).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn a_filter_by_customer_or_product_asks_only_their_provider() {
    let (main, legacy) = vendors();
    issue(&main, 1);
    issue(&legacy, 2);
    let router = chain([&main, &legacy]);
    for query in [ListQuery::new().customer("legacy:cus_1"), ListQuery::new().product("legacy:pdt_1")] {
        let read = pages(&router, query).await;
        assert_eq!(read, [(vec!["legacy-0".to_owned(), "legacy-1".to_owned()], Some(2))]);
        assert!(main.asked().is_empty());
    }
    let both = ListQuery::new().product("main:pdt_1").product("legacy:pdt_1");
    assert_eq!(pages(&router, both).await.len(), 2);
    let none = ListQuery::new().customer("main:cus_1").product("legacy:pdt_1");
    assert_eq!(pages(&router, none).await, [(vec![], Some(0))]);
    for query in [ListQuery::new().customer("cus_1"), ListQuery::new().product("pdt_1")] {
        assert_eq!(router.list(query).await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
}

#[tokio::test]
async fn a_listing_that_one_of_them_cannot_make_is_unsupported_and_never_shorter() {
    let main = Vendor::new("main");
    for (lacking, query, missing) in [
        (Capability::List, ListQuery::new(), Capability::ListAll),
        (Capability::ListAll, ListQuery::new(), Capability::ListAll),
        (
            Capability::FilterByStatus,
            ListQuery::new().status(LicenseStatus::Active),
            Capability::FilterByStatus,
        ),
    ] {
        let legacy = Vendor::lacking("legacy", &[lacking]);
        let router = chain([&main, &legacy]);
        assert!(!router.capabilities().contains(missing));
        let error = router.list(query.clone()).await.unwrap_err();
        assert_eq!((error.kind(), error.capability()), (ErrorKind::Unsupported, Some(missing)));
        assert!(error.message().contains("`legacy` cannot"), "{error}");
        assert!(main.asked().is_empty());
        // Of the other one alone it can.
        assert!(router.list(query.customer("main:cus_1")).await.is_ok());
        main.asked();
    }
}

#[test]
fn capabilities_are_those_of_any_and_of_one() {
    let (main, legacy) =
        (Vendor::lacking("main", &[Capability::Rotate]), Vendor::lacking("legacy", &[Capability::Create]));
    let router = chain([&main, &legacy]);
    assert_eq!(router.capabilities(), anykey_core::Capabilities::all());
    assert_eq!(router.capabilities_of("main:key_1"), Some(main.capabilities()));
    assert_eq!(router.capabilities_of("legacy:act_1"), Some(legacy.capabilities()));
    assert_eq!(router.capabilities_of("key_1"), None);
    // What is added to a request wherever it is declared has to work for every key.
    for capability in [Capability::OneSeatPerInstallation, Capability::OfflineProof] {
        let legacy = Vendor::lacking("legacy", &[capability]);
        assert!(!chain([&main, &legacy]).capabilities().contains(capability));
    }
}

#[tokio::test]
async fn a_token_of_another_listing_is_an_invalid_request() {
    let (main, legacy) = vendors();
    issue(&main, 2);
    issue(&legacy, 2);
    let router = chain([&main, &legacy]);
    let next = router.list(ListQuery::new().page_size(1)).await.unwrap().next.unwrap();
    let other = ListQuery::new().customer("legacy:cus_1");
    for query in [
        other.clone().page(next.clone()),
        other.page(next.to_string().replace("main", "legacy").into()),
        ListQuery::new().page("all:main:1,x:".into()),
        ListQuery::new().page("all:main:1:".into()),
        ListQuery::new().page("all:other::".into()),
        ListQuery::new().page("all:main".into()),
        ListQuery::new().page("main:1:1".into()),
    ] {
        let error = router.list(query).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::InvalidRequest, Some(Operation::List)),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_router_may_be_one_of_a_routers_providers() {
    let (main, legacy) = vendors();
    let third = Vendor::new("third");
    issue(&main, 1);
    issue(&third, 2);
    let inner = chain([&main, &legacy]);
    let outer =
        Router::builder("outer").provider(Arc::new(third)).provider(Arc::new(inner)).chain(["all", "third"]);
    let outer = outer.build().unwrap();
    let keys: Vec<LicenseKey> = outer.keys(ListQuery::new().page_size(1)).try_collect().await.unwrap();
    let ids: Vec<_> = keys.iter().map(|key| (key.id.as_str(), &*key.provider)).collect();
    assert_eq!(ids, [("all:main:key_1", "main"), ("third:key_1", "third"), ("third:key_2", "third")]);
    assert_eq!(outer.get(&keys[0].id).await.unwrap(), keys[0]);
}
