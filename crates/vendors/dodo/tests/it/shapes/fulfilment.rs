use std::cell::RefCell;
use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivationLimit, CreateRequest, ErrorKind, Expiry, KeyCode, LicenseProvider, LicenseStatus, ListQuery,
    SignedDuration, ValidateRequest,
};
use anykey_dodo::LicenseKeysApi::{Auto, Classic, Grants};
use anykey_dodo::{DodoProvider, Fulfilment};
use anykey_dodo_sim::{EntitlementSpec, IntegrationType, Purchase};
use anykey_testkit::transport::{Fault, Rule, WaitingTransport};
use anykey_testkit::{at_each_await, drop_after};

use super::bench::{Bench, all, sorted};

const CODE: &str = "TYPED-IN-BY-HAND-0001";

fn code() -> KeyCode {
    KeyCode::verbatim(CODE)
}

fn manual(bench: &Bench) -> String {
    bench.sim.add_entitlement(EntitlementSpec { manual: true, ..EntitlementSpec::default() })
}

#[tokio::test]
async fn a_pending_grant_is_told_fulfilled_and_then_a_key_like_any_other() {
    let bench = Bench::new();
    let entitlement = manual(&bench);
    let grant = bench.sim.award(&entitlement, Some("cus_1"), &Purchase::OneTime).unwrap();
    let end = bench.clock.now() + SignedDuration::from_hours(24);
    for api in [Auto, Classic, Grants] {
        let pending = bench.provider(api).pending_grants(None).await.unwrap();
        let [pending] = pending.as_slice() else { panic!("{pending:?}") };
        assert_eq!((&*pending.id, &*pending.entitlement), (&*grant, &*entitlement));
        assert_eq!(pending.customer.as_ref().unwrap().as_str(), "cus_1");
        assert!(pending.payment.is_some() && pending.subscription.is_none() && pending.created_at.is_some());
    }
    let provider = bench.provider(Grants);
    let from = bench.arrived();
    let fulfilment = Fulfilment::new(code()).activation_limit(2).expires_at(end);
    let key = provider.fulfil_grant(&grant, fulfilment).await.unwrap();
    assert_eq!(bench.arrived_since(from), [format!("POST /grants/{grant}/license-key")]);
    assert_eq!((key.code.expose(), &key.status), (CODE, &LicenseStatus::Active));
    assert_eq!((key.activations.limit, key.expiry), (ActivationLimit::AtMost(2), Expiry::At(end)));
    assert_eq!(key.origin.grant.as_deref(), Some(&*grant));
    assert_eq!(provider.pending_grants(None).await.unwrap(), []);
    assert_eq!(all(&provider, ListQuery::new()).await, std::slice::from_ref(&key));
    assert_eq!(provider.get(&key.id).await.unwrap(), key);
    assert!(provider.validate(ValidateRequest::new(code())).await.unwrap().is_valid());
}

#[tokio::test]
async fn what_a_fulfilment_leaves_open_is_the_entitlements() {
    let bench = Bench::new();
    let entitlement = bench.sim.add_entitlement(EntitlementSpec {
        manual: true,
        activations_limit: Some(4),
        duration_days: Some(30),
        ..EntitlementSpec::default()
    });
    let grant = bench.sim.award(&entitlement, None, &Purchase::OneTime).unwrap();
    let key = bench.provider(Grants).fulfil_grant(&grant, Fulfilment::new(code())).await.unwrap();
    assert_eq!(key.activations.limit, ActivationLimit::AtMost(4));
    assert_eq!(key.expiry, Expiry::At(bench.clock.now() + SignedDuration::from_hours(24 * 30)));
}

#[tokio::test]
async fn pending_grants_are_those_of_one_customer_or_of_everybody() {
    let bench = Bench::new();
    let [one, other] = [manual(&bench), manual(&bench)];
    let files = bench.sim.add_entitlement(EntitlementSpec {
        integration_type: IntegrationType::DigitalFiles,
        ..EntitlementSpec::default()
    });
    bench.sim.award(&files, Some("cus_1"), &Purchase::OneTime).unwrap();
    let mut mine = Vec::new();
    let mut everybodys = Vec::new();
    for number in 0..230 {
        let customer = if number % 2 == 0 { "cus_1" } else { "cus_2" };
        let entitlement = if number % 3 == 0 { &one } else { &other };
        let grant = bench.sim.award(entitlement, Some(customer), &Purchase::OneTime).unwrap();
        if number % 2 == 0 {
            mine.push(grant.clone());
        }
        everybodys.push(grant);
    }
    let ids = async |provider: &DodoProvider, customer: Option<&str>| {
        let customer = customer.map(Into::into);
        let pending = provider.pending_grants(customer.as_ref()).await.unwrap();
        sorted(pending.into_iter().map(|grant| grant.id.to_string()))
    };
    let provider = bench.provider(Auto);
    assert_eq!(ids(&provider, None).await, sorted(everybodys));
    assert_eq!(ids(&provider, Some("cus_1")).await, sorted(mine));
    let error = provider.pending_grants(Some(&"cus_nobody".into())).await.unwrap_err();
    assert_eq!((error.kind(), error.operation().unwrap().name()), (ErrorKind::NotFound, "pending_grants"));
}

#[tokio::test]
async fn a_refused_fulfilment_says_what_is_wrong_and_never_the_code() {
    let bench = Bench::new();
    let entitlement = manual(&bench);
    let pending = bench.sim.award(&entitlement, None, &Purchase::OneTime).unwrap();
    let another = bench.sim.award(&entitlement, None, &Purchase::OneTime).unwrap();
    let files = bench.sim.add_entitlement(EntitlementSpec {
        integration_type: IntegrationType::DigitalFiles,
        ..EntitlementSpec::default()
    });
    let file = bench.sim.award(&files, None, &Purchase::OneTime).unwrap();
    let provider = bench.provider(Grants);
    provider.fulfil_grant(&pending, Fulfilment::new(code())).await.unwrap();
    let other = || Fulfilment::new(KeyCode::verbatim("ANOTHER-CODE-0002"));
    for (grant, fulfilment, kind) in [
        (&*pending, other(), ErrorKind::Conflict),
        (&*another, Fulfilment::new(code()), ErrorKind::Conflict),
        (&*another, Fulfilment::new(KeyCode::verbatim("  ")), ErrorKind::InvalidRequest),
        (&*another, other().activation_limit(0), ErrorKind::InvalidRequest),
        (&*file, other(), ErrorKind::InvalidRequest),
        ("entg_nobody", other(), ErrorKind::NotFound),
        ("../license_keys", other(), ErrorKind::InvalidRequest),
    ] {
        let error = provider.fulfil_grant(grant, fulfilment).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.operation().unwrap().name()),
            (kind, "fulfil_grant"),
            "{grant}: {error}"
        );
        assert!(!error.may_have_taken_effect() && !format!("{error} {error:?}").contains(CODE));
    }
    let device = DodoProvider::builder().transport(Arc::new(bench.sim.clone())).build().unwrap();
    let error = device.fulfil_grant(&another, other()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation().unwrap().name()), (ErrorKind::Unsupported, "fulfil_grant"));
    assert_eq!(device.pending_grants(None).await.unwrap_err().kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn a_fulfilment_whose_answer_was_lost_is_done() {
    let bench = Bench::new();
    let entitlement = manual(&bench);
    let grant = bench.sim.award(&entitlement, None, &Purchase::OneTime).unwrap();
    let lost = || Rule::next(Fault::AnswerLost).when(|_, path| path.ends_with("/license-key"));
    bench.wire.inject(lost());
    let provider = bench.provider(Grants);
    let key = provider.fulfil_grant(&grant, Fulfilment::new(code())).await.unwrap();
    assert_eq!((key.code.expose(), key.origin.grant.as_deref()), (CODE, Some(&*grant)));

    bench.wire.inject(lost());
    let rival = Fulfilment::new(KeyCode::verbatim("ANOTHER-CODE-0002"));
    let error = provider.fulfil_grant(&grant, rival).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "somebody else's key is not the one that was lost");
}

#[tokio::test]
async fn creating_a_key_of_an_entitlement_answers_the_grant_that_waits_longest() {
    let bench = Bench::new();
    let [entitlement, other] = [manual(&bench), manual(&bench)];
    bench.sim.award(&other, Some("cus_1"), &Purchase::OneTime).unwrap();
    bench.sim.award(&entitlement, Some("cus_2"), &Purchase::OneTime).unwrap();
    bench.clock.advance(SignedDuration::from_secs(1));
    let oldest = bench.sim.award(&entitlement, Some("cus_1"), &Purchase::OneTime).unwrap();
    bench.clock.advance(SignedDuration::from_secs(1));
    let younger = bench.sim.award(&entitlement, Some("cus_1"), &Purchase::OneTime).unwrap();
    let provider = bench.provider(Auto);
    for (code, grant) in [("K-1", oldest), ("K-2", younger)] {
        let request = CreateRequest::new(KeyCode::verbatim(code), "cus_1", entitlement.as_str());
        let key = provider.create(request).await.unwrap();
        assert_eq!((key.code.expose(), key.origin.grant.as_deref()), (code, Some(&*grant)));
        assert_eq!((key.activations.limit, key.expiry), (ActivationLimit::Unlimited, Expiry::Never));
    }
    let request = CreateRequest::new(KeyCode::verbatim("K-3"), "cus_1", entitlement.as_str());
    let error = provider.create(request).await.unwrap_err();
    assert_eq!((error.kind(), error.operation().unwrap().name()), (ErrorKind::Conflict, "create"));
    assert_eq!(bench.sim.key_count(), 2);
    let request = CreateRequest::new(KeyCode::verbatim("K-3"), "cus_1", "ent_nobody");
    assert_eq!(provider.create(request).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_key_of_an_entitlement_never_gets_less_than_what_was_asked_for() {
    let bench = Bench::new();
    let entitlement = bench.sim.add_entitlement(EntitlementSpec {
        manual: true,
        activations_limit: Some(4),
        duration_days: Some(30),
        ..EntitlementSpec::default()
    });
    bench.sim.award(&entitlement, Some("cus_1"), &Purchase::OneTime).unwrap();
    let provider = bench.provider(Grants);
    let end = bench.clock.now() + SignedDuration::from_hours(1_000);
    let request = || CreateRequest::new(code(), "cus_1", entitlement.as_str());
    for (request, words) in
        [(request().expiry(end), "name its limit"), (request().activation_limit(9), "name its end")]
    {
        let error = provider.create(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(bench.sim.key_count(), 0);
    let key = provider.create(request().activation_limit(9).expiry(end)).await.unwrap();
    assert_eq!((key.activations.limit, key.expiry), (ActivationLimit::AtMost(9), Expiry::At(end)));
}

#[tokio::test]
async fn what_is_left_to_the_entitlement_is_the_entitlements_own() {
    let bench = Bench::new();
    let entitlement = bench.sim.add_entitlement(EntitlementSpec {
        manual: true,
        activations_limit: Some(4),
        duration_days: Some(30),
        ..EntitlementSpec::default()
    });
    bench.sim.award(&entitlement, Some("cus_1"), &Purchase::OneTime).unwrap();
    let request = CreateRequest::new(code(), "cus_1", entitlement.as_str())
        .activation_limit(ActivationLimit::Unknown)
        .expiry(Expiry::Unknown);
    let key = bench.provider(Grants).create(request).await.unwrap();
    let end = bench.clock.now() + SignedDuration::from_hours(24 * 30);
    assert_eq!((key.activations.limit, key.expiry), (ActivationLimit::AtMost(4), Expiry::At(end)));
}

#[tokio::test]
async fn a_key_of_a_product_is_imported_in_every_shape() {
    let bench = Bench::new();
    let product = bench.sim.add_product("App");
    let customer = bench.sim.add_customer("Ada", "ada@example.com");
    for (number, api) in [Auto, Classic, Grants].into_iter().enumerate() {
        let provider = bench.provider(api);
        let code = KeyCode::verbatim(format!("IMPORTED-{number}"));
        let from = bench.arrived();
        let key =
            provider.create(CreateRequest::new(code, customer.as_str(), product.as_str())).await.unwrap();
        assert_eq!(bench.arrived_since(from), ["POST /license_keys"]);
        assert_eq!(provider.get(&key.id).await.unwrap().code, key.code);
    }
}

#[tokio::test]
async fn a_dropped_fulfilment_gives_the_grant_one_key_in_the_end() {
    let was_fulfilled = RefCell::new(Vec::new());
    at_each_await(async |waits| {
        let bench = Bench::new();
        let grant = bench.sim.award(&manual(&bench), None, &Purchase::OneTime).unwrap();
        let slow = bench.provider_on(Arc::new(WaitingTransport::new(bench.wire.clone())), Grants);
        let is_completed = drop_after(waits, slow.fulfil_grant(&grant, Fulfilment::new(code()))).await;

        let provider = bench.provider(Grants);
        let is_fulfilled = provider.pending_grants(None).await.unwrap().is_empty();
        match provider.fulfil_grant(&grant, Fulfilment::new(code())).await {
            Ok(key) => assert!(!is_fulfilled && key.code == code(), "{waits} waits"),
            Err(error) => {
                assert!(is_fulfilled, "{waits} waits: {error}");
                assert_eq!(error.kind(), ErrorKind::Conflict, "{waits} waits");
            }
        }
        assert_eq!(all(&provider, ListQuery::new()).await.len(), 1, "{waits} waits");
        was_fulfilled.borrow_mut().push(is_fulfilled);
        is_completed
    })
    .await;
    let was_fulfilled = was_fulfilled.into_inner();
    assert_eq!(was_fulfilled.first(), Some(&false));
    assert!(was_fulfilled.iter().filter(|fulfilled| **fulfilled).count() > 1, "dropped after it took effect");
}
