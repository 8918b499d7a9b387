//! Database faults: everything that was reported as applied is stored, and the store works again after the fault.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anykey_core::LicenseEvent;
use anykey_webhook::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use anykey_webhook::sqlx::{self, Connection, SqliteConnection, SqlitePool};
use anykey_webhook::{Deliveries, SqliteClaim, SqliteDeliveries, StoreError};
use tempfile::TempDir;

use anykey_test_deliveries::{event, minute};
use anykey_testkit::drop_after;

/// An app's database, and the deliveries that the app reported as applied.
pub(crate) struct App {
    pub(crate) path: PathBuf,
    options: SqliteConnectOptions,
    pool: SqlitePool,
    deliveries: SqliteDeliveries,
    applied: Vec<String>,
    delivered: u32,
}

impl App {
    pub(crate) async fn open(folder: &Path, journal: SqliteJournalMode, connections: u32) -> Self {
        let path = folder.join("app.sqlite");
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(journal)
            .busy_timeout(Duration::from_millis(200));
        Self::with_options(path, options, connections).await
    }

    async fn with_options(path: PathBuf, options: SqliteConnectOptions, connections: u32) -> Self {
        let pool = SqlitePoolOptions::new().max_connections(connections);
        let pool = pool.connect_with(options.clone()).await.unwrap();
        sqlx::query("CREATE TABLE IF NOT EXISTS effects (id TEXT, pad BLOB)").execute(&pool).await.unwrap();
        let deliveries = SqliteDeliveries::open(pool.clone()).await.unwrap();
        Self { path, options, pool, deliveries, applied: Vec::new(), delivered: 0 }
    }

    async fn apply(&self, event: &LicenseEvent) -> Result<&'static str, StoreError> {
        let mut transaction = match self.deliveries.begin(event, minute(0)).await? {
            SqliteClaim::New(transaction) => transaction,
            SqliteClaim::InProgress => return Ok("in progress"),
            SqliteClaim::Done => return Ok("done"),
        };
        let effect = sqlx::query("INSERT INTO effects (id, pad) VALUES (?1, randomblob(3000))");
        effect.bind(&*event.id).execute(&mut *transaction).await.map_err(StoreError::new)?;
        transaction.commit().await?;
        Ok("new")
    }

    /// Delivers `count` events, each followed by a repeated one; returns how many were applied.
    pub(crate) async fn deliver(&mut self, count: usize) -> usize {
        let before = self.applied.len();
        for _ in 0..count {
            self.delivered += 1;
            let id = format!("msg_{}", self.delivered);
            if self.apply(&event("acme", &id)).await.is_ok() {
                self.applied.push(id);
            }
            if let Some(earlier) = self.applied.first() {
                let again = self.apply(&event("acme", earlier)).await;
                assert!(!matches!(again, Ok("new")), "{earlier} is applied twice");
            }
        }
        self.applied.len() - before
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    /// Asserts that every event that was reported as applied is stored once, with its effect.
    pub(crate) async fn assert_stored(self) {
        self.close().await;
        // The last connection of the pool may still write its log back.
        let patient = self.options.clone().busy_timeout(Duration::from_secs(10));
        let mut other = SqliteConnection::connect_with(&patient).await.unwrap();
        let effects: Vec<String> =
            sqlx::query_scalar("SELECT id FROM effects ORDER BY rowid").fetch_all(&mut other).await.unwrap();
        let recorded: i64 =
            sqlx::query_scalar("SELECT count(*) FROM anykey_deliveries").fetch_one(&mut other).await.unwrap();
        assert_eq!(effects, self.applied);
        assert_eq!(usize::try_from(recorded).unwrap(), self.applied.len());
        other.close().await.unwrap();
    }
}

#[tokio::test]
async fn deliveries_are_errors_while_the_database_cannot_grow() {
    for journal in [SqliteJournalMode::Wal, SqliteJournalMode::Delete] {
        for connections in [1, 3] {
            let folder = TempDir::new().unwrap();
            let path = folder.path().join("app.sqlite");
            let options = SqliteConnectOptions::new()
                .filename(&path)
                .create_if_missing(true)
                .journal_mode(journal)
                .pragma("max_page_count", "64");
            let mut app = App::with_options(path, options, connections).await;
            assert_eq!(app.deliver(10).await, 10);

            // An unlimited connection uses all the space of the limited ones, and frees it later.
            let unlimited = SqliteConnectOptions::new().filename(&app.path).journal_mode(journal);
            let mut filler = SqliteConnection::connect_with(&unlimited).await.unwrap();
            for statement in
                ["CREATE TABLE filler (pad BLOB)", "INSERT INTO filler VALUES (zeroblob(300000))"]
            {
                sqlx::query(statement).execute(&mut filler).await.unwrap();
            }
            assert!(app.deliver(10).await < 3, "the database is full");
            sqlx::query("DELETE FROM filler").execute(&mut filler).await.unwrap();
            filler.close().await.unwrap();

            assert_eq!(app.deliver(20).await, 20, "{journal:?}, {connections} connections");
            app.assert_stored().await;
        }
    }
}

#[tokio::test]
async fn a_database_locked_by_another_process_is_an_error_until_it_is_unlocked() {
    let folder = TempDir::new().unwrap();
    let mut app = App::open(folder.path(), SqliteJournalMode::Wal, 2).await;
    let mut other = SqliteConnection::connect_with(&app.options).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    assert_eq!(app.deliver(2).await, 0);
    assert!(app.deliveries.claim(&event("acme", "msg_claimed"), minute(0)).await.is_err());
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    assert_eq!(app.deliver(5).await, 5);
    app.assert_stored().await;
}

#[tokio::test]
async fn a_commit_blocked_by_a_reader_is_an_error_and_can_be_repeated() {
    let folder = TempDir::new().unwrap();
    let mut app = App::open(folder.path(), SqliteJournalMode::Delete, 1).await;
    assert_eq!(app.deliver(1).await, 1);
    let mut reader = SqliteConnection::connect_with(&app.options).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT count(*) FROM effects").execute(&mut reader).await.unwrap();
    assert_eq!(app.deliver(3).await, 0, "the reader's lock blocks the commit");
    sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
    reader.close().await.unwrap();
    assert_eq!(app.apply(&event("acme", "msg_2")).await.unwrap(), "new");
    app.applied.push("msg_2".to_owned());
    assert_eq!(app.deliver(5).await, 5);
    app.assert_stored().await;
}

#[tokio::test]
async fn a_read_only_database_is_an_error() {
    let folder = TempDir::new().unwrap();
    let app = App::open(folder.path(), SqliteJournalMode::Delete, 1).await;
    app.pool.close().await;
    let options = app.options.clone().read_only(true).create_if_missing(false);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let deliveries = SqliteDeliveries::open(pool).await.unwrap();
    assert!(deliveries.begin(&event("acme", "msg_1"), minute(0)).await.is_err());
    assert!(deliveries.claim(&event("acme", "msg_1"), minute(0)).await.is_err());
    assert!(deliveries.finish(&event("acme", "msg_1"), minute(0)).await.is_err());
}

#[tokio::test]
async fn a_corrupt_database_is_an_error_until_it_is_restored_in_place() {
    let folder = TempDir::new().unwrap();
    let mut app = App::open(folder.path(), SqliteJournalMode::Delete, 2).await;
    assert_eq!(app.deliver(3).await, 3);
    let good = std::fs::read(&app.path).unwrap();
    std::fs::write(&app.path, vec![0x5A; good.len()]).unwrap();
    assert_eq!(app.deliver(3).await, 0);
    std::fs::write(&app.path, good).unwrap();
    assert_eq!(app.deliver(3).await, 3);
    app.assert_stored().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_removed_or_replaced_database_is_an_error_until_it_is_restored() {
    for journal in [SqliteJournalMode::Wal, SqliteJournalMode::Delete] {
        let folder = TempDir::new().unwrap();
        let mut app = App::open(folder.path(), journal, 2).await;
        assert_eq!(app.deliver(3).await, 3);
        let aside = folder.path().join("aside");
        std::fs::rename(&app.path, &aside).unwrap();
        assert_eq!(app.deliver(3).await, 0, "{journal:?}: there is no file");
        std::fs::copy(&aside, &app.path).unwrap();
        assert_eq!(app.deliver(3).await, 0, "{journal:?}: another file is there");
        std::fs::rename(&aside, &app.path).unwrap();
        assert_eq!(app.deliver(3).await, 3, "{journal:?}");
        app.assert_stored().await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_commit_into_a_removed_file_is_an_error() {
    let folder = TempDir::new().unwrap();
    let app = App::open(folder.path(), SqliteJournalMode::Wal, 1).await;
    let one = event("acme", "msg_1");
    let SqliteClaim::New(transaction) = app.deliveries.begin(&one, minute(0)).await.unwrap() else {
        panic!("it is new");
    };
    std::fs::remove_file(&app.path).unwrap();
    let error = transaction.commit().await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("removed"), "{cause}");
}

/// SQLite writes on into a log that was removed, and a process that is killed then leaves nothing of it.
#[cfg(unix)]
#[tokio::test]
async fn nothing_is_applied_into_a_removed_write_ahead_log() {
    for connections in [1, 3] {
        let folder = TempDir::new().unwrap();
        let mut app = App::open(folder.path(), SqliteJournalMode::Wal, connections).await;
        assert_eq!(app.deliver(3).await, 3);
        let log = folder.path().join("app.sqlite-wal");
        std::fs::remove_file(&log).unwrap();
        let error = app.apply(&event("acme", "msg_x")).await.unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        // A connection that the pool opens just then finds an empty log: SQLite reports that itself, as a short read.
        assert!(cause.contains("-wal") || (connections > 1 && cause.contains("522")), "{cause}");
        if connections > 1 {
            assert_eq!(app.deliver(10).await, 0, "two logs would be mixed");
            // Which of the logs is written back at the end is a matter of chance.
            continue;
        }
        assert_eq!(app.deliver(10).await, 10, "the only connection was closed, so nothing was lost");
        // What another process would find now.
        let copy = folder.path().join("copy.sqlite");
        std::fs::copy(&app.path, &copy).unwrap();
        std::fs::copy(&log, folder.path().join("copy.sqlite-wal")).unwrap();
        let options = SqliteConnectOptions::new().filename(&copy);
        let mut other = SqliteConnection::connect_with(&options).await.unwrap();
        let effects: Vec<String> =
            sqlx::query_scalar("SELECT id FROM effects ORDER BY rowid").fetch_all(&mut other).await.unwrap();
        assert_eq!(effects, app.applied);
        other.close().await.unwrap();
        app.assert_stored().await;
    }
}

#[tokio::test]
async fn a_connection_that_the_app_left_in_a_transaction_is_not_used() {
    let folder = TempDir::new().unwrap();
    let mut app = App::open(folder.path(), SqliteJournalMode::Wal, 1).await;
    let mut connection = app.pool.acquire().await.unwrap();
    std::mem::forget(Connection::begin(&mut *connection).await.unwrap());
    drop(connection);
    assert_eq!(app.deliver(3).await, 3);
    app.assert_stored().await;
}

/// As by a server whose client hangs up.
#[tokio::test]
async fn a_delivery_that_is_dropped_at_any_await_is_applied_once_in_the_end() {
    for connections in [1, 3] {
        let folder = TempDir::new().unwrap();
        let mut app = App::open(folder.path(), SqliteJournalMode::Wal, connections).await;
        let mut dropped = 0;
        // How often it waits depends on SQLite's thread, so each number of awaits is tried several times.
        for (round, waits) in (0..5).flat_map(|round| (0..10).map(move |waits| (round, waits))) {
            let id = format!("msg_{round}_{waits}");
            let one = event("acme", &id);
            dropped += u32::from(!drop_after(waits, app.apply(&one)).await);
            assert!(matches!(app.apply(&one).await.unwrap(), "new" | "done"), "{waits} awaits");
            assert_eq!(app.apply(&one).await.unwrap(), "done", "{waits} awaits");
            app.applied.push(id);
        }
        assert!(dropped > 5, "{dropped} were dropped");
        app.assert_stored().await;
    }
}
