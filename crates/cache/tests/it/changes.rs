use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ActivateRequest, CreateRequest, DeactivateRequest, Error, ErrorKind, LicensePatch, LicenseProvider,
    LicenseProviderExt, RefusalReason, StatusChange,
};
use futures_util::FutureExt;

use crate::fixture::{Fixture, code, request, until};
use crate::vendor::Fault;

fn lost() -> Error {
    Error::new(ErrorKind::Timeout, "the answer is lost").with_may_have_taken_effect(true)
}

fn fixtures() -> [Fixture; 2] {
    let hiding = Fixture::new();
    hiding.vendor.hide_keys();
    [Fixture::new(), hiding]
}

#[tokio::test]
async fn an_update_is_visible_immediately() {
    for fixture in fixtures() {
        let key = fixture.issue("AAAA");
        assert!(fixture.is_valid("AAAA").await);
        fixture.cached.disable(&key.id).await.unwrap();
        assert!(!fixture.is_valid("AAAA").await);
        fixture.cached.enable(&key.id).await.unwrap();
        assert!(fixture.is_valid("AAAA").await);
    }
}

#[tokio::test]
async fn an_update_whose_answer_is_lost_is_visible_immediately() {
    for fixture in fixtures() {
        let key = fixture.issue("AAAA");
        assert!(fixture.is_valid("AAAA").await);
        fixture.vendor.set_fault(Fault::LostAnswer(lost));
        fixture.cached.disable(&key.id).await.unwrap_err();
        fixture.vendor.set_fault(None);
        assert!(!fixture.is_valid("AAAA").await);
    }
}

#[tokio::test]
async fn a_cancelled_update_is_visible_immediately() {
    for fixture in fixtures() {
        let key = fixture.issue("AAAA");
        assert!(fixture.is_valid("AAAA").await);
        fixture.vendor.hold();
        let (cached, id) = (fixture.cached.clone(), key.id.clone());
        let patch = LicensePatch::new().status(StatusChange::Disable);
        let update = tokio::spawn(async move { cached.update(&id, patch).await });
        let now = || fixture.vendor.memory.get(&key.id).now_or_never().unwrap().unwrap();
        until(|| !now().status.is_usable()).await;
        update.abort();
        assert!(update.await.unwrap_err().is_cancelled());
        fixture.vendor.resume();
        assert!(!fixture.is_valid("AAAA").await);
    }
}

/// The vendor processes the validation before the update, and its answer arrives after it.
#[tokio::test]
async fn a_validation_overtaken_by_an_update_is_not_cached() {
    let fixture = Fixture::new();
    let key = fixture.issue("AAAA");
    fixture.vendor.hold();
    let before = fixture.spawn(request("AAAA")).await;
    until(|| fixture.vendor.sent() == 1).await;
    let cached = fixture.cached.clone();
    let update = tokio::spawn(async move { cached.disable(&key.id).await });
    fixture.vendor.resume();
    update.await.unwrap().unwrap();
    assert!(before.await.unwrap().unwrap().is_valid());
    assert!(!fixture.is_valid("AAAA").await);
}

#[tokio::test]
async fn after_a_rotation_the_old_code_is_unknown_and_the_new_code_valid() {
    for fixture in fixtures() {
        let key = fixture.issue("AAAA");
        assert!(fixture.is_valid("AAAA").await);
        assert!(!fixture.is_valid("ROTATED-00000001").await);
        let rotated = fixture.cached.rotate(&key.id).await.unwrap();
        assert!(!fixture.is_valid("AAAA").await);
        assert!(fixture.is_valid(rotated.code.expose()).await);
    }
}

#[tokio::test]
async fn a_created_key_is_valid_immediately() {
    for fixture in fixtures() {
        assert!(!fixture.is_valid("AAAA").await);
        fixture.cached.create(CreateRequest::new(code("AAAA"), "cus_1", "pdt_1")).await.unwrap();
        assert!(fixture.is_valid("AAAA").await);
    }
}

#[tokio::test]
async fn activating_and_deactivating_are_visible_immediately() {
    for fixture in fixtures() {
        fixture.issue("AAAA");
        assert!(fixture.is_valid("AAAA").await);
        let seat = fixture.cached.activate(ActivateRequest::new(code("AAAA"), "laptop")).await.unwrap();
        assert!(fixture.asks(request("AAAA")).await, "the number of used seats has changed");
        let request = request("AAAA").activation(seat.id.as_str());
        assert!(fixture.cached.validate(request.clone()).await.unwrap().is_valid());
        fixture.cached.deactivate(DeactivateRequest::new(code("AAAA"), seat.id.as_str())).await.unwrap();
        let answer = fixture.cached.validate(request).await.unwrap();
        assert_eq!(answer.refusal().unwrap().reason, RefusalReason::UnknownActivation);
    }
}

#[tokio::test]
async fn an_activation_whose_answer_is_lost_is_visible_immediately() {
    let fixture = Fixture::new();
    fixture.issue("AAAA");
    let used = async || {
        let answer = fixture.cached.validate(request("AAAA")).await.unwrap();
        answer.key.unwrap().activations.used.unwrap()
    };
    assert_eq!(used().await, 0);
    fixture.vendor.set_fault(Fault::LostAnswer(lost));
    fixture.cached.activate(ActivateRequest::new(code("AAAA"), "laptop")).await.unwrap_err();
    fixture.vendor.set_fault(None);
    assert_eq!(used().await, 1);
}

#[tokio::test]
async fn an_update_does_not_invalidate_other_keys() {
    for fixture in fixtures() {
        let key = fixture.issue("AAAA");
        let others: Vec<_> = (0..50).map(|number| format!("OTHER-{number}")).collect();
        for other in &others {
            fixture.issue(other);
            assert!(fixture.is_valid(other).await);
        }
        fixture.cached.disable(&key.id).await.unwrap();
        let before = fixture.vendor.sent();
        for other in &others {
            fixture.is_valid(other).await;
        }
        assert!(fixture.vendor.sent() - before <= 5, "about one in 4096 is invalidated too");
    }
}
