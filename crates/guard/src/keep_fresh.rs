//! The background task that asks the vendor when it is time.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use anykey_core::SignedDuration;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::inner::Inner;
use crate::{Access, GuardError, Result, driver, schedule};

/// A sleeping laptop's timers stand still and other processes write: so look at clock and store this often.
const LONGEST_SLEEP: SignedDuration = SignedDuration::from_mins(5);
const SHORTEST_SLEEP: SignedDuration = SignedDuration::from_millis(100);
/// When a check is due and could not be made.
const FAULT_SLEEP: SignedDuration = SignedDuration::from_mins(1);

pub(crate) fn start(inner: &Arc<Inner>) -> Result<()> {
    let runtime = Handle::try_current().map_err(|_| {
        GuardError::Runtime("keep_fresh needs a tokio runtime; without one, use the blocking guard")
    })?;
    if !inner.kept_fresh.swap(true, Ordering::AcqRel) {
        runtime.spawn(run(Task(Arc::downgrade(inner)), inner.subscribe()));
    }
    Ok(())
}

/// The running task. It holds the guard only while it works, so that it ends with the guard; if it ends with its
/// runtime before, another one may be started.
struct Task(Weak<Inner>);

impl Drop for Task {
    fn drop(&mut self) {
        if let Some(inner) = self.0.upgrade() {
            inner.kept_fresh.store(false, Ordering::Release);
        }
    }
}

async fn run(task: Task, mut changes: watch::Receiver<Access>) {
    let Some(mut wait) = task.0.upgrade().map(|inner| start_wait(&inner)) else { return };
    loop {
        changes.mark_unchanged();
        let wait_for = Duration::try_from(wait).unwrap_or_default();
        timeout(wait_for, changes.changed()).await.ok();
        let Some(inner) = task.0.upgrade() else { return };
        wait = look(&inner).await;
    }
}

/// A machine that may go on working does not hurry to be the first in its office.
fn start_wait(inner: &Inner) -> SignedDuration {
    if inner.access().is_allowed() {
        schedule::at_start(inner.parts().stored.store.installation().mark(), inner.clock_now())
    } else {
        SignedDuration::ZERO
    }
}

/// Learns what others wrote, asks the vendor if it is time, and returns how long to wait.
async fn look(inner: &Arc<Inner>) -> SignedDuration {
    let reading = inner.clone();
    let turn = inner.turn.clone().lock_owned().await;
    let is_due = || inner.access().next_check.is_some_and(|at| inner.is_due(at));
    let read = spawn_blocking(move || {
        reading.reload();
        drop(turn);
    })
    .await;
    if read.is_ok() && (is_due() || inner.has_unsaved(inner.seen())) {
        driver::refresh_if_due(inner).await.ok();
    }
    inner.publish();
    let next = [inner.access().next_check, inner.next_change()].into_iter().flatten().min();
    let wait = next.map_or(LONGEST_SLEEP, |next| next.duration_since(inner.seen()));
    let shortest = if is_due() { FAULT_SLEEP } else { SHORTEST_SLEEP };
    wait.clamp(shortest, LONGEST_SLEEP)
}
