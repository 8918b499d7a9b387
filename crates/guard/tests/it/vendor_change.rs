//! Changing the vendor in the app's configuration.

use std::sync::Arc;

use anykey_core::{ErrorKind, Operation};
use anykey_guard::{AccessState, Cause, Guard, GuardError, Notice};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, Vendor, code};

/// A machine with a seat of the old vendor, and the new vendor.
async fn seat_at_old_vendor() -> (Machine, Vendor) {
    let machine = Machine::with_vendor(|vendor| vendor.device_plane().of_vendor("old"));
    machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    let new = Vendor::new(&machine.clock).device_plane().of_vendor("new");
    (machine, new)
}

fn start(machine: &Machine, new: &Vendor, keeps_former: bool) -> Guard {
    let mut builder =
        Guard::builder(machine.store.clone(), Arc::new(new.clone())).clock(machine.clock.clone());
    if keeps_former {
        builder = builder.former_provider(Arc::new(machine.vendor.clone()));
    }
    builder.open().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_old_seat_stays_valid_for_its_grace() {
    let (machine, new) = seat_at_old_vendor().await;
    let guard = start(&machine, &new, false);
    assert!(is_granted(guard.access()));
    for day in 1..15 {
        machine.advance_days(1);
        assert!(matches!(guard.refresh().await, Err(GuardError::OtherProvider { .. })));
        let access = guard.access();
        assert!(access.is_allowed(), "on day {day}: {access}");
        assert!(access.notices().contains(Notice::VendorChanged));
    }
    machine.advance_days(1);
    let AccessState::NeedsCheck { cause, .. } = guard.access().state else { panic!("{}", guard.access()) };
    assert_eq!(cause, Cause::VendorChanged);
    assert_eq!(new.calls(Operation::Activate), 0);
}

#[tokio::test]
async fn an_old_seat_stays_valid_while_the_former_provider_confirms_it() {
    let (machine, new) = seat_at_old_vendor().await;
    let guard = start(&machine, &new, true);
    for _ in 0..100 {
        machine.advance_days(1);
        assert!(is_granted(guard.refresh().await.unwrap()));
    }
    assert!(guard.access().notices().is_empty());
    machine.vendor.set_fault(Some(Fault::Refuses(anykey_core::RefusalReason::Revoked)));
    assert!(!guard.refresh().await.unwrap().is_allowed());
}

#[tokio::test]
async fn a_new_vendor_that_validates_no_key_alone_is_not_asked_about_the_old_one() {
    let (machine, new) = seat_at_old_vendor().await;
    let new = new.validating_seats_only();
    let guard = start(&machine, &new, true);
    machine.advance_days(1);
    assert!(is_granted(guard.refresh().await.unwrap()));
    assert_eq!(new.calls(Operation::Validate), 0);
}

#[tokio::test]
async fn the_new_key_is_activated_before_the_old_seat_is_released() {
    let (machine, new) = seat_at_old_vendor().await;
    let key = new.issue("BBBB", Some(1));
    let guard = start(&machine, &new, true);

    new.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    guard.activate(code("BBBB")).await.unwrap_err();
    assert!(is_granted(guard.access()));
    assert_eq!(machine.vendor.calls(Operation::Deactivate), 0);

    new.set_fault(None);
    assert!(is_granted(guard.activate(code("BBBB")).await.unwrap()));
    assert_eq!(new.calls(Operation::Validate), 0, "the new vendor does not know the old seat");
    assert_eq!(new.seats(&key).await.len(), 1);
    assert_eq!(machine.vendor.calls(Operation::Deactivate), 1);
    assert_eq!(&*guard.record().unwrap().held.unwrap().issuer.vendor, "new");
    assert!(guard.access().notices().is_empty());
}

#[tokio::test]
async fn a_seat_that_cannot_be_released_yet_is_released_later() {
    let (machine, new) = seat_at_old_vendor().await;
    new.issue("BBBB", Some(1));
    let guard = start(&machine, &new, false);
    assert!(is_granted(guard.activate(code("BBBB")).await.unwrap()));
    assert!(guard.access().notices().contains(Notice::SeatUnreleased));
    drop(guard);

    let guard = start(&machine, &new, true);
    assert!(is_granted(guard.refresh().await.unwrap()));
    assert_eq!(machine.vendor.calls(Operation::Deactivate), 1);
    assert!(guard.access().notices().is_empty());
}

#[tokio::test]
async fn an_imported_key_is_activated_at_the_new_vendor_automatically() {
    for keeps_former in [false, true] {
        let (machine, new) = seat_at_old_vendor().await;
        let guard = start(&machine, &new, keeps_former);
        guard.refresh().await.ok();
        let key = new.issue("AAAA", Some(1));
        machine.advance_days(1);
        assert!(is_granted(guard.refresh().await.unwrap()));
        assert_eq!(new.seats(&key).await.len(), 1);
        assert_eq!(&*guard.record().unwrap().held.unwrap().issuer.vendor, "new");
        assert_eq!(machine.vendor.calls(Operation::Deactivate), usize::from(keeps_former));
        guard.refresh().await.unwrap();
        assert_eq!(new.calls(Operation::Activate), 1);
    }
}

#[tokio::test]
async fn a_lost_answer_while_moving_keeps_the_old_seat_and_takes_no_second_one() {
    let (machine, new) = seat_at_old_vendor().await;
    let key = new.issue("AAAA", Some(5));
    new.fail_on(Operation::Activate, Fault::AnswerLost);
    let guard = start(&machine, &new, true);
    for _ in 0..5 {
        assert!(is_granted(guard.refresh().await.unwrap()));
        machine.advance_days(1);
    }
    assert!(guard.access().seat_may_be_taken);
    assert_eq!(new.seats(&key).await.len(), 1);
    assert_eq!(machine.vendor.calls(Operation::Deactivate), 0);
}

#[tokio::test]
async fn an_app_can_move_to_another_vendor_while_it_runs() {
    let (machine, new) = seat_at_old_vendor().await;
    new.issue("BBBB", Some(1));
    let guard = machine.start();
    let error = guard.move_to(Arc::new(new.clone()), code("TYPO")).await.unwrap_err();
    assert!(error.refusal().is_some());
    assert!(is_granted(guard.refresh().await.unwrap()), "nothing changes");

    assert!(is_granted(guard.move_to(Arc::new(new.clone()), code("BBBB")).await.unwrap()));
    assert_eq!(machine.vendor.calls(Operation::Deactivate), 1);
    let asked = new.calls(Operation::Validate);
    guard.refresh().await.unwrap();
    assert_eq!(new.calls(Operation::Validate), asked + 1);
}

#[tokio::test]
async fn deactivating_releases_the_old_seat_at_its_vendor() {
    let (machine, new) = seat_at_old_vendor().await;
    assert_eq!(start(&machine, &new, true).deactivate().await.unwrap(), anykey_guard::Release::Freed);
    assert_eq!(machine.vendor.calls(Operation::Deactivate), 1);
}

#[tokio::test]
async fn renaming_a_provider_in_the_configuration_keeps_its_seats() {
    let (machine, _) = seat_at_old_vendor().await;
    let renamed = machine.vendor.clone().named("main");
    let guard = start(&machine, &renamed, false);
    assert!(is_granted(guard.refresh().await.unwrap()));
    let issuer = guard.record().unwrap().held.unwrap().issuer;
    assert_eq!((&*issuer.vendor, &*issuer.name), ("old", "main"));
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test(start_paused = true)]
async fn another_account_at_the_same_vendor_that_does_not_know_the_key_does_not_end_access() {
    let (machine, _) = seat_at_old_vendor().await;
    let other_account = Vendor::new(&machine.clock).device_plane().of_vendor("old").named("second account");
    let guard = start(&machine, &other_account, false);
    machine.advance_days(3);
    assert!(matches!(guard.refresh().await, Err(GuardError::OtherProvider { .. })));
    assert!(guard.access().is_allowed(), "{}", guard.access());

    let both = start(&machine, &other_account, true);
    assert!(is_granted(both.refresh().await.unwrap()), "with both, the seat's account is used");
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_renamed_and_replaced_back_and_forth_keeps_its_seat() {
    let (machine, new) = seat_at_old_vendor().await;
    for name in ["main", "old", "main", "", "OLD", "old"] {
        machine.advance_days(1);
        let renamed = machine.vendor.clone().named(name);
        assert!(is_granted(start(&machine, &renamed, false).refresh().await.unwrap()), "{name:?}");

        machine.advance_days(1);
        let guard = start(&machine, &new, false);
        guard.refresh().await.unwrap_err();
        assert!(guard.access().is_allowed(), "{name:?}: {}", guard.access());

        let guard = start(&machine, &renamed, false);
        assert!(is_granted(guard.refresh().await.unwrap()), "{name:?}");
        assert!(guard.access().notices().is_empty(), "{name:?}: {}", guard.access());
    }
    assert_eq!(machine.vendor.calls(Operation::Activate) + new.calls(Operation::Activate), 1);
}
