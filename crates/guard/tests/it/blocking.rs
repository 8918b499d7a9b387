use std::sync::Arc;

use anykey_core::Operation;
use anykey_guard::blocking::Guard;
use anykey_guard::{AccessState, GuardError, Release};

use crate::machine::{Machine, is_granted};
use crate::vendor::code;

fn start(machine: &Machine) -> Guard {
    let builder = anykey_guard::Guard::builder(machine.store.clone(), Arc::new(machine.vendor.clone()));
    Guard::from_builder(builder.policy(machine.policy).clock(machine.clock.clone())).unwrap()
}

#[test]
fn every_operation_works_without_a_runtime() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    machine.vendor.issue("BBBB", Some(1));
    let guard = start(&machine);
    guard.keep_fresh().unwrap();
    assert!(is_granted(guard.activate(code("AAAA")).unwrap()));
    assert!(is_granted(*guard.subscribe().borrow()));
    assert!(is_granted(guard.refresh().unwrap()));
    assert!(is_granted(guard.refresh_if_due().unwrap()));
    let backup = guard.backup().unwrap();
    assert!(is_granted(guard.restore(backup).unwrap()));
    assert!(is_granted(guard.replace_key(code("BBBB")).unwrap()));
    assert_eq!(guard.record().unwrap().held.unwrap().code, code("BBBB"));
    assert_eq!(guard.deactivate().unwrap(), Release::Freed);
    guard.forget().unwrap();
    assert_eq!(guard.access().state, AccessState::NotActivated);
    assert_eq!(machine.vendor.calls(Operation::Activate), 2);
}

#[tokio::test]
async fn blocking_calls_fail_inside_a_runtime_and_dropping_is_allowed() {
    let machine = Machine::on_device_plane();
    let guard = start(&machine);
    assert!(matches!(guard.refresh(), Err(GuardError::Runtime(_))));
    assert_eq!(guard.access().state, AccessState::NotActivated);
    drop(guard);
}
