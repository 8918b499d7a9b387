use std::time::Duration;

use anykey_guard::{Guard, MemoryStore, Policy};

use crate::child::{Process, guard, vendor_path};
use crate::file_vendor::FileVendor;
use crate::machine::{Machine, installation, is_granted};
use crate::vendor::code;

#[test]
fn processes_that_activate_at_once_share_one_seat() {
    let directory = tempfile::tempdir().unwrap();
    let mut processes: Vec<_> = (0..6).map(|_| Process::start(directory.path())).collect();
    processes.iter().for_each(Process::wait_until_ready);
    processes.iter_mut().for_each(Process::go);
    let mut said: Vec<_> = processes.iter().map(|process| process.lines.recv().unwrap()).collect();
    for process in &mut processes {
        assert!(process.child.wait().unwrap().success());
    }
    said.dedup();
    assert_eq!(said, ["true act_0"], "all processes have the same seat");
    assert_eq!(FileVendor::new(&vendor_path(directory.path())).seats().len(), 1);
    let held = guard(directory.path(), Duration::ZERO).record().unwrap().held.unwrap();
    assert_eq!(held.activation.unwrap().as_str(), "act_0");
}

#[tokio::test]
async fn guards_of_one_process_share_one_seat() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", None);
    let guards: Vec<Guard> = (0..8).map(|_| machine.start()).collect();
    let tasks =
        guards.iter().cloned().map(|guard| tokio::spawn(async move { guard.activate(code("AAAA")).await }));
    for task in tasks.collect::<Vec<_>>() {
        assert!(is_granted(task.await.unwrap().unwrap()));
    }
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn changes_by_another_guard_are_visible_after_the_next_operation() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let (one, other) = (machine.start(), machine.start());
    one.activate(code("AAAA")).await.unwrap();
    assert!(is_granted(other.refresh().await.unwrap()));
    one.deactivate().await.unwrap();
    other.refresh().await.unwrap_err();
    assert!(!other.access().is_allowed());
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_is_never_released_is_an_error() {
    let store = MemoryStore::new(installation("machine-1"));
    let machine = Machine::on_device_plane();
    let _held_by_another = anykey_guard::Store::try_lock(&store).unwrap().unwrap();
    let guard = Guard::open(store, std::sync::Arc::new(machine.vendor.clone()), Policy::default()).unwrap();
    let error = guard.activate(code("AAAA")).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert_eq!(machine.vendor.all_calls(), 0);
}
