mod transaction;

use anykey_core::{LicenseEvent, SignedDuration, Timestamp, async_trait};
use sqlx::{Executor, PgConnection, PgPool};

pub use self::transaction::PostgresTransaction;
use super::times::Times;
use super::{Claim, Deliveries, StoreError};

/// A store of deliveries in a table of the app's own PostgreSQL database, for an endpoint that runs in one process or
/// in many.
///
/// Each delivery is applied exactly once if its changes are written in the transaction that [`begin`](Self::begin)
/// starts: a crash rolls back both or neither. Deliveries of the same event that arrive at several processes do not
/// wait for each other: all but one get [`PostgresClaim::InProgress`].
///
/// A standby that takes over has every delivery whose [`commit`](PostgresTransaction::commit) returned `Ok` only if it
/// is synchronous (`synchronous_standby_names`, with `synchronous_commit` at `on`); an asynchronous one may lack the
/// last.
///
/// A connection with TLS needs a TLS feature of `sqlx`, such as `tls-rustls-ring`, in the app's own dependency on it.
#[derive(Clone, Debug)]
pub struct PostgresDeliveries {
    pool: PgPool,
    times: Times,
}

/// The result of [`PostgresDeliveries::begin`].
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to handle each")]
pub enum PostgresClaim {
    /// The delivery is new and recorded in this transaction: apply it there, then
    /// [`commit`](PostgresTransaction::commit).
    New(PostgresTransaction),
    /// The delivery is being applied by another transaction, or claimed by
    /// [`DeliveriesExt::once`](crate::DeliveriesExt::once), which may still fail: let the vendor deliver again.
    InProgress,
    /// The delivery was applied before.
    Done,
}

/// Whether no other transaction applies the delivery. The lock ends with the transaction.
const LOCK: &str = "SELECT pg_try_advisory_xact_lock(hashtextextended($1 || E'\\n' || $2, 0))";

/// Forgets old deliveries, a few with each new one. Those that another transaction forgets are left to it.
const FORGET: &str = "\
    DELETE FROM anykey_deliveries WHERE (provider, id) IN (\
        SELECT provider, id FROM anykey_deliveries WHERE seen_at <= $1 \
        ORDER BY seen_at LIMIT 100 FOR UPDATE SKIP LOCKED)";

const CLAIM: &str = "\
    INSERT INTO anykey_deliveries AS known (provider, id, seen_at, done) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (provider, id) DO UPDATE SET seen_at = excluded.seen_at, done = excluded.done \
    WHERE known.seen_at <= $5 OR (NOT known.done AND known.seen_at <= $6)";

impl PostgresDeliveries {
    /// The statements that create the table, for apps that manage all tables with their own migrations.
    pub const SCHEMA: &str = "\
        CREATE TABLE IF NOT EXISTS anykey_deliveries (\
            provider TEXT NOT NULL, id TEXT NOT NULL, seen_at BIGINT NOT NULL, done BOOLEAN NOT NULL, \
            PRIMARY KEY (provider, id));\
        CREATE INDEX IF NOT EXISTS anykey_deliveries_seen_at ON anykey_deliveries (seen_at);";

    /// Opens the store in the database of `pool`, and creates the table if it does not exist. Deliveries are forgotten
    /// after seven days.
    ///
    /// A transaction waits up to the pool's `acquire_timeout` (default 30 seconds) for a connection. Keep it, and the
    /// server's `statement_timeout`, below the time that the vendor waits for an answer: Polar 10 seconds, Dodo 15.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database fails or cannot be written.
    pub async fn open(pool: PgPool) -> Result<Self, StoreError> {
        let mut transaction = PostgresTransaction::begin(&pool).await?;
        // Two processes that create a table at the same time would disturb each other.
        let one_at_a_time = "SELECT pg_advisory_xact_lock(hashtextextended('anykey_deliveries', 0))";
        transaction.execute(one_at_a_time).await.map_err(StoreError::new)?;
        transaction.execute(Self::SCHEMA).await.map_err(StoreError::new)?;
        transaction.commit().await?;
        Ok(Self { pool, times: Times::default() })
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
    /// after [`commit`](PostgresTransaction::commit) returned `Ok`.
    ///
    /// # Cancel safety
    ///
    /// Safe: nothing is stored before [`commit`](PostgresTransaction::commit).
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database fails. Answer the vendor with a failure.
    ///
    /// ```
    /// # use anykey_core::{LicenseEvent, Timestamp};
    /// use anykey_webhook::sqlx;
    /// use anykey_webhook::{PostgresClaim, PostgresDeliveries};
    ///
    /// /// Returns the HTTP status to answer with; 503 for an error.
    /// async fn apply(
    ///     deliveries: &PostgresDeliveries, event: &LicenseEvent,
    /// ) -> Result<u16, Box<dyn std::error::Error>> {
    ///     let mut transaction = match deliveries.begin(event, Timestamp::now()).await? {
    ///         PostgresClaim::New(transaction) => transaction,
    ///         PostgresClaim::InProgress => return Ok(503),
    ///         PostgresClaim::Done => return Ok(200),
    ///     };
    ///     let insert = sqlx::query("INSERT INTO changes (kind) VALUES ($1)").bind(event.kind.to_string());
    ///     insert.execute(&mut *transaction).await?;
    ///     transaction.commit().await?;
    ///     Ok(200)
    /// }
    /// ```
    pub async fn begin(&self, event: &LicenseEvent, now: Timestamp) -> Result<PostgresClaim, StoreError> {
        let mut transaction = self.transaction().await?;
        let claim = match self.claim_as(&mut transaction, event, now, true).await? {
            Claim::New => return Ok(PostgresClaim::New(transaction)),
            Claim::InProgress => PostgresClaim::InProgress,
            Claim::Done => PostgresClaim::Done,
        };
        transaction.rollback().await?;
        Ok(claim)
    }

    /// Starts a transaction that records no delivery, for other writes of the app, such as a delivery that it cannot
    /// read.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database fails.
    pub async fn transaction(&self) -> Result<PostgresTransaction, StoreError> {
        PostgresTransaction::begin(&self.pool).await
    }

    async fn claim_as(
        &self,
        connection: &mut PgConnection,
        event: &LicenseEvent,
        now: Timestamp,
        is_done: bool,
    ) -> Result<Claim, StoreError> {
        let lock = sqlx::query_scalar(LOCK).bind(&*event.provider).bind(&*event.id);
        let is_alone: bool = lock.fetch_one(&mut *connection).await.map_err(StoreError::new)?;
        if !is_alone {
            return Ok(Claim::InProgress);
        }
        let forgotten = self.times.forgotten(now).as_millisecond();
        let forget = sqlx::query(FORGET).bind(forgotten);
        forget.execute(&mut *connection).await.map_err(StoreError::new)?;
        let claim = sqlx::query(CLAIM).bind(&*event.provider).bind(&*event.id).bind(now.as_millisecond());
        let claim = claim.bind(is_done).bind(forgotten).bind(self.times.ended(now).as_millisecond());
        let outcome = claim.execute(&mut *connection).await.map_err(StoreError::new)?;
        if outcome.rows_affected() == 1 { Ok(Claim::New) } else { state(connection, event).await }
    }
}

#[async_trait]
impl Deliveries for PostgresDeliveries {
    async fn claim(&self, event: &LicenseEvent, now: Timestamp) -> Result<Claim, StoreError> {
        let mut transaction = self.transaction().await?;
        let claim = self.claim_as(&mut transaction, event, now, false).await?;
        transaction.commit().await?;
        Ok(claim)
    }

    async fn finish(&self, event: &LicenseEvent, now: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO anykey_deliveries (provider, id, seen_at, done) VALUES ($1, $2, $3, TRUE) \
             ON CONFLICT (provider, id) DO UPDATE SET seen_at = excluded.seen_at, done = TRUE",
        );
        let query = query.bind(&*event.provider).bind(&*event.id).bind(now.as_millisecond());
        query.execute(&self.pool).await.map(drop).map_err(StoreError::new)
    }

    async fn release(&self, event: &LicenseEvent, claimed_at: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM anykey_deliveries WHERE provider = $1 AND id = $2 AND NOT done AND seen_at = $3",
        )
        .bind(&*event.provider)
        .bind(&*event.id)
        .bind(claimed_at.as_millisecond())
        .execute(&self.pool)
        .await
        .map(drop)
        .map_err(StoreError::new)
    }
}

/// The state of a delivery that could not be claimed.
async fn state(connection: &mut PgConnection, event: &LicenseEvent) -> Result<Claim, StoreError> {
    let done: Option<bool> =
        sqlx::query_scalar("SELECT done FROM anykey_deliveries WHERE provider = $1 AND id = $2")
            .bind(&*event.provider)
            .bind(&*event.id)
            .fetch_optional(connection)
            .await
            .map_err(StoreError::new)?;
    Ok(if done == Some(true) { Claim::Done } else { Claim::InProgress })
}
