use std::sync::Arc;

use anykey_core::{
    Capability, Error, ErrorKind, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, StatusChange,
};
use futures_util::{StreamExt as _, stream};

use crate::decision::is_ours;
use crate::journal::{Entry, Journal};
use crate::reader::{passes, read_target, wait};
use crate::retried_pages::RetriedPages;
use crate::{MigrateError, State};

const CHUNK: u32 = 64;
const AT_ONCE: usize = 8;
/// How often a key whose request failed for a passing reason is tried again.
const ATTEMPTS: u32 = 5;

/// What undoing a migration did, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undone {
    /// Keys that were switched off.
    pub switched_off: u64,
    /// Keys that are not at the target any more, or whose creation never took effect.
    pub gone: u64,
    /// Keys that the target refuses to switch off: they are in force.
    pub failed: u64,
}

/// Switches off, at `target`, the keys that the migration of this journal created. Those that were there before are not
/// touched; no key is deleted. The journal stays, and a later run puts the keys in force again.
///
/// It can be repeated, also after the process was killed.
///
/// # Cancel safety
///
/// Safe: keys may be switched off that the journal does not have yet, and the next call finds them at the target.
///
/// # Errors
///
/// [`MigrateError::Impossible`] when the target can switch no key off, [`MigrateError::Journal`] when the journal is
/// that of another target, and [`MigrateError::Provider`] when the target does not answer. What was done is in the
/// journal.
pub async fn undo(target: Arc<dyn LicenseProvider>, journal: &mut Journal) -> Result<Undone, MigrateError> {
    let pair = journal.pair().await?;
    if pair.as_ref().is_none_or(|(_, known)| known != target.name()) {
        let known = pair.map_or_else(String::new, |(_, known)| format!("; its target is `{known}`"));
        return Err(MigrateError::journal(format!("it has no migration to `{}`{known}", target.name())));
    }
    let can = target.capabilities();
    let change = if can.contains(Capability::SetDisabled) {
        StatusChange::Disable
    } else if can.contains(Capability::Revoke) {
        StatusChange::Revoke
    } else {
        return Err(MigrateError::Impossible(format!("`{}` can switch no key off", target.name())));
    };
    journal.forget_target().await?;
    read_target(&RetriedPages::new(Arc::clone(&target)), ListQuery::new(), journal).await?;
    let mut undone = Undone::default();
    let mut after: Option<LicenseKeyId> = None;
    loop {
        let entries = journal.entries_after(after.as_ref(), CHUNK).await?;
        let Some(last) = entries.last() else { return Ok(undone) };
        after = Some(last.source.clone());
        chunk(&*target, change, entries, journal, &mut undone).await?;
    }
}

async fn chunk(
    target: &dyn LicenseProvider,
    change: StatusChange,
    mut entries: Vec<Entry>,
    journal: &mut Journal,
    undone: &mut Undone,
) -> Result<(), MigrateError> {
    entries.retain(|entry| entry.state.is_ours() && entry.state != State::Undone);
    let codes: Vec<_> = entries.iter().map(|entry| entry.code).collect();
    let found = journal.found(&codes).await?;
    let (mut settled, mut open) = (Vec::new(), Vec::new());
    for mut entry in entries {
        let found = found.get(&entry.code);
        let id = entry
            .target
            .clone()
            .or_else(|| found.filter(|found| is_ours(&entry, found)).map(|found| found.id.clone()));
        let is_off = found.is_some_and(|found| found.is_off && Some(&found.id) == id.as_ref());
        entry.target.clone_from(&id);
        match id {
            // By its id, since its code may have been changed at the target.
            Some(id) if !is_off => open.push((entry, id)),
            Some(_) => {
                undone.switched_off += 1;
                settled.push(Entry { state: State::Undone, ..entry });
            }
            None => {
                undone.gone += 1;
                settled.push(Entry { state: State::Undone, ..entry });
            }
        }
    }
    journal.write(&settled).await?;
    let mut last = None;
    for attempt in 0..ATTEMPTS {
        if open.is_empty() {
            return Ok(());
        }
        if attempt > 0 {
            wait(attempt, last.as_ref()).await;
        }
        let send = |(entry, id): (Entry, LicenseKeyId)| async move {
            let answer = target.update(&id, LicensePatch::new().status(change)).await;
            (entry, id, answer)
        };
        let answers: Vec<_> = stream::iter(open).map(send).buffer_unordered(AT_ONCE).collect().await;
        open = Vec::new();
        let mut settled = Vec::new();
        for (entry, id, answer) in answers {
            match answer {
                Err(error) if passes(&error) || error.may_have_taken_effect() => {
                    last = Some(error);
                    open.push((entry, id));
                }
                answer => settled.push(settle(entry, answer.err(), undone)),
            }
        }
        journal.write(&settled).await?;
    }
    match last.filter(|_| !open.is_empty()) {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

/// The entry after a definite answer.
fn settle(entry: Entry, error: Option<Error>, undone: &mut Undone) -> Entry {
    match error {
        None => {
            undone.switched_off += 1;
            Entry { state: State::Undone, detail: String::new(), ..entry }
        }
        Some(error) if error.kind() == ErrorKind::NotFound => {
            undone.gone += 1;
            Entry { state: State::Undone, detail: String::new(), ..entry }
        }
        Some(error) => {
            undone.failed += 1;
            Entry { detail: format!("not switched off: {}: {}", error.kind(), error.message()), ..entry }
        }
    }
}
