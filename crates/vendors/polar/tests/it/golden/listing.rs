use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anykey_core::adapter::PageTokenExt as _;
use anykey_core::{
    Capability, ErrorKind, KeySource, LicenseProvider, LicenseStatus, ListQuery, PageToken, ProductId,
    Timestamp,
};
use anykey_http::{HttpTransport, TransportError};
use anykey_polar::PolarProvider;
use anykey_testkit::transport::{Answer, ScriptedTransport};
use bytes::Bytes;

use crate::support::*;

#[tokio::test]
async fn the_portal_is_asked_for_a_full_page() {
    let transport = script(&["cp-list-customerB"]);
    let page = portal(&transport).list(ListQuery::new()).await.unwrap();
    assert_eq!(
        only_request(&transport),
        "GET https://api.polar.sh/v1/customer-portal/license-keys/\
         ?page=1&limit=100\n\
         accept: application/json\n\
         authorization: Bearer polar_cst_planted\n\n"
    );
    let ids: Vec<&str> = page.items.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "09d2172c-9caf-4262-a0a2-961faa996778",
            "fe687782-a21a-405f-98c4-787d1aacd111",
            "6e3e9b63-a8ad-47f7-9c2e-e32924ab74c8"
        ]
    );
    assert_eq!((page.next, page.total), (None, Some(3)));
    assert!(page.items.iter().all(|key| key.raw.is_none()));
}

#[tokio::test]
async fn the_organization_plane_repeats_a_filter_for_each_value() {
    let transport = script(&["org-list-filter-status-two"]);
    let query = ListQuery::new()
        .status(LicenseStatus::Revoked)
        .status(LicenseStatus::Disabled)
        .product(DEVICE_BENEFIT)
        .product(PLAIN_BENEFIT)
        .page_size(2);
    let page = organization(&transport).list(query).await.unwrap();
    assert_eq!(
        only_request(&transport),
        "GET https://api.polar.sh/v1/license-keys/\
         ?organization_id=57a10a51-653a-449f-a259-1c70a3bbc826&status=revoked&status=disabled\
         &benefit_id=7183f51f-532f-41f6-b49d-61c36cfde73d&benefit_id=c891e6e8-fc0b-4c27-adc6-8002e2b10909\
         &page=1&limit=2\n\
         accept: application/json\n\
         authorization: Bearer polar_oat_planted\n\n"
    );
    let words: Vec<_> = page.items.iter().map(|key| (key.status.clone(), key.status_word.as_ref())).collect();
    assert_eq!(words, [(LicenseStatus::Revoked, "revoked"), (LicenseStatus::Disabled, "disabled")]);
    assert_eq!(page.total, Some(72));
    assert_eq!(page.next, Some(PageToken::numbered("polar", 2, 2)));
}

#[tokio::test]
async fn a_page_token_asks_for_its_page_and_size() {
    let transport = script(&["cp-list-page4-past-end"]);
    let query = ListQuery::new().page(PageToken::numbered("polar", 4, 100)).page_size(7);
    let page = portal(&transport).list(query).await.unwrap();
    assert!(only_request(&transport).contains("?page=4&limit=100\n"));
    assert_eq!((page.items.len(), page.next, page.total), (0, None, Some(267)));
}

#[tokio::test]
async fn the_portal_does_not_heed_filters_so_they_are_applied_here() {
    let transport = script(&["cp-list-filter-other-organization"; 4]);
    let provider = portal(&transport);

    let revoked = provider.list(ListQuery::new().status(LicenseStatus::Revoked)).await.unwrap();
    let ids: Vec<&str> = revoked.items.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(ids, ["81af24d0-a976-4605-a36f-7487fb1b3881"]);
    assert_eq!(revoked.total, None, "Polar counted the others too");
    assert_eq!(revoked.next, Some(PageToken::numbered("polar", 2, 100)));

    let query = ListQuery::new().product(PLAIN_BENEFIT).product("b0000000-0000-4000-8000-000000000000");
    let several = provider.list(query).await.unwrap();
    assert_eq!((several.items.len(), several.total), (0, None));

    let upper_case = ListQuery::new().product(DEVICE_BENEFIT.to_uppercase());
    let one = provider.list(upper_case).await.unwrap();
    assert_eq!((one.items.len(), one.total), (3, Some(267)));

    let all = provider.list(ListQuery::new()).await.unwrap();
    assert_eq!((all.items.len(), all.total), (3, Some(267)));

    let sent: Vec<String> = transport.requests().iter().map(|request| request.uri().to_string()).collect();
    assert!(sent.iter().all(|uri| !uri.contains("status=")), "{sent:?}");
    let benefits: Vec<usize> = sent.iter().map(|uri| uri.matches("benefit_id=").count()).collect();
    assert_eq!(benefits, [0, 0, 1, 0], "the portal heeds one benefit only");
}

#[tokio::test]
async fn no_total_is_told_of_a_filter_that_polar_did_not_apply() {
    let transport = script(&["cp-list-customerB", "cp-list-customerB"]);
    let provider = portal(&transport);
    let all_pass = ListQuery::new().status(LicenseStatus::Active);
    let page = provider.list(all_pass).await.unwrap();
    assert_eq!((page.items.len(), page.total), (3, None));
    let products = ListQuery::new().product(DEVICE_BENEFIT).product(PLAIN_BENEFIT);
    let page = provider.list(products.product("c4b0b19c-1a8e-4388-9f0e-fedabb7cc83c")).await.unwrap();
    assert_eq!((page.items.len(), page.total), (3, None));
}

#[tokio::test]
async fn keys_of_another_organization_are_not_listed() {
    let transport = script(&["cp-list-filter-other-organization"]);
    let provider = PolarProvider::builder("B8DCBAB2-6c5a-4838-8b3b-79ea378e27b8")
        .transport(Arc::new(transport.clone()))
        .session_token("polar_cst_planted")
        .build()
        .unwrap();
    let page = provider.list(ListQuery::new()).await.unwrap();
    assert_eq!((page.items.len(), page.total), (0, None));
    assert_eq!(page.next, Some(PageToken::numbered("polar", 2, 100)), "an empty page is not the end");
}

#[tokio::test]
async fn raw_keeps_each_records_own_text() {
    let transport = script(&["cp-list-customerB"]);
    let provider = builder(&transport).session_token("polar_cst_planted").keep_raw(true).build().unwrap();
    let page = provider.list(ListQuery::new()).await.unwrap();
    let texts: Vec<&str> = page.items.iter().map(|key| key.raw.as_ref().unwrap().expose()).collect();
    let body = Recording::read("cp-list-customerB");
    assert_eq!(
        format!(r#"{{"items":[{}],"pagination":{{"total_count":3,"max_page":1}}}}"#, texts.join(",")),
        body.text()
    );
}

#[tokio::test]
async fn what_polar_cannot_filter_is_unsupported_and_nothing_is_sent() {
    let transport = script(&[]);
    for provider in [portal(&transport), organization(&transport)] {
        for (query, capability) in [
            (ListQuery::new().customer("c"), Capability::FilterByCustomer),
            (ListQuery::new().source(KeySource::Purchase), Capability::FilterBySource),
            (ListQuery::new().created_from(Timestamp::UNIX_EPOCH), Capability::FilterByCreation),
            (ListQuery::new().status(LicenseStatus::Expired), Capability::FilterByStatus),
            (ListQuery::new().status(LicenseStatus::Inactive), Capability::FilterByStatus),
        ] {
            let error = provider.list(query).await.unwrap_err();
            assert_eq!((error.kind(), error.capability()), (ErrorKind::Unsupported, Some(capability)));
        }
    }
    let error = organization(&transport).list(ListQuery::new().status(LicenseStatus::Expired)).await;
    assert!(error.unwrap_err().to_string().contains("status_at(now)"));
    let error = public(&transport).list(ListQuery::new()).await.unwrap_err();
    assert!(error.to_string().contains("`session_token`"), "{error}");
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_word_that_polar_does_not_have_is_refused_alike_in_every_plane() {
    let transport = script(&[]);
    for provider in [portal(&transport), organization(&transport)] {
        for word in ["paused", "bogus", ""] {
            let query = ListQuery::new().status(LicenseStatus::Other(word.into()));
            let error = provider.list(query).await.unwrap_err();
            assert_eq!(error.capability(), Some(Capability::FilterByStatus), "{word}");
        }
        let error = provider.list(ListQuery::new().product("pdt_1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_word_of_polars_and_every_spelling_of_an_id_filter_alike_in_every_plane() {
    let query = || {
        ListQuery::new()
            .status(LicenseStatus::Other("granted".into()))
            .product(format!("{{{}}}", DEVICE_BENEFIT.to_uppercase()))
    };
    let transport = script(&["cp-list-filter-other-organization", "org-list-personal-token"]);
    let page = portal(&transport).list(query()).await.unwrap();
    assert!(!page.items.is_empty() && page.items.iter().all(|key| key.status == LicenseStatus::Active));
    organization(&transport).list(query()).await.unwrap();
    for request in transport.requests() {
        assert!(request.to_text().contains(&format!("benefit_id={DEVICE_BENEFIT}&")));
    }
    assert!(transport.requests()[1].to_text().contains("&status=granted&"));
}

#[tokio::test]
async fn products_of_the_configuration_do_not_narrow_a_listing() {
    let transport = script(&["cp-list-customerB", "org-list-personal-token"]);
    let pinned = || builder(&transport).product(PLAIN_BENEFIT);
    let page = pinned().session_token("s").build().unwrap().list(ListQuery::new()).await.unwrap();
    let products: Vec<_> = page.items.iter().filter_map(|key| key.product.as_ref()).collect();
    assert!(products.contains(&&ProductId::from(DEVICE_BENEFIT)));
    pinned().token("t").build().unwrap().list(ListQuery::new()).await.unwrap();
    assert!(!transport.requests()[1].to_text().contains("benefit_id"));
}

/// Answers each request after a second, and counts how many wait at once.
#[derive(Clone, Debug, Default)]
struct Slow {
    waiting: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    alone: Arc<AtomicBool>,
}

#[anykey_core::async_trait]
impl HttpTransport for Slow {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let waiting = self.waiting.fetch_add(1, Ordering::SeqCst) + 1;
        let is_first = self.most.fetch_max(waiting, Ordering::SeqCst) == 0;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if is_first {
            self.alone.store(self.most.load(Ordering::SeqCst) == 1, Ordering::SeqCst);
        }
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        recorded("org-list-personal-token").into_response()
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_polar_has_not_seen_is_shown_once_before_the_others_follow() {
    let slow = Slow::default();
    let provider = PolarProvider::builder(ORGANIZATION)
        .token("polar_oat_planted")
        .transport(Arc::new(slow.clone()))
        .build()
        .unwrap();
    let lists = (0..20).map(|_| {
        let provider = provider.clone();
        tokio::spawn(async move { provider.list(ListQuery::new()).await })
    });
    for list in lists.collect::<Vec<_>>() {
        list.await.unwrap().unwrap();
    }
    assert!(slow.alone.load(Ordering::SeqCst), "the first goes alone");
    assert!(slow.most.load(Ordering::SeqCst) > 1, "the others go side by side");
}

#[tokio::test]
async fn one_odd_key_takes_no_other_along() {
    let body =
        Recording::read("cp-list-customerB").text().replacen(r#""status":"#, r#""status":7,"was":"#, 1);
    let transport = ScriptedTransport::new().then(Answer::json(200, body));
    let page = portal(&transport).list(ListQuery::new()).await.unwrap();
    assert_eq!((page.items.len(), page.unreadable.len(), page.total), (2, 1, Some(3)));
    assert!(page.unreadable[0].id.is_some() && page.unreadable[0].cause.contains("status"));
}

#[tokio::test]
async fn only_a_listing_that_may_shrink_overlaps() {
    let transport = script(&[
        "org-list-filter-status-two",
        "org-list-filter-status-two",
        "cp-list-filter-other-organization",
    ]);
    let provider = organization(&transport);
    let revoked = ListQuery::new().status(LicenseStatus::Revoked).page_size(2);
    assert!(provider.list(revoked).await.unwrap().overlap.is_some());
    let all = ListQuery::new().page_size(2);
    let page = provider.list(all.clone().pages_ahead(2)).await.unwrap();
    assert_eq!((page.overlap, page.ahead.first()), (None, page.next.as_ref()));
    let mut again = all;
    again.overlapping = true;
    assert!(provider.list(again).await.unwrap().overlap.is_some());
}
