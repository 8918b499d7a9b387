use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivateRequest, KeyCode, LicenseKey, LicenseProvider, LicenseStatus, ListQuery, SignedDuration,
};
use anykey_dodo::{LicenseKeysApi, RevocationClass};
use anykey_dodo_sim::{DeprecatedCalls, KeySpec, Purchase, SubscriptionState};

use super::bench::{Bench, all};

/// A thousand keys of three products in every state that there is.
async fn fill(bench: &Bench) {
    let soon = bench.clock.now() + SignedDuration::from_hours(1);
    let products = [bench.sim.add_product("A"), bench.sim.add_product("B"), bench.sim.add_product("C")];
    let customers: Vec<_> = (0..7).map(|_| bench.sim.add_customer("Ada", "ada@example.com")).collect();
    let provider = bench.provider(LicenseKeysApi::Auto);
    for number in 0..1_000 {
        bench.clock.advance(SignedDuration::from_millis(1));
        let purchase = match number % 5 {
            0 => Purchase::None,
            1 | 2 => Purchase::Subscription,
            _ => Purchase::OneTime,
        };
        let issued = bench.issue(KeySpec {
            product: Some(products[number % 3].clone()),
            customer: Some(customers[number % 7].clone()),
            activations_limit: (number % 4 != 0).then_some(3),
            expires_at: (number % 11 == 0 && purchase != Purchase::Subscription).then_some(soon),
            purchase,
            ..KeySpec::default()
        });
        if number % 13 == 0 {
            let request = ActivateRequest::new(KeyCode::verbatim(issued.key), "laptop");
            provider.activate(request).await.unwrap();
        }
        bench.clock.advance(SignedDuration::from_millis(1));
        match (number % 17, &issued.subscription_id, &issued.payment_id) {
            (0, ..) => assert!(bench.sim.disable(&issued.id)),
            (1, Some(id), _) => assert!(bench.sim.set_subscription(id, SubscriptionState::OnHold)),
            (2, Some(id), _) => assert!(bench.sim.set_subscription(id, SubscriptionState::Paused)),
            (3, Some(id), _) => assert!(bench.sim.set_subscription(id, SubscriptionState::Ended)),
            (4, Some(id), _) => assert!(bench.sim.set_subscription(id, SubscriptionState::Expired)),
            (5, None, Some(id)) => assert!(bench.sim.refund(id)),
            (6, ..) => assert!(bench.sim.revoke(&issued.id)),
            (7, Some(id), _) => assert_eq!(bench.sim.change_plan(id, &products[0]).len(), 1),
            _ => {}
        }
    }
    bench.clock.set(soon + SignedDuration::from_secs(1));
}

/// Without what grants do not carry.
fn of_classic(mut key: LicenseKey) -> LicenseKey {
    assert!(key.product.take().is_some() && key.origin.source.take().is_some());
    key
}

/// Without what the classic calls do not carry; a key that is gone for good is `disabled` to them.
fn of_grants(mut key: LicenseKey) -> LicenseKey {
    let class = RevocationClass::of(&key);
    assert_eq!(
        key.status == LicenseStatus::Revoked,
        matches!(class, Some(RevocationClass::Final | RevocationClass::Replaced))
    );
    if key.status == LicenseStatus::Revoked {
        assert_eq!(key.status_word, "Revoked");
        key.status = LicenseStatus::Disabled;
        key.status_word = "disabled".into();
    }
    assert!(key.modified_at.take() >= key.created_at && key.product.is_none() && key.origin.source.is_none());
    assert!(key.origin.grant.take().is_some() && key.origin.entitlement.take().is_some());
    assert_eq!(key.origin.revocation.take().is_some(), key.status == LicenseStatus::Disabled);
    key
}

fn by_id(mut keys: Vec<LicenseKey>) -> Vec<LicenseKey> {
    keys.sort_by(|one, other| one.id.cmp(&other.id));
    keys
}

#[tokio::test]
async fn a_thousand_keys_are_the_same_through_each_shape() {
    let bench = Bench::new();
    fill(&bench).await;
    let [classic, auto, grants] = [LicenseKeysApi::Classic, LicenseKeysApi::Auto, LicenseKeysApi::Grants]
        .map(|api| bench.provider(api));
    let expected = by_id(all(&classic, ListQuery::new()).await);
    let count = bench.sim.key_count();
    assert!(expected.len() == count && count > 1_000, "the keys of changed plans come on top");
    for status in [LicenseStatus::Active, LicenseStatus::Expired, LicenseStatus::Disabled] {
        let some = expected.iter().filter(|key| key.status == status).count();
        assert!(some > 20, "{some} {status} keys show nothing");
    }
    assert_eq!(by_id(all(&auto, ListQuery::new()).await), expected);
    let expected: Vec<_> = expected.into_iter().map(of_classic).collect();

    let found = by_id(all(&grants, ListQuery::new()).await);
    let revoked = found.iter().filter(|key| key.status == LicenseStatus::Revoked).count();
    assert!(revoked > 100, "{revoked} revoked keys show nothing");
    assert_eq!(found.into_iter().map(of_grants).collect::<Vec<_>>(), expected);

    bench.remove_classic(DeprecatedCalls::Gone);
    let found = by_id(all(&auto, ListQuery::new().page_size(37)).await);
    assert_eq!(found.into_iter().map(of_grants).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_key_read_by_the_id_of_one_shape_is_the_same_through_the_other() {
    let bench = Bench::new();
    fill(&bench).await;
    let [classic, grants] = [LicenseKeysApi::Classic, LicenseKeysApi::Grants].map(|api| bench.provider(api));
    for key in all(&classic, ListQuery::new()).await.into_iter().step_by(97) {
        let found = grants.get(&key.id).await.unwrap();
        assert_eq!(of_grants(found), of_classic(classic.get(&key.id).await.unwrap()));
    }
}

#[tokio::test]
async fn old_and_coming_bodies_give_the_same_keys() {
    let bench = Bench::new();
    fill(&bench).await;
    let provider = bench.provider(LicenseKeysApi::Grants);
    let expected = all(&provider, ListQuery::new()).await;
    bench.sim.change_quirks(|quirks| {
        quirks.null_grant_metadata = true;
        quirks.omit_null_members = true;
        quirks.unknown_members = true;
        quirks.profile = anykey_dodo_sim::Profile::Old;
    });
    assert_eq!(all(&provider, ListQuery::new()).await, expected);
    bench.sim.change_quirks(|quirks| quirks.lower_case_grant_status = true);
    for (key, expected) in all(&provider, ListQuery::new()).await.into_iter().zip(expected) {
        assert_eq!((&key.id, &key.status), (&expected.id, &expected.status));
        assert!(key.status_word.eq_ignore_ascii_case(&expected.status_word));
    }
}

#[tokio::test]
async fn the_vendors_json_of_a_grant_is_kept_only_when_asked_for() {
    let bench = Bench::new();
    bench.issue_many(2);
    let plain = all(&bench.provider(LicenseKeysApi::Grants), ListQuery::new()).await;
    assert!(plain.iter().all(|key| key.raw.is_none()));
    let keeping = anykey_dodo::DodoProvider::builder()
        .base_url("http://localhost".parse().unwrap())
        .transport(std::sync::Arc::new(bench.sim.clone()))
        .token(bench.sim.api_key(anykey_dodo_sim::ApiKeyScope::ReadOnly))
        .license_keys(LicenseKeysApi::Grants)
        .keep_raw(true)
        .build()
        .unwrap();
    for key in all(&keeping, ListQuery::new()).await {
        let raw: serde_json::Value = serde_json::from_str(key.raw.as_ref().unwrap().expose()).unwrap();
        assert_eq!(raw["license_key"]["id"], key.id.as_str());
        assert_eq!(raw["integration_type"], "license_key");
    }
}
