use anykey_cache::CachedProvider;
use anykey_core::{LicenseKey, LicenseProviderExt};

use crate::fixture::{Fixture, request, until};
use crate::vendor::Vendor;

type Invalidation = fn(&CachedProvider<Vendor>, &LicenseKey);

/// Every way to invalidate a key.
const ALL: [(&str, Invalidation); 4] = [
    ("code", |cached, key| cached.invalidate_code(&key.code)),
    ("key", |cached, key| cached.invalidate_key(&key.id)),
    ("customer", |cached, key| cached.invalidate_customer(key.customer.as_ref().unwrap())),
    ("all", |cached, _| cached.invalidate_all()),
];

#[tokio::test]
async fn an_invalidated_answer_is_requested_again_with_and_without_keys_in_answers() {
    for hides in [false, true] {
        for (name, invalidate) in ALL {
            let fixture = Fixture::new();
            let key = fixture.issue("AAAA");
            if hides {
                fixture.vendor.hide_keys();
            }
            assert!(fixture.is_valid("AAAA").await);
            fixture.vendor.memory.disable(&key.id).await.unwrap();
            assert!(fixture.is_valid("AAAA").await, "cached");
            invalidate(&fixture.cached, &key);
            assert!(!fixture.is_valid("AAAA").await, "{name}, hides: {hides}");
            assert!(!fixture.asks(request("AAAA")).await, "the new answer is cached: {name}");
        }
    }
}

/// Polar's refusals do not contain the key.
#[tokio::test]
async fn a_refusal_is_invalidated_too() {
    for (name, invalidate) in ALL {
        let fixture = Fixture::new();
        let key = fixture.issue("AAAA");
        fixture.vendor.memory.disable(&key.id).await.unwrap();
        assert!(!fixture.is_valid("AAAA").await);
        fixture.vendor.memory.enable(&key.id).await.unwrap();
        invalidate(&fixture.cached, &key);
        assert!(fixture.is_valid("AAAA").await, "{name}");
    }
}

#[tokio::test]
async fn an_answer_in_flight_during_an_invalidation_is_neither_cached_nor_shared() {
    for (name, invalidate) in ALL {
        let fixture = Fixture::new();
        let key = fixture.issue("AAAA");
        fixture.vendor.hold();
        let before = fixture.spawn(request("AAAA")).await;
        until(|| fixture.vendor.sent() == 1).await;
        fixture.vendor.memory.disable(&key.id).await.unwrap();
        invalidate(&fixture.cached, &key);
        let after = fixture.spawn(request("AAAA")).await;
        let shared = fixture.spawn(request("AAAA")).await;
        until(|| fixture.vendor.sent() == 2).await;
        fixture.vendor.resume();
        assert!(before.await.unwrap().unwrap().is_valid(), "sent before: {name}");
        assert!(!after.await.unwrap().unwrap().is_valid(), "sent after: {name}");
        assert!(!shared.await.unwrap().unwrap().is_valid(), "shared after: {name}");
        assert!(!fixture.is_valid("AAAA").await, "the later answer is cached: {name}");
        assert_eq!(fixture.vendor.sent(), 2, "{name}");
    }
}

#[tokio::test]
async fn the_end_of_an_invalidated_request_does_not_affect_the_later_one() {
    let fixture = Fixture::new();
    let key = fixture.issue("AAAA");
    fixture.vendor.hold();
    let invalidated = fixture.spawn(request("AAAA")).await;
    fixture.cached.invalidate_code(&key.code);
    fixture.spawn(request("AAAA")).await;
    invalidated.abort();
    assert!(invalidated.await.unwrap_err().is_cancelled());
    fixture.spawn(request("AAAA")).await;
    let stats = fixture.cached.stats();
    assert_eq!((stats.sent, stats.joined), (2, 1));
}

#[tokio::test]
async fn other_keys_are_not_invalidated() {
    let fixture = Fixture::new();
    let key = fixture.issue("AAAA");
    let others: Vec<_> = (0..50).map(|number| format!("OTHER-{number}")).collect();
    for other in &others {
        fixture.issue(&format!("cus_2:{other}"));
        assert!(fixture.is_valid(other).await);
    }
    for (name, invalidate) in &ALL[..3] {
        let before = fixture.vendor.sent();
        invalidate(&fixture.cached, &key);
        for other in &others {
            fixture.is_valid(other).await;
        }
        assert!(fixture.vendor.sent() - before <= 5, "{name}: about one in 4096 is invalidated too");
    }
}
