//! Vendors that recognise an installation which activates again.

use anykey_core::Operation;
use anykey_guard::{GuardError, MemoryStore, Release};

use crate::machine::{Machine, installation, is_granted};
use crate::vendor::{Fault, Vendor, code};

fn on_device_plane() -> Machine {
    Machine::with_vendor(|vendor| vendor.device_plane().recognising_installations())
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_at_once_without_a_list() {
    for fault in [Fault::AnswerLost, Fault::RequestLost] {
        let machine = on_device_plane();
        let key = machine.vendor.issue("AAAA", Some(1));
        machine.vendor.fail_on(Operation::Activate, fault);
        let error = machine.start().activate(code("AAAA")).await.unwrap_err();
        assert!(matches!(error, GuardError::AnswerLost(_)));

        machine.advance_minutes(60);
        let guard = machine.start();
        assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
        assert_eq!(machine.vendor.seats(&key).await.len(), 1);
        assert_eq!(guard.deactivate().await.unwrap(), Release::Freed);
        assert!(machine.vendor.seats(&key).await.is_empty(), "nothing is left behind");
    }
}

#[tokio::test]
async fn after_the_record_was_lost_the_same_seat_is_held_again_on_a_full_key() {
    let mut machine = on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.advance_days(3);
    machine.store = MemoryStore::new(installation("machine-1"));

    let guard = machine.start();
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
    assert_eq!(guard.deactivate().await.unwrap(), Release::StillShared, "another user may hold it");
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn a_seat_is_taken_for_an_earlier_one_when_it_is_older_than_an_activation_takes() {
    for (minutes, release) in [(2, Release::Freed), (3, Release::StillShared)] {
        let mut machine = on_device_plane();
        machine.vendor.issue("AAAA", Some(1));
        machine.start().activate(code("AAAA")).await.unwrap();
        machine.advance_minutes(minutes);
        machine.store = MemoryStore::new(installation("machine-1"));
        let guard = machine.start();
        guard.activate(code("AAAA")).await.unwrap();
        assert_eq!(guard.deactivate().await.unwrap(), release, "{minutes}");
    }
}

#[tokio::test]
async fn another_machine_takes_a_seat_of_its_own() {
    let mut machine = Machine::with_vendor(Vendor::recognising_installations);
    let key = machine.vendor.issue("AAAA", Some(2));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.store = MemoryStore::new(installation("machine-2"));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    assert_eq!(machine.vendor.seats(&key).await.len(), 2);
    assert_eq!(guard.deactivate().await.unwrap(), Release::Freed, "nobody else holds a seat that is new");
}
