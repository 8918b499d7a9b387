use std::path::Path;
use std::time::Duration;

use anykey::webhook::sqlx::postgres::PgPoolOptions;
use anykey::webhook::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use anykey::webhook::sqlx::{Executor, PgPool, SqlitePool};
use anykey::webhook::{Claim, PostgresDeliveries, SqliteDeliveries, StoreError};
use anykey::{CustomerId, LicenseEvent, LicenseKeyId, Timestamp, UnreadableDelivery};

use self::statements::{postgres, sqlite};
use crate::KeyState;

mod statements;

/// Instants are microseconds since 1970, so that SQL can compare them.
const SCHEMA: &str = include_str!("schema.sql");
const POSTGRES_SCHEMA: &str = include_str!("schema.postgres.sql");

/// Together less than the 10 seconds that Polar waits for an answer.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(4);
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);

/// The app's database: its license keys, what happened to them, and which deliveries it has seen.
///
/// Everything is read and written in transactions of [`SqliteDeliveries`] or [`PostgresDeliveries`]: what they commit is
/// stored, and a connection whose transaction failed does no harm.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

#[derive(Clone, Debug)]
enum Database {
    Sqlite(SqliteDeliveries),
    Postgres(PostgresDeliveries),
}

/// What the table says about a key.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KnownKey {
    /// The key's record.
    pub id: LicenseKeyId,
    /// Whether its status lets it be used, expiry apart.
    pub in_force: bool,
    /// The instant whose state this is.
    pub as_of: Timestamp,
}

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

    /// Records the delivery of `event` and writes what it says, both or neither. A delivery that was applied before
    /// writes nothing.
    ///
    /// # Errors
    ///
    /// When the database does not store it.
    pub async fn apply(
        &self,
        event: &LicenseEvent,
        states: &[KeyState],
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        match &self.database {
            Database::Sqlite(deliveries) => sqlite::apply(deliveries, event, states, now).await,
            Database::Postgres(deliveries) => postgres::apply(deliveries, event, states, now).await,
        }
    }

    /// Writes the states of keys without recording a delivery, each unless a more recent one is stored.
    ///
    /// # Errors
    ///
    /// When the database does not store them. None is written then.
    pub async fn write(&self, provider: &str, states: &[KeyState]) -> Result<(), StoreError> {
        match &self.database {
            Database::Sqlite(deliveries) => sqlite::write(deliveries, provider, states).await,
            Database::Postgres(deliveries) => postgres::write(deliveries, provider, states).await,
        }
    }

    /// Keeps a delivery that this version cannot read. Its body holds personal data.
    ///
    /// # Errors
    ///
    /// When the database does not store it.
    pub async fn keep_unreadable(
        &self,
        provider: &str,
        delivery: &UnreadableDelivery,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match &self.database {
            Database::Sqlite(deliveries) => {
                sqlite::keep_unreadable(deliveries, provider, delivery, now).await
            }
            Database::Postgres(deliveries) => {
                postgres::keep_unreadable(deliveries, provider, delivery, now).await
            }
        }
    }

    /// The keys of a customer, as far as they are known.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    pub async fn keys_of(&self, provider: &str, customer: &CustomerId) -> Result<Vec<KnownKey>, StoreError> {
        match &self.database {
            Database::Sqlite(deliveries) => sqlite::keys_of(deliveries, provider, customer).await,
            Database::Postgres(deliveries) => postgres::keys_of(deliveries, provider, customer).await,
        }
    }
}
