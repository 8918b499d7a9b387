use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{SqliteConnection, SqlitePool};

use crate::StoreError;

/// The database file that was at the path when the store was opened.
///
/// SQLite continues to write to a file that was removed or replaced, in WAL mode without an error, and all of these
/// writes are lost.
#[derive(Clone, Debug)]
pub(super) struct DatabaseFile(Option<Arc<Known>>);

#[derive(Debug)]
struct Known {
    path: PathBuf,
    identity: Identity,
    /// Whether the pool has one connection at most.
    has_one_connection: bool,
    /// Whether the write-ahead log was lost while several connections were open. A new connection starts another log
    /// beside the one that the others still write to, and mixes the two.
    lost_log: AtomicBool,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "the database file was moved, replaced or removed after it was opened; restore it or restart the process"
)]
struct NotInPlace;

#[derive(Debug, thiserror::Error)]
#[error(
    "the write-ahead log (-wal) beside the database was removed while it was in use; restart the process if this goes on"
)]
struct NoLog;

impl DatabaseFile {
    /// The file of `pool`. A database in memory has no file and is not checked.
    pub(super) fn of(pool: &SqlitePool) -> Self {
        let options = pool.connect_options();
        let known = || {
            let path = std::path::absolute(options.get_filename()).ok()?;
            let identity = identity(&path)?;
            let has_one_connection = pool.options().get_max_connections() == 1;
            Some(Arc::new(Known { path, identity, has_one_connection, lost_log: AtomicBool::new(false) }))
        };
        Self(known())
    }

    /// An unknown file, which is not checked.
    pub(super) const fn unknown() -> Self {
        Self(None)
    }

    /// Fails if another file, or none, is at the path now, or the write-ahead log was lost.
    pub(super) fn require_in_place(&self) -> Result<(), StoreError> {
        match &self.0 {
            Some(known) if identity(&known.path).as_ref() != Some(&known.identity) => {
                Err(StoreError::new(NotInPlace))
            }
            Some(known) if known.lost_log.load(Ordering::Relaxed) => Err(StoreError::new(NoLog)),
            _ => Ok(()),
        }
    }

    /// Fails if `connection`, which is in a transaction, writes to a write-ahead log that is not there.
    ///
    /// SQLite continues to write to a removed log without an error, and the next process finds nothing of it. With
    /// several connections all later transactions fail too.
    pub(super) async fn require_log(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let Some(known) = &self.0 else { return Ok(()) };
        // A log that cannot be looked for is not known to be missing.
        if known.log().try_exists().unwrap_or(true) {
            return Ok(());
        }
        let mode: String =
            sqlx::query_scalar("PRAGMA journal_mode").fetch_one(connection).await.map_err(StoreError::new)?;
        if mode != "wal" {
            return Ok(());
        }
        known.lose_log();
        Err(StoreError::new(NoLog))
    }

    /// The error for a connection or a transaction that did not begin because of `cause`.
    ///
    /// A connection that is opened after the log was removed makes an empty one, in which it misses what the others
    /// wrote: SQLite reports a short read. Then the log is not missing any more, and is lost nevertheless.
    pub(super) fn not_begun(&self, cause: sqlx::Error) -> StoreError {
        let code = cause.as_database_error().and_then(|error| error.code());
        if let Some(known) = self.0.as_ref().filter(|_| code.as_deref() == Some(SHORT_READ))
            && std::fs::metadata(known.log()).is_ok_and(|log| log.len() == 0)
        {
            known.lose_log();
        }
        StoreError::new(cause)
    }
}

/// `SQLITE_IOERR_SHORT_READ`
const SHORT_READ: &str = "522";

impl Known {
    /// The path of the write-ahead log.
    fn log(&self) -> PathBuf {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        log.into()
    }

    /// With one connection, which is closed after an error, the next one begins anew.
    fn lose_log(&self) {
        self.lost_log.store(!self.has_one_connection, Ordering::Relaxed);
    }
}

#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// On other systems an open database cannot be removed or replaced.
#[cfg(not(unix))]
type Identity = ();

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    std::fs::metadata(path).ok().map(drop)
}
