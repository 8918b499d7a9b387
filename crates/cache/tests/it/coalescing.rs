use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use anykey_cache::CachedProvider;
use anykey_core::{
    Clock, CreateRequest, Expiry, LicenseProvider, Metadata, RefusalReason, SignedDuration, ValidateRequest,
};
use futures_util::FutureExt;
use tokio::task::JoinSet;

use crate::fixture::{Fixture, code, request, until};
use crate::vendor::{Fault, Vendor};

async fn a_thousand_callers(fixture: Fixture) {
    fixture.issue("AAAA");
    fixture.vendor.hold();
    let mut callers = JoinSet::new();
    for _ in 0..1_000 {
        let cached = fixture.cached.clone();
        callers.spawn(async move { cached.validate(request("AAAA")).await.unwrap().is_valid() });
    }
    until(|| fixture.cached.stats().joined == 999).await;
    fixture.vendor.resume();
    assert!(callers.join_all().await.into_iter().all(|is_valid| is_valid));
    assert_eq!(fixture.vendor.sent(), 1);
}

#[tokio::test]
async fn a_thousand_callers_are_one_request() {
    a_thousand_callers(Fixture::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_callers_on_many_threads_are_one_request() {
    a_thousand_callers(Fixture::new()).await;
}

#[tokio::test]
async fn a_thousand_callers_are_one_request_when_nothing_is_cached() {
    let uncached = Fixture::with(|builder| builder.capacity(0));
    a_thousand_callers(uncached).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn callers_that_start_one_after_another_are_one_request() {
    for _ in 0..50 {
        let fixture = Fixture::new();
        let mut callers = JoinSet::new();
        for _ in 0..100 {
            let cached = fixture.cached.clone();
            callers.spawn(async move { cached.validate(request("AAAA")).await.unwrap().is_valid() });
        }
        callers.join_all().await;
        assert_eq!(fixture.vendor.sent(), 1);
    }
}

/// Another caller's whole request happens between this caller's lookup in the cache and its lookup of requests in
/// flight. The test runs it inside the clock, which is read during the first lookup.
#[tokio::test]
async fn no_request_is_sent_between_the_end_of_a_request_and_the_caching_of_its_answer() {
    let fixture = Fixture::new();
    let between = Arc::new(OnceLock::<CachedProvider<Vendor>>::new());
    let is_armed = Arc::new(AtomicBool::new(false));
    let clock = Clock::new({
        let (now, between, is_armed) = (fixture.clock.clone(), between.clone(), is_armed.clone());
        move || {
            if is_armed.swap(false, Ordering::SeqCst) {
                let other = between.get().unwrap().validate(request("AAAA"));
                assert!(other.now_or_never().unwrap().is_ok());
            }
            now.now()
        }
    });
    let cached = CachedProvider::builder(fixture.vendor.clone()).clock(clock).build();
    between.set(cached.clone()).unwrap();
    cached.validate(request("AAAA")).await.unwrap();
    fixture.pass(3_600);
    is_armed.store(true, Ordering::SeqCst);
    cached.validate(request("AAAA")).await.unwrap();
    assert_eq!((fixture.vendor.sent(), cached.stats().sent), (2, 2));
}

#[tokio::test]
async fn requests_that_differ_in_any_field_are_not_shared() {
    let fixture = Fixture::new();
    fixture.vendor.hold();
    let different: [ValidateRequest; 6] = [
        request("AAAA"),
        request("BBBB"),
        request("AAAA").activation("act_1"),
        request("AAAA").product("pdt_1"),
        request("AAAA").customer("cus_1"),
        request("AAAA").conditions(Metadata::from([("os".into(), "linux".into())])),
    ];
    for request in different {
        fixture.spawn(request).await;
    }
    assert_eq!(fixture.vendor.sent(), 6);
    assert_eq!(fixture.cached.stats().joined, 0);
}

#[tokio::test]
async fn when_the_first_caller_is_cancelled_the_others_continue_with_its_request() {
    let fixture = Fixture::new();
    fixture.issue("AAAA");
    fixture.vendor.hold();
    let first = fixture.spawn(request("AAAA")).await;
    let second = fixture.spawn(request("AAAA")).await;
    until(|| fixture.vendor.sent() == 1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let third = fixture.spawn(request("AAAA")).await;
    fixture.vendor.resume();
    assert!(second.await.unwrap().unwrap().is_valid());
    assert!(third.await.unwrap().unwrap().is_valid());
    assert_eq!(fixture.vendor.sent(), 1);
}

#[tokio::test]
async fn when_all_callers_are_cancelled_the_next_call_sends_a_new_request() {
    let fixture = Fixture::new();
    fixture.issue("AAAA");
    fixture.vendor.hold();
    let callers = [fixture.spawn(request("AAAA")).await, fixture.spawn(request("AAAA")).await];
    for caller in callers {
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
    }
    fixture.vendor.resume();
    assert!(fixture.is_valid("AAAA").await);
    assert_eq!(fixture.cached.stats().sent, 2);
}

#[tokio::test]
async fn a_panicking_provider_does_not_block_later_requests() {
    let fixture = Fixture::new();
    fixture.issue("AAAA");
    fixture.vendor.hold();
    fixture.vendor.set_fault(Fault::Panics);
    let callers = [fixture.spawn(request("AAAA")).await, fixture.spawn(request("AAAA")).await];
    fixture.vendor.resume();
    for caller in callers {
        assert!(caller.await.unwrap_err().is_panic());
    }
    fixture.vendor.set_fault(None);
    assert!(fixture.is_valid("AAAA").await);
}

#[tokio::test]
async fn a_call_after_the_expiry_does_not_share_an_earlier_valid_answer() {
    let fixture = Fixture::new();
    let end = fixture.clock.now() + SignedDuration::from_secs(1);
    let mut sold = CreateRequest::new(code("AAAA"), "cus_1", "pdt_1");
    sold.expiry = Expiry::At(end);
    fixture.vendor.memory.insert(sold).unwrap();
    fixture.vendor.hold();
    let before = fixture.spawn(request("AAAA")).await;
    until(|| fixture.vendor.sent() == 1).await;
    fixture.clock.set(end);
    let after = fixture.spawn(request("AAAA")).await;
    assert_eq!(fixture.cached.stats().joined, 1);
    fixture.vendor.resume();
    assert!(before.await.unwrap().unwrap().is_valid());
    let after = after.await.unwrap().unwrap();
    assert_eq!(after.refusal().unwrap().reason, RefusalReason::Expired);
}
