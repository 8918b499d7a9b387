//! Answers that several processes share.

use std::time::Duration;

use anykey_core::{LicenseProvider as _, LicenseProviderExt as _, SignedDuration};
use anykey_test_servers::RedisServer;
use futures_util::future::join_all;

use crate::support::{CODE, Vendor, assert_nothing_stays, cache, clock, code, is_valid, request, until};

#[tokio::test]
async fn one_request_is_sent_for_identical_ones_of_all_processes() {
    let Some(redis) = RedisServer::start() else { return };
    let clock = clock();
    let vendor = Vendor::new(&clock, Duration::from_millis(100));
    let fleet: Vec<_> = (0..8).map(|_| cache(&redis.url(), &vendor, &clock)).collect();
    let answers = join_all(fleet.iter().map(|cached| cached.validate(request()))).await;
    let expected = vendor.memory.validate(request()).await.unwrap();
    for answer in answers {
        let key = answer.unwrap().key.unwrap();
        assert_eq!((&key.code, &key.id), (&code(), &expected.key.as_ref().unwrap().id), "with its code");
    }
    assert_eq!(vendor.sent(), 1);
    assert_eq!(fleet.iter().map(|cached| cached.stats().shared).sum::<u64>(), 7);
}

#[tokio::test]
async fn a_request_that_is_given_up_makes_room_for_that_of_another_process() {
    let Some(redis) = RedisServer::start() else { return };
    let clock = clock();
    let vendor = Vendor::new(&clock, Duration::from_millis(200));
    let (one, other) = (cache(&redis.url(), &vendor, &clock), cache(&redis.url(), &vendor, &clock));
    let given_up = tokio::spawn({
        let one = one.clone();
        async move { one.validate(request()).await }
    });
    until(async || vendor.sent() == 1).await;
    given_up.abort();
    assert!(is_valid(&other).await);
    assert_eq!(vendor.sent(), 2);
}

#[tokio::test]
async fn a_revocation_reaches_every_process_within_a_second() {
    let Some(redis) = RedisServer::start() else { return };
    let clock = clock();
    let vendor = Vendor::new(&clock, Duration::ZERO);
    let fleet: Vec<_> = (0..8).map(|_| cache(&redis.url(), &vendor, &clock)).collect();
    let key = vendor.key().await;
    let mut worst = Vec::new();
    for _ in 0..5 {
        fleet[0].enable(&key.id).await.unwrap();
        for cached in &fleet {
            until(async || is_valid(cached).await).await;
        }
        fleet[0].disable(&key.id).await.unwrap();
        assert!(!is_valid(&fleet[0]).await, "its own cache forgets at once");
        let ways = join_all(fleet.iter().map(|cached| until(async || !is_valid(cached).await))).await;
        worst.push(ways.into_iter().max().unwrap());
    }
    worst.sort_unstable();
    eprintln!("a revocation reaches all 8 within {:?} (median), {:?} (worst)", worst[2], worst[4]);
    assert!(worst[4] < Duration::from_secs(1), "{worst:?}");
}

#[tokio::test]
async fn an_answer_in_flight_while_its_key_is_revoked_is_not_shared() {
    let Some(redis) = RedisServer::start() else { return };
    let clock = clock();
    let vendor = Vendor::new(&clock, Duration::from_millis(150));
    let (one, other) = (cache(&redis.url(), &vendor, &clock), cache(&redis.url(), &vendor, &clock));
    let key = vendor.key().await;
    let early = tokio::spawn({
        let one = one.clone();
        async move { is_valid(&one).await }
    });
    until(async || vendor.sent() == 1).await;
    other.disable(&key.id).await.unwrap();
    assert!(!is_valid(&other).await);
    assert!(early.await.unwrap(), "it was asked before");
    assert!(!is_valid(&one).await && !is_valid(&other).await);
}

#[tokio::test]
async fn an_answer_is_used_as_long_as_its_request_is_young() {
    let Some(redis) = RedisServer::start() else { return };
    let clock = clock();
    let vendor = Vendor::new(&clock, Duration::ZERO);
    let one = cache(&redis.url(), &vendor, &clock);
    let unknown = anykey_core::ValidateRequest::new(anykey_core::KeyCode::parse("UNKNOWN-1").unwrap());
    assert!(!one.validate(unknown.clone()).await.unwrap().is_valid());
    let short = anykey_cache::CachedProvider::builder(vendor.clone())
        .negative_ttl(Duration::ZERO)
        .second_level(std::sync::Arc::new(anykey_redis::RedisAnswers::new(
            &crate::support::connect(&redis.url()),
            "main",
            &crate::support::seal_key(),
        )))
        .build();
    assert!(!short.validate(unknown).await.unwrap().is_valid());
    assert_eq!(vendor.sent(), 2, "a cache with shorter limits does not use it");
    assert!(is_valid(&one).await);
    clock.advance(SignedDuration::from_mins(6));
    let before = vendor.sent();
    assert!(is_valid(&one).await, "from Redis, whose clock says that it is young");
    assert_eq!(vendor.sent(), before);
}

#[tokio::test]
async fn redis_holds_no_secret_in_clear_and_nothing_for_ever() {
    let Some(redis) = RedisServer::start() else { return };
    let clock = clock();
    let vendor = Vendor::new(&clock, Duration::ZERO);
    let one = cache(&redis.url(), &vendor, &clock);
    let key = vendor.key().await;
    one.invalidate_customer(&"cus_1".into());
    one.disable(&key.id).await.unwrap();
    assert!(!is_valid(&one).await);
    one.enable(&key.id).await.unwrap();
    assert!(is_valid(&one).await);
    assert!(redis.command(&["DBSIZE"]) != ":0");
    let dump = String::from_utf8_lossy(&redis.dump()).into_owned();
    for secret in [CODE, "PLANTED", "E304DA", "cus_1", "pdt_1", key.id.as_str()] {
        assert!(!dump.contains(secret), "{secret}");
    }
    assert_nothing_stays(&redis);
    let foreign = "for _, k in ipairs(redis.call('KEYS', '*')) do if string.sub(k, 1, 22) ~= 'anykey:{answers:main}:' then return k end end return 'none'";
    assert_eq!(redis.command(&["EVAL", foreign, "0"]), "none");
}
