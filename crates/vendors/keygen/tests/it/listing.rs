//! Lists while records are deleted, and changes of records.

use std::cell::RefCell;
use std::sync::Arc;

use anykey_core::{
    ActivationLimit, CreateRequest, ErrorKind, Expiry, LicensePatch, LicenseProvider, ListQuery,
};
use anykey_keygen_sim::kit::SimulatedVendor;
use anykey_keygen_sim::{LicenseSpec, PolicySpec};
use anykey_testkit::transport::WaitingTransport;
use anykey_testkit::{at_each_await, drop_after};

use crate::support::{Fixture, OWNER};

#[tokio::test]
async fn a_deleted_cursor_does_not_end_the_list() {
    let fixture = Fixture::new();
    let provider = fixture.management();
    let ids: Vec<_> = (0..6).map(|_| fixture.sim().issue(LicenseSpec::default()).unwrap().id).collect();
    let first = provider.list(ListQuery::new().page_size(3)).await.unwrap();
    let token = first.next.clone().unwrap();
    assert!(fixture.sim().revoke(first.items[2].id.as_str()));
    let second = provider.list(ListQuery::new().page(token.clone())).await.unwrap();
    let mut read: Vec<_> = first.items.iter().chain(&second.items).map(|key| key.id.to_string()).collect();
    read.sort();
    read.dedup();
    assert_eq!((read.len(), second.items.len()), (ids.len(), 3));
    assert!(second.next.is_none());

    assert!(fixture.sim().revoke(first.items[1].id.as_str()));
    let error = provider.list(ListQuery::new().page(token)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
}

#[tokio::test]
async fn a_limit_that_the_policy_keeps_is_an_error_and_not_a_silent_limit() {
    let fixture = Fixture::new();
    let [product, _] = fixture.vendor.products();
    let limits = PolicySpec { max_machines: Some(2), duration: Some(3600), ..PolicySpec::default() };
    let policy = fixture.sim().add_policy(product, limits);
    let provider = fixture
        .builder()
        .token(fixture.sim().admin_token())
        .policy(product.as_str(), policy.as_str())
        .build()
        .unwrap();
    let minted = provider.create(CreateRequest::minted(product.as_str())).await.unwrap();
    assert_eq!(minted.activations.limit, ActivationLimit::AtMost(2));
    assert!(minted.expiry.at().is_some());
    let count = fixture.sim().license_count();
    for request in [
        CreateRequest::minted(product.as_str()).activation_limit(ActivationLimit::Unlimited),
        CreateRequest::minted(product.as_str()).expiry(Expiry::Never),
        CreateRequest::minted(product.as_str()).expiry(Expiry::FollowsSubscription),
    ] {
        let error = provider.create(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    }
    assert_eq!(fixture.sim().license_count(), count);
    let patch = LicensePatch::new().activation_limit(ActivationLimit::Unlimited);
    let error = provider.update(&minted.id, patch).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_taken_effect()), (ErrorKind::InvalidRequest, true));

    let unknown = CreateRequest::minted(product.as_str()).customer(OWNER);
    assert_eq!(provider.create(unknown).await.unwrap_err().kind(), ErrorKind::NotFound);
    let unmapped = provider.create(CreateRequest::minted(OWNER)).await.unwrap_err();
    assert_eq!(unmapped.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_deleted_license_is_unknown_afterwards() {
    let fixture = Fixture::new();
    let provider = fixture.management();
    let license = fixture.sim().issue(LicenseSpec::default()).unwrap();
    let id = license.id.as_str().into();
    provider.delete_license(&id).await.unwrap();
    assert_eq!(provider.get(&id).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(provider.delete_license(&id).await.unwrap_err().kind(), ErrorKind::NotFound);
    let error = fixture.device().delete_license(&id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn a_dropped_deletion_can_be_repeated() {
    let was_deleted = RefCell::new(Vec::new());
    at_each_await(async |waits| {
        let fixture = Fixture::new();
        let id = fixture.sim().issue(LicenseSpec::default()).unwrap().id.as_str().into();
        let slow = fixture
            .builder()
            .transport(Arc::new(WaitingTransport::new(fixture.vendor.transport())))
            .token(fixture.sim().admin_token())
            .build()
            .unwrap();
        let is_completed = drop_after(waits, slow.delete_license(&id)).await;

        let is_deleted = fixture.sim().license_count() == 0;
        match fixture.management().delete_license(&id).await {
            Ok(()) => assert!(!is_deleted, "{waits} waits"),
            Err(error) => {
                assert!(is_deleted, "{waits} waits: {error}");
                assert_eq!(error.kind(), ErrorKind::NotFound, "{waits} waits");
            }
        }
        assert_eq!(fixture.sim().license_count(), 0, "{waits} waits");
        was_deleted.borrow_mut().push(is_deleted);
        is_completed
    })
    .await;
    let was_deleted = was_deleted.into_inner();
    assert_eq!(was_deleted.first(), Some(&false));
    assert!(was_deleted.iter().filter(|deleted| **deleted).count() > 1, "dropped after it took effect");
}
