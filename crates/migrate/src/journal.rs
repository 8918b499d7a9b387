//! What a migration has done, on disk: it survives the end of the process at any point.

mod entry;
mod file;
mod index;

use std::fmt;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteLockingMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, Row, SqliteConnection};

use crate::MigrateError;
use crate::digest::Salt;

pub use entry::Entry;
pub(crate) use index::Claim;

/// Names the file as one of ours: `anyk`.
const APPLICATION: i64 = 0x616e_796b;

/// The entries are on disk. What is known of the target's keys is temporary: SQLite keeps it in memory up to its
/// cache's size, and beyond that in a file that nobody else can open.
const SCHEMA: &str = "\
    CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;\
    CREATE TABLE IF NOT EXISTS entries (\
        source TEXT PRIMARY KEY, code BLOB NOT NULL, state TEXT NOT NULL, target TEXT, detail TEXT NOT NULL, \
        losses TEXT NOT NULL, sent_at INTEGER) WITHOUT ROWID;\
    CREATE TEMP TABLE target_keys (\
        code BLOB PRIMARY KEY, id TEXT NOT NULL, product TEXT, customer BLOB, activation_limit TEXT NOT NULL, \
        expiry TEXT NOT NULL, is_off INTEGER NOT NULL, created_at INTEGER, copies INTEGER NOT NULL) WITHOUT ROWID;\
    CREATE TEMP TABLE claims (code BLOB PRIMARY KEY, source TEXT NOT NULL) WITHOUT ROWID;";

/// The journal of one migration, in an SQLite file that only its owner can read.
///
/// It has an entry for each key of the source: its record id, a keyed digest of its code, how far it is, and the id of
/// the key at the target. It holds neither codes nor customers. The state of a key is written before a request is sent
/// for it, and again when the answer is there, so that a process that ends in between leaves the question open instead
/// of forgetting it.
///
/// One process works with it at a time. A journal belongs to one pair of providers, by their names.
pub struct Journal {
    connection: SqliteConnection,
    salt: Salt,
}

impl Journal {
    /// Opens the journal at `path`, or creates it with mode 0600.
    ///
    /// # Errors
    ///
    /// [`MigrateError::Journal`] when the file is no journal, is in use by another process, or cannot be written.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, MigrateError> {
        let path = path.as_ref();
        file::create_private(path)?;
        Self::connect(SqliteConnectOptions::new().filename(path)).await
    }

    /// Opens the journal at `path`, which exists.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open), and [`MigrateError::Journal`] when there is no such file.
    pub async fn open_existing(path: impl AsRef<Path>) -> Result<Self, MigrateError> {
        let path = path.as_ref();
        match path.exists() {
            true => Self::open(path).await,
            false => Err(MigrateError::journal(format!("there is none at {}", path.display()))),
        }
    }

    /// A journal in memory, for a plan before there is a run.
    ///
    /// # Errors
    ///
    /// [`MigrateError::Journal`] when the database fails.
    pub async fn in_memory() -> Result<Self, MigrateError> {
        Self::connect(SqliteConnectOptions::new().in_memory(true)).await
    }

    /// Removes the journal at `path` and what SQLite keeps beside it. A migration cannot be resumed or undone after
    /// that.
    ///
    /// # Errors
    ///
    /// [`MigrateError::Journal`] when there is no such file, it is no journal, or it is in use.
    pub async fn forget(path: impl AsRef<Path>) -> Result<(), MigrateError> {
        let path = path.as_ref();
        Self::open_existing(path).await?.close().await?;
        file::remove(path)
    }

    /// Writes everything to the one file and closes it. A dropped journal has everything too, in the files beside it.
    ///
    /// # Errors
    ///
    /// [`MigrateError::Journal`] when the database fails.
    pub async fn close(self) -> Result<(), MigrateError> {
        Ok(self.connection.close().await?)
    }

    async fn connect(options: SqliteConnectOptions) -> Result<Self, MigrateError> {
        let options = options
            .locking_mode(SqliteLockingMode::Exclusive)
            .synchronous(SqliteSynchronous::Full)
            .create_if_missing(false)
            .disable_statement_logging();
        let mut connection = options.connect().await.map_err(file::not_a_journal)?;
        let application: i64 = sqlx::query_scalar("PRAGMA application_id")
            .fetch_one(&mut connection)
            .await
            .map_err(file::not_a_journal)?;
        let tables: i64 =
            sqlx::query_scalar("SELECT count(*) FROM sqlite_master").fetch_one(&mut connection).await?;
        if application != APPLICATION && tables > 0 {
            return Err(MigrateError::journal("the file is no journal of a migration"));
        }
        let application = format!("PRAGMA application_id = {APPLICATION}");
        // Only now, since it would change a database that is somebody else's.
        connection.execute("PRAGMA journal_mode = WAL").await?;
        connection.execute(application.as_str()).await?;
        connection.execute(SCHEMA).await?;
        sqlx::query("INSERT INTO about (name, value) VALUES ('salt', randomblob(32)) ON CONFLICT DO NOTHING")
            .execute(&mut connection)
            .await?;
        let salt: Vec<u8> = sqlx::query_scalar("SELECT value FROM about WHERE name = 'salt'")
            .fetch_one(&mut connection)
            .await?;
        Ok(Self { salt: Salt::new(&salt)?, connection })
    }

    pub(crate) const fn salt(&self) -> &Salt {
        &self.salt
    }

    /// Ties the journal to a pair of providers, unless it is tied to another one.
    pub(crate) async fn bind(&mut self, source: &str, target: &str) -> Result<(), MigrateError> {
        for (name, value) in [("source", source), ("target", target)] {
            sqlx::query("INSERT INTO about (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
                .bind(name)
                .bind(value.as_bytes())
                .execute(&mut self.connection)
                .await?;
        }
        self.check_pair(source, target).await
    }

    /// Fails if the journal belongs to another pair of providers. A new one belongs to none yet.
    pub(crate) async fn check_pair(&mut self, source: &str, target: &str) -> Result<(), MigrateError> {
        match self.pair().await? {
            Some((known_source, known_target)) if known_source != source || known_target != target => {
                Err(MigrateError::journal(format!(
                    "it belongs to the migration from `{known_source}` to `{known_target}`; choose another file"
                )))
            }
            _ => Ok(()),
        }
    }

    /// The names of the providers that it belongs to: source and target. `None` for a new one.
    ///
    /// # Errors
    ///
    /// [`MigrateError::Journal`] when the database fails.
    pub async fn pair(&mut self) -> Result<Option<(String, String)>, MigrateError> {
        let mut names = [None, None];
        for (name, place) in ["source", "target"].into_iter().zip(&mut names) {
            let row = sqlx::query("SELECT value FROM about WHERE name = ?1").bind(name);
            let row = row.fetch_optional(&mut self.connection).await?;
            let bytes: Option<Vec<u8>> = row.map(|row| row.try_get(0)).transpose()?;
            *place = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        }
        let [source, target] = names;
        Ok(source.zip(target))
    }

    /// Runs `statement`, which takes no values.
    async fn execute(&mut self, statement: &'static str) -> Result<(), MigrateError> {
        self.connection.execute(statement).await?;
        Ok(())
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").finish_non_exhaustive()
    }
}
