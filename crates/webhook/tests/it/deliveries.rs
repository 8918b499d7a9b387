//! The store in memory.

use anykey_core::SignedDuration;
use anykey_webhook::{Claim, Deliveries, MemoryDeliveries};

use anykey_test_deliveries::{
    a_claim_ends_with_its_lease, applies_once, event, minute, runs_an_effect_until_it_succeeds,
};

fn memory() -> MemoryDeliveries {
    MemoryDeliveries::new().window(SignedDuration::from_hours(1))
}

#[tokio::test]
async fn the_memory_store_behaves_like_every_store() {
    applies_once(&memory()).await;
    a_claim_ends_with_its_lease(&memory()).await;
    runs_an_effect_until_it_succeeds(&memory()).await;
}

#[tokio::test]
async fn the_memory_store_is_bounded() {
    let store = memory().capacity(3);
    for id in ["a", "b", "c", "d"] {
        store.claim(&event("acme", id), minute(0)).await.unwrap();
        store.finish(&event("acme", id), minute(0)).await.unwrap();
    }
    assert_eq!(store.len(), 3);
    assert_eq!(store.claim(&event("acme", "d"), minute(0)).await.unwrap(), Claim::Done);
    assert_eq!(
        store.claim(&event("acme", "a"), minute(0)).await.unwrap(),
        Claim::New,
        "the oldest was forgotten"
    );
    for _ in 0..100 {
        store.claim(&event("acme", "e"), minute(1)).await.unwrap();
        store.release(&event("acme", "e"), minute(0)).await.unwrap();
    }
    store.claim(&event("acme", "f"), minute(61)).await.unwrap();
    assert_eq!(store.len(), 1, "the window is over for all the others");
}
