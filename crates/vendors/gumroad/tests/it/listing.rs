//! Lists of sales as lists of keys.

use anykey_core::{ErrorKind, LicenseProvider, LicenseProviderExt, ListQuery};
use anykey_gumroad_sim::{SaleSpec, Scope};
use anykey_testkit::transport::{Answer, ScriptedTransport};
use futures_util::TryStreamExt;

use crate::support::*;

#[tokio::test]
async fn later_payments_have_no_key_of_their_own() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec { membership: true, ..SaleSpec::default() });
    let renewals: Vec<_> = (0..12).map(|_| fixture.sim().renew(&sold.sale_id).unwrap()).collect();
    let provider = fixture.management();
    let first = provider.list(ListQuery::new()).await.unwrap();
    assert!(first.items.is_empty() && first.next.is_some(), "an empty page is not the end");
    let keys: Vec<_> = provider.keys(ListQuery::new()).try_collect().await.unwrap();
    assert_eq!(keys.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), [sold.sale_id]);
    let error = provider.get(&renewals[0].as_str().into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("later payment"), "{error}");
}

#[tokio::test]
async fn small_pages_are_parts_of_gumroads_whatever_is_sold_meanwhile() {
    let fixture = Fixture::new();
    let sold: Vec<_> = (0..14).map(|_| fixture.sell(SaleSpec::default()).sale_id).collect();
    let provider = fixture.management();
    let (mut ids, mut query) = (Vec::new(), ListQuery::new().page_size(4));
    loop {
        let page = provider.list(query.clone()).await.unwrap();
        assert!(page.items.len() <= 4);
        ids.extend(page.items.into_iter().map(|key| key.id.to_string()));
        fixture.sell(SaleSpec::default());
        let Some(next) = page.next else { break };
        query = ListQuery::new().page(next);
    }
    assert_eq!(ids, sold.into_iter().rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_sale_that_cannot_be_read_hides_no_other() {
    let sales =
        format!(r#"{{"success":true,"sales":[{0},{{"x":1}},{{"license_key":"a"}},{0}]}}"#, sale_document());
    let transport = ScriptedTransport::new().then(Answer::json(200, sales));
    let page = builder(&transport)
        .token(TOKEN)
        .keep_raw(true)
        .build()
        .unwrap()
        .list(ListQuery::new())
        .await
        .unwrap();
    assert_eq!((page.items.len(), page.unreadable.len()), (2, 2));
    assert_eq!(page.unreadable.iter().map(|record| record.position).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(page.items[1].raw.as_ref().unwrap().expose(), sale_document());
}

#[tokio::test]
async fn a_token_without_a_scope_is_explained() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    for (scope, reads) in
        [(Scope::ViewSales, true), (Scope::EditProducts, false), (Scope::ViewProfile, false)]
    {
        let provider = fixture.builder().token(fixture.sim().token(&[scope])).build().unwrap();
        let id = sold.sale_id.as_str().into();
        match provider.get(&id).await {
            Ok(_) => assert!(reads),
            Err(error) => {
                assert_eq!((error.kind(), reads), (ErrorKind::PermissionDenied, false));
                assert!(error.to_string().contains("view_sales"), "{error}");
            }
        }
        assert_eq!(provider.rotate(&id).await.unwrap_err().kind(), ErrorKind::PermissionDenied);
    }
    let provider = fixture.builder().token("unknown").build().unwrap();
    assert_eq!(provider.list(ListQuery::new()).await.unwrap_err().kind(), ErrorKind::Unauthenticated);
}
