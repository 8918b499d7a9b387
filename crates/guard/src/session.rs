//! One operation's hold on the record: nobody else, in any process, changes it meanwhile.

use std::sync::Arc;
use std::time::Duration;

use anykey_core::Timestamp;
use tokio::sync::OwnedMutexGuard;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use crate::inner::Inner;
use crate::{GuardError, Result, SeatRecord, StoreError, StoreErrorKind, StoreLock};

/// Longer than a vendor's slowest answer, which another process may be waiting for.
const PATIENCE: Duration = Duration::from_secs(90);
const FIRST_LOOK: Duration = Duration::from_millis(5);
const LATER_LOOKS: Duration = Duration::from_millis(200);

pub(crate) struct Session {
    pub(crate) inner: Arc<Inner>,
    /// The record. What is changed here counts when it was saved.
    pub(crate) record: SeatRecord,
    /// Whether the user accepts that an activation whose answer was lost may cost a seat.
    pub(crate) may_lose_a_seat: bool,
    hold: Arc<Hold>,
}

/// Shared with the writing thread, so that a dropped operation does not let others in while it still writes.
struct Hold {
    _turn: OwnedMutexGuard<()>,
    _lock: StoreLock,
}

impl Session {
    /// Waits for its turn, then reads the record anew.
    pub(crate) async fn begin(inner: &Arc<Inner>) -> Result<Self> {
        let inner = inner.clone();
        let turn = inner.turn.clone().lock_owned().await;
        let lock = lock(&inner).await?;
        let hold = Arc::new(Hold { _turn: turn, _lock: lock });
        let record = off_the_runtime(&inner, &hold, |inner| inner.reload()).await?;
        Ok(Self { inner, record, may_lose_a_seat: false, hold })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.parts().clock.now()
    }

    /// Writes the record. Once this returns it is on the disk, and [`access`](crate::Guard::access) follows it.
    pub(crate) async fn save(&self) -> Result<()> {
        let record = self.record.clone();
        off_the_runtime(&self.inner, &self.hold, move |inner| inner.save(&record)).await
    }

    /// Writes the record with the vendor's answer in it, which counts even if it cannot be written.
    pub(crate) async fn save_answer(&self) -> Result<()> {
        let record = self.record.clone();
        off_the_runtime(&self.inner, &self.hold, move |inner| inner.save_answer(&record)).await
    }
}

async fn lock(inner: &Arc<Inner>) -> Result<StoreLock> {
    let patience_ends = Instant::now() + PATIENCE;
    let mut pause = FIRST_LOOK;
    loop {
        let store = inner.parts().store.clone();
        match joined(spawn_blocking(move || store.try_lock())).await?? {
            Some(lock) => return Ok(lock),
            None if Instant::now() >= patience_ends => {
                return Err(StoreError::new(StoreErrorKind::Busy, inner.parts().store.place()).into());
            }
            None => sleep(pause).await,
        }
        pause = (pause * 2).min(LATER_LOOKS);
    }
}

async fn off_the_runtime<T: Send + 'static>(
    inner: &Arc<Inner>,
    hold: &Arc<Hold>,
    work: impl FnOnce(&Inner) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (inner, hold) = (inner.clone(), hold.clone());
    joined(spawn_blocking(move || {
        let done = work(&inner);
        drop(hold);
        done
    }))
    .await?
}

async fn joined<T>(task: tokio::task::JoinHandle<T>) -> Result<T> {
    task.await.map_err(|_| GuardError::Runtime("the runtime stopped before the record was written"))
}
