use std::error::Error;
use std::fmt::{Debug, Display};

use anykey_core::{Operation, RefusalReason};
use anykey_guard::{FileStore, GuardConfig, Identity};

use crate::machine::{Machine, installation};
use crate::vendor::{Fault, code};

const SECRET: &str = "PLANTED-1C285B2D";
const KEY: &str = "PLANTED-1C285B2D-E304DA";
const MACHINE: &str = "planted-machine-id";

fn clean(what: &str, text: &str) {
    assert!(!text.contains(SECRET) && !text.contains(MACHINE), "{what} leaks: {text}");
}

fn debug(value: &impl Debug) {
    clean(std::any::type_name_of_val(value), &format!("{value:?} {value:#?}"));
}

fn error(error: &(impl Error + 'static)) {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(shown) = cause {
        show(&shown);
        cause = shown.source();
    }
}

fn show(value: &(impl Debug + Display)) {
    clean(std::any::type_name_of_val(value), &format!("{value} {value:?}"));
}

#[tokio::test]
async fn no_type_prints_the_key_or_the_machine_id() {
    let directory = tempfile::tempdir().unwrap();
    let machine = Machine::new();
    machine.vendor.issue(KEY, Some(1));
    let store = FileStore::in_directory(installation(MACHINE), directory.path());
    debug(&store);
    debug(&installation(MACHINE));
    let guard = machine.start_on(store.clone());

    machine.vendor.fail_on(Operation::Activate, Fault::RequestLost);
    error(&guard.activate(code(KEY)).await.unwrap_err());
    debug(&guard.record());
    error(&guard.activate(code(KEY)).await.unwrap_err());
    guard.activate_once_more(code(KEY)).await.unwrap();
    debug(&guard);
    debug(&guard.record());
    debug(&guard.backup());
    show(&guard.access());
    machine.vendor.fail_on(Operation::Validate, Fault::Refuses(RefusalReason::Disabled));
    show(&guard.refresh().await.unwrap());
    debug(&guard.record());
    error(&guard.activate(code(&format!("{KEY}X"))).await.unwrap_err());

    drop(guard);
    std::fs::write(store.path(), b"garbage").unwrap();
    std::fs::write(store.path().with_extension("copy.anykey"), b"garbage").unwrap();
    let guard = machine.start_on(store.clone());
    show(&guard.access());
    error(&guard.refresh().await.unwrap_err());
}

#[tokio::test]
async fn the_key_is_stored_only_in_sealed_form() {
    let directory = tempfile::tempdir().unwrap();
    let machine = Machine::on_device_plane();
    machine.vendor.issue(KEY, Some(1));
    let guard = machine.start_on(FileStore::in_directory(installation(MACHINE), directory.path()));
    guard.activate(code(KEY)).await.unwrap();
    for file in std::fs::read_dir(directory.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        clean("a file", &String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_configured_identity_is_not_printed() {
    let mut config = GuardConfig::new("com.example.studio");
    config.identity = Some(Identity::new(MACHINE));
    debug(&config);
    debug(&config.installation().unwrap());
}
