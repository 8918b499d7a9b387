//! A database that is full for a moment: what was answered with 200 is in it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use anykey::webhook::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use anykey::webhook::sqlx::{self, Connection, SqliteConnection};
use anykey::{Config, ManualClock, Registry};
use anykey_dodo_sim::kit::WebhookSender;
use anykey_dodo_sim::{DodoSim, EndpointSpec, KeySpec};
use anykey_example_webhook_receiver::{App, Store, router};
use anykey_http::{HttpTransport, ReqwestTransport};
use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::json;

/// Sends deliveries of Dodo to a receiver, and counts its answers.
struct Sender {
    dodo: DodoSim,
    address: String,
    transport: ReqwestTransport,
    /// The ids of what was answered with 200.
    stored: Vec<String>,
}

impl Sender {
    /// Sends the deliveries of `keys` new keys, and one that this version cannot read; returns how many failed.
    async fn send(&mut self, keys: usize) -> usize {
        for _ in 0..keys {
            self.dodo.issue(KeySpec::default()).unwrap();
        }
        self.dodo.announce("license_key.created", json!({"planted": 1}));
        let mut failed = 0;
        while let Some(delivery) = self.dodo.next_delivery() {
            match self.post(delivery.request.clone()).await {
                StatusCode::OK => {
                    let id = delivery.request.headers().get("webhook-id").unwrap().to_str().unwrap();
                    self.stored.push(id.to_owned());
                }
                StatusCode::SERVICE_UNAVAILABLE => failed += 1,
                other => panic!("{other}"),
            }
            // The vendor's redeliveries are not what is tested here.
            self.dodo.answered(delivery.id, Some(StatusCode::OK));
        }
        failed
    }

    async fn post(&self, request: Request<Bytes>) -> StatusCode {
        let (mut parts, body) = request.into_parts();
        parts.uri = format!("http://{}/webhooks/main", self.address).parse().unwrap();
        self.transport.send(Request::from_parts(parts, body)).await.unwrap().status()
    }
}

#[tokio::test]
async fn what_was_answered_with_200_is_stored_although_the_database_was_full_in_between() {
    let folder = tempfile::tempdir().unwrap();
    let dodo = DodoSim::new(ManualClock::at("2026-11-02T10:00:00Z".parse().unwrap()));
    let secret = folder.path().join("secret");
    let endpoint = dodo.add_webhook_endpoint(EndpointSpec::new("http://shop.test/dodo")).unwrap();
    std::fs::write(&secret, endpoint.secret).unwrap();
    let config = format!(
        "default = \"main\"\n[providers.main]\nprovider = \"dodo\"\nwebhook_secrets = [{{ file = {secret:?} }}]\n"
    );
    let database = folder.path().join("license-keys.db");
    let options = SqliteConnectOptions::new()
        .filename(&database)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let limited = options.clone().pragma("max_page_count", "64");
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(limited).await.unwrap();
    let store = Store::with_pool(pool.clone()).await.unwrap();
    let clock = ManualClock::at("2026-11-02T10:00:00Z".parse().unwrap());
    let app =
        App::new(&Registry::builtin(), &Config::from_toml(&config).unwrap(), store, clock.into()).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, router(app)).await.unwrap() });
    let transport = ReqwestTransport::builder().no_proxy().build().unwrap();
    let mut sender = Sender { dodo, address, transport, stored: Vec::new() };
    assert_eq!(sender.send(5).await, 0);

    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    for statement in ["CREATE TABLE filler (pad BLOB)", "INSERT INTO filler VALUES (zeroblob(300000))"] {
        sqlx::query(statement).execute(&mut other).await.unwrap();
    }
    assert!(sender.send(60).await > 0, "the database is full");
    sqlx::query("DELETE FROM filler").execute(&mut other).await.unwrap();
    assert_eq!(sender.send(5).await, 0, "there is space again");

    pool.close().await;
    let select = "SELECT id FROM anykey_deliveries UNION SELECT id FROM unreadable ORDER BY id";
    let stored: Vec<String> = sqlx::query_scalar(select).fetch_all(&mut other).await.unwrap();
    sender.stored.sort();
    assert_eq!(stored, sender.stored);
}
