use anykey_core::{
    DeactivateRequest, ErrorKind, LicenseProvider, LicenseProviderExt, Operation, RefusalReason,
};
use anykey_guard::{AccessState, GuardError, Release};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, code};

#[tokio::test]
async fn uninstalling_frees_the_seat_of_a_living_and_of_a_dead_key() {
    for dead in [false, true] {
        let machine = Machine::of_a_customer();
        let key = machine.vendor.issue("AAAA", Some(1));
        let guard = machine.start();
        guard.activate(code("AAAA")).await.unwrap();
        if dead {
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
async fn a_seat_that_is_gone_and_a_key_that_is_unknown_both_end_well() {
    let machine = Machine::of_a_customer();
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
async fn without_an_answer_the_seat_is_still_held() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Deactivate, Fault::Down(ErrorKind::Transport));
    assert!(matches!(guard.deactivate().await, Err(GuardError::NoAnswer(_))));
    assert!(is_granted(machine.start().access()));

    machine.vendor.fail_on(Operation::Deactivate, Fault::AnswerLost);
    guard.deactivate().await.unwrap_err();
    assert_eq!(guard.deactivate().await.unwrap(), Release::AlreadyFree, "it was done the first time");
}

#[tokio::test]
async fn a_vendor_that_does_not_let_go_is_an_error() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Deactivate, Fault::Refuses(RefusalReason::Unspecified));
    assert!(matches!(guard.deactivate().await, Err(GuardError::Refused(_))));
    assert!(guard.record().unwrap().held.is_some());
}

#[tokio::test]
async fn a_pending_activation_is_freed_where_it_can_be_found() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    machine.vendor.fail_on(Operation::Activate, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    assert_eq!(guard.deactivate().await.unwrap(), Release::Freed);
    assert_eq!(machine.vendor.seats(&key).await.len(), 0);
}

#[tokio::test]
async fn a_pending_activation_that_nobody_can_find_is_reported() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    machine.vendor.fail_on(Operation::Activate, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    assert_eq!(guard.deactivate().await.unwrap(), Release::MayBeTaken);
    assert_eq!(machine.store.sealed(), None);
}

#[tokio::test]
async fn forgetting_asks_nobody() {
    let machine = Machine::of_a_customer();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    let calls = machine.vendor.all_calls();
    guard.forget().await.unwrap();
    assert_eq!(machine.vendor.all_calls(), calls);
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
    assert_eq!(machine.start().access().state, AccessState::NotActivated);
}
