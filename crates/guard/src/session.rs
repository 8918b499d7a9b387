//! Exclusive access to the record for one operation, across all processes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use crate::inner::Inner;
use crate::providers::Providers;
use crate::{GuardError, Result, SeatRecord, StoreError, StoreErrorKind, StoreLock, save_later};

/// Longer than a vendor's slowest answer, for which another process may be waiting.
const LOCK_TIMEOUT: Duration = Duration::from_secs(90);
/// The lock is polled, because file locks have no waiting with a time limit. Most operations of others end within
/// milliseconds.
const FIRST_POLL: Duration = Duration::from_millis(5);
const LONGEST_POLL: Duration = Duration::from_millis(200);
/// A virus scanner or an indexer may deny a write for a moment.
const WRITE_RETRY_PAUSES: [Duration; 7] = {
    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }
    [millis(20), millis(50), millis(100), millis(250), millis(500), millis(1_000), millis(1_500)]
};

/// An operation with its locks: one in this process, one in the store.
pub(crate) struct Session {
    pub(crate) inner: Arc<Inner>,
    /// The providers, the current one first.
    pub(crate) providers: Arc<Providers>,
    /// The record after the last change.
    pub(crate) record: SeatRecord,
    hold: Arc<Hold>,
    /// The error of locking or of the last write; `None` when both succeeded.
    failed: Option<StoreError>,
}

/// The locks of a session. Shared with the writing thread, so that they are held until the write has ended even if
/// the operation was dropped.
struct Hold {
    _turn: OwnedMutexGuard<()>,
    lock: Option<StoreLock>,
}

impl Session {
    /// Waits for the locks, then reads the record. Without a store lock the session works in memory.
    pub(crate) async fn begin(inner: &Arc<Inner>) -> Result<Self> {
        let inner = inner.clone();
        let turn = inner.turn.clone().lock_owned().await;
        let (lock, failed) = match lock(&inner).await? {
            Ok(lock) => (Some(lock), None),
            Err(error) => (None, Some(error)),
        };
        inner.set_locked(lock.is_some());
        let hold = Arc::new(Hold { _turn: turn, lock });
        let record = run_blocking(&inner, &hold, Inner::reload).await?;
        let providers = inner.providers();
        Ok(Self { inner, providers, record, hold, failed })
    }

    /// Fails if the record cannot be read and this guard does not have its content in memory.
    pub(crate) fn is_readable(&self) -> Result<()> {
        self.inner.unreadable().map_or(Ok(()), |error| Err(error.into()))
    }

    /// Writes the record.
    pub(crate) async fn save(&mut self) {
        let record = self.record.clone();
        self.write_or_keep_in_memory(record, false).await;
    }

    /// Writes `record` if it contains an answer of the vendor, or if something other than the time has changed.
    /// Returns whether it is written. Failed writes are retried for some seconds. A record that cannot be written is
    /// kept in memory and retried in the background, unless it `must` be written.
    pub(crate) async fn keep(&mut self, record: &SeatRecord, is_answer: bool, must: bool) -> bool {
        let with_new_time = SeatRecord { high_water: record.high_water, ..self.record.clone() };
        if with_new_time == *record && !is_answer && !must {
            return true;
        }
        self.write_or_keep_in_memory(record.clone(), must).await
    }

    /// Writes the record, or keeps it in memory and starts the task that retries. With `must`, a record that cannot
    /// be written is not used at all.
    async fn write_or_keep_in_memory(&mut self, record: SeatRecord, must: bool) -> bool {
        let is_written = self.hold.lock.is_some() && self.write(&record).await;
        if is_written || !must {
            self.record = record;
        }
        if is_written {
            // Writing has incremented the revision.
            self.record.revision = self.inner.revision();
        } else if !must {
            self.inner.keep_in_memory(&self.record);
            save_later::start(&self.inner, write_unsaved);
        }
        is_written
    }

    /// Writes the record with the pauses of [`WRITE_RETRY_PAUSES`] between attempts; only I/O errors are retried.
    async fn write(&mut self, record: &SeatRecord) -> bool {
        let mut pauses = WRITE_RETRY_PAUSES.into_iter();
        loop {
            let record = record.clone();
            let written = run_blocking(&self.inner, &self.hold, move |inner| inner.save(&record)).await;
            let error = match written {
                Ok(Ok(())) => {
                    self.failed = None;
                    return true;
                }
                Ok(Err(error)) => error,
                Err(_) => StoreError::new(StoreErrorKind::Io, self.inner.parts().stored.store.location()),
            };
            let pause = pauses.next().filter(|_| error.kind() == StoreErrorKind::Io);
            self.failed = Some(error);
            match pause {
                Some(pause) => sleep(pause).await,
                None => return false,
            }
        }
    }

    /// The error of the failed write.
    pub(crate) fn not_written(&mut self) -> GuardError {
        let location = || self.inner.parts().stored.store.location();
        self.failed.take().unwrap_or_else(|| StoreError::new(StoreErrorKind::Io, location())).into()
    }

    /// Fails if the last write failed.
    pub(crate) fn written(&mut self) -> Result<()> {
        self.failed.take().map_or(Ok(()), |error| Err(error.into()))
    }
}

/// Writes changes that an earlier operation could not write.
async fn write_unsaved(inner: Arc<Inner>) {
    let Ok(mut session) = Session::begin(&inner).await else { return };
    if inner.is_unsaved() && session.hold.lock.is_some() {
        let record = session.record.clone();
        session.write(&record).await;
    }
}

/// Locks the store. The inner error is returned when that is not possible.
async fn lock(inner: &Arc<Inner>) -> Result<Result<StoreLock, StoreError>> {
    let times_out_at = Instant::now() + LOCK_TIMEOUT;
    let mut pause = FIRST_POLL;
    loop {
        let store = inner.parts().stored.store.clone();
        match joined(spawn_blocking(move || store.try_lock())).await? {
            Ok(Some(lock)) => return Ok(Ok(lock)),
            Err(error) => return Ok(Err(error)),
            Ok(None) if Instant::now() >= times_out_at => {
                let location = inner.parts().stored.store.location();
                return Ok(Err(StoreError::new(StoreErrorKind::Busy, location)));
            }
            Ok(None) => sleep(pause).await,
        }
        pause = (pause * 2).min(LONGEST_POLL);
    }
}

/// Runs `work` on a blocking thread, which shares the locks: they stay held until it has ended, also when the
/// operation is dropped.
async fn run_blocking<T: Send + 'static>(
    inner: &Arc<Inner>,
    hold: &Arc<Hold>,
    work: impl FnOnce(&Inner) -> T + Send + 'static,
) -> Result<T> {
    let (inner, hold) = (inner.clone(), hold.clone());
    joined(spawn_blocking(move || {
        let done = work(&inner);
        drop(hold);
        done
    }))
    .await
}

/// # Errors
///
/// `Runtime` when the runtime shuts down before the thread has ended.
async fn joined<T>(task: tokio::task::JoinHandle<T>) -> Result<T> {
    task.await.map_err(|_| GuardError::Runtime("the async runtime stopped before the record was written"))
}
