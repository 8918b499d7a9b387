use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{Connection, Sqlite, SqliteConnection, SqlitePool};

use super::DatabaseFile;
use crate::StoreError;

/// A connection of a pool that is closed on drop, unless [`release`](Self::release) says that it is sound.
///
/// The fault is sqlx's: its worker for SQLite counts a transaction as open until a COMMIT or a ROLLBACK succeeds
/// (sqlx-sqlite 0.8.6, `connection/worker.rs`; 0.9 does the same). After an error such as `SQLITE_FULL`, SQLite
/// itself has rolled back, so the ROLLBACK on drop fails with "no transaction is active", and the count stays.
/// The pool notices nothing, since it only pings a connection that comes back. The next `begin` on it is then a
/// SAVEPOINT, a rollback leaves that savepoint open, and every later commit merely releases a savepoint inside
/// of it: it reports success, and nothing reaches the disk. Hence no connection goes back after an error, nor
/// after a future that was dropped, whose outcome nobody has seen.
pub(super) struct CheckedConnection {
    connection: PoolConnection<Sqlite>,
    is_sound: bool,
}

impl CheckedConnection {
    /// Takes a connection that is in no transaction and is open on `file`.
    pub(super) async fn acquire(pool: &SqlitePool, file: &DatabaseFile) -> Result<Self, StoreError> {
        loop {
            // Before: a connection to a file that took the other's place could damage both.
            file.require_in_place()?;
            let connection = pool.acquire().await.map_err(StoreError::new)?;
            let checked = Self { connection, is_sound: false };
            file.require_in_place()?;
            // The app's own use of the pool may have left a transaction open: then the connection is dropped, and
            // so closed, and the next one is tried.
            if !checked.is_in_transaction() {
                return Ok(checked);
            }
        }
    }

    /// Gives the connection back to the pool after work that succeeded.
    ///
    /// Fails when `file` is no longer the file at its path: what was written went to a file without a name.
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
