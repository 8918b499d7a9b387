use anykey_core::{ErrorKind, LicenseProvider, Operation, RefusalReason};
use anykey_guard::{AccessState, GuardError};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, code};

#[tokio::test(start_paused = true)]
async fn a_rotated_key_keeps_its_seat() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    let seat = guard.record().unwrap().held.unwrap().activation;
    let rotated = machine.vendor.rotate(&key.id).await.unwrap();

    let access = guard.refresh().await.unwrap();
    assert!(matches!(access.state, AccessState::Refused { reason: RefusalReason::UnknownKey, .. }));
    assert!(is_granted(guard.replace_key(rotated.code.clone()).await.unwrap()));
    let held = machine.start().record().unwrap().held.unwrap();
    assert_eq!((held.code, held.activation), (rotated.code, seat));
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test]
async fn another_key_takes_its_own_seat_and_the_old_seat_is_released() {
    for machine in [Machine::on_device_plane(), Machine::new()] {
        let old = machine.vendor.issue("AAAA", Some(1));
        let new = machine.vendor.issue("BBBB", Some(1));
        let guard = machine.start();
        guard.activate(code("AAAA")).await.unwrap();
        assert!(is_granted(guard.activate(code("BBBB")).await.unwrap()));
        assert_eq!(machine.vendor.seats(&old).await.len(), 0);
        assert_eq!(machine.vendor.seats(&new).await.len(), 1);
        assert_eq!(guard.record().unwrap().held.unwrap().code, code("BBBB"));
    }
}

#[tokio::test]
async fn a_refused_replacement_keeps_the_old_key() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    machine.vendor.issue("FULL", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    let vendor_changed =
        machine.start_on(anykey_guard::MemoryStore::new(crate::machine::installation("machine-2")));
    vendor_changed.activate(code("FULL")).await.unwrap();

    for (text, reason) in
        [("TYPO", RefusalReason::UnknownKey), ("FULL", RefusalReason::ActivationLimitReached)]
    {
        let error = guard.replace_key(code(text)).await.unwrap_err();
        assert_eq!(error.refusal().unwrap().reason, reason);
        assert!(is_granted(guard.access()) && !guard.access().seat_may_be_taken);
        assert_eq!(guard.record().unwrap().held.unwrap().code, code("AAAA"));
    }
}

#[tokio::test]
async fn a_key_of_another_product_is_not_activated() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let other = machine.vendor.issue("BBBB", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Validate, Fault::Refuses(RefusalReason::WrongProduct));
    let error = guard.replace_key(code("BBBB")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::WrongProduct);
    assert_eq!(machine.vendor.seats(&other).await.len(), 0);
    assert_eq!(guard.record().unwrap().held.unwrap().code, code("AAAA"));
}

#[tokio::test]
async fn a_refusal_without_reason_is_resolved_by_validating_the_new_key_alone() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let new = machine.vendor.issue("BBBB", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    // With the old seat the vendor refuses without reason; the key alone is valid.
    machine.vendor.fail_on(Operation::Validate, Fault::Refuses(RefusalReason::Unspecified));
    assert!(is_granted(guard.replace_key(code("BBBB")).await.unwrap()));
    assert_eq!(machine.vendor.seats(&new).await.len(), 1);

    machine.vendor.set_fault(Some(Fault::Refuses(RefusalReason::Unspecified)));
    assert!(guard.replace_key(code("CCCC")).await.unwrap_err().refusal().is_some());
    assert_eq!(guard.record().unwrap().held.unwrap().code, code("BBBB"));
}

#[tokio::test]
async fn a_lost_answer_to_the_new_keys_activation_keeps_the_old_seat() {
    let machine = Machine::new();
    let old = machine.vendor.issue("AAAA", Some(1));
    let new = machine.vendor.issue("BBBB", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Activate, Fault::AnswerLost);
    assert!(matches!(guard.replace_key(code("BBBB")).await, Err(GuardError::AnswerLost(_))));
    assert!(is_granted(guard.access()) && guard.access().seat_may_be_taken);

    assert!(is_granted(guard.refresh().await.unwrap()));
    assert!(!guard.access().seat_may_be_taken, "the new seat was adopted and the old one released");
    assert_eq!(guard.record().unwrap().held.unwrap().code, code("BBBB"));
    assert_eq!((machine.vendor.seats(&old).await.len(), machine.vendor.seats(&new).await.len()), (0, 1));
}

#[tokio::test]
async fn the_held_seat_is_checked_although_the_new_keys_seat_cannot_be_looked_up() {
    let machine = Machine::new();
    machine.vendor.issue("AAAA", Some(1));
    machine.vendor.issue("BBBB", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Activate, Fault::AnswerLost);
    guard.replace_key(code("BBBB")).await.unwrap_err();

    machine.advance_days(1);
    machine.vendor.fail_on(Operation::Activations, Fault::Down(ErrorKind::Transport));
    let access = guard.refresh().await.unwrap();
    assert!(is_granted(access) && access.seat_may_be_taken);
    assert_eq!(guard.record().unwrap().held.unwrap().last_good, Some(machine.clock.now()));
}

#[tokio::test]
async fn a_replacement_without_a_held_key_is_an_activation() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    assert!(is_granted(machine.start().replace_key(code("AAAA")).await.unwrap()));
}
