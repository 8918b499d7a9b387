//! Deliveries in the app's own PostgreSQL database.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anykey_core::{LicenseEvent, SignedDuration};
use anykey_test_servers::PostgresServer;
use anykey_webhook::sqlx::postgres::{PgPool, PgPoolOptions};
use anykey_webhook::sqlx::{self, Executor};
use anykey_webhook::{Claim, Deliveries, PostgresClaim, PostgresDeliveries, StoreError};
use tokio::task::JoinSet;

use anykey_test_deliveries::{
    a_claim_ends_with_its_lease, applies_once, event, minute, runs_an_effect_until_it_succeeds,
};

/// How long a vendor waits whose delivery can be stored.
pub(crate) const LONG: Duration = Duration::from_secs(1);

/// How long a vendor waits whose delivery cannot be stored.
pub(crate) const SHORT: Duration = Duration::from_millis(200);

pub(crate) async fn pool(url: &str) -> PgPool {
    let options = PgPoolOptions::new().max_connections(4).acquire_timeout(Duration::from_secs(2));
    options.connect(url).await.unwrap()
}

/// A new database with the app's table.
pub(crate) async fn database(server: &PostgresServer) -> String {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    let name = format!("app_{}", LAST.fetch_add(1, Ordering::SeqCst));
    let admin = pool(&server.url("postgres")).await;
    admin.execute(&*format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await;
    let url = server.url(&name);
    let pool = pool(&url).await;
    pool.execute("CREATE TABLE seen (id TEXT NOT NULL)").await.unwrap();
    pool.close().await;
    url
}

pub(crate) async fn open(url: &str) -> PostgresDeliveries {
    PostgresDeliveries::open(pool(url).await).await.unwrap().window(SignedDuration::from_hours(1))
}

/// How many deliveries were applied, and how many different ones.
pub(crate) async fn seen(pool: &PgPool) -> (i64, i64) {
    sqlx::query_as("SELECT COUNT(*), COUNT(DISTINCT id) FROM seen").fetch_one(pool).await.unwrap()
}

/// Applies `event` as an endpoint does; without `commit` it stops before the commit.
pub(crate) async fn apply(
    deliveries: &PostgresDeliveries,
    event: &LicenseEvent,
    commit: bool,
) -> Result<Claim, StoreError> {
    let mut transaction = match deliveries.begin(event, minute(0)).await? {
        PostgresClaim::New(transaction) => transaction,
        PostgresClaim::InProgress => return Ok(Claim::InProgress),
        PostgresClaim::Done => return Ok(Claim::Done),
    };
    let insert = sqlx::query("INSERT INTO seen (id) VALUES ($1)").bind(&*event.id);
    insert.execute(&mut *transaction).await.map_err(StoreError::new)?;
    if commit {
        transaction.commit().await?;
    }
    Ok(Claim::New)
}

/// Delivers one as a vendor does that waits for so long, and returns whether the answer is success.
pub(crate) async fn is_stored(deliveries: &PostgresDeliveries, number: i64, wait: Duration) -> bool {
    let one = event("acme", &format!("msg_{number}"));
    let outcome = tokio::time::timeout(wait, apply(deliveries, &one, true)).await;
    matches!(outcome, Ok(Ok(Claim::New | Claim::Done)))
}

#[tokio::test]
async fn the_postgres_store_behaves_like_every_store() {
    let Some(server) = PostgresServer::shared() else { return };
    applies_once(&open(&database(&server).await).await).await;
    a_claim_ends_with_its_lease(&open(&database(&server).await).await).await;
    runs_an_effect_until_it_succeeds(&open(&database(&server).await).await).await;
}

#[tokio::test]
async fn a_delivery_without_commit_is_applied_by_the_next_attempt_only() {
    let Some(server) = PostgresServer::shared() else { return };
    let url = database(&server).await;
    let (deliveries, one) = (open(&url).await, event("acme", "msg_1"));
    let pool = pool(&url).await;
    assert_eq!(apply(&deliveries, &one, false).await.unwrap(), Claim::New);
    assert_eq!(seen(&pool).await, (0, 0));
    assert_eq!(apply(&deliveries, &one, true).await.unwrap(), Claim::New);
    assert_eq!(apply(&deliveries, &one, true).await.unwrap(), Claim::Done);
    assert_eq!(deliveries.claim(&one, minute(1)).await.unwrap(), Claim::Done);
    assert_eq!(seen(&pool).await, (1, 1));
}

#[tokio::test]
async fn a_delivery_under_way_does_not_hold_up_the_other_processes() {
    let Some(server) = PostgresServer::shared() else { return };
    let url = database(&server).await;
    let (one, other) = (open(&url).await, open(&url).await);
    let delivery = event("acme", "msg_1");
    let PostgresClaim::New(transaction) = one.begin(&delivery, minute(0)).await.unwrap() else {
        panic!("new")
    };
    assert_eq!(apply(&other, &delivery, true).await.unwrap(), Claim::InProgress);
    assert_eq!(apply(&other, &event("acme", "msg_2"), true).await.unwrap(), Claim::New);
    transaction.rollback().await.unwrap();
    assert_eq!(apply(&other, &delivery, true).await.unwrap(), Claim::New);
}

/// PostgreSQL answers COMMIT with success after a statement failed, and stores nothing.
#[tokio::test]
async fn a_commit_after_a_failed_statement_is_an_error() {
    let Some(server) = PostgresServer::shared() else { return };
    let url = database(&server).await;
    let (deliveries, delivery) = (open(&url).await, event("acme", "msg_1"));
    let PostgresClaim::New(mut transaction) = deliveries.begin(&delivery, minute(0)).await.unwrap() else {
        panic!("new")
    };
    assert!(transaction.execute("INSERT INTO no_such_table VALUES (1)").await.is_err());
    assert!(transaction.commit().await.is_err());
    assert_eq!(apply(&deliveries, &delivery, true).await.unwrap(), Claim::New);
}

/// The vendor delivers everything until each is answered with success; meanwhile the connections of one receiver after
/// the other are ended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_delivery_is_applied_once_by_receivers_that_are_killed() {
    let Some(server) = PostgresServer::shared() else { return };
    let url = database(&server).await;
    let mut receivers = Vec::new();
    for number in 0..4 {
        receivers.push(open(&format!("{url}?application_name=receiver_{number}")).await);
    }
    let (receivers, failures) = (Arc::new(receivers), Arc::new(AtomicUsize::new(0)));
    let mut vendor = JoinSet::new();
    for number in 0..8_usize {
        let (receivers, failures) = (Arc::clone(&receivers), Arc::clone(&failures));
        vendor.spawn(async move {
            // Two of the eight deliver each of the 400.
            for delivery in (0..100).map(|delivery| delivery * 4 + number % 4) {
                let one = event("acme", &format!("msg_{delivery}"));
                for attempt in number.. {
                    match apply(&receivers[attempt % 4], &one, true).await {
                        Ok(Claim::New | Claim::Done) => break,
                        Ok(Claim::InProgress) => {}
                        Err(_) => drop(failures.fetch_add(1, Ordering::SeqCst)),
                    }
                }
            }
        });
    }
    let admin = pool(&url).await;
    let mut killed = 0;
    while !vendor.is_empty() {
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
        let name = format!("receiver_{}", killed % 4);
        sqlx::query(kill).bind(name).execute(&admin).await.unwrap();
        killed += 1;
        let _one_ended = tokio::time::timeout(Duration::from_millis(50), vendor.join_next()).await;
    }
    assert_eq!(seen(&admin).await, (400, 400), "none is lost, none is applied twice");
    assert!(failures.load(Ordering::SeqCst) > 0, "some were interrupted");
}
