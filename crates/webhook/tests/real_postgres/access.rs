//! A database to which a running receiver loses access for a while.

use anykey_test_servers::PostgresServer;
use anykey_webhook::sqlx::Executor as _;
use anykey_webhook::sqlx::postgres::PgPool;

use crate::store::{LONG, database, is_stored, open, pool, seen};

/// Ends the receiver's connections, so that it opens others.
const DISCONNECT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'receiver'";

/// A role with a password beside that of the tests, which needs none.
async fn create_receiver(admin: &PgPool, url: &str) -> String {
    let rules = "DO $$ BEGIN EXECUTE format('COPY (SELECT unnest(ARRAY[%L, %L])) TO %L', \
                 'host all receiver 127.0.0.1/32 scram-sha-256', 'host all all 127.0.0.1/32 trust', \
                 current_setting('hba_file')); END $$";
    let role = "CREATE ROLE receiver LOGIN SUPERUSER PASSWORD 'first'";
    for statement in [role, rules, "SELECT pg_reload_conf()"] {
        admin.execute(statement).await.unwrap();
    }
    // The server reads the rules a moment later.
    while PgPool::connect(&url.replace("postgres@", "receiver:wrong@")).await.is_ok() {}
    url.replace("postgres@", "receiver:first@")
}

#[tokio::test]
async fn nothing_is_lost_while_the_password_is_another_or_the_server_only_reads() {
    let Some(server) = PostgresServer::shared() else { return };
    let url = database(&server).await;
    let admin = pool(&url).await;
    let deliveries = open(&create_receiver(&admin, &url).await).await;
    assert!(is_stored(&deliveries, 1, LONG).await);
    let name = url.rsplit('/').next().unwrap();
    let read_only = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    let writable = format!("ALTER DATABASE {name} RESET default_transaction_read_only");
    // As a primary does whose place another server has taken.
    let losses = [
        ("ALTER ROLE receiver PASSWORD 'second'", "ALTER ROLE receiver PASSWORD 'first'"),
        (read_only.as_str(), writable.as_str()),
    ];
    for (number, (loss, end)) in (2..).zip(losses) {
        admin.execute(loss).await.unwrap();
        admin.execute(DISCONNECT).await.unwrap();
        assert!(!is_stored(&deliveries, number, LONG).await, "no success after {loss}");
        admin.execute(end).await.unwrap();
        admin.execute(DISCONNECT).await.unwrap();
        while !is_stored(&deliveries, number, LONG).await {}
    }
    assert_eq!(seen(&admin).await, (3, 3), "none is lost, none is applied twice");
}
