use std::path::Path;
use std::time::Duration;

use anykey::webhook::sqlx::postgres::PgPoolOptions;
use anykey::webhook::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use anykey::webhook::sqlx::{Executor, PgPool, SqlitePool};
use anykey::webhook::{PostgresDeliveries, SqliteDeliveries, StoreError};

use super::{Database, Store};

/// Instants are microseconds since 1970, so that SQL can compare them.
const SCHEMA: &str = include_str!("../schema.sql");
const POSTGRES_SCHEMA: &str = include_str!("../schema.postgres.sql");

/// Together less than the 10 seconds that Polar waits for an answer.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(4);
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);

impl Store {
    /// Opens the database file, and creates it when it does not exist.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or written to.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A delivery that was answered with success never comes again: it has to be on the disk.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(LOCK_TIMEOUT);
        // SQLite writes one transaction at a time: waiting for the connection is fair, for the lock it is not.
        let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(CONNECTION_TIMEOUT);
        Self::with_pool(pool.connect_with(options).await.map_err(StoreError::new)?).await
    }

    /// Uses the database behind `pool`, and creates the tables that do not exist.
    ///
    /// # Errors
    ///
    /// When the database does not answer or may not be written to.
    pub async fn with_pool(pool: SqlitePool) -> Result<Self, StoreError> {
        let deliveries = SqliteDeliveries::open(pool).await?;
        let mut transaction = deliveries.transaction().await?;
        transaction.execute(SCHEMA).await.map_err(StoreError::new)?;
        transaction.commit().await?;
        Ok(Self { database: Database::Sqlite(deliveries) })
    }

    /// Opens the PostgreSQL database at `url`, which several receivers may share, and creates the tables that do not
    /// exist.
    ///
    /// # Errors
    ///
    /// When the database does not answer or may not be written to.
    pub async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new().acquire_timeout(CONNECTION_TIMEOUT);
        Self::with_postgres(pool.connect(url).await.map_err(StoreError::new)?).await
    }

    /// As [`open_postgres`](Self::open_postgres), behind `pool`.
    ///
    /// # Errors
    ///
    /// When the database does not answer or may not be written to.
    pub async fn with_postgres(pool: PgPool) -> Result<Self, StoreError> {
        let deliveries = PostgresDeliveries::open(pool).await?;
        let mut transaction = deliveries.transaction().await?;
        // Receivers that start together create the tables one after the other.
        transaction.execute("SELECT pg_advisory_xact_lock(7261)").await.map_err(StoreError::new)?;
        transaction.execute(POSTGRES_SCHEMA).await.map_err(StoreError::new)?;
        transaction.commit().await?;
        Ok(Self { database: Database::Postgres(deliveries) })
    }
}
