//! Uninstalling without network.

use anykey_core::{ErrorKind, Operation};
use anykey_guard::{AccessState, Notice, Release};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, code};

#[tokio::test]
async fn without_network_a_note_is_left_and_the_seat_given_back_at_the_next_check() {
    let machine = Machine::of_a_customer();
    let key = machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.vendor.weather(Some(Fault::Down(ErrorKind::Transport)));
    assert_eq!(machine.start().uninstall().await.unwrap(), Release::WhenOnline);

    let again = machine.start();
    assert_eq!(again.access().state, AccessState::NotActivated);
    assert!(again.access().notices().contains(Notice::SeatOwed));
    machine.vendor.weather(None);
    machine.days_pass(1);
    again.refresh_if_due().await.unwrap();
    assert!(machine.vendor.seats(&key).await.is_empty());
    assert_eq!(machine.store.sealed(), None, "nothing is left to remember");
}

#[tokio::test]
async fn an_app_that_comes_back_before_uses_the_seat_again() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.vendor.weather(Some(Fault::Down(ErrorKind::Transport)));
    machine.start().uninstall().await.unwrap();
    machine.vendor.weather(None);
    let again = machine.start();
    assert!(is_granted(again.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
    assert!(again.access().notices().is_empty());
}

#[tokio::test]
async fn with_network_nothing_is_left() {
    let machine = Machine::of_a_customer();
    let key = machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    assert_eq!(machine.start().uninstall().await.unwrap(), Release::Freed);
    assert!(machine.vendor.seats(&key).await.is_empty());
    assert_eq!(machine.store.sealed(), None);
}

#[tokio::test]
async fn a_note_is_no_key() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.vendor.weather(Some(Fault::Down(ErrorKind::Transport)));
    let guard = machine.start();
    guard.uninstall().await.unwrap();
    assert!(!guard.access().is_allowed());
    assert!(guard.backup().is_none());
    assert_eq!(guard.uninstall().await.unwrap(), Release::NothingHeld);
    assert!(guard.access().notices().contains(Notice::SeatOwed), "the note stays");
}
