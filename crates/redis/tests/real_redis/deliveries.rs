//! Deliveries in Redis.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use anykey_core::SignedDuration;
use anykey_redis::RedisDeliveries;
use anykey_test_deliveries::{
    a_claim_ends_with_its_lease, applies_once, event, minute, runs_an_effect_until_it_succeeds,
};
use anykey_test_servers::RedisServer;
use anykey_webhook::{Claim, Deliveries, DeliveriesExt};
use tokio::task::{JoinSet, yield_now};

use crate::support::{connect, set_password};

pub(crate) fn store(url: &str) -> RedisDeliveries {
    RedisDeliveries::new(&connect(url)).window(SignedDuration::from_hours(1))
}

#[tokio::test]
async fn the_redis_store_behaves_like_every_store() {
    let Some(redis) = RedisServer::start() else { return };
    let store = store(&redis.url());
    applies_once(&store).await;
    assert_eq!(redis.command(&["FLUSHALL"]), "+OK");
    a_claim_ends_with_its_lease(&store).await;
    assert_eq!(redis.command(&["FLUSHALL"]), "+OK");
    runs_an_effect_until_it_succeeds(&store).await;
}

/// Four receivers, of which one after the other is killed while it applies a delivery.
#[tokio::test]
async fn each_delivery_is_applied_once_by_receivers_that_are_killed() {
    let Some(redis) = RedisServer::start() else { return };
    let applied: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
    let mut vendor = JoinSet::new();
    let stores: Vec<_> = (0..4).map(|_| store(&redis.url())).collect();
    for number in 0..500_usize {
        let (applied, stores) = (Arc::clone(&applied), stores.clone());
        vendor.spawn(async move {
            let id = format!("msg_{number}");
            // The vendor delivers again every six minutes, which is longer than the lease; twice at once.
            for attempt in 0.. {
                let receive = |receiver: usize, is_killed: bool| {
                    let (applied, store, id) =
                        (Arc::clone(&applied), stores[receiver % 4].clone(), id.clone());
                    let received = tokio::spawn(async move {
                        let apply = async {
                            if is_killed {
                                std::future::pending::<()>().await;
                            }
                            *applied.lock().unwrap().entry(id.clone()).or_default() += 1;
                            Ok::<_, ()>(())
                        };
                        store
                            .once(&event("acme", &id), minute(attempt * 6), apply)
                            .await
                            .unwrap()
                            .status_hint()
                    });
                    async move {
                        if is_killed {
                            yield_now().await;
                            received.abort();
                        }
                        received.await.unwrap_or(500)
                    }
                };
                let is_killed = attempt == 0 && number.is_multiple_of(3);
                let one = receive(number, is_killed);
                let other = receive(number + 1, is_killed && number.is_multiple_of(2));
                let answers = tokio::join!(one, other);
                if answers.0 == 200 || answers.1 == 200 {
                    return;
                }
            }
        });
    }
    vendor.join_all().await;
    let applied = applied.lock().unwrap();
    assert_eq!(applied.len(), 500, "none is lost");
    assert!(applied.values().all(|count| *count == 1), "none is applied twice");
}

#[tokio::test]
async fn a_restarted_server_knows_what_was_applied() {
    let Some(mut redis) = RedisServer::durable() else { return };
    let store = store(&redis.url());
    let one = event("acme", "msg_1");
    assert_eq!(store.claim(&one, minute(0)).await.unwrap(), Claim::New);
    store.finish(&one, minute(0)).await.unwrap();
    redis.stop();
    let error = store.claim(&one, minute(1)).await.unwrap_err();
    assert!(std::error::Error::source(&error).is_some(), "the vendor delivers again");
    redis.restart();
    let mut claim = store.claim(&one, minute(1)).await;
    while claim.is_err() {
        claim = store.claim(&one, minute(1)).await;
    }
    assert_eq!(claim.unwrap(), Claim::Done);
}

#[tokio::test]
async fn a_full_locked_or_paused_server_is_an_error_and_loses_nothing() {
    let Some(redis) = RedisServer::start() else { return };
    let store = store(&set_password(&redis, "first", redis.port()));
    let one = event("acme", "msg_1");
    assert_eq!(redis.command(&["CONFIG", "SET", "maxmemory", "1"]), "+OK");
    assert!(store.claim(&one, minute(0)).await.is_err(), "it is full");
    assert_eq!(redis.command(&["CONFIG", "SET", "maxmemory", "0"]), "+OK");
    assert_eq!(store.claim(&one, minute(0)).await.unwrap(), Claim::New);
    set_password(&redis, "second", redis.port());
    assert!(store.finish(&one, minute(0)).await.is_err(), "it has another password");
    set_password(&redis, "first", redis.port());
    redis.pause();
    assert!(store.finish(&one, minute(0)).await.is_err(), "it does not answer");
    redis.resume();
    while store.finish(&one, minute(0)).await.is_err() {}
    assert_eq!(store.claim(&one, minute(1)).await.unwrap(), Claim::Done);
}
