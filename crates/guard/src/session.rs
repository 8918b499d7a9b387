//! One operation's hold on the record: nobody else, in any process, changes it meanwhile.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use crate::inner::Inner;
use crate::providers::Providers;
use crate::{GuardError, Result, SeatRecord, StoreError, StoreErrorKind, StoreLock, save_later};

/// Longer than a vendor's slowest answer, which another process may be waiting for.
const PATIENCE: Duration = Duration::from_secs(90);
const FIRST_LOOK: Duration = Duration::from_millis(5);
const LATER_LOOKS: Duration = Duration::from_millis(200);
/// A virus scanner or an indexer denies a write for a moment.
const PAUSES_BETWEEN_WRITES: [Duration; 7] = {
    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }
    [millis(20), millis(50), millis(100), millis(250), millis(500), millis(1_000), millis(1_500)]
};

pub(crate) struct Session {
    pub(crate) inner: Arc<Inner>,
    /// The providers to ask, the current one first.
    pub(crate) providers: Arc<Providers>,
    /// The record as it was last kept.
    pub(crate) record: SeatRecord,
    hold: Arc<Hold>,
    /// Why there is no lock, or why the last write failed.
    failed: Option<StoreError>,
}

/// Shared with the writing thread, so that a dropped operation does not let others in while it still writes.
struct Hold {
    _turn: OwnedMutexGuard<()>,
    lock: Option<StoreLock>,
}

impl Session {
    /// Waits for its turn, then reads the record anew. Without a lock the session goes on in memory.
    pub(crate) async fn begin(inner: &Arc<Inner>) -> Result<Self> {
        let inner = inner.clone();
        let turn = inner.turn.clone().lock_owned().await;
        let (lock, failed) = match lock(&inner).await? {
            Ok(lock) => (Some(lock), None),
            Err(error) => (None, Some(error)),
        };
        inner.set_locked(lock.is_some());
        let hold = Arc::new(Hold { _turn: turn, lock });
        let record = off_the_runtime(&inner, &hold, Inner::reload).await?;
        let providers = inner.providers();
        Ok(Self { inner, providers, record, hold, failed })
    }

    /// Fails when there is a record that cannot be read, and this guard does not know what was in it.
    pub(crate) fn is_readable(&self) -> Result<()> {
        self.inner.unreadable().map_or(Ok(()), |error| Err(error.into()))
    }

    /// Writes the record as it is.
    pub(crate) async fn save(&mut self) {
        let record = self.record.clone();
        self.write_or_believe(record, false).await;
    }

    /// Writes what another operation could not write.
    pub(crate) async fn save_if_ahead(&mut self) {
        if self.inner.is_ahead() && self.hold.lock.is_some() {
            let record = self.record.clone();
            self.write(&record).await;
        }
    }

    /// Writes `record` if it holds an answer of the vendor, or if more than time has passed in it; returns whether it
    /// is written. Denials are retried for some seconds. What cannot be written counts in memory and is tried again
    /// in the background, unless it `must` be written.
    pub(crate) async fn keep(&mut self, record: &SeatRecord, is_answer: bool, must: bool) -> bool {
        let at_the_same_time = SeatRecord { high_water: record.high_water, ..self.record.clone() };
        if at_the_same_time == *record && !is_answer && !must {
            return true;
        }
        self.write_or_believe(record.clone(), must).await
    }

    async fn write_or_believe(&mut self, record: SeatRecord, must: bool) -> bool {
        let is_written = self.hold.lock.is_some() && self.write(&record).await;
        if is_written || !must {
            self.record = record;
        }
        if is_written {
            // The revision has grown.
            self.record.revision = self.inner.revision();
        } else if !must {
            self.inner.believe(&self.record);
            save_later::start(&self.inner);
        }
        is_written
    }

    async fn write(&mut self, record: &SeatRecord) -> bool {
        let mut pauses = PAUSES_BETWEEN_WRITES.into_iter();
        loop {
            let record = record.clone();
            let written = off_the_runtime(&self.inner, &self.hold, move |inner| inner.save(&record)).await;
            let error = match written {
                Ok(Ok(())) => {
                    self.failed = None;
                    return true;
                }
                Ok(Err(error)) => error,
                Err(_) => StoreError::new(StoreErrorKind::Io, self.inner.parts().stored.store.place()),
            };
            let pause = pauses.next().filter(|_| error.kind() == StoreErrorKind::Io);
            self.failed = Some(error);
            match pause {
                Some(pause) => sleep(pause).await,
                None => return false,
            }
        }
    }

    /// Why the record could not be written.
    pub(crate) fn not_written(&mut self) -> GuardError {
        let place = || self.inner.parts().stored.store.place();
        self.failed.take().unwrap_or_else(|| StoreError::new(StoreErrorKind::Io, place())).into()
    }

    /// Fails when the last write did.
    pub(crate) fn written(&mut self) -> Result<()> {
        self.failed.take().map_or(Ok(()), |error| Err(error.into()))
    }
}

/// The lock, or why there can be none.
async fn lock(inner: &Arc<Inner>) -> Result<Result<StoreLock, StoreError>> {
    let patience_ends = Instant::now() + PATIENCE;
    let mut pause = FIRST_LOOK;
    loop {
        let store = inner.parts().stored.store.clone();
        match joined(spawn_blocking(move || store.try_lock())).await? {
            Ok(Some(lock)) => return Ok(Ok(lock)),
            Err(error) => return Ok(Err(error)),
            Ok(None) if Instant::now() >= patience_ends => {
                let place = inner.parts().stored.store.place();
                return Ok(Err(StoreError::new(StoreErrorKind::Busy, place)));
            }
            Ok(None) => sleep(pause).await,
        }
        pause = (pause * 2).min(LATER_LOOKS);
    }
}

async fn off_the_runtime<T: Send + 'static>(
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

async fn joined<T>(task: tokio::task::JoinHandle<T>) -> Result<T> {
    task.await.map_err(|_| GuardError::Runtime("the runtime stopped before the record was written"))
}
