use anykey_core::{
    ActivationId, Capability, DeactivateRequest, ErrorKind, LicenseProvider, LicenseStatus, Operation,
    RefusalReason,
};
use anykey_guard::{AccessState, GuardError, MemoryStore, Store};

use crate::machine::{Machine, installation, is_granted};
use crate::vendor::{Fault, code};

#[tokio::test]
async fn an_activated_key_is_granted_at_every_later_start_without_network() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    assert_eq!(machine.start().access().state, AccessState::NotActivated);
    machine.start().activate(code("AAAA")).await.unwrap();

    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    let calls = machine.vendor.all_calls();
    assert!(is_granted(machine.start().access()));
    assert_eq!(machine.vendor.all_calls(), calls, "starting sends nothing");
}

#[tokio::test]
async fn the_same_key_again_takes_no_second_seat() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    let access = machine.start().activate(code("AAAA")).await.unwrap();
    assert!(is_granted(access));
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn activating_the_same_key_during_an_outage_succeeds_while_access_lasts() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Unavailable)));
    assert!(guard.activate(code("AAAA")).await.unwrap().is_allowed());
    machine.advance_days(100);
    assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::NoAnswer(_))));
}

#[tokio::test]
async fn the_label_contains_the_device_and_the_mark() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", None);
    machine.start().activate(code("AAAA")).await.unwrap();
    let mark = machine.store.installation().mark();
    assert_eq!(machine.vendor.labels(), [format!("studio-mac [{mark}]")]);
    assert!(mark.is_on(&machine.vendor.seats(&key).await[0]));
}

#[tokio::test]
async fn a_refused_key_is_not_recorded() {
    let machine = Machine::on_device_plane();
    let guard = machine.start();
    let error = guard.activate(code("TYPO")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::UnknownKey);
    assert_eq!(guard.access().state, AccessState::NotActivated);
    assert!(!guard.access().seat_may_be_taken);
    assert_eq!(machine.store.sealed(), None);
}

#[tokio::test]
async fn an_activation_that_was_not_sent_is_not_recorded() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    machine.vendor.fail_on(Operation::Activate, Fault::Down(ErrorKind::Transport));
    let guard = machine.start();
    assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::NoAnswer(_))));
    assert!(!guard.access().seat_may_be_taken);
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
}

#[tokio::test]
async fn a_key_at_its_limit_is_refused_with_that_reason() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    let second = machine.start_on(MemoryStore::new(installation("machine-2")));
    let error = second.activate(code("AAAA")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
}

#[tokio::test]
async fn a_key_without_seats_is_held_without_an_activation() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(0));
    let guard = machine.start();
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert_eq!(guard.record().unwrap().held.unwrap().activation, None);
    assert!(!guard.access().seat_may_be_taken);
    assert!(is_granted(guard.refresh().await.unwrap()));
}

#[tokio::test]
async fn a_vendor_without_seats_only_validates() {
    let machine = Machine::with_vendor(|vendor| vendor.device_plane().without(Capability::Activate));
    machine.vendor.issue("AAAA", None);
    let guard = machine.start();
    assert!(guard.activate(code("TYPO")).await.unwrap_err().refusal().is_some());
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.calls(Operation::Activate), 0);

    machine.vendor.issue("BBBB", None);
    machine.advance_days(1);
    assert!(is_granted(guard.activate(code("BBBB")).await.unwrap()));
    let held = guard.record().unwrap().held.unwrap();
    assert_eq!(
        (held.code, held.since),
        (code("BBBB"), machine.clock.now()),
        "another key, not the same one rotated"
    );
}

#[tokio::test]
async fn a_machine_that_lost_its_record_adopts_its_seat_if_the_provider_lists_activations() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.store.replace_sealed(None);

    let guard = machine.start();
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    let seats = machine.vendor.seats(&key).await;
    assert_eq!(seats.len(), 1);
    assert_eq!(guard.record().unwrap().held.unwrap().activation, Some(seats[0].id.clone()));
}

#[tokio::test]
async fn another_machines_seat_is_not_adopted() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(2));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.start_on(MemoryStore::new(installation("machine-2"))).activate(code("AAAA")).await.unwrap();
    assert_eq!(machine.vendor.seats(&key).await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_seat_that_was_released_by_others_is_taken_again_only_by_activate() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    let seat = machine.vendor.seats(&key).await.remove(0);
    free(&machine, seat.id).await;

    let access = guard.refresh().await.unwrap();
    let AccessState::Refused { reason: RefusalReason::UnknownActivation, .. } = access.state else {
        panic!("{access}")
    };
    assert!(machine.vendor.seats(&key).await.is_empty());
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_without_reason_takes_a_new_seat_only_if_the_key_itself_is_valid() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(5));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();

    // The whole key is refused.
    machine.vendor.set_fault(Some(Fault::Refuses(RefusalReason::Unspecified)));
    assert!(guard.activate(code("AAAA")).await.unwrap_err().refusal().is_some());
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);

    // Only the seat is refused.
    machine.vendor.set_fault(None);
    guard.refresh().await.unwrap();
    for _ in 0..2 {
        machine.vendor.fail_on(Operation::Validate, Fault::Refuses(RefusalReason::Unspecified));
    }
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.calls(Operation::Activate), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_without_reason_stands_where_no_key_is_validated_without_its_seat() {
    let machine = Machine::with_vendor(|vendor| vendor.device_plane().validating_seats_only());
    machine.vendor.issue("AAAA", Some(5));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    for _ in 0..2 {
        machine.vendor.fail_on(Operation::Validate, Fault::Refuses(RefusalReason::Unspecified));
    }
    let error = guard.activate(code("AAAA")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::Unspecified);
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refused_seat_that_the_vendor_still_lists_is_not_taken_twice() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(5));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    for _ in 0..2 {
        machine.vendor.fail_on(Operation::Validate, Fault::Refuses(RefusalReason::UnknownActivation));
    }
    guard.activate(code("AAAA")).await.ok();
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test]
async fn a_seat_of_a_disabled_key_gives_no_access() {
    let machine = Machine::with_vendor(|vendor| vendor.without(Capability::Activations));
    machine.vendor.issue("AAAA", Some(1));
    machine.vendor.answer_with_status(LicenseStatus::Disabled);
    let guard = machine.start();
    let error = guard.activate(code("AAAA")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::Disabled);
    assert!(!guard.access().is_allowed());
    assert!(guard.record().unwrap().held.unwrap().activation.is_some(), "the seat can be released");
}

#[tokio::test]
async fn a_key_that_is_too_long_is_not_sent() {
    let machine = Machine::on_device_plane();
    let guard = machine.start();
    for length in [2_049, 1_000_000] {
        assert!(guard.activate(code(&"x".repeat(length))).await.is_err());
        assert_eq!((machine.vendor.all_calls(), machine.store.sealed()), (0, None));
    }
    guard.activate(code(&"x".repeat(2_048))).await.unwrap_err();
    assert!(machine.vendor.all_calls() > 0, "the longest code that is sent");
}

async fn free(machine: &Machine, activation: ActivationId) {
    machine.vendor.memory.deactivate(DeactivateRequest::new(code("AAAA"), activation)).await.unwrap();
}
