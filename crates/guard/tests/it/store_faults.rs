use std::fs;
use std::path::Path;
use std::sync::Arc;

use anykey_core::{LicenseProviderExt, Operation};
use anykey_guard::{AccessState, FileStore, Guard, GuardError, Installation, MemoryStore, StoreErrorKind};
use tempfile::TempDir;

use crate::disk::WatchedDisk;
use crate::machine::{Machine, installation, is_granted};
use crate::vendor::{Fault, code};

/// A customer's machine whose record is a file.
struct Disk {
    machine: Machine,
    directory: TempDir,
}

impl Disk {
    async fn with_a_record() -> Self {
        let disk = Self { machine: Machine::of_a_customer(), directory: tempfile::tempdir().unwrap() };
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

    fn open(&self) -> Result<Guard, GuardError> {
        Guard::open(self.store(), Arc::new(self.machine.vendor.clone()), self.machine.policy)
    }

    /// Opening fails in this way, again and again, and changes nothing.
    fn fails_to_open(&self, kind: StoreErrorKind) {
        let before = fs::read(self.record()).ok();
        for _ in 0..2 {
            match self.open() {
                Err(GuardError::Store(error)) => assert_eq!(error.kind(), kind, "{error}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(fs::read(self.record()).ok(), before);
        assert_eq!(self.machine.vendor.calls(Operation::Activate), 1, "no new seat");
    }
}

#[tokio::test]
async fn a_record_cut_off_anywhere_is_damaged() {
    let disk = Disk::with_a_record().await;
    let whole = fs::read(disk.record()).unwrap();
    for length in (1..whole.len()).step_by(7).chain([whole.len() - 1]) {
        fs::write(disk.record(), &whole[..length]).unwrap();
        disk.fails_to_open(StoreErrorKind::Damaged);
    }
    fs::write(disk.record(), b"").unwrap();
    disk.fails_to_open(StoreErrorKind::Empty);
}

#[tokio::test]
async fn a_record_with_any_bit_turned_is_not_read() {
    let disk = Disk::with_a_record().await;
    let whole = fs::read(disk.record()).unwrap();
    for place in 0..whole.len() {
        let mut edited = whole.clone();
        edited[place] ^= 1 << (place % 8);
        fs::write(disk.record(), &edited).unwrap();
        match disk.open() {
            Err(GuardError::Store(error)) => assert!(error.kind().is_unreadable(), "{error}"),
            other => panic!("byte {place}: {other:?}"),
        }
    }
    fs::write(disk.record(), whole).unwrap();
    assert!(disk.open().unwrap().record().is_some());
}

#[tokio::test]
async fn a_copied_record_is_foreign_and_a_relabeled_one_damaged() {
    let disk = Disk::with_a_record().await;
    let sealed = fs::read(disk.record()).unwrap();
    let other = MemoryStore::new(installation("machine-2"));
    other.replace_sealed(Some(sealed.clone()));
    let open =
        |store: MemoryStore| Guard::open(store, Arc::new(disk.machine.vendor.clone()), disk.machine.policy);
    let kind = |opened: Result<Guard, GuardError>| match opened {
        Err(GuardError::Store(error)) => error.kind(),
        other => panic!("{other:?}"),
    };
    assert_eq!(kind(open(other.clone())), StoreErrorKind::Foreign);

    let text = String::from_utf8_lossy(&sealed).into_owned();
    assert!(text.starts_with(&format!("anykey-seat 1 {}\n", installation("machine-1").mark())));
    let header = format!("anykey-seat 1 {}\n", installation("machine-2").mark());
    other.replace_sealed(Some([header.as_bytes(), &sealed[header.len()..]].concat()));
    assert_eq!(kind(open(other)), StoreErrorKind::Damaged);

    let same_machine = Installation::from_identity("com.example.viewer", "machine-1").unwrap();
    let other_app = MemoryStore::new(same_machine);
    other_app.replace_sealed(Some(sealed));
    assert_eq!(kind(open(other_app)), StoreErrorKind::Foreign);
}

#[tokio::test]
async fn a_newer_record_is_told_from_garbage() {
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
        fs::write(disk.record(), content).unwrap();
        disk.fails_to_open(kind);
    }
    fs::write(disk.record(), [0xff; 500]).unwrap();
    disk.fails_to_open(StoreErrorKind::Damaged);
    fs::write(disk.record(), vec![b'a'; 10_000_000]).unwrap();
    disk.fails_to_open(StoreErrorKind::Damaged);
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_file_is_no_record() {
    let disk = Disk::with_a_record().await;
    fs::remove_file(disk.record()).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", disk.record()).unwrap();
    disk.fails_to_open(StoreErrorKind::Io);
    fs::remove_file(disk.record()).unwrap();
    std::os::unix::fs::symlink("/dev/null", disk.record()).unwrap();
    disk.fails_to_open(StoreErrorKind::Damaged);
    fs::remove_file(disk.record()).unwrap();
    fs::create_dir(disk.record()).unwrap();
    disk.fails_to_open(StoreErrorKind::Damaged);
}

#[tokio::test]
async fn beginning_anew_sets_every_unreadable_record_aside() {
    let disk = Disk::with_a_record().await;
    for (number, content) in [b"garbage".as_slice(), b"", b"anykey-seat 7 x\n"].into_iter().enumerate() {
        fs::write(disk.record(), content).unwrap();
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
async fn beginning_anew_touches_no_record_that_can_be_read() {
    let disk = Disk::with_a_record().await;
    let before = fs::read(disk.record()).unwrap();
    let builder = Guard::builder(disk.store(), Arc::new(disk.machine.vendor.clone()));
    assert!(builder.discard_unreadable(true).open().unwrap().record().is_some());
    assert_eq!(fs::read(disk.record()).unwrap(), before);
}

#[tokio::test]
async fn a_record_that_is_damaged_while_the_app_runs_is_neither_overwritten_nor_a_reason_to_stop() {
    let disk = Disk::with_a_record().await;
    let guard = disk.machine.start_on(disk.store());
    fs::write(disk.record(), b"garbage").unwrap();
    assert!(matches!(guard.refresh().await, Err(GuardError::Store(_))));
    assert!(matches!(guard.activate(code("AAAA-BBBB-CCCC")).await, Err(GuardError::Store(_))));
    assert!(is_granted(guard.access()));
    assert_eq!(fs::read(disk.record()).unwrap(), b"garbage");
}

#[test]
fn the_default_place_is_the_users_own_folder_for_the_app() {
    match FileStore::new(installation("machine-1")) {
        Ok(store) => assert!(store.path().ends_with("com.example.studio/license/seat.anykey")),
        Err(error) => assert!(error.to_string().contains("home"), "{error}"),
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_record() {
    use std::os::unix::fs::PermissionsExt;
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("license");
    let store = FileStore::in_directory(installation("machine-1"), &directory);
    machine.start_on(store.clone()).activate(code("AAAA")).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    let names: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.iter().all(|path| mode(path) == 0o600));
}

#[tokio::test]
async fn what_a_killed_write_left_is_swept_up() {
    let disk = Disk::with_a_record().await;
    let litter = disk.directory.path().join(".seat-AbCdEf");
    fs::write(&litter, b"half a record").unwrap();
    disk.machine.start_on(disk.store()).refresh().await.unwrap();
    assert!(!litter.exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_an_error_before_anything_is_sent() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let file = tempfile::NamedTempFile::new().unwrap();
    let store = FileStore::in_directory(installation("machine-1"), file.path().join("license"));
    let opened = Guard::open(store, Arc::new(machine.vendor.clone()), machine.policy);
    let failed = match opened {
        Ok(guard) => guard.activate(code("AAAA")).await.map(|_| ()),
        Err(error) => Err(error),
    };
    assert!(matches!(failed, Err(GuardError::Store(_))), "{failed:?}");
    assert_eq!(machine.vendor.all_calls(), 0);
}

#[tokio::test]
async fn a_full_disk_stops_an_activation_before_it_is_sent() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let disk = WatchedDisk::new(&machine.store);
    disk.is_full(true);
    let guard = machine.start_on(disk);
    assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::Store(_))));
    assert_eq!(machine.vendor.calls(Operation::Activate), 0);
    assert!(!guard.access().seat_may_be_taken);
}

#[tokio::test]
async fn a_full_disk_neither_locks_out_nor_keeps_a_refused_key_alive() {
    let machine = Machine::of_a_customer();
    let key = machine.vendor.issue("AAAA", Some(1));
    let disk = WatchedDisk::new(&machine.store);
    let guard = machine.start_on(disk.clone());
    guard.activate(code("AAAA")).await.unwrap();
    disk.is_full(true);
    machine.days_pass(30);
    assert!(matches!(guard.refresh().await, Err(GuardError::Store(_))));
    assert!(is_granted(guard.access()), "the vendor said yes");
    machine.vendor.weather(Some(Fault::Down(anykey_core::ErrorKind::Transport)));
    guard.refresh().await.unwrap_err();
    assert!(is_granted(guard.access()), "and its yes still counts at the next operation");

    machine.vendor.weather(None);
    machine.vendor.memory.revoke(&key.id).await.unwrap();
    guard.refresh().await.unwrap_err();
    assert!(!guard.access().is_allowed());

    disk.is_full(false);
    guard.refresh().await.unwrap();
    assert_eq!(machine.start_on(disk).access(), guard.access());
}

#[tokio::test]
async fn a_seat_taken_just_as_the_disk_fills_up_is_used_and_still_known_as_pending() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let disk = WatchedDisk::new(&machine.store);
    disk.fills_up_after_one_write();
    let guard = machine.start_on(disk.clone());
    assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::Store(_))));
    assert!(is_granted(guard.access()));
    assert!(machine.start_on(disk.clone()).access().seat_may_be_taken, "the disk knows that much");

    disk.is_full(false);
    guard.refresh().await.unwrap();
    assert!(is_granted(machine.start_on(disk).access()));
}
