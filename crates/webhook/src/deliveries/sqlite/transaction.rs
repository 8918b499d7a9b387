use std::fmt;
use std::ops::{Deref, DerefMut};

use sqlx::{Executor, SqliteConnection, SqlitePool};

use super::{CheckedConnection, DatabaseFile};
use crate::StoreError;

/// A write transaction of [`SqliteDeliveries`](super::SqliteDeliveries), used as a `SqliteConnection`.
///
/// What is changed through it is stored when [`commit`](Self::commit) returns `Ok`, and only then. Dropping it
/// takes everything back and closes its connection.
///
/// sqlx does not know about the transaction, so `begin` on it is an error; nest with the statement `SAVEPOINT`.
#[must_use = "a transaction that is dropped changes nothing"]
pub struct DeliveryTransaction {
    connection: CheckedConnection,
    file: DatabaseFile,
}

impl DeliveryTransaction {
    pub(super) async fn begin(pool: &SqlitePool, file: &DatabaseFile) -> Result<Self, StoreError> {
        let mut connection = CheckedConnection::acquire(pool, file).await?;
        // IMMEDIATE: SQLite waits for another writer here, instead of giving up at the first write.
        run(&mut connection, "BEGIN IMMEDIATE").await?;
        Ok(Self { connection, file: file.clone() })
    }

    /// Stores what was changed.
    ///
    /// # Errors
    ///
    /// When the database does not store it: answer the vendor with a failure. The connection is closed then, and
    /// the next transaction opens another one.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        run(&mut self.connection, "COMMIT").await?;
        self.connection.release(&self.file)
    }

    /// Takes back what was changed, and keeps the connection where that succeeds; dropping closes it.
    ///
    /// # Errors
    ///
    /// When the database does not answer. Nothing is changed then either.
    pub async fn rollback(mut self) -> Result<(), StoreError> {
        run(&mut self.connection, "ROLLBACK").await?;
        self.connection.release(&self.file)
    }
}

impl Deref for DeliveryTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for DeliveryTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl fmt::Debug for DeliveryTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeliveryTransaction").finish_non_exhaustive()
    }
}

async fn run(connection: &mut SqliteConnection, statement: &'static str) -> Result<(), StoreError> {
    connection.execute(statement).await.map(drop).map_err(StoreError::new)
}
