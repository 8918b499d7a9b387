//! The very same application function passes on both vendors; only the configuration's text differs.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use anykey::{
    ActivateRequest, ActivationLimit, DeactivateRequest, Expiry, KeyCode, LicensePatch, LicenseProvider,
    LicenseProviderExt, LicenseStatus, ListQuery, ManualClock, RefusalReason, Timestamp, ValidateRequest,
};
use anykey_dodo_sim::{ApiKeyScope, DodoSim, KeySpec};
use anykey_polar_sim::{ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, PolarSim, Scope};
use anykey_testkit::LoopbackServer;
use anykey_tests::{TestSecrets, provider};
use futures_util::TryStreamExt;

const NOW: &str = "2026-11-21T12:00:00Z";

fn clock() -> ManualClock {
    ManualClock::at(NOW.parse().unwrap())
}

/// The application: a customer's whole story, without one vendor-specific line.
async fn a_customers_story(provider: &dyn LicenseProvider, typed: &str) {
    let code = KeyCode::parse(&format!("  {typed}\n")).unwrap();
    let keys: Vec<_> = provider.keys(ListQuery::new().page_size(2)).try_collect().await.unwrap();
    assert_eq!(keys.len(), 5);
    let key = provider.find(&code).await.unwrap().unwrap();
    assert_eq!(key.status, LicenseStatus::Active);
    assert_eq!(provider.get(&key.id).await.unwrap().code, code);

    let two_seats = LicensePatch::new().activation_limit(ActivationLimit::AtMost(2));
    assert_eq!(
        provider.update(&key.id, two_seats).await.unwrap().activations.limit,
        ActivationLimit::AtMost(2)
    );

    let laptop = provider.activate(ActivateRequest::new(code.clone(), "laptop")).await.unwrap();
    provider.activate(ActivateRequest::new(code.clone(), "phone")).await.unwrap();
    let full = provider.activate(ActivateRequest::new(code.clone(), "tablet")).await.unwrap_err();
    assert_eq!(full.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
    assert_eq!(provider.activations(&key.id).await.unwrap().len(), 2);

    let on_laptop = ValidateRequest::new(code.clone()).activation(laptop.id.clone());
    assert!(provider.validate(on_laptop.clone()).await.unwrap().is_valid());
    provider.disable(&key.id).await.unwrap();
    assert!(!provider.validate(on_laptop.clone()).await.unwrap().is_valid());
    provider.enable(&key.id).await.unwrap();
    assert!(provider.validate(on_laptop.clone()).await.unwrap().is_valid());

    let end: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let ended = provider.set_expiry(&key.id, end).await.unwrap();
    assert_eq!((ended.expiry, ended.status_at(end)), (Expiry::At(end), &LicenseStatus::Expired));
    assert!(!provider.validate(on_laptop.clone()).await.unwrap().is_valid());
    assert_eq!(provider.clear_expiry(&key.id).await.unwrap().expiry.at(), None);
    assert!(provider.validate(on_laptop).await.unwrap().is_valid());

    let give_back = DeactivateRequest::new(code.clone(), laptop.id.clone());
    provider.deactivate(give_back.clone()).await.unwrap();
    let again = provider.deactivate(give_back).await.unwrap_err();
    assert_eq!(again.refusal().unwrap().reason, RefusalReason::UnknownActivation);
    provider.activate(ActivateRequest::new(code, "tablet")).await.unwrap();

    let unknown =
        provider.validate(ValidateRequest::new(KeyCode::parse("no-such-key").unwrap())).await.unwrap();
    assert!(!unknown.is_valid());
}

#[tokio::test]
async fn on_dodo() {
    let sim = DodoSim::new(clock());
    let issued = sim.issue(KeySpec::default()).unwrap();
    sim.issue_many(4, &KeySpec::default()).unwrap();
    let secrets = TestSecrets::new(&[("TOKEN", &sim.api_key(ApiKeyScope::ReadWrite))]);
    let server = LoopbackServer::start(Arc::new(sim)).await.unwrap();
    let config =
        format!("provider = \"dodo\"\nbase_url = \"{}\"\ntoken = {{ env = \"TOKEN\" }}", server.url());
    a_customers_story(&*provider(&config, &secrets).unwrap(), &issued.key).await;
}

#[tokio::test]
async fn on_polar() {
    let sim = PolarSim::new(clock());
    let customer =
        sim.add_customer(CustomerSpec { email: Some("a@example.com".to_owned()), ..Default::default() });
    let activations = Some(ActivationSpec { limit: 1, enable_customer_admin: false });
    let benefit = sim.add_benefit(BenefitSpec { activations, ..BenefitSpec::default() }).unwrap();
    let order = GrantSpec::order(benefit, customer.unwrap());
    let granted = sim.grant(order.clone()).unwrap();
    sim.grant_all(std::iter::repeat_n(order, 4)).unwrap();
    let organization = sim.organization_id();
    let token = sim.organization_token(organization, [Scope::LicenseKeysWrite]).unwrap();
    let secrets = TestSecrets::new(&[("TOKEN", &token)]);
    let server = LoopbackServer::start(Arc::new(sim)).await.unwrap();
    let config = format!(
        "provider = \"polar\"\norganization_id = \"{organization}\"\nbase_url = \"{}\"\ntoken = {{ env = \"TOKEN\" }}",
        server.url()
    );
    a_customers_story(&*provider(&config, &secrets).unwrap(), &granted.key).await;
}
