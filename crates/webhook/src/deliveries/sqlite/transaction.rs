use std::fmt;
use std::ops::{Deref, DerefMut};

use sqlx::{Executor, SqliteConnection, SqlitePool};

use super::{CheckedConnection, DatabaseFile};
use crate::StoreError;

/// A write transaction of [`SqliteDeliveries`](super::SqliteDeliveries). It dereferences to a `SqliteConnection`.
///
/// Changes made through it are stored only when [`commit`](Self::commit) returns `Ok`. Dropping it rolls everything
/// back and closes its connection.
///
/// sqlx does not know about the transaction, so `begin` on it is an error. For a nested transaction, use the
/// statement `SAVEPOINT`.
#[must_use = "a dropped transaction is rolled back"]
pub struct DeliveryTransaction {
    connection: CheckedConnection,
    file: DatabaseFile,
}

impl DeliveryTransaction {
    pub(super) async fn begin(pool: &SqlitePool, file: &DatabaseFile) -> Result<Self, StoreError> {
        let mut connection = CheckedConnection::acquire(pool, file).await?;
        // IMMEDIATE: SQLite waits for another writer here, instead of failing at the first write.
        connection.execute("BEGIN IMMEDIATE").await.map_err(|error| file.not_begun(error))?;
        Ok(Self { connection, file: file.clone() })
    }

    /// Commits the transaction.
    ///
    /// # Cancel safety
    ///
    /// The changes may be stored although the future was dropped, as after a client that hung up. The next attempt of
    /// the vendor finds the delivery recorded then, and applies it otherwise.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not store the changes. Answer the vendor with a failure. The connection
    /// is closed, and the next transaction opens another one.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.file.require_log(&mut self.connection).await?;
        run(&mut self.connection, "COMMIT").await?;
        self.file.require_log(&mut self.connection).await?;
        self.connection.release(&self.file)
    }

    /// Rolls the transaction back and returns the connection to the pool, whereas dropping closes it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database fails. The changes are not stored in that case either.
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
