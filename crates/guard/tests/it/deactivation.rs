use anykey_core::{
    DeactivateRequest, ErrorKind, LicenseProvider, LicenseProviderExt, Operation, RefusalReason,
};
use anykey_guard::{AccessState, GuardError, Release};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, code};

#[tokio::test]
async fn deactivating_releases_the_seat_of_a_valid_and_of_a_revoked_key() {
    for revoked in [false, true] {
        let machine = Machine::on_device_plane();
        let key = machine.vendor.issue("AAAA", Some(1));
        let guard = machine.start();
        guard.activate(code("AAAA")).await.unwrap();
        if revoked {
            machine.vendor.memory.revoke(&key.id).await.unwrap();
            guard.refresh().await.unwrap();
        }
        assert_eq!(guard.deactivate().await.unwrap(), Release::Freed);
        assert_eq!(machine.vendor.seats(&key).await.len(), 0);
        assert_eq!(guard.access().state, AccessState::NotActivated);
        assert_eq!(machine.store.sealed(), None);
        assert_eq!(guard.deactivate().await.unwrap(), Release::NothingHeld);
    }
}

#[tokio::test]
async fn deactivating_succeeds_for_a_released_seat_and_for_an_unknown_key() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    let seat = guard.record().unwrap().held.unwrap().activation.unwrap();
    machine.vendor.memory.deactivate(DeactivateRequest::new(code("AAAA"), seat)).await.unwrap();
    assert_eq!(guard.deactivate().await.unwrap(), Release::AlreadyFree);

    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.rotate(&key.id).await.unwrap();
    assert_eq!(guard.deactivate().await.unwrap(), Release::KeyUnknown);
    assert_eq!(guard.access().state, AccessState::NotActivated);
}

#[tokio::test]
async fn a_deactivation_without_an_answer_keeps_the_seat() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Deactivate, Fault::Down(ErrorKind::Transport));
    assert!(matches!(guard.deactivate().await, Err(GuardError::NoAnswer(_))));
    assert!(is_granted(machine.start().access()));

    machine.vendor.fail_on(Operation::Deactivate, Fault::AnswerLost);
    guard.deactivate().await.unwrap_err();
    assert_eq!(guard.deactivate().await.unwrap(), Release::AlreadyFree, "the first request took effect");
}

#[tokio::test]
async fn a_refused_deactivation_is_an_error() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Deactivate, Fault::Refuses(RefusalReason::Unspecified));
    assert!(matches!(guard.deactivate().await, Err(GuardError::Refused(_))));
    assert!(guard.record().unwrap().held.is_some());
}

#[tokio::test]
async fn a_pending_activation_is_released_if_it_can_be_found() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    machine.vendor.fail_on(Operation::Activate, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    assert_eq!(guard.deactivate().await.unwrap(), Release::Freed);
    assert_eq!(machine.vendor.seats(&key).await.len(), 0);
}

#[tokio::test]
async fn a_pending_activation_that_cannot_be_found_is_reported() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    machine.vendor.fail_on(Operation::Activate, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    assert_eq!(guard.deactivate().await.unwrap(), Release::MayBeTaken);
    assert_eq!(machine.store.sealed(), None);
}

#[tokio::test]
async fn forgetting_sends_nothing() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    let calls = machine.vendor.all_calls();
    guard.forget().await.unwrap();
    assert_eq!(machine.vendor.all_calls(), calls);
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
    assert_eq!(machine.start().access().state, AccessState::NotActivated);
}
