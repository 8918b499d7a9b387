//! The very same application function works with every vendor; only the configuration differs.

use std::sync::Arc;

use anykey::sim::{IssueSpec, IssuedKey};
use anykey::{
    ActivateRequest, ActivationId, ActivationLimit, Capability, DeactivateRequest, Expiry, KeyCode,
    LicenseKey, LicensePatch, LicenseProvider, LicenseProviderExt, LicenseStatus, RefusalReason, Timestamp,
    ValidateRequest,
};
use anykey_http::ReqwestTransport;
use anykey_testkit::LoopbackServer;
use anykey_tests::{Simulation, simulations};
use futures_util::TryStreamExt;

/// The application: a customer's whole story, without one vendor-specific line. What a vendor does not have is skipped
/// by what its provider declares.
async fn a_customers_story(provider: &dyn LicenseProvider, sold: &IssuedKey) {
    let can = |capability| provider.capabilities().contains(capability);
    let code = KeyCode::parse(&format!("  {}\n", sold.code.expose())).unwrap();
    let query = Simulation::listing(provider, sold).page_size(2);
    let keys: Vec<_> = provider.keys(query).try_collect().await.unwrap();
    assert_eq!(keys.len(), 5);
    let key = keys.into_iter().find(|key| key.code == code).unwrap();
    assert!(key.status.is_usable());
    if can(Capability::ListAll) {
        assert_eq!(provider.find(&code).await.unwrap().unwrap().id, key.id);
    }
    if can(Capability::Get) {
        assert_eq!(provider.get(&key.id).await.unwrap().code, code);
    }

    let mut on_laptop = ValidateRequest::new(code.clone());
    let mut unknown = ValidateRequest::new(KeyCode::parse("no-such-key").unwrap());
    let mut laptop = None;
    if can(Capability::Activate) {
        let seat = take_two_seats(provider, &key, &code).await;
        on_laptop = on_laptop.activation(seat.clone());
        unknown = unknown.activation(seat.clone());
        laptop = Some(seat);
    }
    assert!(provider.validate(on_laptop.clone()).await.unwrap().is_valid());
    if can(Capability::SetDisabled) {
        provider.disable(&key.id).await.unwrap();
        assert!(!provider.validate(on_laptop.clone()).await.unwrap().is_valid());
        provider.enable(&key.id).await.unwrap();
        assert!(provider.validate(on_laptop.clone()).await.unwrap().is_valid());
    }
    if can(Capability::SetExpiry) {
        let end: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let ended = provider.set_expiry(&key.id, end).await.unwrap();
        assert_eq!((ended.expiry, ended.status_at(end)), (Expiry::At(end), &LicenseStatus::Expired));
        assert!(!provider.validate(on_laptop.clone()).await.unwrap().is_valid());
        assert_eq!(provider.clear_expiry(&key.id).await.unwrap().expiry.at(), None);
        assert!(provider.validate(on_laptop).await.unwrap().is_valid());
    }

    if let Some(laptop) = laptop {
        let give_back = DeactivateRequest::new(code.clone(), laptop);
        provider.deactivate(give_back.clone()).await.unwrap();
        // Some vendors say that the seat was given back before, which is a success.
        if let Err(again) = provider.deactivate(give_back).await {
            assert_eq!(again.refusal().unwrap().reason, RefusalReason::UnknownActivation);
        }
        provider.activate(ActivateRequest::new(code, "tablet")).await.unwrap();
    }

    assert!(!provider.validate(unknown).await.unwrap().is_valid());
}

/// Takes both seats of a key with two, of which the first is returned.
async fn take_two_seats(provider: &dyn LicenseProvider, key: &LicenseKey, code: &KeyCode) -> ActivationId {
    if provider.capabilities().contains(Capability::SetActivationLimit) {
        let two_seats = LicensePatch::new().activation_limit(ActivationLimit::AtMost(2));
        let changed = provider.update(&key.id, two_seats).await.unwrap();
        assert_eq!(changed.activations.limit, ActivationLimit::AtMost(2));
    }
    let laptop = provider.activate(ActivateRequest::new(code.clone(), "laptop")).await.unwrap();
    provider.activate(ActivateRequest::new(code.clone(), "phone")).await.unwrap();
    let full = provider.activate(ActivateRequest::new(code.clone(), "tablet")).await.unwrap_err();
    assert_eq!(full.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
    assert_eq!(provider.activations(&key.id).await.unwrap().len(), 2);
    laptop.id
}

#[tokio::test]
async fn the_same_app_works_with_every_vendor() {
    for simulation in simulations() {
        let declared = simulation.provider(&simulation.seller_plane()).capabilities();
        let seats = if declared.contains(Capability::SetActivationLimit) { 1 } else { 2 };
        let spec = IssueSpec::new().activation_limit(ActivationLimit::AtMost(seats));
        let keys: Vec<_> = (0..5).map(|_| simulation.issue(spec.clone())).collect();
        let server = LoopbackServer::start(simulation.vendor.transport()).await.unwrap();
        let provider = simulation.seller_at(&server.url(), Arc::new(ReqwestTransport::default()));
        a_customers_story(&*provider, &keys[0]).await;
    }
}
