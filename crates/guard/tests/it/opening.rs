//! A guard always opens, and checks are always possible.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anykey_core::{ErrorKind, Operation};
use anykey_guard::{
    AccessState, Cause, Guard, GuardError, Installation, MemoryStore, Notice, RevisionCounter, Store,
    StoreError, StoreErrorKind, StoreLock,
};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, code};

/// A store that cannot be locked, as on a read-only mount, with the operating system's error.
#[derive(Clone, Debug)]
struct WithoutLock(MemoryStore, i32);

/// EPERM, EIO, ENXIO, EBADF, EACCES, ENODEV, EINVAL, ENFILE, EMFILE, ENOSPC, EROFS, ENOLCK, ENOSYS, EOPNOTSUPP, ESTALE
/// and EDQUOT of Linux.
const NO_LOCK: [i32; 16] = [1, 5, 6, 9, 13, 19, 22, 23, 24, 28, 30, 37, 38, 95, 116, 122];

impl Store for WithoutLock {
    fn installation(&self) -> &Installation {
        self.0.installation()
    }

    fn location(&self) -> String {
        "a read-only mount".to_owned()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.read()
    }

    fn write(&self, _: &[u8]) -> Result<(), StoreError> {
        panic!("written without a lock")
    }

    fn remove(&self) -> Result<(), StoreError> {
        panic!("removed without a lock")
    }

    fn set_aside(&self) -> Result<String, StoreError> {
        panic!("set aside without a lock")
    }

    fn try_lock(&self) -> Result<Option<StoreLock>, StoreError> {
        let no_lock = std::io::Error::from_raw_os_error(self.1);
        Err(StoreError::new(StoreErrorKind::Io, self.location()).with_source(no_lock))
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_lock_checks_continue_in_memory() {
    for error in NO_LOCK {
        let machine = Machine::on_device_plane();
        machine.vendor.issue("AAAA", Some(1));
        machine.start().activate(code("AAAA")).await.unwrap();
        let before = machine.store.sealed();

        let guard = machine.start_on(WithoutLock(machine.store.clone(), error));
        for _ in 0..30 {
            machine.advance_days(1);
            let access = guard.refresh().await.unwrap();
            assert!(is_granted(access), "{error}");
            assert!(access.notices().contains(Notice::NotLocked), "{error}");
        }
        assert_eq!(machine.store.sealed(), before);
        machine.vendor.set_fault(Some(Fault::Refuses(anykey_core::RefusalReason::Revoked)));
        assert!(!guard.refresh().await.unwrap().is_allowed(), "{error}: a refusal counts too");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_lock_nothing_is_activated() {
    for error in NO_LOCK {
        let machine = Machine::on_device_plane();
        machine.vendor.issue("AAAA", Some(1));
        let guard = machine.start_on(WithoutLock(machine.store.clone(), error));
        assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::Store(_))), "{error}");
        assert_eq!(machine.vendor.calls(Operation::Activate), 0);
        assert!(!guard.access().seat_may_be_taken);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_guard_opens_in_a_directory_that_cannot_be_written() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    // No directory can be created below /proc.
    let directory = std::path::Path::new("/proc/anykey");
    let store = anykey_guard::FileStore::in_directory(machine.store.installation().clone(), directory);
    let guard = machine.start_on(store);
    assert_eq!(guard.access().state, AccessState::NotActivated);
    let error = guard.activate(code("AAAA")).await.unwrap_err();
    assert!(matches!(error, GuardError::Store(_)), "{error}");
}

#[tokio::test]
async fn an_unreadable_record_is_replaced_by_entering_the_key_again() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.store.replace_sealed(Some(b"garbage".to_vec()));
    machine.store.replace_copy(None);

    let guard = machine.start();
    let AccessState::NeedsCheck { cause, .. } = guard.access().state else { panic!("{}", guard.access()) };
    assert_eq!(cause, Cause::RecordUnreadable);
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert!(guard.access().notices().is_empty());
    assert_eq!(machine.store.aside().as_deref(), Some(&b"garbage"[..]));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1, "its seat was found");
}

#[tokio::test]
async fn no_kind_of_corruption_costs_a_seat() {
    let spoil: [fn(Vec<u8>) -> Vec<u8>; 8] = [
        |_| Vec::new(),
        |record| vec![0; record.len()],
        |record| record[..record.len() / 2].to_vec(),
        |record| [b"\xef\xbb\xbf", &*record].concat(),
        |record| {
            record
                .iter()
                .flat_map(|byte| if *byte == b'\n' { vec![b'\r', b'\n'] } else { vec![*byte] })
                .collect()
        },
        |record| String::from_utf8_lossy(&record).into_owned().into_bytes(),
        |record| [&*record, b"tail"].concat(),
        |_| b"\xff\xfe<html>".to_vec(),
    ];
    for (number, spoil) in spoil.into_iter().enumerate() {
        for discards in [false, true] {
            let machine = Machine::on_device_plane();
            machine.vendor.issue("AAAA", Some(1));
            machine.start().activate(code("AAAA")).await.unwrap();
            machine.store.replace_sealed(machine.store.sealed().map(spoil));
            machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
            let guard = Guard::builder(machine.store.clone(), Arc::new(machine.vendor.clone()))
                .clock(machine.clock.clone())
                .discard_unreadable(discards)
                .open()
                .unwrap();
            assert!(is_granted(guard.access()), "{number}: without network");
            assert!(guard.access().notices().contains(Notice::CopyUsed));
            machine.vendor.set_fault(None);
            assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
            assert!(guard.access().notices().is_empty(), "the record is readable again");
            assert_eq!(machine.vendor.calls(Operation::Activate), 1);
        }
    }
}

/// A counter in memory.
#[derive(Clone, Debug, Default)]
struct Counter(Arc<AtomicU64>);

impl RevisionCounter for Counter {
    fn read(&self) -> Result<Option<u64>, StoreError> {
        Ok(Some(self.0.load(Ordering::Relaxed)))
    }

    fn write(&self, revision: u64) -> Result<(), StoreError> {
        self.0.store(revision, Ordering::Relaxed);
        Ok(())
    }
}

#[tokio::test]
async fn a_record_restored_together_with_the_clock_needs_an_answer() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let counter = Counter::default();
    let start = || {
        Guard::builder(machine.store.clone(), Arc::new(machine.vendor.clone()))
            .clock(machine.clock.clone())
            .revision_counter(counter.clone())
            .open()
            .unwrap()
    };
    start().activate(code("AAAA")).await.unwrap();
    let (record, then) = (machine.store.sealed(), machine.now());
    machine.advance_days(10);
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    start().refresh().await.unwrap_err();
    assert!(start().access().is_allowed());

    machine.store.replace_sealed(None);
    machine.store.replace_sealed(record);
    machine.clock.set(then);
    for _ in 0..2 {
        let access = start().access();
        assert!(matches!(access.state, AccessState::NeedsCheck { cause: Cause::RecordRestored, .. }));
        assert!(access.notices().contains(Notice::RecordRestored));
        start().refresh().await.unwrap_err();
    }
    machine.vendor.set_fault(None);
    assert!(is_granted(start().refresh().await.unwrap()));
    assert!(is_granted(start().access()));
}
