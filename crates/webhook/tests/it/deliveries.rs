//! Behaviour of every store of deliveries, and of the store in memory.

use anykey_core::{EventKind, LicenseEvent, SignedDuration, Timestamp};
use anykey_webhook::{Claim, Deliveries, DeliveriesExt, MemoryDeliveries, Once, OnceError};

pub(crate) fn event(provider: &'static str, id: &str) -> LicenseEvent {
    LicenseEvent::new(provider, id, EventKind::Updated, "x", Timestamp::UNIX_EPOCH)
}

pub(crate) fn minute(minute: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + 60 * minute).unwrap()
}

/// A store with the usual lease of five minutes and a window of one hour.
pub(crate) async fn applies_once(store: &dyn Deliveries) {
    let one = event("acme", "msg_1");
    assert_eq!(store.claim(&one, minute(0)).await.unwrap(), Claim::New);
    assert_eq!(store.claim(&one, minute(1)).await.unwrap(), Claim::InProgress);
    assert_eq!(store.claim(&event("acme", "msg_2"), minute(1)).await.unwrap(), Claim::New);
    assert_eq!(store.claim(&event("other", "msg_1"), minute(1)).await.unwrap(), Claim::New);

    store.release(&one).await.unwrap();
    assert_eq!(store.claim(&one, minute(2)).await.unwrap(), Claim::New);
    store.finish(&one, minute(3)).await.unwrap();
    store.release(&one).await.unwrap();
    assert_eq!(store.claim(&one, minute(50)).await.unwrap(), Claim::Done);
    assert_eq!(store.claim(&one, minute(63)).await.unwrap(), Claim::New, "the window is over");
}

pub(crate) async fn a_claim_ends_with_its_lease(store: &dyn Deliveries) {
    let one = event("acme", "msg_1");
    assert_eq!(store.claim(&one, minute(0)).await.unwrap(), Claim::New);
    assert_eq!(store.claim(&one, minute(4)).await.unwrap(), Claim::InProgress);
    assert_eq!(store.claim(&one, minute(5)).await.unwrap(), Claim::New);
}

pub(crate) async fn runs_an_effect_until_it_succeeds(store: &dyn Deliveries) {
    let one = event("acme", "msg_1");
    let failed = store.once(&one, minute(0), async { Err::<(), _>("no disk") }).await;
    assert!(matches!(failed, Err(OnceError::Effect("no disk"))));
    let waiting = store.once(&one, minute(0), async {
        let meanwhile = store.once(&one, minute(0), async { Ok::<_, ()>(()) }).await.unwrap();
        Ok::<_, ()>(meanwhile)
    });
    assert_eq!(waiting.await.unwrap(), Once::Done(Once::InProgress));
    let late = store.once(&one, minute(1), async { Err::<(), _>("not run") }).await.unwrap();
    assert_eq!((late, late.status_hint()), (Once::Duplicate, 200));
    assert_eq!(Once::<()>::InProgress.status_hint(), 503);
}

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
        store.release(&event("acme", "e")).await.unwrap();
    }
    store.claim(&event("acme", "f"), minute(61)).await.unwrap();
    assert_eq!(store.len(), 1, "the window is over for all the others");
}
