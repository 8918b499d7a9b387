//! What the guard of an installed app needs on this machine.

use std::path::Path;
use std::sync::Arc;

use anykey::Config;
use anykey::guard::{GuardConfig, Installation, SeatRecord, Store, StoreChoice, StoreErrorKind};

use super::finding::Finding;
use crate::exit::Exit;

mod folder;

/// Examines what the section `[guard]` describes; nothing without it. Nothing is created.
pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let guard = match config.guard() {
        Ok(None) => return Vec::new(),
        Ok(Some(guard)) => guard,
        Err(error) => return vec![Finding::error(None, "guard", &error)],
    };
    let installation = match guard.installation() {
        Ok(installation) => installation,
        Err(error) => {
            let remedy = remedy(&guard);
            return vec![Finding::failure(None, "machine id", error.to_string(), Exit::Usage, remedy)];
        }
    };
    let mut findings = vec![identified(&guard, &installation)];
    if guard.store == StoreChoice::Keyring {
        let found = "in the operating system's keyring, which this command does not read";
        findings.push(Finding::good(None, "guard record", found.to_owned()));
        return findings;
    }
    match guard.open_store() {
        Ok(store) => findings.extend(stored(&guard, &store)),
        Err(error) => {
            let remedy = "set `directory` in [guard]";
            findings.push(Finding::failure(None, "guard folder", error.to_string(), Exit::Usage, remedy));
        }
    }
    findings
}

/// By what the installation is known. The mark is a digest that the label of its seat shows, the id itself is secret.
fn identified(guard: &GuardConfig, installation: &Installation) -> Finding {
    let by = match &guard.identity {
        Some(_) => "`identity`",
        None => "this machine's own id",
    };
    Finding::good(None, "machine id", format!("{by} makes this installation {}", installation.mark()))
}

fn remedy(guard: &GuardConfig) -> &'static str {
    if Installation::from_identity(&guard.app_id, "anykey-doctor").is_err() {
        return "correct `app_id` in [guard]";
    }
    match &guard.identity {
        Some(_) => "set an `identity` in [guard] that differs on each machine, such as the id of a volume",
        None => {
            "give this machine an id of its own (`systemd-machine-id-setup`), or set `identity` in [guard], such as the id of \
             a volume"
        }
    }
}

/// The folder, the lock and the record.
fn stored(guard: &GuardConfig, store: &Arc<dyn Store>) -> Vec<Finding> {
    let location = store.location();
    let Some(folder) = Path::new(&location).parent() else { return Vec::new() };
    let mut findings = folder::examine(folder, guard.is_shared());
    findings.push(record(store));
    findings
}

fn record(store: &Arc<dyn Store>) -> Finding {
    const CHECK: &str = "guard record";
    match SeatRecord::read(store) {
        Ok(None) => Finding::good(None, CHECK, "none yet: no key was entered on this machine".to_owned()),
        Ok(Some(record)) => {
            let seat = match (&record.held, &record.pending) {
                (Some(_), _) => "a seat is held",
                (None, Some(_)) => "an activation waits for its answer",
                (None, None) => "no seat is held",
            };
            Finding::good(None, CHECK, format!("{} can be read: {seat}", store.location()))
        }
        Err(error) => {
            let remedy = match error.kind() {
                StoreErrorKind::FutureVersion => "start the newer version of the app",
                StoreErrorKind::Foreign => {
                    "enter the key again in the app: the record came with a copied disk or home folder"
                }
                kind if kind.is_unreadable() => {
                    "enter the key again in the app, which moves the record aside"
                }
                _ => "let the user of the app read the file, and run this command as that user",
            };
            Finding::failure(None, CHECK, error.to_string(), Exit::Usage, remedy)
        }
    }
}
