//! The background task that runs due checks.

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

/// How often to read the clock and the store: timers stop while a computer sleeps, and other processes write.
const LONGEST_SLEEP: SignedDuration = SignedDuration::from_mins(5);
/// A change that is due at once still leaves time for other work.
const SHORTEST_SLEEP: SignedDuration = SignedDuration::from_millis(100);
/// The pause when a check is due but could not run.
const FAULT_SLEEP: SignedDuration = SignedDuration::from_mins(1);

/// Starts the task on the current runtime, unless one is running.
///
/// # Errors
///
/// `Runtime` outside a tokio runtime.
pub(crate) fn start(inner: &Arc<Inner>) -> Result<()> {
    let runtime = Handle::try_current().map_err(|_| {
        GuardError::Runtime("keep_fresh needs a tokio runtime; use the blocking guard without one")
    })?;
    if !inner.kept_fresh.swap(true, Ordering::AcqRel) {
        runtime.spawn(run(Task(Arc::downgrade(inner)), inner.subscribe()));
    }
    Ok(())
}

/// The running task. It keeps the guard alive only while it works, so it ends with the guard. If it ends earlier,
/// with its runtime, another one can be started.
struct Task(Weak<Inner>);

impl Drop for Task {
    fn drop(&mut self) {
        if let Some(inner) = self.0.upgrade() {
            inner.kept_fresh.store(false, Ordering::Release);
        }
    }
}

/// Waits until something is due or has changed, and acts; ends with the guard.
async fn run(task: Task, mut changes: watch::Receiver<Access>) {
    let Some(mut wait) = task.0.upgrade().map(|inner| start_wait(&inner)) else { return };
    loop {
        changes.mark_unchanged();
        let wait_for = Duration::try_from(wait).unwrap_or_default();
        timeout(wait_for, changes.changed()).await.ok();
        let Some(inner) = task.0.upgrade() else { return };
        wait = run_once(&inner).await;
    }
}

/// The delay before the first check: a random one while access is allowed, so that many machines do not check at
/// once.
fn start_wait(inner: &Inner) -> SignedDuration {
    if inner.access().is_allowed() {
        schedule::start_delay(inner.parts().stored.store.installation().mark(), inner.clock_now())
    } else {
        SignedDuration::ZERO
    }
}

/// Reads the store, runs a check if one is due, and returns how long to wait.
async fn run_once(inner: &Arc<Inner>) -> SignedDuration {
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
