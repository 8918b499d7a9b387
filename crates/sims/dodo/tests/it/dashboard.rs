use std::sync::Arc;

use anykey_core::HttpTransport;
use anykey_core::{ManualClock, SignedDuration, Timestamp};
use anykey_dodo_sim::{ApiKeyScope, DodoSim, KeySpec, KeyStatus, Purchase, SubscriptionState};

use crate::fixture::{Fixture, START, at};

#[test]
fn ids_are_determined_by_the_seed() {
    let made = |seed| {
        let sim = DodoSim::builder(ManualClock::at(Timestamp::UNIX_EPOCH)).seed(seed).build();
        let key = sim.issue(KeySpec::default()).unwrap();
        [sim.business_id().to_owned(), key.id, key.key, sim.api_key(ApiKeyScope::ReadOnly)]
    };
    assert_eq!(made(0), made(0));
    assert!(made(0).iter().zip(made(1)).all(|(one, other)| *one != other));
}

#[test]
fn a_key_string_is_unique_in_the_environment() {
    let fixture = Fixture::new();
    let spec = KeySpec { key: Some("PRO-1".to_owned()), ..KeySpec::default() };
    fixture.sim.issue(spec.clone()).unwrap();
    assert!(fixture.sim.issue(spec.clone()).is_err());
    assert!(fixture.sim.other_business().issue(spec).is_err());
    let many = KeySpec { key: Some("PRO".to_owned()), ..KeySpec::default() };
    assert!(fixture.sim.issue_many(3, &many).is_err());
    assert_eq!(fixture.sim.key_count(), 1);
    let many = KeySpec { key: Some("TEAM".to_owned()), ..KeySpec::default() };
    let issued = fixture.sim.issue_many(2, &many).unwrap();
    assert_eq!(issued.iter().map(|key| key.key.as_str()).collect::<Vec<_>>(), ["TEAM-0", "TEAM-1"]);
}

#[test]
fn a_key_is_valid_again_after_a_hold_but_not_after_the_end_of_its_subscription() {
    let fixture = Fixture::new();
    let first = fixture.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    let subscription = first.subscription_id.clone().unwrap();
    let seat = Purchase::SubscriptionSeat(subscription.clone());
    let second = fixture.issue(KeySpec { purchase: seat, ..KeySpec::default() });
    let statuses = || [&first, &second].map(|key| fixture.sim.key_status(&key.id).unwrap());

    assert!(fixture.sim.set_subscription(&subscription, SubscriptionState::OnHold));
    assert_eq!(statuses(), [KeyStatus::Disabled; 2]);
    let seat = Purchase::SubscriptionSeat(subscription.clone());
    let third = fixture.issue(KeySpec { purchase: seat, ..KeySpec::default() });
    assert_eq!(fixture.sim.key_status(&third.id), Some(KeyStatus::Disabled));
    assert!(fixture.sim.set_subscription(&subscription, SubscriptionState::Active));
    assert_eq!(statuses(), [KeyStatus::Active; 2]);
    assert!(fixture.sim.set_subscription(&subscription, SubscriptionState::Ended));
    assert!(!fixture.sim.set_subscription(&subscription, SubscriptionState::Active));
    assert!(fixture.sim.enable(&first.id));
    assert_eq!(statuses(), [KeyStatus::Disabled; 2]);
    assert!(!fixture.sim.set_subscription("sub_unknown", SubscriptionState::Ended));
}

#[test]
fn a_refund_disables_only_the_keys_of_its_payment() {
    let fixture = Fixture::new();
    let [refunded, kept] = [(); 2].map(|()| fixture.issue(KeySpec::default()));
    assert!(fixture.sim.refund(refunded.payment_id.as_ref().unwrap()));
    assert!(!fixture.sim.refund("pay_unknown"));
    assert_eq!(fixture.sim.key_status(&refunded.id), Some(KeyStatus::Disabled));
    assert_eq!(fixture.sim.key_status(&kept.id), Some(KeyStatus::Active));
}

#[test]
fn unknown_products_and_customers_of_a_key_are_created() {
    let fixture = Fixture::new();
    let spec = KeySpec {
        product: Some("pdt_later".to_owned()),
        customer: Some("cus_later".to_owned()),
        ..KeySpec::default()
    };
    let key = fixture.sim.issue(spec).unwrap();
    assert_eq!((&*key.product_id, &*key.customer_id), ("pdt_later", "cus_later"));
    fixture.activate(&key, "Laptop");
}

#[test]
fn actions_on_unknown_ids_return_false_or_none() {
    let fixture = Fixture::new();
    assert!(!fixture.sim.disable("lic_unknown") && !fixture.sim.enable("lic_unknown"));
    assert!(!fixture.sim.force_status_word("lic_unknown", None));
    assert!(!fixture.sim.revoke_api_key("nonsense"));
    assert_eq!(fixture.sim.key_status("lic_unknown"), None);
    assert!(fixture.sim.instances("lic_unknown").is_empty());
}

#[test]
fn instances_are_listed_oldest_first() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let first = fixture.activate(&key, "first");
    fixture.clock.advance(SignedDuration::from_secs(1));
    let second = fixture.activate(&key, "second");
    let shown = fixture.sim.instances(&key.id);
    assert_eq!([&shown[0].id, &shown[1].id], [&first, &second]);
    assert_eq!((shown[0].name.as_str(), shown[0].created_at), ("first", at(START)));
}

#[test]
fn times_have_microseconds() {
    let fixture = Fixture::new();
    fixture.clock.advance(SignedDuration::from_nanos(999));
    let expires_at = Some(fixture.clock.now());
    let key = fixture.issue(KeySpec { expires_at, ..KeySpec::default() });
    assert_eq!(fixture.get(&format!("/license_keys?created_at_lte={START}")).ids(), [&*key.id]);
    let lasting = fixture.issue(KeySpec::default());
    fixture.activate(&lasting, "Laptop");
    assert_eq!(fixture.sim.instances(&lasting.id)[0].created_at, at(START));
    fixture.clock.set(at(START));
    assert_eq!(fixture.sim.key_status(&key.id), Some(KeyStatus::Expired));
}

#[test]
fn debug_prints_no_secret() {
    let fixture = Fixture::new();
    let spec = KeySpec { key: Some("PLANTED-SECRET".to_owned()), ..KeySpec::default() };
    let printed_spec = format!("{spec:?}");
    let key = fixture.sim.issue(spec).unwrap();
    let printed = format!("{:?} {:#?} {key:?} {printed_spec}", fixture.sim, fixture.sim);
    assert!(!printed.contains("PLANTED-SECRET") && !printed.contains(&fixture.api_key), "{printed}");
}

#[test]
fn the_simulator_is_a_shared_transport() {
    fn transport(sim: DodoSim) -> Arc<dyn HttpTransport> {
        Arc::new(sim)
    }
    assert!(format!("{:?}", transport(Fixture::new().sim)).starts_with("DodoSim"));
}

#[test]
fn a_quantity_issues_as_many_keys_with_one_payment() {
    let fixture = Fixture::new();
    let spec = KeySpec { product: Some(fixture.product.clone()), ..KeySpec::default() };
    let sold = fixture.sim.sell(3, &spec).unwrap();
    let payment = sold[0].payment_id.clone().unwrap();
    assert_eq!(sold.len(), 3);
    assert!(
        sold.iter().all(|key| key.payment_id.as_ref() == Some(&payment) && key.product_id == fixture.product)
    );
    assert_ne!(sold[0].key, sold[1].key);
    assert!(fixture.sim.refund(&payment));
    assert!(sold.iter().all(|key| fixture.sim.key_status(&key.id) == Some(KeyStatus::Disabled)));

    let seats =
        fixture.sim.sell(2, &KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() }).unwrap();
    assert!(seats[0].subscription_id.is_some() && seats[0].subscription_id == seats[1].subscription_id);
}

#[test]
fn keys_stay_valid_while_a_payment_is_past_due() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    let subscription = key.subscription_id.clone().unwrap();
    assert!(fixture.sim.set_subscription(&subscription, SubscriptionState::PastDue));
    assert_eq!(fixture.sim.key_status(&key.id), Some(KeyStatus::Active));
    assert!(fixture.sim.set_subscription(&subscription, SubscriptionState::OnHold));
    assert_eq!(fixture.sim.key_status(&key.id), Some(KeyStatus::Disabled));
}
