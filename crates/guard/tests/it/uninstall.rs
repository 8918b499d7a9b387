//! Uninstalling without network.

use anykey_core::{ErrorKind, Operation};
use anykey_guard::{AccessState, Notice, Release};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, code};

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
