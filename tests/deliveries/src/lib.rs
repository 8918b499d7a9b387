//! Behaviour of every store of deliveries, for the tests of each. A store is new, with a window of one hour.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "the bodies of tests")]

use anykey_core::{EventKind, LicenseEvent, Timestamp};
use anykey_webhook::{Claim, Deliveries, DeliveriesExt, Once, OnceError};

/// A delivery of `provider`.
pub fn event(provider: &'static str, id: &str) -> LicenseEvent {
    LicenseEvent::new(provider, id, EventKind::Updated, "x", Timestamp::UNIX_EPOCH)
}

/// A time that is so many minutes after the first.
pub fn minute(minute: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + 60 * minute).unwrap()
}

/// A delivery that is under way or done is not new until the window is over, whatever other providers deliver.
pub async fn applies_once(store: &dyn Deliveries) {
    let one = event("acme", "msg_1");
    assert_eq!(store.claim(&one, minute(0)).await.unwrap(), Claim::New);
    assert_eq!(store.claim(&one, minute(1)).await.unwrap(), Claim::InProgress);
    assert_eq!(store.claim(&event("acme", "msg_2"), minute(1)).await.unwrap(), Claim::New);
    assert_eq!(store.claim(&event("other", "msg_1"), minute(1)).await.unwrap(), Claim::New);

    store.release(&one, minute(0)).await.unwrap();
    assert_eq!(store.claim(&one, minute(2)).await.unwrap(), Claim::New);
    store.finish(&one, minute(3)).await.unwrap();
    store.release(&one, minute(2)).await.unwrap();
    assert_eq!(store.claim(&one, minute(50)).await.unwrap(), Claim::Done);
    assert_eq!(store.claim(&one, minute(63)).await.unwrap(), Claim::New, "the window is over");
}

/// A receiver that ended without a report holds a delivery for the usual five minutes.
pub async fn a_claim_ends_with_its_lease(store: &dyn Deliveries) {
    let one = event("acme", "msg_1");
    assert_eq!(store.claim(&one, minute(0)).await.unwrap(), Claim::New);
    assert_eq!(store.claim(&one, minute(4)).await.unwrap(), Claim::InProgress);
    assert_eq!(store.claim(&one, minute(5)).await.unwrap(), Claim::New);
    // The first one comes back, and fails: the claim is no longer its own.
    store.release(&one, minute(0)).await.unwrap();
    assert_eq!(store.claim(&one, minute(6)).await.unwrap(), Claim::InProgress);
}

/// A failed effect runs again, and one that is under way or done does not.
pub async fn runs_an_effect_until_it_succeeds(store: &dyn Deliveries) {
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
