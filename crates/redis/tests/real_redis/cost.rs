//! What a call costs with the shared pacer and cache, beside the local ones: ratios, for one server on this machine.

use std::time::Duration;

use anykey_cache::CachedProvider;
use anykey_core::SignedDuration;
use anykey_http::Pacer;
use anykey_test_servers::RedisServer;
use tokio::time::Instant;

use crate::pacing::{limit, number};
use crate::support::{Vendor, cache, clock, connect, is_valid, until};

const CALLS: u32 = 1_000;
const ROUNDS: usize = 5;

/// The time of one call: the median of several rounds.
async fn cost(mut call: impl AsyncFnMut()) -> Duration {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..CALLS {
            call().await;
        }
        rounds.push(start.elapsed() / CALLS);
    }
    rounds.sort_unstable();
    rounds[ROUNDS / 2]
}

fn report(what: &str, shared: Duration, local: Duration) {
    eprintln!("{what}: {shared:?} beside {local:?}, {:.1} times", shared.as_secs_f64() / local.as_secs_f64());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures, which depends on the machine"]
async fn shared_beside_local() {
    let Some(redis) = RedisServer::start() else { return };
    let pacer = Pacer::new(&[limit(1_000_000, 1_000)]);
    let local = cost(async || drop(pacer.acquire().await)).await;
    let pacer = connect(&redis.url()).pacer("acme", &pacer, number(8));
    report("a request through the pacer", cost(async || drop(pacer.acquire().await)).await, local);

    let clock = clock();
    let vendor = Vendor::new(&clock, Duration::ZERO);
    let alone = CachedProvider::builder(vendor.clone()).clock(clock.clone()).build();
    let hit = cost(async || assert!(is_valid(&alone).await)).await;
    let shared = cache(&redis.url(), &vendor, &clock);
    until(async || is_valid(&shared).await && shared.stats().hits > 0).await;
    report("an answer in memory", cost(async || assert!(is_valid(&shared).await)).await, hit);

    let sent = vendor.sent();
    let from_redis = cost(async || {
        // The answer in memory is too old, and that in Redis, which has a clock of its own, is not.
        clock.advance(SignedDuration::from_mins(5));
        assert!(is_valid(&shared).await);
    })
    .await;
    assert_eq!(vendor.sent(), sent);
    report("an answer of another process", from_redis, hit);
}
