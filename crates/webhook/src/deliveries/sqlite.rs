mod connection;
mod file;
mod transaction;

use anykey_core::{LicenseEvent, SignedDuration, Timestamp, async_trait};
use sqlx::{Executor, SqliteConnection, SqlitePool};

use self::connection::CheckedConnection;
use self::file::DatabaseFile;
pub use self::transaction::DeliveryTransaction;
use super::times::Times;
use super::{Claim, Deliveries, StoreError};

/// A store of deliveries in a table of the app's own SQLite database.
///
/// Each delivery is applied exactly once if its changes are written in the transaction that [`begin`](Self::begin)
/// starts: a crash rolls back both or neither.
///
/// `Ok` means stored. A full, locked, corrupt, read-only, moved or removed database is an error, and after any error
/// the connection is closed instead of returned to the pool (see the [crate documentation](crate#exactly-once)). With
/// SQLite's default `synchronous = FULL`, stored data survives a power failure.
///
/// In WAL mode SQLite maps a file into memory, and where the disk's space is limited on a file system that copies on
/// write, such as a quota of Btrfs, a write to it ends the process with `SIGBUS` (SQLite 3.40 and Linux 6.18, also
/// without this crate). Nothing is lost then, but only a restart goes on. With the rollback journal it is an error
/// there, too.
#[derive(Clone, Debug)]
pub struct SqliteDeliveries {
    pool: SqlitePool,
    file: DatabaseFile,
    times: Times,
}

/// The result of [`SqliteDeliveries::begin`].
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to handle each")]
pub enum SqliteClaim {
    /// The delivery is new and recorded in this transaction: apply it there, then
    /// [`commit`](DeliveryTransaction::commit).
    New(DeliveryTransaction),
    /// The delivery is claimed by [`DeliveriesExt::once`](crate::DeliveriesExt::once), which may still fail: let the
    /// vendor deliver again.
    InProgress,
    /// The delivery was applied before.
    Done,
}

const CLAIM: &str = "\
    INSERT INTO anykey_deliveries (provider, id, seen_at, done) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT (provider, id) DO UPDATE SET seen_at = excluded.seen_at, done = excluded.done \
    WHERE done = 0 AND seen_at <= ?5";

impl SqliteDeliveries {
    /// The statements that create the table, for apps that manage all tables with their own migrations.
    pub const SCHEMA: &str = "\
        CREATE TABLE IF NOT EXISTS anykey_deliveries (\
            provider TEXT NOT NULL, id TEXT NOT NULL, seen_at INTEGER NOT NULL, done INTEGER NOT NULL, \
            PRIMARY KEY (provider, id)) WITHOUT ROWID;\
        CREATE INDEX IF NOT EXISTS anykey_deliveries_seen_at ON anykey_deliveries (seen_at);";

    /// Opens the store in the database of `pool`, and creates the table if it does not exist. Deliveries are
    /// forgotten after seven days.
    ///
    /// A transaction waits up to the pool's `acquire_timeout` (default 30 seconds) plus the connections'
    /// `busy_timeout` (default 5 seconds). Keep the sum below the time that the vendor waits for an answer: Polar 10
    /// seconds, Dodo 15.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database fails or cannot be written.
    pub async fn open(pool: SqlitePool) -> Result<Self, StoreError> {
        let file = DatabaseFile::unknown();
        let mut connection = CheckedConnection::acquire(&pool, &file).await?;
        connection.execute(Self::SCHEMA).await.map_err(StoreError::new)?;
        connection.release(&file)?;
        let file = DatabaseFile::of(&pool);
        Ok(Self { pool, file, times: Times::default() })
    }

    /// Sets after how long a delivery is forgotten. Default: seven days.
    #[must_use]
    pub fn window(mut self, window: SignedDuration) -> Self {
        self.times.window = window;
        self
    }

    /// Sets after how long a claim by [`claim`](Deliveries::claim) ends that was neither finished nor released.
    /// Default: five minutes. It does not apply to [`begin`](Self::begin), whose claims end with their transaction.
    #[must_use]
    pub fn lease(mut self, lease: SignedDuration) -> Self {
        self.times.lease = lease;
        self
    }

    /// Starts a transaction and records the delivery of `event` in it, unless it was recorded before. `now` is the
    /// current time.
    ///
    /// Write the changes of the delivery through the transaction, then commit. Answer the vendor with success only
    /// after [`commit`](DeliveryTransaction::commit) returned `Ok`.
    ///
    /// # Cancel safety
    ///
    /// Safe: nothing is stored before [`commit`](DeliveryTransaction::commit).
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database fails. Answer the vendor with a failure.
    ///
    /// ```
    /// # use anykey_core::{LicenseEvent, Timestamp};
    /// use anykey_webhook::sqlx;
    /// use anykey_webhook::{SqliteClaim, SqliteDeliveries};
    ///
    /// /// Returns the HTTP status to answer with; 503 for an error.
    /// async fn apply(
    ///     deliveries: &SqliteDeliveries, event: &LicenseEvent,
    /// ) -> Result<u16, Box<dyn std::error::Error>> {
    ///     let mut transaction = match deliveries.begin(event, Timestamp::now()).await? {
    ///         SqliteClaim::New(transaction) => transaction,
    ///         SqliteClaim::InProgress => return Ok(503),
    ///         SqliteClaim::Done => return Ok(200),
    ///     };
    ///     let insert = sqlx::query("INSERT INTO changes (kind) VALUES (?1)").bind(event.kind.to_string());
    ///     insert.execute(&mut *transaction).await?;
    ///     transaction.commit().await?;
    ///     Ok(200)
    /// }
    /// ```
    pub async fn begin(&self, event: &LicenseEvent, now: Timestamp) -> Result<SqliteClaim, StoreError> {
        let mut transaction = self.transaction().await?;
        let claim = match self.claim_as(&mut transaction, event, now, true).await? {
            Claim::New => return Ok(SqliteClaim::New(transaction)),
            Claim::InProgress => SqliteClaim::InProgress,
            Claim::Done => SqliteClaim::Done,
        };
        transaction.rollback().await?;
        Ok(claim)
    }

    /// Starts a transaction that records no delivery, for other writes of the app, such as a delivery that it cannot
    /// read. It waits for other writers up to the pool's `busy_timeout`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database fails.
    pub async fn transaction(&self) -> Result<DeliveryTransaction, StoreError> {
        DeliveryTransaction::begin(&self.pool, &self.file).await
    }

    async fn claim_as(
        &self,
        connection: &mut SqliteConnection,
        event: &LicenseEvent,
        now: Timestamp,
        is_done: bool,
    ) -> Result<Claim, StoreError> {
        sqlx::query("DELETE FROM anykey_deliveries WHERE seen_at <= ?1")
            .bind(self.times.forgotten(now).as_millisecond())
            .execute(&mut *connection)
            .await
            .map_err(StoreError::new)?;
        let query = sqlx::query(CLAIM).bind(&*event.provider).bind(&*event.id);
        let query =
            query.bind(now.as_millisecond()).bind(is_done).bind(self.times.ended(now).as_millisecond());
        let outcome = query.execute(&mut *connection).await.map_err(StoreError::new)?;
        if outcome.rows_affected() == 1 { Ok(Claim::New) } else { state(connection, event).await }
    }
}

#[async_trait]
impl Deliveries for SqliteDeliveries {
    async fn claim(&self, event: &LicenseEvent, now: Timestamp) -> Result<Claim, StoreError> {
        let mut transaction = self.transaction().await?;
        let claim = self.claim_as(&mut transaction, event, now, false).await?;
        transaction.commit().await?;
        Ok(claim)
    }

    async fn finish(&self, event: &LicenseEvent, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.transaction().await?;
        let query = sqlx::query(
            "INSERT INTO anykey_deliveries (provider, id, seen_at, done) VALUES (?1, ?2, ?3, 1) \
             ON CONFLICT (provider, id) DO UPDATE SET seen_at = excluded.seen_at, done = 1",
        );
        let query = query.bind(&*event.provider).bind(&*event.id).bind(now.as_millisecond());
        query.execute(&mut *transaction).await.map_err(StoreError::new)?;
        transaction.commit().await
    }

    async fn release(&self, event: &LicenseEvent, claimed_at: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.transaction().await?;
        sqlx::query(
            "DELETE FROM anykey_deliveries WHERE provider = ?1 AND id = ?2 AND done = 0 AND seen_at = ?3",
        )
        .bind(&*event.provider)
        .bind(&*event.id)
        .bind(claimed_at.as_millisecond())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::new)?;
        transaction.commit().await
    }
}

/// The state of a delivery that could not be claimed.
async fn state(connection: &mut SqliteConnection, event: &LicenseEvent) -> Result<Claim, StoreError> {
    let done: Option<bool> =
        sqlx::query_scalar("SELECT done FROM anykey_deliveries WHERE provider = ?1 AND id = ?2")
            .bind(&*event.provider)
            .bind(&*event.id)
            .fetch_optional(connection)
            .await
            .map_err(StoreError::new)?;
    Ok(if done == Some(true) { Claim::Done } else { Claim::InProgress })
}
