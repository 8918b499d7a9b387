//! Deliveries in the app's own database.

use anykey_core::{LicenseEvent, SignedDuration};
use anykey_webhook::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use anykey_webhook::sqlx::{self, SqlitePool};
use anykey_webhook::{Claim, Deliveries, SqliteClaim, SqliteDeliveries};
use tempfile::TempDir;

use anykey_test_deliveries::{
    a_claim_ends_with_its_lease, applies_once, event, minute, runs_an_effect_until_it_succeeds,
};

async fn pool(folder: &TempDir) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("app.sqlite"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await.unwrap();
    sqlx::query("CREATE TABLE IF NOT EXISTS seen (id TEXT NOT NULL)").execute(&pool).await.unwrap();
    pool
}

async fn open(pool: &SqlitePool) -> SqliteDeliveries {
    SqliteDeliveries::open(pool.clone()).await.unwrap().window(SignedDuration::from_hours(1))
}

async fn seen(pool: &SqlitePool) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM seen").fetch_one(pool).await.unwrap()
}

/// Applies `event` as an endpoint does; without `commit` it stops before the commit.
async fn apply(deliveries: &SqliteDeliveries, event: &LicenseEvent, commit: bool) -> Claim {
    let mut transaction = match deliveries.begin(event, minute(0)).await.unwrap() {
        SqliteClaim::New(transaction) => transaction,
        SqliteClaim::InProgress => return Claim::InProgress,
        SqliteClaim::Done => return Claim::Done,
    };
    let insert = sqlx::query("INSERT INTO seen (id) VALUES (?1)").bind(&*event.id);
    insert.execute(&mut *transaction).await.unwrap();
    if commit {
        transaction.commit().await.unwrap();
    }
    Claim::New
}

#[tokio::test]
async fn the_sqlite_store_behaves_like_every_store() {
    let folder = TempDir::new().unwrap();
    applies_once(&open(&pool(&folder).await).await).await;
    let folder = TempDir::new().unwrap();
    a_claim_ends_with_its_lease(&open(&pool(&folder).await).await).await;
    let folder = TempDir::new().unwrap();
    runs_an_effect_until_it_succeeds(&open(&pool(&folder).await).await).await;
}

#[tokio::test]
async fn a_delivery_without_commit_is_applied_by_the_next_attempt_only() {
    let folder = TempDir::new().unwrap();
    let one = event("acme", "msg_1");
    {
        let pool = pool(&folder).await;
        assert_eq!(apply(&open(&pool).await, &one, false).await, Claim::New);
        pool.close().await;
    }
    let pool = pool(&folder).await;
    let deliveries = open(&pool).await;
    assert_eq!(seen(&pool).await, 0);
    assert_eq!(apply(&deliveries, &one, true).await, Claim::New);
    assert_eq!(apply(&deliveries, &one, true).await, Claim::Done);
    assert_eq!(deliveries.claim(&one, minute(1)).await.unwrap(), Claim::Done);
    assert_eq!(seen(&pool).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_attempts_apply_each_delivery_once() {
    let folder = TempDir::new().unwrap();
    let pool = pool(&folder).await;
    let deliveries = open(&pool).await;
    let mut attempts = tokio::task::JoinSet::new();
    for attempt in 0..60 {
        let deliveries = deliveries.clone();
        attempts.spawn(async move {
            let one = event("acme", &format!("msg_{}", attempt % 20));
            apply(&deliveries, &one, true).await
        });
    }
    let claims = attempts.join_all().await;
    assert_eq!(claims.iter().filter(|claim| **claim == Claim::New).count(), 20);
    assert_eq!(seen(&pool).await, 20);
}

#[tokio::test]
async fn a_closed_database_is_an_error() {
    let folder = TempDir::new().unwrap();
    let pool = pool(&folder).await;
    let deliveries = open(&pool).await;
    pool.close().await;
    let error = deliveries.claim(&event("acme", "msg_1"), minute(0)).await.unwrap_err();
    assert_eq!(error.to_string(), "the store of webhook deliveries failed");
    assert!(std::error::Error::source(&error).is_some());
}
