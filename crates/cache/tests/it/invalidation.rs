use anykey_cache::CachedProvider;
use anykey_core::{LicenseKey, LicenseProviderExt};

use crate::vendor::Vendor;
use crate::world::{World, request, until};

type Invalidation = fn(&CachedProvider<Vendor>, &LicenseKey);

/// Every way to forget a key.
const ALL: [(&str, Invalidation); 4] = [
    ("code", |cached, key| cached.invalidate_code(&key.code)),
    ("key", |cached, key| cached.invalidate_key(&key.id)),
    ("customer", |cached, key| cached.invalidate_customer(key.customer.as_ref().unwrap())),
    ("all", |cached, _| cached.invalidate_all()),
];

#[tokio::test]
async fn what_is_invalidated_is_asked_again_whether_the_vendor_tells_keys_or_not() {
    for hides in [false, true] {
        for (name, invalidate) in ALL {
            let world = World::new();
            let key = world.issue("AAAA");
            if hides {
                world.vendor.hide_keys();
            }
            assert!(world.is_valid("AAAA").await);
            world.vendor.memory.disable(&key.id).await.unwrap();
            assert!(world.is_valid("AAAA").await, "kept");
            invalidate(&world.cached, &key);
            assert!(!world.is_valid("AAAA").await, "{name}, hides: {hides}");
            assert!(!world.asks(request("AAAA")).await, "the new answer is kept: {name}");
        }
    }
}

/// A refusal of Polar's does not say which key it is about.
#[tokio::test]
async fn a_refusal_is_invalidated_too() {
    for (name, invalidate) in ALL {
        let world = World::new();
        let key = world.issue("AAAA");
        world.vendor.memory.disable(&key.id).await.unwrap();
        assert!(!world.is_valid("AAAA").await);
        world.vendor.memory.enable(&key.id).await.unwrap();
        invalidate(&world.cached, &key);
        assert!(world.is_valid("AAAA").await, "{name}");
    }
}

#[tokio::test]
async fn an_answer_that_was_on_its_way_is_neither_kept_nor_waited_for() {
    for (name, invalidate) in ALL {
        let world = World::new();
        let key = world.issue("AAAA");
        world.vendor.hold();
        let before = world.spawn(request("AAAA")).await;
        until(|| world.vendor.asked() == 1).await;
        world.vendor.memory.disable(&key.id).await.unwrap();
        invalidate(&world.cached, &key);
        let after = world.spawn(request("AAAA")).await;
        let beside = world.spawn(request("AAAA")).await;
        until(|| world.vendor.asked() == 2).await;
        world.vendor.let_go();
        assert!(before.await.unwrap().unwrap().is_valid(), "asked before: {name}");
        assert!(!after.await.unwrap().unwrap().is_valid(), "asked after: {name}");
        assert!(!beside.await.unwrap().unwrap().is_valid(), "asked after, too: {name}");
        assert!(!world.is_valid("AAAA").await, "kept is the later answer: {name}");
        assert_eq!(world.vendor.asked(), 2, "{name}");
    }
}

#[tokio::test]
async fn the_end_of_an_overtaken_request_does_not_part_those_who_wait_for_the_later_one() {
    let world = World::new();
    let key = world.issue("AAAA");
    world.vendor.hold();
    let overtaken = world.spawn(request("AAAA")).await;
    world.cached.invalidate_code(&key.code);
    world.spawn(request("AAAA")).await;
    overtaken.abort();
    assert!(overtaken.await.unwrap_err().is_cancelled());
    world.spawn(request("AAAA")).await;
    let stats = world.cached.stats();
    assert_eq!((stats.asked, stats.joined), (2, 1));
}

#[tokio::test]
async fn others_stay() {
    let world = World::new();
    let key = world.issue("AAAA");
    let others: Vec<_> = (0..50).map(|number| format!("OTHER-{number}")).collect();
    for other in &others {
        world.issue(&format!("cus_2:{other}"));
        assert!(world.is_valid(other).await);
    }
    for (name, invalidate) in &ALL[..3] {
        let before = world.vendor.asked();
        invalidate(&world.cached, &key);
        for other in &others {
            world.is_valid(other).await;
        }
        assert!(world.vendor.asked() - before <= 5, "{name}: one in 4096 goes along");
    }
}
