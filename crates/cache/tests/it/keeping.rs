use std::time::Duration;

use anykey_cache::CachedProvider;
use anykey_core::{ActivateRequest, CreateRequest, Expiry, LicenseProvider, SignedDuration, Validation};
use anykey_testkit::MockLicenseProvider;

use crate::world::{World, code, request};

#[tokio::test]
async fn a_yes_is_kept_for_five_minutes_and_a_no_for_thirty_seconds() {
    let world = World::new();
    world.issue("GOOD");
    for (code, ttl) in [("GOOD", 300), ("BAD", 30)] {
        assert!(world.asks(request(code)).await);
        world.pass(ttl - 1);
        assert!(!world.asks(request(code)).await, "{code} one second before");
        world.pass(1);
        assert!(world.asks(request(code)).await, "{code} at the end of its time");
    }
}

#[tokio::test]
async fn each_time_can_be_set_or_taken_away() {
    let world =
        World::with(|builder| builder.positive_ttl(Duration::from_secs(7)).negative_ttl(Duration::ZERO));
    world.issue("GOOD");
    assert!(world.asks(request("GOOD")).await);
    world.pass(6);
    assert!(!world.asks(request("GOOD")).await);
    world.pass(1);
    assert!(world.asks(request("GOOD")).await);
    assert!(world.asks(request("BAD")).await);
    assert!(world.asks(request("BAD")).await);
}

#[tokio::test]
async fn with_both_times_at_zero_or_no_room_nothing_is_kept() {
    for world in [
        World::with(|builder| builder.positive_ttl(Duration::ZERO).negative_ttl(Duration::ZERO)),
        World::with(|builder| builder.capacity(0)),
    ] {
        world.issue("GOOD");
        for code in ["GOOD", "BAD", "GOOD", "BAD"] {
            assert!(world.asks(request(code)).await);
        }
    }
}

#[tokio::test]
async fn a_time_without_end_is_no_trouble() {
    let world = World::with(|builder| builder.positive_ttl(Duration::MAX));
    world.issue("GOOD");
    assert!(world.asks(request("GOOD")).await);
    world.pass(365 * 24 * 3_600);
    assert!(!world.asks(request("GOOD")).await);
}

#[tokio::test]
async fn a_kept_answer_is_the_answer() {
    let world = World::new();
    world.issue("AAAA-BBBB-CCCC");
    let seat = world.cached.activate(ActivateRequest::new(code("AAAA-BBBB-CCCC"), "laptop")).await.unwrap();
    let request = request("AAAA-BBBB-CCCC").activation(seat.id.as_str()).product("pdt_1");
    let told = world.cached.validate(request.clone()).await.unwrap();
    assert_eq!(told, world.vendor.memory.validate(request.clone()).await.unwrap());
    assert_eq!(world.cached.validate(request).await.unwrap(), told);
    assert_eq!(told.key.unwrap().code, code("AAAA-BBBB-CCCC"));
    assert_eq!(world.vendor.asked(), 1);
}

#[tokio::test]
async fn a_yes_is_not_given_beyond_the_keys_end() {
    let world = World::new();
    let end = world.clock.now() + SignedDuration::from_secs(60);
    let mut sold = CreateRequest::new(code("AAAA"), "cus_1", "pdt_1");
    sold.expiry = Expiry::At(end);
    world.vendor.memory.insert(sold).unwrap();
    assert!(world.is_valid("AAAA").await);
    world.clock.set(end - SignedDuration::from_nanos(1));
    assert!(!world.asks(request("AAAA")).await);
    world.clock.set(end);
    assert!(!world.is_valid("AAAA").await);
}

/// The vendor's clock is behind: its yes is passed on, but not kept.
#[tokio::test]
async fn a_yes_about_a_key_that_has_ended_here_is_not_kept() {
    let world = World::new();
    let key = world.issue("AAAA");
    let mut ended = Validation::valid().with_key(key);
    ended.key.as_mut().unwrap().expiry = Expiry::At(world.clock.now());
    let mut vendor = MockLicenseProvider::new();
    vendor.expect_validate().times(2).returning(move |_| Ok(ended.clone()));
    let cached = CachedProvider::builder(vendor).clock(world.clock.clone()).build();
    for _ in 0..2 {
        assert!(cached.validate(request("AAAA")).await.unwrap().is_valid());
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_nothing_last() {
    let world = World::new();
    world.issue("AAAA");
    assert!(world.asks(request("AAAA")).await);
    world.pass(-3_600);
    assert!(world.asks(request("AAAA")).await);
}

#[tokio::test]
async fn the_time_counts_from_the_question_not_from_the_answer() {
    let world = World::new();
    world.issue("AAAA");
    world.vendor.hold();
    let slow = world.spawn(request("AAAA")).await;
    world.pass(299);
    world.vendor.let_go();
    slow.await.unwrap().unwrap();
    assert!(!world.asks(request("AAAA")).await);
    world.pass(1);
    assert!(world.asks(request("AAAA")).await);
}

#[tokio::test]
async fn a_counted_validation_is_sent_each_time_and_never_kept() {
    let world = World::new();
    world.issue("AAAA");
    let used = |answer: Validation| answer.key.unwrap().usage.unwrap().used;
    for count in 1..=3 {
        let counted = world.cached.validate(request("AAAA").increment_usage(1)).await.unwrap();
        assert_eq!(used(counted), count);
        assert_eq!(used(world.cached.validate(request("AAAA")).await.unwrap()), count);
    }
    assert_eq!(world.vendor.asked(), 6);
}

#[tokio::test]
async fn counted_validations_at_once_all_count() {
    let world = World::new();
    world.issue("AAAA");
    let count = || world.cached.validate(request("AAAA").increment_usage(1));
    let (first, second) = tokio::join!(count(), count());
    assert!(first.unwrap().is_valid() && second.unwrap().is_valid());
    assert_eq!(world.vendor.asked(), 2);
}

#[tokio::test]
async fn what_is_kept_is_told() {
    let world = World::new();
    for _ in 0..3 {
        world.is_valid("AAAA").await;
    }
    let stats = world.cached.stats();
    assert_eq!((stats.hits, stats.joined, stats.asked), (2, 0, 1));
}
