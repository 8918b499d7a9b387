use std::fmt;
use std::ops::{Deref, DerefMut};

use sqlx::{Executor, PgConnection, PgPool, Postgres, Transaction};

use crate::StoreError;

/// A transaction of [`PostgresDeliveries`](super::PostgresDeliveries). It dereferences to a `PgConnection`.
///
/// Changes made through it are stored only when [`commit`](Self::commit) returns `Ok`. Dropping it rolls everything
/// back. `begin` on it starts a nested transaction, which is a savepoint.
#[must_use = "a dropped transaction is rolled back"]
pub struct PostgresTransaction(Transaction<'static, Postgres>);

impl PostgresTransaction {
    pub(super) async fn begin(pool: &PgPool) -> Result<Self, StoreError> {
        pool.begin().await.map(Self).map_err(StoreError::new)
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
    /// [`StoreError`] when the database does not store the changes, also because an earlier statement of the
    /// transaction failed. Answer the vendor with a failure.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        // After a failed statement PostgreSQL answers COMMIT with success and rolls back (as documented for COMMIT).
        // Any other statement is an error then.
        self.0.execute("SELECT 1").await.map_err(StoreError::new)?;
        self.0.commit().await.map_err(StoreError::new)
    }

    /// Rolls the transaction back.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database fails. The changes are not stored in that case either.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.0.rollback().await.map_err(StoreError::new)
    }
}

impl Deref for PostgresTransaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.0
    }
}

impl DerefMut for PostgresTransaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.0
    }
}

impl fmt::Debug for PostgresTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresTransaction").finish_non_exhaustive()
    }
}
