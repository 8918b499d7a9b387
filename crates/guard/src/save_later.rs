//! The background task that retries failed writes of the record.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::sleep;

use crate::inner::Inner;

/// A virus scanner or a full disk is often gone by then.
const FIRST_TRY: Duration = Duration::from_secs(5);
/// The pause doubles up to this.
const LATER_TRIES: Duration = Duration::from_secs(300);

/// Starts the task unless it is running: it calls `write` until the record is written, or ends with the guard. Needs a
/// runtime.
pub(crate) fn start<F>(inner: &Arc<Inner>, write: fn(Arc<Inner>) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    if !inner.saves_later.swap(true, Ordering::AcqRel) {
        tokio::spawn(run(Task(Arc::downgrade(inner)), write));
    }
}

/// The running task. It keeps the guard alive only while it works.
struct Task(Weak<Inner>);

impl Drop for Task {
    fn drop(&mut self) {
        if let Some(inner) = self.0.upgrade() {
            inner.saves_later.store(false, Ordering::Release);
        }
    }
}

/// Calls `write` with growing pauses until nothing is unsaved.
async fn run<F: Future<Output = ()>>(task: Task, write: fn(Arc<Inner>) -> F) {
    let mut pause = FIRST_TRY;
    loop {
        sleep(pause).await;
        let Some(inner) = task.0.upgrade() else { return };
        write(Arc::clone(&inner)).await;
        if !inner.is_unsaved() {
            return;
        }
        pause = (pause * 2).min(LATER_TRIES);
    }
}
