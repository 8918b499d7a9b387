use std::fs;
use std::sync::Arc;

use anykey_core::{ActivationLimit, LicensePatch, LicenseProvider, LicenseProviderExt, Operation};
use anykey_guard::{
    AccessState, Cause, FileStore, Guard, GuardError, Installation, MemoryStore, Notice, StoreErrorKind,
};
use tempfile::TempDir;

use crate::faulty_store::FaultyStore;
use crate::machine::{Machine, installation, is_granted};
use crate::vendor::{Fault, code};

/// A customer's machine whose record is a file.
struct Disk {
    machine: Machine,
    directory: TempDir,
}

impl Disk {
    async fn with_a_record() -> Self {
        let disk = Self { machine: Machine::on_device_plane(), directory: tempfile::tempdir().unwrap() };
        disk.machine.vendor.issue("AAAA-BBBB-CCCC", Some(1));
        let guard = disk.machine.start_on(disk.store());
        guard.activate(code("AAAA-BBBB-CCCC")).await.unwrap();
        disk
    }

    fn store(&self) -> FileStore {
        FileStore::in_directory(installation("machine-1"), self.directory.path())
    }

    fn record(&self) -> std::path::PathBuf {
        self.store().path()
    }

    fn open(&self) -> Guard {
        self.machine.start_on(self.store())
    }

    /// Overwrites the record and its copy.
    fn spoil(&self, bytes: &[u8]) {
        fs::write(self.record(), bytes).unwrap();
        fs::write(self.copy(), bytes).unwrap();
    }

    fn copy(&self) -> std::path::PathBuf {
        self.directory.path().join("seat.copy.anykey")
    }

    /// Asserts that the guard opens, reports an error of `kind` and changes nothing, at every start.
    async fn is_unreadable(&self, kind: StoreErrorKind) {
        let before = fs::read(self.record()).ok();
        for _ in 0..2 {
            let guard = self.open();
            let access = guard.access();
            assert!(matches!(access.state, AccessState::NeedsCheck { cause: Cause::RecordUnreadable, .. }));
            assert!(access.notices().contains(Notice::RecordUnreadable));
            match guard.refresh().await {
                Err(GuardError::Store(error)) => assert_eq!(error.kind(), kind, "{error}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(fs::read(self.record()).ok(), before);
        assert_eq!(self.machine.vendor.calls(Operation::Activate), 1, "no new seat");
    }
}

#[tokio::test]
async fn a_truncated_record_is_damaged() {
    let disk = Disk::with_a_record().await;
    let whole = fs::read(disk.record()).unwrap();
    for length in (1..whole.len()).step_by(7).chain([whole.len() - 1]) {
        disk.spoil(&whole[..length]);
        disk.is_unreadable(StoreErrorKind::Damaged).await;
    }
    disk.spoil(b"");
    disk.is_unreadable(StoreErrorKind::Empty).await;
}

#[tokio::test]
async fn a_record_with_a_flipped_bit_is_not_read() {
    let disk = Disk::with_a_record().await;
    let whole = fs::read(disk.record()).unwrap();
    for index in 0..whole.len() {
        let mut edited = whole.clone();
        edited[index] ^= 1 << (index % 8);
        disk.spoil(&edited);
        let guard = disk.open();
        assert!(guard.access().notices().contains(Notice::RecordUnreadable), "byte {index}");
        assert_eq!(guard.record(), None);
        // With an intact copy, nothing is lost.
        fs::write(disk.copy(), &whole).unwrap();
        let guard = disk.open();
        assert!(guard.access().notices().contains(Notice::CopyUsed), "byte {index}");
        assert!(is_granted(guard.access()));
    }
}

#[tokio::test]
async fn a_copied_record_is_foreign_and_a_relabeled_one_damaged() {
    let disk = Disk::with_a_record().await;
    let sealed = fs::read(disk.record()).unwrap();
    let other = MemoryStore::new(installation("machine-2"));
    other.replace_sealed(Some(sealed.clone()));
    let kind = async |store: MemoryStore| match disk.machine.start_on(store).refresh().await {
        Err(GuardError::Store(error)) => error.kind(),
        other => panic!("{other:?}"),
    };
    assert_eq!(kind(other.clone()).await, StoreErrorKind::Foreign);

    let text = String::from_utf8_lossy(&sealed).into_owned();
    assert!(text.starts_with(&format!("anykey-seat 1 {}\n", installation("machine-1").mark())));
    let header = format!("anykey-seat 1 {}\n", installation("machine-2").mark());
    other.replace_sealed(Some([header.as_bytes(), &sealed[header.len()..]].concat()));
    assert_eq!(kind(other).await, StoreErrorKind::Damaged);

    let same_machine = Installation::from_identity("com.example.viewer", "machine-1").unwrap();
    let other_app = MemoryStore::new(same_machine);
    other_app.replace_sealed(Some(sealed));
    assert_eq!(kind(other_app).await, StoreErrorKind::Foreign);
}

#[tokio::test]
async fn a_newer_record_is_distinguished_from_garbage() {
    let disk = Disk::with_a_record().await;
    for (content, kind) in [
        ("anykey-seat 2 whatever comes then\nxyz", StoreErrorKind::FutureVersion),
        ("anykey-seat 4294967295\n", StoreErrorKind::FutureVersion),
        ("anykey-seat 0 ak-000000000000\n", StoreErrorKind::Damaged),
        ("anykey-seat 99999999999999\n", StoreErrorKind::Damaged),
        ("anykey-seat\n", StoreErrorKind::Damaged),
        ("anykey-seat 1 \n", StoreErrorKind::Damaged),
        ("\n", StoreErrorKind::Damaged),
        ("{\"license\":true}", StoreErrorKind::Damaged),
        ("\u{0}\u{0}\u{0}", StoreErrorKind::Damaged),
    ] {
        disk.spoil(content.as_bytes());
        disk.is_unreadable(kind).await;
    }
    disk.spoil(&[0xff; 500]);
    disk.is_unreadable(StoreErrorKind::Damaged).await;
    disk.spoil(&vec![b'a'; 10_000_000]);
    disk.is_unreadable(StoreErrorKind::Damaged).await;
}

#[cfg(unix)]
#[tokio::test]
async fn links_and_directories_are_not_read_as_records() {
    let disk = Disk::with_a_record().await;
    fs::remove_file(disk.copy()).unwrap();
    fs::remove_file(disk.record()).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", disk.record()).unwrap();
    disk.is_unreadable(StoreErrorKind::Io).await;
    fs::remove_file(disk.record()).unwrap();
    std::os::unix::fs::symlink("/dev/null", disk.record()).unwrap();
    disk.is_unreadable(StoreErrorKind::Damaged).await;
    fs::remove_file(disk.record()).unwrap();
    fs::create_dir(disk.record()).unwrap();
    disk.is_unreadable(StoreErrorKind::Damaged).await;
}

#[tokio::test]
async fn discard_unreadable_sets_every_unreadable_record_aside() {
    let disk = Disk::with_a_record().await;
    for (number, content) in [b"garbage".as_slice(), b"", b"anykey-seat 7 x\n"].into_iter().enumerate() {
        disk.spoil(content);
        let guard = Guard::builder(disk.store(), Arc::new(disk.machine.vendor.clone()))
            .discard_unreadable(true)
            .open()
            .unwrap();
        assert_eq!(guard.access().state, AccessState::NotActivated);
        let aside = disk.directory.path().join(format!("seat.aside-{}", number + 1));
        assert_eq!(fs::read(aside).unwrap(), content);
        assert!(!disk.record().exists());
    }
}

#[tokio::test]
async fn entering_the_key_again_sets_an_unreadable_record_aside() {
    let disk = Disk::with_a_record().await;
    let key = disk.machine.vendor.memory.find(&code("AAAA-BBBB-CCCC")).await.unwrap().unwrap();
    let patch = LicensePatch::new().activation_limit(ActivationLimit::AtMost(2));
    disk.machine.vendor.memory.update(&key.id, patch).await.unwrap();
    disk.spoil(b"garbage");
    let guard = disk.open();
    assert!(is_granted(guard.activate(code("AAAA-BBBB-CCCC")).await.unwrap()));
    assert!(guard.access().notices().is_empty(), "{}", guard.access());
    assert_eq!(fs::read(disk.directory.path().join("seat.aside-1")).unwrap(), b"garbage");
    assert!(is_granted(disk.open().access()));
}

#[tokio::test]
async fn the_record_of_a_newer_version_is_kept_unless_the_app_discards_it() {
    let disk = Disk::with_a_record().await;
    disk.spoil(b"anykey-seat 7 x\n");
    let guard = disk.open();
    let error = guard.activate(code("AAAA-BBBB-CCCC")).await.unwrap_err();
    assert!(matches!(error, GuardError::Store(error) if error.kind() == StoreErrorKind::FutureVersion));
    assert_eq!(disk.machine.vendor.calls(Operation::Activate), 1);
    assert_eq!(fs::read(disk.record()).unwrap(), b"anykey-seat 7 x\n");
}

#[tokio::test]
async fn discard_unreadable_keeps_a_readable_record() {
    let disk = Disk::with_a_record().await;
    let before = fs::read(disk.record()).unwrap();
    let builder = Guard::builder(disk.store(), Arc::new(disk.machine.vendor.clone()));
    assert!(builder.discard_unreadable(true).open().unwrap().record().is_some());
    assert_eq!(fs::read(disk.record()).unwrap(), before);
}

#[tokio::test]
async fn a_record_that_is_damaged_while_the_app_runs_is_set_aside_and_rewritten() {
    let disk = Disk::with_a_record().await;
    let guard = disk.machine.start_on(disk.store());
    disk.spoil(b"garbage");
    assert!(is_granted(guard.refresh().await.unwrap()));
    assert_eq!(fs::read(disk.directory.path().join("seat.aside-1")).unwrap(), b"garbage");
    assert!(is_granted(disk.open().access()));
    assert_eq!(disk.machine.vendor.calls(Operation::Activate), 1);
}

#[test]
fn the_default_location_is_the_users_data_directory_for_the_app() {
    match FileStore::new(installation("machine-1")) {
        Ok(store) => assert!(store.path().ends_with("com.example.studio/license/seat.anykey")),
        Err(error) => assert!(error.to_string().contains("home"), "{error}"),
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_record() {
    use std::os::unix::fs::PermissionsExt;
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("license");
    let store = FileStore::in_directory(installation("machine-1"), &directory);
    machine.start_on(store.clone()).activate(code("AAAA")).await.unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    let names: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names.iter().all(|path| mode(path) == 0o600));
}

#[tokio::test]
async fn temporary_files_of_a_killed_write_are_removed() {
    let disk = Disk::with_a_record().await;
    let temporary = disk.directory.path().join(".seat-AbCdEf");
    fs::write(&temporary, b"half a record").unwrap();
    disk.machine.start_on(disk.store()).refresh().await.unwrap();
    assert!(!temporary.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn other_users_lose_access_to_an_existing_writable_directory() {
    use std::os::unix::fs::PermissionsExt;
    // Root, who may change the mode of `/tmp`, must not take it away from everybody.
    for (before, after) in [(0o777, 0o700), (0o775, 0o700), (0o755, 0o755), (0o1777, 0o1777)] {
        let machine = Machine::on_device_plane();
        machine.vendor.issue("AAAA", Some(1));
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(before)).unwrap();
        let store = FileStore::in_directory(installation("machine-1"), directory.path());
        machine.start_on(store).activate(code("AAAA")).await.unwrap();
        let mode = fs::metadata(directory.path()).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, after, "{before:o}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_symbolic_link_as_lock_file_is_not_followed() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let (directory, vendor_changed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let target = vendor_changed.path().join("target");
    std::os::unix::fs::symlink(&target, directory.path().join("seat.lock")).unwrap();
    let guard = machine.start_on(FileStore::in_directory(installation("machine-1"), directory.path()));
    assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::Store(_))));
    assert!(!target.exists());
    assert_eq!(machine.vendor.calls(Operation::Activate), 0);
}

#[tokio::test]
async fn a_directory_that_cannot_be_created_is_an_error_before_anything_is_sent() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let file = tempfile::NamedTempFile::new().unwrap();
    let store = FileStore::in_directory(installation("machine-1"), file.path().join("license"));
    let guard = machine.start_on(store);
    assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::Store(_))));
    assert_eq!(machine.vendor.calls(Operation::Activate), 0);
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_stops_an_activation_before_it_is_sent() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let disk = FaultyStore::new(&machine.store);
    disk.is_full(true);
    let guard = machine.start_on(disk);
    assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::Store(_))));
    assert_eq!(machine.vendor.calls(Operation::Activate), 0);
    assert!(!guard.access().seat_may_be_taken);
}

#[tokio::test(start_paused = true)]
async fn answers_count_in_memory_while_the_disk_is_full() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let disk = FaultyStore::new(&machine.store);
    let guard = machine.start_on(disk.clone());
    guard.activate(code("AAAA")).await.unwrap();
    disk.is_full(true);
    machine.advance_days(30);
    let access = guard.refresh().await.unwrap();
    assert!(is_granted(access) && access.notices().contains(Notice::NotSaved), "the key was valid");
    machine.vendor.set_fault(Some(Fault::Down(anykey_core::ErrorKind::Transport)));
    guard.refresh().await.unwrap_err();
    assert!(is_granted(guard.access()), "the answer still counts at the next operation");

    machine.vendor.set_fault(None);
    machine.vendor.memory.revoke(&key.id).await.unwrap();
    assert!(!guard.refresh().await.unwrap().is_allowed());

    disk.is_full(false);
    assert!(guard.refresh().await.unwrap().notices().is_empty());
    assert_eq!(machine.start_on(disk).access(), guard.access());
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_denied_once_is_retried() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let disk = FaultyStore::new(&machine.store);
    disk.denies_writes(2..3);
    let guard = machine.start_on(disk.clone());
    let access = guard.activate(code("AAAA")).await.unwrap();
    assert!(is_granted(access) && access.notices().is_empty(), "{access}");
    assert!(is_granted(machine.start_on(disk).access()), "the record is written");
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test(start_paused = true)]
async fn a_seat_taken_while_the_disk_fills_up_is_used_and_written_later() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let disk = FaultyStore::new(&machine.store);
    disk.fills_up_after_one_write();
    let guard = machine.start_on(disk.clone());
    let access = guard.activate(code("AAAA")).await.unwrap();
    assert!(is_granted(access) && access.notices().contains(Notice::NotSaved));
    assert!(machine.start_on(disk.clone()).access().seat_may_be_taken, "the stored record is pending");

    disk.is_full(false);
    tokio::time::sleep(std::time::Duration::from_secs(30)).await;
    assert!(guard.access().notices().is_empty());
    assert!(is_granted(machine.start_on(disk).access()), "without another operation");
}

#[tokio::test(start_paused = true)]
async fn a_failed_write_is_retried_when_the_app_exits() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let disk = FaultyStore::new(&machine.store);
    disk.fills_up_after_one_write();
    let guard = machine.start_on(disk.clone());
    guard.activate(code("AAAA")).await.unwrap();
    disk.is_full(false);
    drop(guard);
    assert!(is_granted(machine.start_on(disk).access()));
}

#[tokio::test]
async fn the_newer_of_record_and_copy_is_used() {
    let disk = Disk::with_a_record().await;
    let earlier = fs::read(disk.record()).unwrap();
    disk.machine.advance_days(3);
    disk.open().refresh().await.unwrap();
    // The record itself could not be replaced, because of a virus scanner for example.
    fs::write(disk.record(), earlier).unwrap();
    let guard = disk.open();
    assert!(is_granted(guard.access()));
    fs::remove_file(disk.record()).unwrap();
    assert!(is_granted(disk.open().access()), "the copy replaces a deleted record");
}

#[tokio::test]
async fn machines_that_share_a_home_directory_keep_their_own_records() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(2));
    let directory = tempfile::tempdir().unwrap();
    let store = |identity| FileStore::in_directory(installation(identity), directory.path());
    machine.start_on(store("machine-1")).activate(code("AAAA")).await.unwrap();
    let second = machine.start_on(store("machine-2"));
    assert!(second.access().notices().contains(Notice::RecordUnreadable));
    second.activate(code("AAAA")).await.unwrap();
    for identity in ["machine-1", "machine-2"] {
        assert!(is_granted(machine.start_on(store(identity)).access()), "{identity}");
    }
    machine.start_on(store("machine-2")).deactivate().await.unwrap();
    assert!(is_granted(machine.start_on(store("machine-1")).access()));
}
