use std::sync::Arc;

use anykey_core::HttpTransport;
use anykey_core::{ManualClock, SignedDuration, Timestamp};
use anykey_dodo_sim::{ApiKeyScope, DodoSim, KeySpec, KeyStatus, Purchase, SubscriptionState};

use crate::bench::{Bench, START, at};

#[test]
fn the_same_seed_gives_the_same_ids_and_another_seed_others() {
    let made = |seed| {
        let sim = DodoSim::builder(ManualClock::at(Timestamp::UNIX_EPOCH)).seed(seed).build();
        let key = sim.issue(KeySpec::default()).unwrap();
        [sim.business_id().to_owned(), key.id, key.key, sim.api_key(ApiKeyScope::ReadOnly)]
    };
    assert_eq!(made(0), made(0));
    assert!(made(0).iter().zip(made(1)).all(|(one, other)| *one != other));
}

#[test]
fn a_key_string_exists_once_in_the_environment() {
    let bench = Bench::new();
    let spec = KeySpec { key: Some("PRO-1".to_owned()), ..KeySpec::default() };
    bench.sim.issue(spec.clone()).unwrap();
    assert!(bench.sim.issue(spec.clone()).is_err());
    assert!(bench.sim.other_business().issue(spec).is_err());
    let many = KeySpec { key: Some("PRO".to_owned()), ..KeySpec::default() };
    assert!(bench.sim.issue_many(3, &many).is_err());
    assert_eq!(bench.sim.key_count(), 1);
    let many = KeySpec { key: Some("TEAM".to_owned()), ..KeySpec::default() };
    let issued = bench.sim.issue_many(2, &many).unwrap();
    assert_eq!(issued.iter().map(|key| key.key.as_str()).collect::<Vec<_>>(), ["TEAM-0", "TEAM-1"]);
}

#[test]
fn a_hold_passes_and_an_end_does_not() {
    let bench = Bench::new();
    let first = bench.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    let subscription = first.subscription_id.clone().unwrap();
    let seat = Purchase::SubscriptionSeat(subscription.clone());
    let second = bench.issue(KeySpec { purchase: seat, ..KeySpec::default() });
    let statuses = || [&first, &second].map(|key| bench.sim.key_status(&key.id).unwrap());

    assert!(bench.sim.set_subscription(&subscription, SubscriptionState::OnHold));
    assert_eq!(statuses(), [KeyStatus::Disabled; 2]);
    let seat = Purchase::SubscriptionSeat(subscription.clone());
    let third = bench.issue(KeySpec { purchase: seat, ..KeySpec::default() });
    assert_eq!(bench.sim.key_status(&third.id), Some(KeyStatus::Disabled));
    assert!(bench.sim.set_subscription(&subscription, SubscriptionState::Active));
    assert_eq!(statuses(), [KeyStatus::Active; 2]);
    assert!(bench.sim.set_subscription(&subscription, SubscriptionState::Ended));
    assert!(!bench.sim.set_subscription(&subscription, SubscriptionState::Active));
    assert!(bench.sim.enable(&first.id));
    assert_eq!(statuses(), [KeyStatus::Disabled; 2]);
    assert!(!bench.sim.set_subscription("sub_nobody", SubscriptionState::Ended));
}

#[test]
fn a_refund_disables_the_keys_of_its_payment_only() {
    let bench = Bench::new();
    let [refunded, kept] = [(); 2].map(|()| bench.issue(KeySpec::default()));
    assert!(bench.sim.refund(refunded.payment_id.as_ref().unwrap()));
    assert!(!bench.sim.refund("pay_nobody"));
    assert_eq!(bench.sim.key_status(&refunded.id), Some(KeyStatus::Disabled));
    assert_eq!(bench.sim.key_status(&kept.id), Some(KeyStatus::Active));
}

#[test]
fn products_and_customers_can_be_named_before_they_are_added() {
    let bench = Bench::new();
    let spec = KeySpec {
        product: Some("pdt_later".to_owned()),
        customer: Some("cus_later".to_owned()),
        ..KeySpec::default()
    };
    let key = bench.sim.issue(spec).unwrap();
    assert_eq!((&*key.product_id, &*key.customer_id), ("pdt_later", "cus_later"));
    bench.activate(&key, "Laptop");
}

#[test]
fn what_is_unknown_is_told() {
    let bench = Bench::new();
    assert!(!bench.sim.disable("lic_nobody") && !bench.sim.enable("lic_nobody"));
    assert!(!bench.sim.force_status_word("lic_nobody", None));
    assert!(!bench.sim.revoke_api_key("nonsense"));
    assert_eq!(bench.sim.key_status("lic_nobody"), None);
    assert!(bench.sim.instances("lic_nobody").is_empty());
}

#[test]
fn instances_are_shown_oldest_first() {
    let bench = Bench::new();
    let key = bench.issue(KeySpec::default());
    let first = bench.activate(&key, "first");
    bench.clock.advance(SignedDuration::from_secs(1));
    let second = bench.activate(&key, "second");
    let shown = bench.sim.instances(&key.id);
    assert_eq!([&shown[0].id, &shown[1].id], [&first, &second]);
    assert_eq!((shown[0].name.as_str(), shown[0].created_at), ("first", at(START)));
}

#[test]
fn times_are_kept_to_the_microsecond() {
    let bench = Bench::new();
    bench.clock.advance(SignedDuration::from_nanos(999));
    let expires_at = Some(bench.clock.now());
    let key = bench.issue(KeySpec { expires_at, ..KeySpec::default() });
    assert_eq!(bench.get(&format!("/license_keys?created_at_lte={START}")).ids(), [&*key.id]);
    let lasting = bench.issue(KeySpec::default());
    bench.activate(&lasting, "Laptop");
    assert_eq!(bench.sim.instances(&lasting.id)[0].created_at, at(START));
    bench.clock.set(at(START));
    assert_eq!(bench.sim.key_status(&key.id), Some(KeyStatus::Expired));
}

#[test]
fn nothing_that_prints_shows_a_secret() {
    let bench = Bench::new();
    let spec = KeySpec { key: Some("PLANTED-SECRET".to_owned()), ..KeySpec::default() };
    let printed_spec = format!("{spec:?}");
    let key = bench.sim.issue(spec).unwrap();
    let printed = format!("{:?} {:#?} {key:?} {printed_spec}", bench.sim, bench.sim);
    assert!(!printed.contains("PLANTED-SECRET") && !printed.contains(&bench.api_key), "{printed}");
}

#[test]
fn it_serves_as_a_shared_transport() {
    fn transport(sim: DodoSim) -> Arc<dyn HttpTransport> {
        Arc::new(sim)
    }
    assert!(format!("{:?}", transport(Bench::new().sim)).starts_with("DodoSim"));
}

#[test]
fn a_quantity_brings_as_many_keys_of_one_payment() {
    let bench = Bench::new();
    let spec = KeySpec { product: Some(bench.product.clone()), ..KeySpec::default() };
    let sold = bench.sim.sell(3, &spec).unwrap();
    let payment = sold[0].payment_id.clone().unwrap();
    assert_eq!(sold.len(), 3);
    assert!(
        sold.iter().all(|key| key.payment_id.as_ref() == Some(&payment) && key.product_id == bench.product)
    );
    assert_ne!(sold[0].key, sold[1].key);
    assert!(bench.sim.refund(&payment));
    assert!(sold.iter().all(|key| bench.sim.key_status(&key.id) == Some(KeyStatus::Disabled)));

    let seats =
        bench.sim.sell(2, &KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() }).unwrap();
    assert!(seats[0].subscription_id.is_some() && seats[0].subscription_id == seats[1].subscription_id);
}

#[test]
fn a_payment_that_is_past_due_leaves_the_keys_in_force() {
    let bench = Bench::new();
    let key = bench.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() });
    let subscription = key.subscription_id.clone().unwrap();
    assert!(bench.sim.set_subscription(&subscription, SubscriptionState::PastDue));
    assert_eq!(bench.sim.key_status(&key.id), Some(KeyStatus::Active));
    assert!(bench.sim.set_subscription(&subscription, SubscriptionState::OnHold));
    assert_eq!(bench.sim.key_status(&key.id), Some(KeyStatus::Disabled));
}
