use anykey_core::{CustomerId, EventKind, GrantedKey, LicenseEvent, LicenseKey, LicenseProvider, Timestamp};

use crate::world::World;

const CROWD: usize = 50;

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

/// A customer's two keys, another customer's crowd, and all of them kept.
async fn world(hides: bool) -> (World, [LicenseKey; 2]) {
    let world = World::new();
    let keys = ["AAAA", "BBBB"].map(|code| world.issue(code));
    if hides {
        world.vendor.hide_keys();
    }
    for code in ["AAAA", "BBBB"] {
        assert!(world.is_valid(code).await);
    }
    for number in 0..CROWD {
        world.issue(&format!("cus_2:CROWD-{number}"));
        assert!(world.is_valid(&format!("CROWD-{number}")).await);
    }
    (world, keys)
}

/// Which of the two keys, and whether the crowd, is asked for again.
async fn forgotten(world: &World) -> (bool, bool, bool) {
    let asks = async |code: &str| {
        let before = world.vendor.asked();
        world.is_valid(code).await;
        world.vendor.asked() > before
    };
    let (first, second) = (asks("AAAA").await, asks("BBBB").await);
    let mut crowd = 0;
    for number in 0..CROWD {
        crowd += usize::from(asks(&format!("CROWD-{number}")).await);
    }
    assert!(crowd <= 5 || crowd == CROWD, "{crowd} of the crowd");
    (first, second, crowd == CROWD)
}

#[tokio::test]
async fn an_event_with_the_whole_key_forgets_that_key_alone() {
    for hides in [false, true] {
        let (world, [first, _]) = world(hides).await;
        world.cached.apply(&with_key(EventKind::Revoked, &first));
        let (first, _, crowd) = forgotten(&world).await;
        assert!(first && !crowd, "hides: {hides}");
    }
}

#[tokio::test]
async fn an_event_that_names_a_key_forgets_it_and_what_tells_no_key() {
    let (telling, [first, _]) = world(false).await;
    telling.cached.apply(&naming(EventKind::Revoked, &first));
    let (first, _, crowd) = forgotten(&telling).await;
    assert!(first && !crowd);

    let (hiding, [first, _]) = world(true).await;
    hiding.cached.apply(&naming(EventKind::Revoked, &first));
    assert_eq!(forgotten(&hiding).await, (true, true, true));
}

#[tokio::test]
async fn after_a_rotation_the_new_code_does_not_tell_the_old_one() {
    let (world, [first, _]) = world(true).await;
    let rotated = world.vendor.memory.rotate(&first.id).await.unwrap();
    world.cached.apply(&with_key(EventKind::Rotated, &rotated));
    assert!(!world.is_valid("AAAA").await);
}

#[tokio::test]
async fn a_list_of_a_customers_keys_forgets_those_that_are_not_listed_too() {
    let (world, [first, _]) = world(false).await;
    let mut event = event(EventKind::Updated);
    event.customer = first.customer.clone();
    event.granted_keys = Some(vec![GrantedKey::new(first.id, Timestamp::UNIX_EPOCH)]);
    world.cached.apply(&event);
    assert_eq!(forgotten(&world).await, (true, true, false));
}

#[tokio::test]
async fn an_empty_list_forgets_the_customers_keys() {
    let (world, [first, _]) = world(false).await;
    let mut event = event(EventKind::Updated);
    event.customer = first.customer;
    event.granted_keys = Some(Vec::new());
    world.cached.apply(&event);
    assert_eq!(forgotten(&world).await, (true, true, false));
}

#[tokio::test]
async fn an_event_about_a_customer_forgets_the_customers_keys() {
    let (world, _) = world(false).await;
    let mut event = event(EventKind::Renewed);
    event.customer = Some(CustomerId::from("cus_1"));
    world.cached.apply(&event);
    assert_eq!(forgotten(&world).await, (true, true, false));
}

#[tokio::test]
async fn an_event_that_names_nobody_forgets_everything() {
    let (world, _) = world(false).await;
    world.cached.apply(&event(EventKind::Other("payment.refunded".into())));
    assert_eq!(forgotten(&world).await, (true, true, true));
}

#[tokio::test]
async fn an_event_of_another_provider_forgets_nothing() {
    let (world, [first, _]) = world(false).await;
    let mut event = with_key(EventKind::Revoked, &first);
    event.provider = "other".into();
    world.cached.apply(&event);
    assert_eq!(forgotten(&world).await, (false, false, false));
}
