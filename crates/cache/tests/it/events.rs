use anykey_core::{CustomerId, EventKind, GrantedKey, LicenseEvent, LicenseKey, LicenseProvider, Timestamp};

use crate::fixture::Fixture;

const OTHERS: usize = 50;

fn event(kind: EventKind) -> LicenseEvent {
    LicenseEvent::new("memory", "msg_1", kind, "license.changed", Timestamp::UNIX_EPOCH)
}

fn naming(kind: EventKind, key: &LicenseKey) -> LicenseEvent {
    let mut event = event(kind);
    event.key_id = Some(key.id.clone());
    event
}

fn with_key(kind: EventKind, key: &LicenseKey) -> LicenseEvent {
    let mut event = naming(kind, key);
    event.key = Some(key.clone());
    event
}

/// Two cached keys of one customer, and many cached keys of another.
async fn fixture(hides: bool) -> (Fixture, [LicenseKey; 2]) {
    let fixture = Fixture::new();
    let keys = ["AAAA", "BBBB"].map(|code| fixture.issue(code));
    if hides {
        fixture.vendor.hide_keys();
    }
    for code in ["AAAA", "BBBB"] {
        assert!(fixture.is_valid(code).await);
    }
    for number in 0..OTHERS {
        fixture.issue(&format!("cus_2:OTHERS-{number}"));
        assert!(fixture.is_valid(&format!("OTHERS-{number}")).await);
    }
    (fixture, keys)
}

/// Whether the two keys and the other customer's keys were invalidated.
async fn forgotten(fixture: &Fixture) -> (bool, bool, bool) {
    let asks = async |code: &str| {
        let before = fixture.vendor.sent();
        fixture.is_valid(code).await;
        fixture.vendor.sent() > before
    };
    let (first, second) = (asks("AAAA").await, asks("BBBB").await);
    let mut others = 0;
    for number in 0..OTHERS {
        others += usize::from(asks(&format!("OTHERS-{number}")).await);
    }
    assert!(others <= 5 || others == OTHERS, "{others} of the other keys");
    (first, second, others == OTHERS)
}

#[tokio::test]
async fn an_event_with_the_whole_key_invalidates_only_that_key() {
    for hides in [false, true] {
        let (fixture, [first, _]) = fixture(hides).await;
        fixture.cached.apply(&with_key(EventKind::Revoked, &first));
        let (first, _, others) = forgotten(&fixture).await;
        assert!(first && !others, "hides: {hides}");
    }
}

#[tokio::test]
async fn an_event_that_names_a_key_invalidates_it_and_answers_without_a_key() {
    let (reporting, [first, _]) = fixture(false).await;
    reporting.cached.apply(&naming(EventKind::Revoked, &first));
    let (first, _, others) = forgotten(&reporting).await;
    assert!(first && !others);

    let (hiding, [first, _]) = fixture(true).await;
    hiding.cached.apply(&naming(EventKind::Revoked, &first));
    assert_eq!(forgotten(&hiding).await, (true, true, true));
}

#[tokio::test]
async fn a_purchase_of_several_keys_invalidates_each_of_them() {
    for hides in [true, false] {
        let (fixture, [first, second]) = fixture(hides).await;
        let mut event = with_key(EventKind::Granted, &first);
        event.further_keys = vec![second];
        fixture.cached.apply(&event);
        let (first, second, others) = forgotten(&fixture).await;
        assert!(first && second && !others, "hides: {hides}");
    }
}

#[tokio::test]
async fn a_rotation_event_invalidates_the_old_code() {
    let (fixture, [first, _]) = fixture(true).await;
    let rotated = fixture.vendor.memory.rotate(&first.id).await.unwrap();
    fixture.cached.apply(&with_key(EventKind::Rotated, &rotated));
    assert!(!fixture.is_valid("AAAA").await);
}

#[tokio::test]
async fn a_list_of_a_customers_keys_invalidates_unlisted_keys_too() {
    let (fixture, [first, _]) = fixture(false).await;
    let mut event = event(EventKind::Updated);
    event.customer = first.customer.clone();
    event.granted_keys = Some(vec![GrantedKey::new(first.id, Timestamp::UNIX_EPOCH)]);
    fixture.cached.apply(&event);
    assert_eq!(forgotten(&fixture).await, (true, true, false));
}

#[tokio::test]
async fn an_empty_list_invalidates_the_customers_keys() {
    let (fixture, [first, _]) = fixture(false).await;
    let mut event = event(EventKind::Updated);
    event.customer = first.customer;
    event.granted_keys = Some(Vec::new());
    fixture.cached.apply(&event);
    assert_eq!(forgotten(&fixture).await, (true, true, false));
}

#[tokio::test]
async fn an_event_about_a_customer_invalidates_the_customers_keys() {
    let (fixture, _) = fixture(false).await;
    let mut event = event(EventKind::Renewed);
    event.customer = Some(CustomerId::from("cus_1"));
    fixture.cached.apply(&event);
    assert_eq!(forgotten(&fixture).await, (true, true, false));
}

#[tokio::test]
async fn an_event_without_key_and_customer_invalidates_everything() {
    let (fixture, _) = fixture(false).await;
    fixture.cached.apply(&event(EventKind::Other("payment.refunded".into())));
    assert_eq!(forgotten(&fixture).await, (true, true, true));
}

#[tokio::test]
async fn an_event_of_another_provider_invalidates_nothing() {
    let (fixture, [first, _]) = fixture(false).await;
    let mut event = with_key(EventKind::Revoked, &first);
    event.provider = "other".into();
    fixture.cached.apply(&event);
    assert_eq!(forgotten(&fixture).await, (false, false, false));
}
