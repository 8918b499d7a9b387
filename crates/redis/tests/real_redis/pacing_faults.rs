//! Pacing while Redis is away.

use std::time::Duration;

use anykey_http::Pacer;
use anykey_test_servers::{Proxy, RedisServer};
use tokio::time::{Instant, timeout};

use crate::pacing::{fleet, limit, number};
use crate::support::{connect, set_password};

const SOON: Duration = Duration::from_secs(5);

/// How many requests `pacer` lets through at once.
pub(crate) async fn at_once(pacer: &Pacer) -> usize {
    let mut turns = Vec::new();
    while let Ok(turn) = timeout(Duration::from_millis(400), pacer.acquire()).await {
        turns.push(turn);
    }
    turns.len()
}

#[tokio::test]
async fn without_redis_each_process_has_its_share() {
    let Some(mut redis) = RedisServer::start() else { return };
    let pacers = fleet(&redis.url(), &[limit(16, 5_000)], 8);
    redis.stop();
    assert_eq!(at_once(&pacers[0]).await, 2);
    assert_eq!(at_once(&pacers[1]).await, 2);
}

#[tokio::test]
async fn what_was_sent_without_redis_counts_when_it_is_back() {
    let Some(mut redis) = RedisServer::start() else { return };
    let limits = [limit(16, 20_000)];
    let pacers = fleet(&redis.url(), &limits, 4);
    drop(pacers[0].acquire().await);
    redis.stop();
    // Half of a long window is at once: two of the share of four. One is used up.
    assert_eq!(at_once(&pacers[0]).await, 1);
    redis.restart();
    // The first request after the outage reports those before it: 2 of 8 that the fleet may send at once.
    let turn = timeout(SOON, pacers[0].acquire()).await.expect("Redis is asked again");
    let newcomer = connect(&redis.url()).pacer("acme", &Pacer::new(&limits), number(4));
    assert_eq!(at_once(&newcomer).await, 5);
    drop(turn);
}

#[tokio::test]
async fn a_paused_full_unreachable_or_locked_server_stops_nobody() {
    let Some(redis) = RedisServer::start() else { return };
    let proxy = Proxy::to(redis.port()).await;
    let pacer = connect(&set_password(&redis, "first", proxy.port())).pacer(
        "acme",
        &Pacer::new(&[limit(1_000, 1_000)]),
        number(2),
    );
    let passes = async || {
        let start = Instant::now();
        drop(timeout(SOON, pacer.acquire()).await.expect("a request may be sent"));
        start.elapsed()
    };
    passes().await;
    redis.pause();
    passes().await;
    assert!(passes().await < Duration::from_millis(100), "only the first one waits for Redis");
    redis.resume();
    passes().await;
    assert_eq!(redis.command(&["CONFIG", "SET", "maxmemory", "1"]), "+OK");
    passes().await;
    assert_eq!(redis.command(&["CONFIG", "SET", "maxmemory", "0"]), "+OK");
    proxy.cut();
    passes().await;
    proxy.mend();
    passes().await;
    for password in ["second", "first"] {
        set_password(&redis, password, proxy.port());
        passes().await;
    }
}
