use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use anykey_cache::CachedProvider;
use anykey_core::{
    Clock, CreateRequest, Expiry, LicenseProvider, Metadata, RefusalReason, SignedDuration, ValidateRequest,
};
use futures_util::FutureExt;
use tokio::task::JoinSet;

use crate::vendor::{Trouble, Vendor};
use crate::world::{World, code, request, until};

async fn a_thousand_callers(world: World) {
    world.issue("AAAA");
    world.vendor.hold();
    let mut callers = JoinSet::new();
    for _ in 0..1_000 {
        let cached = world.cached.clone();
        callers.spawn(async move { cached.validate(request("AAAA")).await.unwrap().is_valid() });
    }
    until(|| world.cached.stats().joined == 999).await;
    world.vendor.let_go();
    assert!(callers.join_all().await.into_iter().all(|is_valid| is_valid));
    assert_eq!(world.vendor.asked(), 1);
}

#[tokio::test]
async fn a_thousand_callers_are_one_request() {
    a_thousand_callers(World::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_callers_on_many_threads_are_one_request() {
    a_thousand_callers(World::new()).await;
}

#[tokio::test]
async fn a_thousand_callers_are_one_request_also_when_nothing_is_kept() {
    let nothing_kept = World::with(|builder| builder.capacity(0));
    a_thousand_callers(nothing_kept).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn callers_who_come_one_after_another_are_one_request_too() {
    for _ in 0..50 {
        let world = World::new();
        let mut callers = JoinSet::new();
        for _ in 0..100 {
            let cached = world.cached.clone();
            callers.spawn(async move { cached.validate(request("AAAA")).await.unwrap().is_valid() });
        }
        callers.join_all().await;
        assert_eq!(world.vendor.asked(), 1);
    }
}

/// Between a caller's look at what is kept and its look at what is under way, another caller's whole request
/// takes place: in the clock, which is read while a kept answer is judged.
#[tokio::test]
async fn nobody_comes_between_the_end_of_a_request_and_the_keeping_of_its_answer() {
    let world = World::new();
    let between = Arc::new(OnceLock::<CachedProvider<Vendor>>::new());
    let is_armed = Arc::new(AtomicBool::new(false));
    let clock = Clock::new({
        let (now, between, is_armed) = (world.clock.clone(), between.clone(), is_armed.clone());
        move || {
            if is_armed.swap(false, Ordering::SeqCst) {
                let other = between.get().unwrap().validate(request("AAAA"));
                assert!(other.now_or_never().unwrap().is_ok());
            }
            now.now()
        }
    });
    let cached = CachedProvider::builder(world.vendor.clone()).clock(clock).build();
    between.set(cached.clone()).unwrap();
    cached.validate(request("AAAA")).await.unwrap();
    world.pass(3_600);
    is_armed.store(true, Ordering::SeqCst);
    cached.validate(request("AAAA")).await.unwrap();
    assert_eq!((world.vendor.asked(), cached.stats().asked), (2, 2));
}

#[tokio::test]
async fn requests_that_differ_in_anything_do_not_share() {
    let world = World::new();
    world.vendor.hold();
    let different: [ValidateRequest; 6] = [
        request("AAAA"),
        request("BBBB"),
        request("AAAA").activation("act_1"),
        request("AAAA").product("pdt_1"),
        request("AAAA").customer("cus_1"),
        request("AAAA").conditions(Metadata::from([("os".into(), "linux".into())])),
    ];
    for request in different {
        world.spawn(request).await;
    }
    assert_eq!(world.vendor.asked(), 6);
    assert_eq!(world.cached.stats().joined, 0);
}

#[tokio::test]
async fn when_the_first_caller_gives_up_the_others_go_on_with_its_request() {
    let world = World::new();
    world.issue("AAAA");
    world.vendor.hold();
    let first = world.spawn(request("AAAA")).await;
    let second = world.spawn(request("AAAA")).await;
    until(|| world.vendor.asked() == 1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let third = world.spawn(request("AAAA")).await;
    world.vendor.let_go();
    assert!(second.await.unwrap().unwrap().is_valid());
    assert!(third.await.unwrap().unwrap().is_valid());
    assert_eq!(world.vendor.asked(), 1);
}

#[tokio::test]
async fn when_everybody_gives_up_the_next_caller_asks_anew() {
    let world = World::new();
    world.issue("AAAA");
    world.vendor.hold();
    let callers = [world.spawn(request("AAAA")).await, world.spawn(request("AAAA")).await];
    for caller in callers {
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
    }
    world.vendor.let_go();
    assert!(world.is_valid("AAAA").await);
    assert_eq!(world.cached.stats().asked, 2);
}

#[tokio::test]
async fn a_provider_that_panics_does_not_block_the_key() {
    let world = World::new();
    world.issue("AAAA");
    world.vendor.hold();
    world.vendor.trouble(Trouble::Panics);
    let callers = [world.spawn(request("AAAA")).await, world.spawn(request("AAAA")).await];
    world.vendor.let_go();
    for caller in callers {
        assert!(caller.await.unwrap_err().is_panic());
    }
    world.vendor.trouble(None);
    assert!(world.is_valid("AAAA").await);
}

#[tokio::test]
async fn who_asks_after_the_end_of_a_key_does_not_get_a_yes_from_before() {
    let world = World::new();
    let end = world.clock.now() + SignedDuration::from_secs(1);
    let mut sold = CreateRequest::new(code("AAAA"), "cus_1", "pdt_1");
    sold.expiry = Expiry::At(end);
    world.vendor.memory.insert(sold).unwrap();
    world.vendor.hold();
    let before = world.spawn(request("AAAA")).await;
    until(|| world.vendor.asked() == 1).await;
    world.clock.set(end);
    let after = world.spawn(request("AAAA")).await;
    assert_eq!(world.cached.stats().joined, 1);
    world.vendor.let_go();
    assert!(before.await.unwrap().unwrap().is_valid());
    let after = after.await.unwrap().unwrap();
    assert_eq!(after.refusal().unwrap().reason, RefusalReason::Expired);
}
