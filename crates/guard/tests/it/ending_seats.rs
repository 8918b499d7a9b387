//! Seats that end at the vendor unless they are renewed.

use std::sync::Arc;

use anykey_core::{
    ActivateRequest, DeactivateRequest, ErrorKind, LicenseProvider, Operation, RefusalReason, SignedDuration,
};
use anykey_guard::{AccessState, Guard, RefusedBy};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, Vendor, code};

const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

fn machine() -> Machine {
    Machine::with_vendor(|vendor| vendor.device_plane().with_seat_lifetime(LIFETIME))
}

async fn activated(machine: &Machine) -> Guard {
    let guard = machine.start();
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    guard
}

#[tokio::test]
async fn the_next_check_comes_well_before_the_end_and_renews() {
    let machine = machine();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = activated(&machine).await;
    let first = guard.record().unwrap().held.unwrap().ends_at;
    assert_eq!(first, Some(machine.now() + LIFETIME));
    assert_eq!(guard.access().next_check, Some(machine.now() + LIFETIME / 2));

    for _ in 0..10 {
        machine.advance_minutes(5);
        assert!(is_granted(guard.refresh().await.unwrap()));
        assert_eq!(guard.access().next_check, Some(machine.now() + LIFETIME / 2));
    }
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
    assert_eq!(machine.vendor.calls(Operation::Renew), 10);
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn a_renewal_without_an_answer_is_tried_again_and_locks_nobody_out() {
    let machine = machine();
    machine.vendor.issue("AAAA", Some(1));
    let guard = activated(&machine).await;
    machine.advance_minutes(5);
    machine.vendor.fail_on(Operation::Renew, Fault::Down(ErrorKind::Unavailable));
    let access = guard.refresh().await.unwrap();
    assert!(is_granted(access));
    assert!(access.next_check.unwrap() < machine.now() + SignedDuration::from_mins(5));
    machine.advance_minutes(3);
    assert!(is_granted(guard.refresh().await.unwrap()));
    machine.advance_minutes(3);
    assert!(is_granted(guard.refresh().await.unwrap()));
    assert_eq!(machine.vendor.calls(Operation::Activate), 1, "the renewal came in time");
}

#[tokio::test]
async fn a_computer_that_slept_past_the_end_takes_a_free_seat_by_itself() {
    let machine = machine();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = activated(&machine).await;
    let before = guard.record().unwrap().held.unwrap().activation;
    machine.advance_minutes(45);
    assert!(is_granted(guard.refresh().await.unwrap()));
    assert_ne!(guard.record().unwrap().held.unwrap().activation, before);
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn a_seat_that_ended_and_was_taken_by_another_is_refused_until_one_is_free() {
    let machine = machine();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = activated(&machine).await;
    machine.advance_minutes(11);
    let other = machine
        .vendor
        .memory
        .activate(ActivateRequest::new(code("AAAA"), "another device"))
        .await
        .unwrap()
        .id;
    let access = guard.refresh().await.unwrap();
    assert!(matches!(
        access.state,
        AccessState::Refused { reason: RefusalReason::SeatExpired, by: RefusedBy::Vendor, .. }
    ));
    assert!(access.next_check.is_some());

    machine.vendor.memory.deactivate(DeactivateRequest::new(code("AAAA"), other)).await.unwrap();
    assert!(is_granted(guard.refresh().await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn a_seat_that_ends_between_its_check_and_its_renewal_is_taken_again() {
    for (reason, activations) in [(RefusalReason::SeatExpired, 2), (RefusalReason::Unspecified, 1)] {
        let machine = machine();
        machine.vendor.issue("AAAA", Some(2));
        let guard = activated(&machine).await;
        machine.vendor.fail_on(Operation::Renew, Fault::Refuses(reason));
        assert!(is_granted(guard.refresh().await.unwrap()));
        assert_eq!(machine.vendor.calls(Operation::Activate), activations, "{reason:?}");
    }
}

#[tokio::test]
async fn a_seat_that_ends_at_a_former_vendor_is_not_taken_at_the_current_one() {
    for ends_at_its_check in [true, false] {
        let machine = Machine::with_vendor(|vendor| {
            vendor.device_plane().with_seat_lifetime(LIFETIME).of_vendor("old")
        });
        machine.vendor.issue("AAAA", Some(1));
        activated(&machine).await;
        let new = Vendor::new(&machine.clock).device_plane().of_vendor("new").validating_seats_only();
        let guard = Guard::builder(machine.store.clone(), Arc::new(new.clone()))
            .clock(machine.clock.clone())
            .former_provider(Arc::new(machine.vendor.clone()))
            .open()
            .unwrap();
        if ends_at_its_check {
            machine.advance_minutes(45);
        } else {
            machine.vendor.fail_on(Operation::Renew, Fault::Refuses(RefusalReason::SeatExpired));
        }
        let access = guard.refresh().await.unwrap();
        assert_eq!(access.is_allowed(), !ends_at_its_check, "{access}");
        assert_eq!(new.calls(Operation::Activate), 0);
    }
}
