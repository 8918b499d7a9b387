//! Uninstalling without network.

use anykey_core::{ErrorKind, Operation};
use anykey_guard::{AccessState, GuardError, Notice, Release};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, Vendor, code};

#[tokio::test]
async fn without_network_the_seat_is_recorded_and_released_at_the_next_check() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    assert_eq!(machine.start().uninstall().await.unwrap(), Release::WhenOnline);

    let again = machine.start();
    assert_eq!(again.access().state, AccessState::NotActivated);
    assert!(again.access().notices().contains(Notice::SeatUnreleased));
    machine.vendor.set_fault(None);
    machine.advance_days(1);
    again.refresh_if_due().await.unwrap();
    assert!(machine.vendor.seats(&key).await.is_empty());
    assert_eq!(machine.store.sealed(), None, "nothing is left to store");
}

#[tokio::test]
async fn a_reinstalled_app_uses_an_unreleased_seat_again() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    machine.start().uninstall().await.unwrap();
    machine.vendor.set_fault(None);
    let again = machine.start();
    assert!(is_granted(again.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
    assert!(again.access().notices().is_empty());
}

#[tokio::test]
async fn with_network_the_seat_is_released_and_the_record_removed() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    assert_eq!(machine.start().uninstall().await.unwrap(), Release::Freed);
    assert!(machine.vendor.seats(&key).await.is_empty());
    assert_eq!(machine.store.sealed(), None);
}

#[tokio::test]
async fn an_unreleased_seat_gives_no_access() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    let guard = machine.start();
    guard.uninstall().await.unwrap();
    assert!(!guard.access().is_allowed());
    assert!(guard.backup().is_none());
    assert_eq!(guard.uninstall().await.unwrap(), Release::NothingHeld);
    assert!(guard.access().notices().contains(Notice::SeatUnreleased), "the seat is still recorded");
}

#[tokio::test]
async fn another_key_does_not_use_an_unreleased_seat() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let other = machine.vendor.issue("BBBB", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Deactivate, Fault::Down(ErrorKind::Transport));
    machine.start().uninstall().await.unwrap();
    assert!(is_granted(machine.start().activate(code("BBBB")).await.unwrap()));
    assert_eq!(machine.vendor.seats(&other).await.len(), 1);
}

/// A machine whose first activation was lost.
async fn after_a_lost_activation(fault: Fault) -> Machine {
    let machine = Machine::new();
    machine.vendor.issue("AAAA", Some(1));
    machine.vendor.fail_on(Operation::Activate, fault);
    machine.start().activate(code("AAAA")).await.unwrap_err();
    machine
}

#[tokio::test]
async fn a_lost_activation_that_cannot_be_looked_up_is_released_later_and_else_kept() {
    let machine = after_a_lost_activation(Fault::AnswerLost).await;
    let guard = machine.start();
    machine.vendor.fail_on(Operation::Activations, Fault::Down(ErrorKind::Transport));
    assert!(matches!(guard.deactivate().await, Err(GuardError::NoAnswer(_))));
    assert!(guard.record().unwrap().pending.is_some());

    machine.vendor.fail_on(Operation::Activations, Fault::Down(ErrorKind::Transport));
    assert_eq!(guard.uninstall().await.unwrap(), Release::WhenOnline);
    assert_eq!(guard.record().unwrap().unreleased.len(), 1);
}

#[tokio::test]
async fn an_unreleased_seat_is_forgotten_once_the_list_proves_that_there_is_none() {
    let machine = after_a_lost_activation(Fault::RequestLost).await;
    machine.vendor.fail_on(Operation::Activations, Fault::Down(ErrorKind::Transport));
    let guard = machine.start();
    guard.uninstall().await.unwrap();

    guard.refresh().await.unwrap();
    assert_eq!(guard.record().unwrap().unreleased.len(), 1, "the list may be older than the activation");
    machine.advance_minutes(3);
    guard.refresh().await.unwrap();
    assert_eq!(machine.store.sealed(), None);
}

#[tokio::test]
async fn a_list_without_a_seat_proves_that_it_is_free_when_it_is_new_enough() {
    for (minutes, release) in [(1, Release::MayBeTaken), (3, Release::AlreadyFree)] {
        let machine = after_a_lost_activation(Fault::RequestLost).await;
        machine.advance_minutes(minutes);
        assert_eq!(machine.start().deactivate().await.unwrap(), release, "{minutes}");
    }
}

#[tokio::test]
async fn the_seat_of_a_vendor_that_is_not_configured_any_more_is_released_later() {
    let machine = Machine::with_vendor(|vendor| vendor.device_plane().of_vendor("old"));
    machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    let old = machine.vendor.clone();
    let machine = Machine { vendor: Vendor::new(&machine.clock).device_plane().of_vendor("new"), ..machine };
    let guard = machine.start();
    assert!(matches!(guard.deactivate().await, Err(GuardError::OtherProvider { .. })));
    assert_eq!(guard.uninstall().await.unwrap(), Release::WhenOnline);
    assert_eq!(guard.record().unwrap().unreleased.len(), 1);
    assert_eq!(old.calls(Operation::Deactivate), 0);
}

#[tokio::test]
async fn without_network_only_one_release_is_tried_and_with_it_every_one() {
    let machine = Machine::on_device_plane();
    let first = machine.vendor.issue("AAAA", Some(1));
    machine.vendor.issue("BBBB", Some(1));
    let guard = machine.start();
    let without_network = || machine.vendor.fail_on(Operation::Deactivate, Fault::Down(ErrorKind::Transport));
    guard.activate(code("AAAA")).await.unwrap();
    without_network();
    guard.uninstall().await.unwrap();
    without_network();
    guard.activate(code("BBBB")).await.unwrap();
    assert_eq!(guard.record().unwrap().unreleased.len(), 1);

    let before = machine.vendor.calls(Operation::Deactivate);
    without_network();
    assert_eq!(guard.uninstall().await.unwrap(), Release::WhenOnline);
    assert_eq!(machine.vendor.calls(Operation::Deactivate), before + 1);
    without_network();
    guard.activate(code("BBBB")).await.unwrap();
    assert_eq!(guard.uninstall().await.unwrap(), Release::Freed);
    assert!(machine.vendor.seats(&first).await.is_empty());
}
