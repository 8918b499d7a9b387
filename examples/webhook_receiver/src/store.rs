use anykey::webhook::{Claim, PostgresDeliveries, SqliteDeliveries, StoreError};
use anykey::{CustomerId, LicenseEvent, LicenseKeyId, Timestamp, UnreadableDelivery};

use self::statements::{postgres, sqlite};
use crate::KeyState;

mod open;
mod statements;

/// The app's database: its license keys, what happened to them, and which deliveries it has seen.
///
/// Everything is read and written in transactions of [`SqliteDeliveries`] or [`PostgresDeliveries`]: what they commit
/// is stored, and a connection whose transaction failed does no harm.
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
