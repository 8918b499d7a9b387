//! The program itself, killed where it stands and started again on the same database.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use anykey::webhook::sqlx::{self, SqlitePool};
use anykey::{Clock, Timestamp};
use anykey_dodo_sim::kit::WebhookSender;
use anykey_dodo_sim::{DodoSim, EndpointSpec, KeySpec};
use anykey_http::{HttpTransport, ReqwestTransport};
use bytes::Bytes;
use http::{Request, StatusCode};

/// `anykey-example-webhook-receiver`, as it is run by hand.
struct Program {
    child: Child,
    /// Of its one endpoint.
    url: String,
    // Open, so that it can go on writing to its log.
    _log: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_anykey-example-webhook-receiver"))
            .current_dir(folder)
            .env_remove("ANYKEY_CONFIG")
            .env_remove("DATABASE")
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = log.find_map(|line| Some(line.unwrap().split_once("listening on ")?.1.to_owned()));
        Self { child, url: url.expect("the program does not start"), _log: log }
    }

    async fn post(&self, request: &Request<Bytes>) -> StatusCode {
        let (mut parts, body) = request.clone().into_parts();
        parts.uri = self.url.parse().unwrap();
        let transport = ReqwestTransport::builder().no_proxy().build().unwrap();
        transport.send(Request::from_parts(parts, body)).await.unwrap().status()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test]
async fn what_was_answered_before_the_kill_is_known_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let dodo = DodoSim::new(Clock::new(Timestamp::now));
    let endpoint = dodo.add_webhook_endpoint(EndpointSpec::new("http://shop.test/dodo")).unwrap();
    std::fs::write(folder.path().join("secret"), endpoint.secret).unwrap();
    let secret = folder.path().join("secret");
    let config = format!("provider = \"dodo\"\nwebhook_secrets = [{{ file = {secret:?} }}]\n");
    std::fs::write(folder.path().join("anykey.toml"), config).unwrap();
    dodo.issue(KeySpec::default()).unwrap();
    let [first, second] = [(); 2].map(|()| dodo.next_delivery().unwrap().request);

    let program = Program::start(folder.path());
    assert_eq!(program.post(&first).await, StatusCode::OK);
    drop(program);
    let program = Program::start(folder.path());
    for delivery in [&first, &second] {
        assert_eq!(program.post(delivery).await, StatusCode::OK);
    }
    drop(program);

    let database = folder.path().join("license-keys.db");
    let pool = SqlitePool::connect(database.to_str().unwrap()).await.unwrap();
    let count = |query: &'static str| sqlx::query_scalar::<_, i64>(query).fetch_one(&pool);
    assert_eq!(count("SELECT count(*) FROM events").await.unwrap(), 2);
    assert_eq!(count("SELECT deliveries FROM license_keys WHERE in_force").await.unwrap(), 2);
}
