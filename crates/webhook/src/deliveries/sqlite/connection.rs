use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{Connection, Sqlite, SqliteConnection, SqlitePool};

use super::DatabaseFile;
use crate::StoreError;

/// A pooled connection that is closed on drop, unless [`release`](Self::release) marks it as sound.
///
/// The reason is a bug in sqlx: its worker for SQLite counts a transaction as open until a COMMIT or a ROLLBACK
/// succeeds (sqlx-sqlite 0.8.6, `connection/worker.rs`; 0.9 does the same). After an error such as `SQLITE_FULL`,
/// SQLite itself has rolled back, so the ROLLBACK on drop fails with "no transaction is active", and the count stays.
/// The pool does not detect this, because it only pings a returned connection. The next `begin` on the connection is
/// then a SAVEPOINT, a rollback leaves that savepoint open, and every later commit only releases a savepoint inside
/// it: it reports success, and nothing is stored. Therefore no connection returns to the pool after an error, or
/// after a dropped future, whose outcome is unknown.
pub(super) struct CheckedConnection {
    connection: PoolConnection<Sqlite>,
    is_sound: bool,
}

impl CheckedConnection {
    /// Takes a connection to `file` without an open transaction.
    pub(super) async fn acquire(pool: &SqlitePool, file: &DatabaseFile) -> Result<Self, StoreError> {
        loop {
            // Checked first: a connection to a replaced file could damage both files.
            file.require_in_place()?;
            let connection = pool.acquire().await.map_err(|error| file.not_begun(error))?;
            let checked = Self { connection, is_sound: false };
            file.require_in_place()?;
            // The app's own use of the pool may have left a transaction open. Then the connection is dropped, which
            // closes it, and the next one is tried.
            if !checked.is_in_transaction() {
                return Ok(checked);
            }
        }
    }

    /// Returns the connection to the pool after successful work.
    ///
    /// Fails if `file` is no longer at its path, because the data was then written to a deleted file.
    pub(super) fn release(mut self, file: &DatabaseFile) -> Result<(), StoreError> {
        file.require_in_place()?;
        self.is_sound = true;
        Ok(())
    }
}

impl Deref for CheckedConnection {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for CheckedConnection {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Drop for CheckedConnection {
    fn drop(&mut self) {
        if !self.is_sound {
            self.connection.close_on_drop();
        }
    }
}
