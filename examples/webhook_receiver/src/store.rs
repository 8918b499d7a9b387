use std::path::Path;
use std::time::Duration;

use anykey::webhook::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use anykey::webhook::sqlx::{self, Executor, Row, SqliteConnection, SqlitePool};
use anykey::webhook::{Claim, SqliteClaim, SqliteDeliveries, StoreError};
use anykey::{CustomerId, LicenseEvent, LicenseKeyId, ProductId, Timestamp, UnreadableDelivery};

use crate::KeyState;

/// Instants are microseconds since 1970, so that SQL can compare them.
const SCHEMA: &str = include_str!("schema.sql");

/// Together less than the 10 seconds that Polar waits for an answer.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(4);
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);

/// The app's database: its license keys, what happened to them, and which deliveries it has seen.
///
/// Everything is read and written in transactions of [`SqliteDeliveries`], which close their connection after any
/// error: a connection whose transaction failed must not go back to the pool.
#[derive(Clone, Debug)]
pub struct Store {
    deliveries: SqliteDeliveries,
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
        Ok(Self { deliveries })
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
        let mut transaction = match self.deliveries.begin(event, now).await? {
            SqliteClaim::New(transaction) => transaction,
            SqliteClaim::InProgress => return Ok(Claim::InProgress),
            SqliteClaim::Done => return Ok(Claim::Done),
        };
        write(&mut transaction, event, states, now).await.map_err(StoreError::new)?;
        transaction.commit().await?;
        Ok(Claim::New)
    }

    /// Writes the states of keys without recording a delivery, each unless a more recent one is stored.
    ///
    /// # Errors
    ///
    /// When the database does not store them. None is written then.
    pub async fn write(&self, provider: &str, states: &[KeyState]) -> Result<(), StoreError> {
        if states.is_empty() {
            return Ok(());
        }
        let mut transaction = self.deliveries.transaction().await?;
        for state in states {
            write_key(&mut transaction, provider, state).await.map_err(StoreError::new)?;
        }
        transaction.commit().await
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
        let mut transaction = self.deliveries.transaction().await?;
        sqlx::query(
            "INSERT INTO unreadable (provider, id, cause, body, received_at) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (provider, id) DO NOTHING",
        )
        .bind(provider)
        .bind(delivery.id())
        .bind(delivery.cause())
        .bind(delivery.body().expose())
        .bind(now.as_microsecond())
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::new)?;
        transaction.commit().await
    }

    /// The keys of a customer, as far as they are known.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    pub async fn keys_of(&self, provider: &str, customer: &CustomerId) -> Result<Vec<KnownKey>, StoreError> {
        let mut transaction = self.deliveries.transaction().await?;
        let select = "SELECT id, in_force, as_of FROM license_keys WHERE provider = ?1 AND customer = ?2";
        let known = sqlx::query(select)
            .bind(provider)
            .bind(customer.as_str())
            .try_map(|row: SqliteRow| {
                let as_of = Timestamp::from_microsecond(row.try_get("as_of")?);
                Ok(KnownKey {
                    id: row.try_get::<String, _>("id")?.into(),
                    in_force: row.try_get("in_force")?,
                    as_of: as_of.map_err(|error| sqlx::Error::Decode(error.into()))?,
                })
            })
            .fetch_all(&mut *transaction)
            .await
            .map_err(StoreError::new)?;
        transaction.rollback().await?;
        Ok(known)
    }
}

async fn write(
    transaction: &mut SqliteConnection,
    event: &LicenseEvent,
    states: &[KeyState],
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO events (provider, id, kind, raw_type, key_id, customer, as_of, received_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(&*event.provider)
    .bind(&*event.id)
    .bind(event.kind.to_string())
    .bind(&*event.raw_type)
    .bind(event.key_id.as_ref().map(LicenseKeyId::as_str))
    .bind(event.customer.as_ref().map(CustomerId::as_str))
    .bind(event.as_of.as_microsecond())
    .bind(now.as_microsecond())
    .execute(&mut *transaction)
    .await?;
    for state in states {
        write_key(transaction, &event.provider, state).await?;
    }
    if let Some(id) = &event.key_id {
        sqlx::query("UPDATE license_keys SET deliveries = deliveries + 1 WHERE provider = ?1 AND id = ?2")
            .bind(&*event.provider)
            .bind(id.as_str())
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// Writes the state of one key, unless a more recent one is stored.
async fn write_key(transaction: &mut SqliteConnection, provider: &str, state: &KeyState) -> sqlx::Result<()> {
    let Some(key) = &state.key else {
        return sqlx::query(
            "UPDATE license_keys SET status = 'gone', in_force = 0, as_of = ?3 \
             WHERE provider = ?1 AND id = ?2 AND as_of <= ?3",
        )
        .bind(provider)
        .bind(state.id.as_str())
        .bind(state.as_of.as_microsecond())
        .execute(transaction)
        .await
        .map(drop);
    };
    sqlx::query(
        "INSERT INTO license_keys (provider, id, code_hint, status, in_force, expires_at, as_of) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (provider, id) DO UPDATE SET \
         code_hint = excluded.code_hint, status = excluded.status, in_force = excluded.in_force, \
         expires_at = excluded.expires_at, as_of = excluded.as_of \
         WHERE excluded.as_of >= license_keys.as_of",
    )
    .bind(provider)
    .bind(state.id.as_str())
    .bind(key.code.masked().to_string())
    .bind(key.status.to_string())
    .bind(key.status.is_usable())
    .bind(key.expiry.at().map(Timestamp::as_microsecond))
    .bind(state.as_of.as_microsecond())
    .execute(&mut *transaction)
    .await?;
    // Who bought what does not change. Not every delivery names both, and an older one may.
    sqlx::query(
        "UPDATE license_keys SET customer = coalesce(customer, ?3), product = coalesce(product, ?4) \
         WHERE provider = ?1 AND id = ?2",
    )
    .bind(provider)
    .bind(state.id.as_str())
    .bind(key.customer.as_ref().map(CustomerId::as_str))
    .bind(key.product.as_ref().map(ProductId::as_str))
    .execute(transaction)
    .await
    .map(drop)
}
