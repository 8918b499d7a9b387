use anykey_core::{LicenseEvent, SignedDuration, Timestamp, async_trait};
use sqlx::{SqliteConnection, SqlitePool};

use super::{Claim, Deliveries, LEASE, StoreError, WINDOW};

/// Remembers deliveries in a table of the app's own SQLite database.
///
/// What makes *exactly once* out of *at least once* is [`record`](Self::record), in the same transaction as what
/// the delivery changes: a crash takes both back or neither.
#[derive(Clone, Debug)]
pub struct SqliteDeliveries {
    pool: SqlitePool,
    window: SignedDuration,
    lease: SignedDuration,
}

const CLAIM: &str = "\
    INSERT INTO anykey_deliveries (provider, id, seen_at, done) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT (provider, id) DO UPDATE SET seen_at = excluded.seen_at, done = excluded.done \
    WHERE done = 0 AND seen_at <= ?5";

impl SqliteDeliveries {
    /// The table, for apps that keep all their tables in migrations of their own.
    pub const SCHEMA: &str = "\
        CREATE TABLE IF NOT EXISTS anykey_deliveries (\
            provider TEXT NOT NULL, id TEXT NOT NULL, seen_at INTEGER NOT NULL, done INTEGER NOT NULL, \
            PRIMARY KEY (provider, id)) WITHOUT ROWID;\
        CREATE INDEX IF NOT EXISTS anykey_deliveries_seen_at ON anykey_deliveries (seen_at);";

    /// Uses the database behind `pool`, and makes the table when it is not there. Deliveries are forgotten after
    /// seven days.
    ///
    /// # Errors
    ///
    /// When the database does not answer or may not be written to.
    pub async fn open(pool: SqlitePool) -> Result<Self, StoreError> {
        sqlx::raw_sql(Self::SCHEMA).execute(&pool).await.map_err(StoreError::new)?;
        Ok(Self { pool, window: WINDOW, lease: LEASE })
    }

    /// Forgets a delivery when `window` has gone by.
    #[must_use]
    pub fn window(mut self, window: SignedDuration) -> Self {
        self.window = window;
        self
    }

    /// Takes whoever claimed a delivery for gone when `lease` has gone by. Not for [`record`](Self::record),
    /// whose claims end with their transaction.
    #[must_use]
    pub fn lease(mut self, lease: SignedDuration) -> Self {
        self.lease = lease;
        self
    }

    /// Remembers the delivery of `event` as a part of the transaction `connection`, and says whether it is new.
    /// Let it be the transaction's first statement: then SQLite waits for other writers instead of giving up.
    ///
    /// Apply what is new in the same transaction and commit. Of what is not, nothing has to be done.
    ///
    /// # Errors
    ///
    /// When the database does not answer. Answer the vendor with a failure.
    ///
    /// ```
    /// # use anykey_core::{LicenseEvent, Timestamp};
    /// use anykey_webhook::sqlx::SqlitePool;
    /// use anykey_webhook::{Claim, SqliteDeliveries};
    ///
    /// async fn apply(
    ///     deliveries: &SqliteDeliveries, pool: &SqlitePool, event: &LicenseEvent,
    /// ) -> Result<(), Box<dyn std::error::Error>> {
    ///     let mut transaction = pool.begin().await?;
    ///     if deliveries.record(&mut transaction, event, Timestamp::now()).await? == Claim::New {
    ///         // … change the app's own tables through `transaction` …
    ///         transaction.commit().await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub async fn record(
        &self,
        connection: &mut SqliteConnection,
        event: &LicenseEvent,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        self.claim_as(connection, event, now, true).await
    }

    async fn claim_as(
        &self,
        connection: &mut SqliteConnection,
        event: &LicenseEvent,
        now: Timestamp,
        is_done: bool,
    ) -> Result<Claim, StoreError> {
        sqlx::query("DELETE FROM anykey_deliveries WHERE seen_at <= ?1")
            .bind(millisecond(now, self.window))
            .execute(&mut *connection)
            .await
            .map_err(StoreError::new)?;
        let query = sqlx::query(CLAIM).bind(&*event.provider).bind(&*event.id);
        let query = query.bind(now.as_millisecond()).bind(is_done).bind(millisecond(now, self.lease));
        let outcome = query.execute(&mut *connection).await.map_err(StoreError::new)?;
        if outcome.rows_affected() == 1 { Ok(Claim::New) } else { state(connection, event).await }
    }
}

#[async_trait]
impl Deliveries for SqliteDeliveries {
    async fn claim(&self, event: &LicenseEvent, now: Timestamp) -> Result<Claim, StoreError> {
        let mut connection = self.pool.acquire().await.map_err(StoreError::new)?;
        self.claim_as(&mut connection, event, now, false).await
    }

    async fn finish(&self, event: &LicenseEvent, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO anykey_deliveries (provider, id, seen_at, done) VALUES (?1, ?2, ?3, 1) \
             ON CONFLICT (provider, id) DO UPDATE SET seen_at = excluded.seen_at, done = 1",
        )
        .bind(&*event.provider)
        .bind(&*event.id)
        .bind(now.as_millisecond())
        .execute(&self.pool)
        .await
        .map(drop)
        .map_err(StoreError::new)
    }

    async fn release(&self, event: &LicenseEvent) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM anykey_deliveries WHERE provider = ?1 AND id = ?2 AND done = 0")
            .bind(&*event.provider)
            .bind(&*event.id)
            .execute(&self.pool)
            .await
            .map(drop)
            .map_err(StoreError::new)
    }
}

/// What is known of a delivery that could not be claimed. One that has vanished since comes again.
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

fn millisecond(now: Timestamp, before: SignedDuration) -> i64 {
    now.checked_sub(before).unwrap_or(Timestamp::MIN).as_millisecond()
}
