//! A vendor's own proof extends what holds offline.

use std::fs;
use std::sync::Arc;

use anykey_core::{
    ErrorKind, InMemoryProvider, LicenseProviderExt, RefusalReason, SignedDuration, Timestamp,
};
use anykey_guard::{AccessState, FileStore, Guard, OfflineGrace, Policy};

use crate::machine::{Machine, installation, is_grace, is_granted};
use crate::vendor::{Fault, Vendor, code};

/// A machine whose policy allows two hours without an answer. The vendor's proofs last a day.
fn machine(change: impl FnOnce(Vendor) -> Vendor) -> Machine {
    let hour = SignedDuration::from_hours(1);
    let mut policy = Policy::default();
    (policy.check_interval, policy.offline_grace) = (hour, OfflineGrace::For(hour));
    Machine { policy, ..Machine::with_vendor(change) }
}

fn proving() -> Machine {
    machine(|vendor| vendor.device_plane().giving_proofs())
}

async fn offline_after_activation(machine: &Machine) -> Guard {
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Unavailable)));
    guard
}

#[tokio::test]
async fn grace_lasts_exactly_as_long_as_the_proof() {
    let with = proving();
    let without = machine(Vendor::device_plane);
    let proven = offline_after_activation(&with).await;
    let plain = offline_after_activation(&without).await;
    for machine in [&with, &without] {
        machine.advance_minutes(24 * 60 - 1);
    }
    assert!(is_grace(proven.access()));
    assert!(matches!(plain.access().state, AccessState::NeedsCheck { .. }));
    with.advance_minutes(1);
    assert!(matches!(proven.access().state, AccessState::NeedsCheck { .. }));
}

#[tokio::test]
async fn a_restart_verifies_the_stored_proof_again() {
    let machine = proving();
    drop(offline_after_activation(&machine).await);
    machine.advance_minutes(23 * 60);
    assert!(is_grace(machine.start().access()));

    let stranger = InMemoryProvider::new(Timestamp::now);
    let guard = Guard::builder(machine.store.clone(), Arc::new(stranger))
        .policy(machine.policy)
        .clock(machine.clock.clone());
    let access = guard.open().unwrap().access();
    assert!(
        matches!(access.state, AccessState::NeedsCheck { .. }),
        "it accepts no proof of another: {access:?}"
    );
}

#[tokio::test]
async fn a_proof_of_another_seat_proves_nothing() {
    let machine = machine(|vendor| vendor.device_plane().proving_another_seat());
    let guard = offline_after_activation(&machine).await;
    assert_eq!(guard.record().unwrap().held.unwrap().proof, None);
    machine.advance_minutes(3 * 60);
    assert!(matches!(guard.access().state, AccessState::NeedsCheck { .. }));
}

#[tokio::test]
async fn a_refusal_outweighs_a_proof() {
    let machine = proving();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.memory.disable(&key.id).await.unwrap();
    let access = guard.refresh().await.unwrap();
    assert!(matches!(access.state, AccessState::Refused { reason: RefusalReason::Disabled, .. }));
}

#[tokio::test]
async fn the_stored_proof_is_sealed() {
    let directory = tempfile::tempdir().unwrap();
    let machine = proving();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start_on(FileStore::in_directory(installation("machine-1"), directory.path()));
    guard.activate(code("AAAA")).await.unwrap();
    let proof = guard.record().unwrap().held.unwrap().proof.unwrap().proof;
    for file in fs::read_dir(directory.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(proof.expose()));
    }
}
