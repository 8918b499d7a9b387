//! Every write that is denied, and every way in which record and copy are spoiled at the same time.

use std::fs;

use anykey_core::{ErrorKind, Operation};
use anykey_guard::{FileStore, GuardError, Notice};

use crate::faulty_store::FaultyStore;
use crate::machine::{Machine, installation, is_granted};
use crate::vendor::{Fault, code};

#[tokio::test(start_paused = true)]
async fn no_denied_write_costs_a_seat() {
    for denied in [1, 2, 5] {
        for first in 1..16 {
            let machine = Machine::on_device_plane();
            let key = machine.vendor.issue("AAAA", Some(1));
            let disk = FaultyStore::new(&machine.store);
            disk.denies_writes(first..first + denied);
            let start = || machine.start_on(disk.clone());
            let what = format!("{denied} writes from the {first}. on");
            for _ in 0..2 {
                // An activation that cannot be recorded is not sent; the user tries again.
                let mut active = None;
                while active.is_none() {
                    active = match start().activate(code("AAAA")).await {
                        Ok(access) => Some(access),
                        Err(GuardError::Store(_)) => None,
                        Err(error) => panic!("{what}: {error:?}"),
                    };
                }
                assert!(active.is_some_and(is_granted), "{what}");
                for _ in 0..3 {
                    machine.advance_days(1);
                    assert!(is_granted(start().refresh().await.unwrap()), "{what}");
                }
                machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
                start().refresh().await.unwrap_err();
                machine.vendor.set_fault(None);
                start().deactivate().await.unwrap();
                assert!(machine.vendor.seats(&key).await.is_empty(), "{what}");
            }
            let guard = start();
            assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()), "{what}");
            assert!(guard.access().notices().is_empty(), "{what}: {}", guard.access());
        }
    }
}

/// What a file holds after a write, made of what it held before and what was written.
type Spoil = (&'static str, fn(&[u8], &[u8]) -> Option<Vec<u8>>);

const READABLE: [Spoil; 2] = [("new", |_, new| Some(new.to_vec())), ("old", |old, _| Some(old.to_vec()))];
const UNREADABLE: [Spoil; 10] = [
    ("missing", |_, _| None),
    ("empty", |_, _| Some(Vec::new())),
    ("zeros", |_, new| Some(vec![0; new.len()])),
    ("cut", |_, new| Some(new[..new.len() / 2].to_vec())),
    ("half new, half old", |old, new| {
        let half = new.len().min(old.len()) / 2;
        Some([&new[..half], &old[half..]].concat())
    }),
    ("new over a longer one", |old, new| Some([new, &old[old.len() - 20..]].concat())),
    ("a block of zeros", |_, new| {
        let mut bytes = new.to_vec();
        bytes[100..300].fill(0);
        Some(bytes)
    }),
    ("a byte order mark", |_, new| Some([b"\xef\xbb\xbf", new].concat())),
    ("line ends of Windows", |_, new| {
        let line_ends = |byte: &u8| if *byte == b'\n' { vec![b'\r', b'\n'] } else { vec![*byte] };
        Some(new.iter().flat_map(line_ends).collect())
    }),
    ("the first line", |_, new| Some(new.split_inclusive(|byte| *byte == b'\n').next()?.to_vec())),
];

#[tokio::test(start_paused = true)]
async fn the_record_or_its_copy_is_enough() {
    let all = || READABLE.iter().chain(&UNREADABLE).enumerate();
    for (record_number, (record_name, record)) in all() {
        for (copy_number, (copy_name, copy)) in all() {
            let is_readable = record_number < READABLE.len() || copy_number < READABLE.len();
            let what = format!("record {record_name}, copy {copy_name}");
            let machine = Machine::on_device_plane();
            machine.vendor.issue("AAAA", Some(1));
            let folder = tempfile::tempdir().unwrap();
            let store = || FileStore::in_directory(installation("machine-1"), folder.path());
            machine.start_on(store()).activate(code("AAAA")).await.unwrap();
            let old = fs::read(store().path()).unwrap();
            machine.advance_days(1);
            machine.start_on(store()).refresh().await.unwrap();
            let new = fs::read(store().path()).unwrap();
            for (path, spoil) in [(store().path(), record), (folder.path().join("seat.copy.anykey"), copy)] {
                match spoil(&old, &new) {
                    Some(bytes) => fs::write(path, bytes).unwrap(),
                    None => fs::remove_file(path).unwrap(),
                }
            }

            machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
            let guard = machine.start_on(store());
            let access = guard.access();
            assert_eq!(access.is_allowed(), is_readable, "{what}: {access}");
            let is_noticed = access.notices().contains(Notice::RecordUnreadable);
            assert_eq!(is_noticed, !is_readable && *record_name != "missing", "{what}: {access}");
            machine.vendor.set_fault(None);
            if is_readable {
                assert!(is_granted(guard.refresh().await.unwrap()), "{what}");
                assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()), "{what}");
                let access = machine.start_on(store()).access();
                assert!(is_granted(access) && access.notices().is_empty(), "{what}: {access}");
                assert_eq!(machine.vendor.calls(Operation::Activate), 1, "{what}");
            }
        }
    }
}
