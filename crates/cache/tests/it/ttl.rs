use std::time::Duration;

use anykey_cache::CachedProvider;
use anykey_core::{
    ActivateRequest, Activation, CreateRequest, Expiry, LicenseProvider, Refusal, RefusalReason,
    SignedDuration, Validation,
};
use anykey_testkit::MockLicenseProvider;

use crate::fixture::{Fixture, code, request};

#[tokio::test]
async fn a_valid_answer_is_cached_for_five_minutes_and_a_refusal_for_thirty_seconds() {
    let fixture = Fixture::new();
    fixture.issue("GOOD");
    for (code, ttl) in [("GOOD", 300), ("BAD", 30)] {
        assert!(fixture.asks(request(code)).await);
        fixture.pass(ttl - 1);
        assert!(!fixture.asks(request(code)).await, "{code} one second before");
        fixture.pass(1);
        assert!(fixture.asks(request(code)).await, "{code} at the end of its TTL");
    }
}

#[tokio::test]
async fn each_ttl_can_be_set_or_disabled() {
    let fixture =
        Fixture::with(|builder| builder.positive_ttl(Duration::from_secs(7)).negative_ttl(Duration::ZERO));
    fixture.issue("GOOD");
    assert!(fixture.asks(request("GOOD")).await);
    fixture.pass(6);
    assert!(!fixture.asks(request("GOOD")).await);
    fixture.pass(1);
    assert!(fixture.asks(request("GOOD")).await);
    assert!(fixture.asks(request("BAD")).await);
    assert!(fixture.asks(request("BAD")).await);
}

#[tokio::test]
async fn nothing_is_cached_with_ttls_or_capacity_of_zero() {
    for fixture in [
        Fixture::with(|builder| builder.positive_ttl(Duration::ZERO).negative_ttl(Duration::ZERO)),
        Fixture::with(|builder| builder.capacity(0)),
    ] {
        fixture.issue("GOOD");
        for code in ["GOOD", "BAD", "GOOD", "BAD"] {
            assert!(fixture.asks(request(code)).await);
        }
    }
}

#[tokio::test]
async fn the_largest_ttl_is_accepted() {
    let fixture = Fixture::with(|builder| builder.positive_ttl(Duration::MAX));
    fixture.issue("GOOD");
    assert!(fixture.asks(request("GOOD")).await);
    fixture.pass(365 * 24 * 3_600);
    assert!(!fixture.asks(request("GOOD")).await);
}

#[tokio::test]
async fn a_cached_answer_equals_the_original_answer() {
    let fixture = Fixture::new();
    fixture.issue("AAAA-BBBB-CCCC");
    let seat = fixture.cached.activate(ActivateRequest::new(code("AAAA-BBBB-CCCC"), "laptop")).await.unwrap();
    let request = request("AAAA-BBBB-CCCC").activation(seat.id.as_str()).product("pdt_1");
    let answer = fixture.cached.validate(request.clone()).await.unwrap();
    assert_eq!(answer, fixture.vendor.memory.validate(request.clone()).await.unwrap());
    assert_eq!(fixture.cached.validate(request).await.unwrap(), answer);
    assert_eq!(answer.key.unwrap().code, code("AAAA-BBBB-CCCC"));
    assert_eq!(fixture.vendor.sent(), 1);
}

#[tokio::test]
async fn a_valid_answer_is_not_used_after_the_expiry() {
    let fixture = Fixture::new();
    let end = fixture.clock.now() + SignedDuration::from_secs(60);
    let mut sold = CreateRequest::new(code("AAAA"), "cus_1", "pdt_1");
    sold.expiry = Expiry::At(end);
    fixture.vendor.memory.insert(sold).unwrap();
    assert!(fixture.is_valid("AAAA").await);
    fixture.clock.set(end - SignedDuration::from_nanos(1));
    assert!(!fixture.asks(request("AAAA")).await);
    fixture.clock.set(end);
    assert!(!fixture.is_valid("AAAA").await);
}

#[tokio::test]
async fn a_valid_answer_is_not_used_after_the_end_of_the_seat() {
    let fixture = Fixture::new();
    let key = fixture.issue("AAAA");
    let end = fixture.clock.now() + SignedDuration::from_secs(60);
    let mut seat = Activation::new("act_1".into(), "laptop");
    seat.expires_at = Some(end);
    let mut vendor = MockLicenseProvider::new();
    let yes = Validation::valid().with_key(key).with_activation(seat);
    vendor.expect_validate().times(1).returning(move |_| Ok(yes.clone()));
    let ended = || Ok(Validation::refused(Refusal::new(RefusalReason::UnknownActivation)));
    vendor.expect_validate().times(1).returning(move |_| ended());
    let cached = CachedProvider::builder(vendor).clock(fixture.clock.clone()).build();
    let ask = || async { cached.validate(request("AAAA").activation("act_1")).await.unwrap().is_valid() };
    assert!(ask().await);
    fixture.clock.set(end - SignedDuration::from_nanos(1));
    assert!(ask().await, "the second request is sent only at the end");
    fixture.clock.set(end);
    assert!(!ask().await);
}

/// The vendor's clock is behind: its answer is returned, but not cached.
#[tokio::test]
async fn a_valid_answer_about_an_expired_key_is_not_cached() {
    let fixture = Fixture::new();
    let key = fixture.issue("AAAA");
    let mut ended = Validation::valid().with_key(key);
    ended.key.as_mut().unwrap().expiry = Expiry::At(fixture.clock.now());
    let mut vendor = MockLicenseProvider::new();
    vendor.expect_validate().times(2).returning(move |_| Ok(ended.clone()));
    let cached = CachedProvider::builder(vendor).clock(fixture.clock.clone()).build();
    for _ in 0..2 {
        assert!(cached.validate(request("AAAA")).await.unwrap().is_valid());
    }
}

#[tokio::test]
async fn cached_answers_are_not_used_after_the_clock_was_set_back() {
    let fixture = Fixture::new();
    fixture.issue("AAAA");
    assert!(fixture.asks(request("AAAA")).await);
    fixture.pass(-3_600);
    assert!(fixture.asks(request("AAAA")).await);
}

#[tokio::test]
async fn the_ttl_starts_when_the_request_is_sent() {
    let fixture = Fixture::new();
    fixture.issue("AAAA");
    fixture.vendor.hold();
    let slow = fixture.spawn(request("AAAA")).await;
    fixture.pass(299);
    fixture.vendor.resume();
    slow.await.unwrap().unwrap();
    assert!(!fixture.asks(request("AAAA")).await);
    fixture.pass(1);
    assert!(fixture.asks(request("AAAA")).await);
}

#[tokio::test]
async fn a_validation_that_counts_usage_is_always_sent_and_never_cached() {
    let fixture = Fixture::new();
    fixture.issue("AAAA");
    let used = |answer: Validation| answer.key.unwrap().usage.unwrap().used;
    for count in 1..=3 {
        let counted = fixture.cached.validate(request("AAAA").increment_usage(1)).await.unwrap();
        assert_eq!(used(counted), count);
        assert_eq!(used(fixture.cached.validate(request("AAAA")).await.unwrap()), count);
    }
    assert_eq!(fixture.vendor.sent(), 6);
}

#[tokio::test]
async fn concurrent_validations_that_count_usage_are_all_sent() {
    let fixture = Fixture::new();
    fixture.issue("AAAA");
    let count = || fixture.cached.validate(request("AAAA").increment_usage(1));
    let (first, second) = tokio::join!(count(), count());
    assert!(first.unwrap().is_valid() && second.unwrap().is_valid());
    assert_eq!(fixture.vendor.sent(), 2);
}

#[tokio::test]
async fn stats_count_hits_and_sent_requests() {
    let fixture = Fixture::new();
    for _ in 0..3 {
        fixture.is_valid("AAAA").await;
    }
    let stats = fixture.cached.stats();
    assert_eq!((stats.hits, stats.joined, stats.sent), (2, 0, 1));
}
