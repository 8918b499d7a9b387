//! The same store in PostgreSQL, which two receivers share.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use anykey::webhook::Claim;
use anykey::{EventKind, InMemoryProvider, KeyCode, LicenseEvent, LicenseKey, LicenseStatus, Timestamp};
use anykey_example_webhook_receiver::{Store, key_states};
use anykey_test_servers::PostgresServer;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

/// A delivery with the whole key, as it was at that second.
fn event(id: &str, second: i64, status: LicenseStatus) -> LicenseEvent {
    let mut event = LicenseEvent::new("main", id, EventKind::Updated, "license.updated", at(second));
    let code = KeyCode::parse("AAAA-BBBB-CCCC").unwrap();
    let mut key = LicenseKey::new("main", "key_1".into(), code, status);
    key.customer = Some("cus_1".into());
    (event.as_of, event.key_id, event.key) = (at(second), Some(key.id.clone()), Some(key));
    event
}

async fn receive(store: &Store, event: &LicenseEvent) -> Claim {
    let vendor = InMemoryProvider::new(Timestamp::now);
    let states = key_states(event, &vendor, store, at(9)).await.unwrap();
    store.apply(event, &states, at(9)).await.unwrap()
}

#[tokio::test]
async fn two_receivers_apply_each_delivery_once_and_keep_the_latest_state() {
    let Some(server) = PostgresServer::shared() else { return };
    let url = server.url("postgres");
    let (one, other) = tokio::join!(Store::open_postgres(&url), Store::open_postgres(&url));
    let (one, other) = (one.unwrap(), other.unwrap());
    let revoked = event("msg_2", 2, LicenseStatus::Revoked);
    assert_eq!(receive(&one, &revoked).await, Claim::New);
    assert_eq!(receive(&other, &revoked).await, Claim::Done);
    // An older state that arrives later.
    assert_eq!(receive(&other, &event("msg_1", 1, LicenseStatus::Active)).await, Claim::New);
    let keys = one.keys_of("main", &"cus_1".into()).await.unwrap();
    let keys: Vec<_> = keys.iter().map(|key| (key.id.as_str(), key.in_force, key.as_of)).collect();
    assert_eq!(keys, [("key_1", false, at(2))]);
    assert_eq!(receive(&one, &event("msg_3", 3, LicenseStatus::Active)).await, Claim::New);
    assert!(other.keys_of("main", &"cus_1".into()).await.unwrap()[0].in_force);
}
