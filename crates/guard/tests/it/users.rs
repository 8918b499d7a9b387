//! Several users of one computer.

use anykey_core::RefusalReason;
use anykey_guard::{FileStore, MemoryStore, Release};

use crate::machine::{Machine, installation, is_granted};
use crate::vendor::code;

fn shared_by(user: &str) -> anykey_guard::Installation {
    installation("machine-1").shared_by(user).unwrap()
}

#[tokio::test]
async fn users_who_share_a_store_share_a_seat_and_the_last_user_releases_it() {
    let directory = tempfile::tempdir().unwrap();
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let start = |user| machine.start_on(FileStore::shared_in_directory(shared_by(user), directory.path()));
    start("ada").activate(code("AAAA")).await.unwrap();
    assert!(is_granted(start("bob").access()), "without entering the key");
    start("bob").refresh().await.unwrap();

    assert_eq!(start("bob").deactivate().await.unwrap(), Release::StillShared);
    assert!(is_granted(start("ada").refresh().await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
    assert_eq!(start("ada").deactivate().await.unwrap(), Release::Freed);
    assert!(machine.vendor.seats(&key).await.is_empty());
}

#[tokio::test]
async fn the_first_user_leaves_the_seat_to_those_who_were_checked_since() {
    let directory = tempfile::tempdir().unwrap();
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let start = |user| machine.start_on(FileStore::shared_in_directory(shared_by(user), directory.path()));
    start("ada").activate(code("AAAA")).await.unwrap();
    for _ in 0..2 {
        start("bob").refresh().await.unwrap();
    }

    assert_eq!(start("ada").deactivate().await.unwrap(), Release::StillShared);
    assert!(is_granted(start("bob").refresh().await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
    assert_eq!(start("bob").record().unwrap().users.len(), 1, "bob, once");
    assert_eq!(start("bob").deactivate().await.unwrap(), Release::Freed);
}

#[tokio::test]
async fn the_seat_can_be_released_for_all_users() {
    let store = MemoryStore::new(shared_by("ada"));
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start_on(store);
    guard.activate(code("AAAA")).await.unwrap();
    assert_eq!(guard.deactivate_for_all_users().await.unwrap(), Release::Freed);
    assert!(machine.vendor.seats(&key).await.is_empty());
}

#[tokio::test]
async fn users_with_separate_stores_have_separate_seats() {
    for machine in [Machine::on_device_plane(), Machine::new()] {
        let key = machine.vendor.issue("AAAA", Some(2));
        let ada = machine.start_on(MemoryStore::new(installation("machine-1\nada")));
        let bob = machine.start_on(MemoryStore::new(installation("machine-1\nbob")));
        ada.activate(code("AAAA")).await.unwrap();
        bob.activate(code("AAAA")).await.unwrap();
        assert_eq!(machine.vendor.seats(&key).await.len(), 2);
        assert_eq!(bob.deactivate().await.unwrap(), Release::Freed);
        assert!(is_granted(ada.refresh().await.unwrap()));
    }
}

#[tokio::test]
async fn a_second_user_does_not_adopt_the_first_ones_seat() {
    let machine = Machine::new();
    machine.vendor.issue("AAAA", Some(1));
    let ada = machine.start_on(MemoryStore::new(installation("machine-1\nada")));
    let bob = machine.start_on(MemoryStore::new(installation("machine-1\nbob")));
    ada.activate(code("AAAA")).await.unwrap();
    let error = bob.activate(code("AAAA")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
    assert!(is_granted(ada.refresh().await.unwrap()));
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_of_a_shared_directory_have_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(directory.path(), mode(0o2770)).unwrap();
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let store = FileStore::shared_in_directory(shared_by("ada"), directory.path());
    machine.start_on(store).activate(code("AAAA")).await.unwrap();
    for file in ["seat.anykey", "seat.copy.anykey", "seat.lock"] {
        let found = std::fs::metadata(directory.path().join(file)).unwrap().permissions().mode() & 0o777;
        // The umask restricts the mode of the lock file.
        assert_eq!(found & 0o606, 0o600, "{file}");
        assert!(file == "seat.lock" || found == 0o660, "{file}: {found:o}");
    }
}

#[tokio::test]
async fn a_found_seat_is_not_released_while_its_first_user_may_use_it() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    let first = machine.start();
    first.activate(code("AAAA")).await.unwrap();
    let second = machine.start_on(MemoryStore::new(installation("machine-1")));
    assert!(is_granted(second.activate(code("AAAA")).await.unwrap()), "they share it");

    assert_eq!(second.deactivate().await.unwrap(), Release::StillShared);
    assert!(!second.access().is_allowed());
    assert!(is_granted(first.refresh().await.unwrap()));
    assert_eq!(first.deactivate().await.unwrap(), Release::Freed);
    assert!(machine.vendor.seats(&key).await.is_empty());
}

#[tokio::test]
async fn a_machine_that_lost_its_record_can_release_its_seat_for_all_users() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.store.replace_sealed(None);
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    assert_eq!(guard.deactivate_for_all_users().await.unwrap(), Release::Freed);
    assert!(machine.vendor.seats(&key).await.is_empty());
}
