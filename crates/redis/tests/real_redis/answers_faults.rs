//! Caches while Redis is away: validation goes on, and no answer is stale for long.

use std::time::Duration;

use anykey_cache::CachedProvider;
use anykey_core::{LicenseProviderExt as _, ManualClock, SignedDuration};
use anykey_test_servers::{Proxy, RedisServer};
use tokio::time::{Instant, timeout};

use crate::support::{Vendor, cache, clock, is_valid, set_password, until};

/// Two processes, of which the second one reaches Redis through a network that can be cut.
struct Fleet {
    clock: ManualClock,
    vendor: Vendor,
    one: CachedProvider<Vendor>,
    other: CachedProvider<Vendor>,
}

impl Fleet {
    fn new(one: &str, other: &str) -> Self {
        let clock = clock();
        let vendor = Vendor::new(&clock, Duration::ZERO);
        let cache = |url| cache(url, &vendor, &clock);
        Self { one: cache(one), other: cache(other), clock, vendor }
    }

    /// Waits until `cached` receives invalidations: then an answer of ten seconds ago is used.
    async fn connected(&self, cached: &CachedProvider<Vendor>) {
        until(async || {
            is_valid(cached).await;
            let before = self.vendor.sent();
            self.clock.advance(SignedDuration::from_secs(10));
            let shared = cached.stats().shared;
            is_valid(cached).await;
            self.vendor.sent() == before && cached.stats().shared == shared
        })
        .await;
    }

    /// Waits until answers are shared again.
    async fn connected_after_outage(&self) {
        until(async || {
            self.clock.advance(SignedDuration::from_mins(10));
            is_valid(&self.one).await;
            let before = self.vendor.sent();
            is_valid(&self.other).await;
            self.vendor.sent() == before
        })
        .await;
    }
}

#[tokio::test]
async fn without_redis_every_process_asks_the_vendor_and_trusts_answers_for_seconds_only() {
    let Some(mut redis) = RedisServer::start() else { return };
    let fleet = Fleet::new(&redis.url(), &redis.url());
    fleet.connected(&fleet.one).await;
    redis.stop();
    let key = fleet.vendor.key().await;
    assert!(is_valid(&fleet.other).await && is_valid(&fleet.one).await, "nobody is refused");
    fleet.other.disable(&key.id).await.unwrap();
    assert!(!is_valid(&fleet.other).await);
    // The first process detects that its subscription is lost, and then uses nothing that is older than 5 s.
    until(async || {
        fleet.clock.advance(SignedDuration::from_secs(5));
        !is_valid(&fleet.one).await
    })
    .await;
}

#[tokio::test]
async fn without_redis_an_answer_in_memory_is_used_for_five_seconds() {
    let Some(mut redis) = RedisServer::start() else { return };
    let fleet = Fleet::new(&redis.url(), &redis.url());
    fleet.connected(&fleet.one).await;
    redis.stop();
    let is_lost = async || {
        let before = fleet.vendor.sent();
        fleet.clock.advance(SignedDuration::from_secs(6));
        is_valid(&fleet.one).await && fleet.vendor.sent() > before
    };
    until(is_lost).await;
    let (start, sent) = (Instant::now(), fleet.vendor.sent());
    // Several attempts to connect again.
    until(async || is_valid(&fleet.one).await && start.elapsed() > Duration::from_secs(1)).await;
    assert_eq!(fleet.vendor.sent(), sent);
}

#[tokio::test]
async fn a_revocation_during_an_outage_reaches_the_others_after_it() {
    let Some(mut redis) = RedisServer::durable() else { return };
    let fleet = Fleet::new(&redis.url(), &redis.url());
    fleet.connected(&fleet.one).await;
    fleet.connected(&fleet.other).await;
    let key = fleet.vendor.key().await;
    redis.stop();
    fleet.other.disable(&key.id).await.unwrap();
    redis.restart();
    // Redis still has the answer from before; nobody uses it once the revocation has arrived.
    until(async || !is_valid(&fleet.one).await).await;
    fleet.connected_after_outage().await;
    assert!(!is_valid(&fleet.one).await && !is_valid(&fleet.other).await);
}

#[tokio::test]
async fn a_process_that_is_cut_off_is_not_stale_for_long_and_catches_up() {
    let Some(redis) = RedisServer::start() else { return };
    let proxy = Proxy::to(redis.port()).await;
    let fleet = Fleet::new(&redis.url(), &format!("redis://127.0.0.1:{}", proxy.port()));
    fleet.connected(&fleet.one).await;
    fleet.connected(&fleet.other).await;
    let key = fleet.vendor.key().await;
    proxy.cut();
    fleet.one.disable(&key.id).await.unwrap();
    until(async || {
        fleet.clock.advance(SignedDuration::from_secs(5));
        !is_valid(&fleet.other).await
    })
    .await;
    proxy.mend();
    fleet.connected_after_outage().await;
    fleet.one.enable(&key.id).await.unwrap();
    until(async || is_valid(&fleet.other).await).await;
}

#[tokio::test]
async fn a_paused_full_or_locked_server_refuses_nobody() {
    let Some(redis) = RedisServer::start() else { return };
    let url = set_password(&redis, "first", redis.port());
    let fleet = Fleet::new(&url, &url);
    let answers = async || {
        fleet.clock.advance(SignedDuration::from_mins(10));
        let answer = timeout(Duration::from_secs(5), is_valid(&fleet.one)).await;
        assert!(answer.expect("an answer in time"), "the vendor's answer");
    };
    answers().await;
    redis.pause();
    answers().await;
    redis.resume();
    assert_eq!(redis.command(&["CONFIG", "SET", "maxmemory", "1"]), "+OK");
    answers().await;
    assert_eq!(redis.command(&["CONFIG", "SET", "maxmemory", "0"]), "+OK");
    for password in ["second", "first"] {
        set_password(&redis, password, redis.port());
        answers().await;
    }
}
