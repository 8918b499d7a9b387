use anykey_core::{ErrorKind, Operation, RefusalReason};
use anykey_guard::{AccessState, GuardError, MemoryStore, SeatBackup};

use crate::machine::{Machine, installation, is_grace, is_granted};
use crate::vendor::{Fault, code};

async fn backed_up(machine: &Machine) -> SeatBackup {
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    SeatBackup::parse(&guard.backup().unwrap().expose()).unwrap()
}

#[tokio::test]
async fn a_restored_seat_is_the_same_seat() {
    let machine = Machine::on_device_plane();
    let backup = backed_up(&machine).await;
    let fresh = machine.start_on(MemoryStore::new(installation("new disk")));
    assert!(is_granted(fresh.restore(backup.clone()).await.unwrap()));
    assert!(is_granted(fresh.restore(backup).await.unwrap()), "restoring twice is the same as once");
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test]
async fn a_restored_seat_gives_access_only_after_an_answer() {
    let machine = Machine::on_device_plane();
    let backup = backed_up(&machine).await;
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    let fresh = machine.start_on(MemoryStore::new(installation("new disk")));
    assert!(matches!(fresh.restore(backup.clone()).await, Err(GuardError::NoAnswer(_))));
    assert!(matches!(fresh.access().state, AccessState::NeedsCheck { .. }));
    machine.vendor.set_fault(None);
    assert!(is_granted(fresh.refresh().await.unwrap()));

    let mut lenient = machine;
    lenient.policy = lenient.policy.grace_needs_good_check(false);
    lenient.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    let fresh = lenient.start_on(MemoryStore::new(installation("newer disk")));
    fresh.restore(backup).await.unwrap_err();
    assert!(is_grace(fresh.access()));
}

#[tokio::test]
async fn a_backup_of_a_released_seat_is_refused_and_takes_no_seat() {
    let machine = Machine::on_device_plane();
    let backup = backed_up(&machine).await;
    machine.start().deactivate().await.unwrap();
    let access = machine.start().restore(backup).await.unwrap();
    let refused =
        matches!(access.state, AccessState::Refused { reason: RefusalReason::UnknownActivation, .. });
    assert!(refused, "{access}");
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test]
async fn a_backup_does_not_replace_another_key() {
    let machine = Machine::on_device_plane();
    let backup = backed_up(&machine).await;
    machine.vendor.issue("BBBB", Some(1));
    let other = machine.start_on(MemoryStore::new(installation("machine-2")));
    other.activate(code("BBBB")).await.unwrap();
    assert!(matches!(other.restore(backup).await, Err(GuardError::HoldsAnotherKey)));
}

#[tokio::test]
async fn a_backup_does_not_replace_another_seat_of_the_same_key() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("CCCC", Some(2));
    let first = machine.start();
    first.activate(code("CCCC")).await.unwrap();
    let backup = SeatBackup::parse(&first.backup().unwrap().expose()).unwrap();
    let second = machine.start_on(MemoryStore::new(installation("machine-2")));
    second.activate(code("CCCC")).await.unwrap();
    assert!(matches!(second.restore(backup).await, Err(GuardError::HoldsAnotherKey)));
}

#[test]
fn other_texts_are_rejected_as_backups() {
    for text in
        ["", "{}", "null", "AAAA", r#"{"anykey_seat_backup":2,"provider":"memory","key":"AAAA","label":""}"#]
    {
        assert!(matches!(SeatBackup::parse(text), Err(GuardError::Backup)), "{text}");
    }
    SeatBackup::parse(r#"{"anykey_seat_backup":1,"provider":"memory","key":"AAAA","label":""}"#).unwrap();
}

#[tokio::test]
async fn there_is_no_backup_without_a_seat() {
    assert_eq!(Machine::new().start().backup(), None);
}
