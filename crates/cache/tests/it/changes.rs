use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, CreateRequest, DeactivateRequest, Error, ErrorKind, LicensePatch, LicenseProvider,
    LicenseProviderExt, RefusalReason, StatusChange,
};
use futures_util::FutureExt;

use crate::vendor::Trouble;
use crate::world::{World, code, request, until};

fn lost() -> Error {
    Error::new(ErrorKind::Timeout, "the answer is lost").with_may_have_taken_effect(true)
}

fn worlds() -> [World; 2] {
    let hiding = World::new();
    hiding.vendor.hide_keys();
    [World::new(), hiding]
}

#[tokio::test]
async fn an_update_is_seen_at_once() {
    for world in worlds() {
        let key = world.issue("AAAA");
        assert!(world.is_valid("AAAA").await);
        world.cached.disable(&key.id).await.unwrap();
        assert!(!world.is_valid("AAAA").await);
        world.cached.enable(&key.id).await.unwrap();
        assert!(world.is_valid("AAAA").await);
    }
}

#[tokio::test]
async fn an_update_whose_answer_is_lost_is_seen_at_once() {
    for world in worlds() {
        let key = world.issue("AAAA");
        assert!(world.is_valid("AAAA").await);
        world.vendor.trouble(Trouble::LosesAnswers(lost));
        world.cached.disable(&key.id).await.unwrap_err();
        world.vendor.trouble(None);
        assert!(!world.is_valid("AAAA").await);
    }
}

#[tokio::test]
async fn an_update_that_was_given_up_is_seen_at_once() {
    for world in worlds() {
        let key = world.issue("AAAA");
        assert!(world.is_valid("AAAA").await);
        world.vendor.hold();
        let (cached, id) = (world.cached.clone(), key.id.clone());
        let patch = LicensePatch::new().status(StatusChange::Disable);
        let update = tokio::spawn(async move { cached.update(&id, patch).await });
        let now = || world.vendor.memory.get(&key.id).now_or_never().unwrap().unwrap();
        until(|| !now().status.is_usable()).await;
        update.abort();
        assert!(update.await.unwrap_err().is_cancelled());
        world.vendor.let_go();
        assert!(!world.is_valid("AAAA").await);
    }
}

/// A validation that the vendor judged before the update, and that ends after it.
#[tokio::test]
async fn a_validation_that_an_update_overtakes_is_not_kept() {
    let world = World::new();
    let key = world.issue("AAAA");
    world.vendor.hold();
    let before = world.spawn(request("AAAA")).await;
    until(|| world.vendor.asked() == 1).await;
    let cached = world.cached.clone();
    let update = tokio::spawn(async move { cached.disable(&key.id).await });
    world.vendor.let_go();
    update.await.unwrap().unwrap();
    assert!(before.await.unwrap().unwrap().is_valid());
    assert!(!world.is_valid("AAAA").await);
}

#[tokio::test]
async fn after_a_rotation_the_old_code_is_unknown_and_the_new_one_good() {
    for world in worlds() {
        let key = world.issue("AAAA");
        assert!(world.is_valid("AAAA").await);
        assert!(!world.is_valid("ROTATED-00000001").await);
        let rotated = world.cached.rotate(&key.id).await.unwrap();
        assert!(!world.is_valid("AAAA").await);
        assert!(world.is_valid(rotated.code.expose()).await);
    }
}

#[tokio::test]
async fn a_key_that_is_created_is_known_at_once() {
    for world in worlds() {
        assert!(!world.is_valid("AAAA").await);
        world.cached.create(CreateRequest::new(code("AAAA"), "cus_1", "pdt_1")).await.unwrap();
        assert!(world.is_valid("AAAA").await);
    }
}

#[tokio::test]
async fn a_seat_is_good_when_it_is_taken_and_not_when_it_is_given_back() {
    for world in worlds() {
        world.issue("AAAA");
        assert!(world.is_valid("AAAA").await);
        let seat = world.cached.activate(ActivateRequest::new(code("AAAA"), "laptop")).await.unwrap();
        assert!(world.asks(request("AAAA")).await, "the seats in use have changed");
        let request = request("AAAA").activation(seat.id.as_str());
        assert!(world.cached.validate(request.clone()).await.unwrap().is_valid());
        world.cached.deactivate(DeactivateRequest::new(code("AAAA"), seat.id.as_str())).await.unwrap();
        let answer = world.cached.validate(request).await.unwrap();
        assert_eq!(answer.refusal().unwrap().reason, RefusalReason::UnknownActivation);
    }
}

#[tokio::test]
async fn an_activation_whose_answer_is_lost_is_seen_at_once() {
    let world = World::new();
    world.issue("AAAA");
    let used = async || {
        let answer = world.cached.validate(request("AAAA")).await.unwrap();
        answer.key.unwrap().activations.used.unwrap()
    };
    assert_eq!(used().await, 0);
    world.vendor.trouble(Trouble::LosesAnswers(lost));
    world.cached.activate(ActivateRequest::new(code("AAAA"), "laptop")).await.unwrap_err();
    world.vendor.trouble(None);
    assert_eq!(used().await, 1);
}

#[tokio::test]
async fn an_update_leaves_the_other_keys() {
    for world in worlds() {
        let key = world.issue("AAAA");
        let others: Vec<_> = (0..50).map(|number| format!("OTHER-{number}")).collect();
        for other in &others {
            world.issue(other);
            assert!(world.is_valid(other).await);
        }
        world.cached.disable(&key.id).await.unwrap();
        let before = world.vendor.asked();
        for other in &others {
            world.is_valid(other).await;
        }
        assert!(world.vendor.asked() - before <= 5, "one in 4096 goes along");
    }
}
