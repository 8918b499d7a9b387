//! More slow connections than the server has: those that send no more are closed, and a delivery is answered.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use anykey::{Clock, Config, Registry, Timestamp};
use anykey_dodo_sim::kit::WebhookSender;
use anykey_dodo_sim::{DodoSim, EndpointSpec, KeySpec};
use anykey_example_webhook_receiver::{App, Limits, Store, router, serve};
use anykey_http::{HttpTransport, ReqwestTransport};
use http::{Request, StatusCode};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const LIMITS: Limits =
    Limits { connections: 16, header: Duration::from_millis(300), request: Duration::from_millis(600) };

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

struct Server {
    address: String,
    dodo: DodoSim,
    _folder: TempDir,
}

impl Server {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dodo = DodoSim::new(Clock::new(Timestamp::now));
        let secret = folder.path().join("secret");
        let endpoint = dodo.add_webhook_endpoint(EndpointSpec::new("http://shop.test/dodo")).unwrap();
        std::fs::write(&secret, endpoint.secret).unwrap();
        let config = format!("provider = \"dodo\"\nwebhook_secrets = [{{ file = {secret:?} }}]\n");
        let store = Store::open(folder.path().join("license-keys.db")).await.unwrap();
        let config = Config::from_toml(&config).unwrap();
        let app = App::new(&Registry::builtin(), &config, store, Clock::new(Timestamp::now)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(serve(listener, router(app), LIMITS, std::future::pending()));
        Self { address, dodo, _folder: folder }
    }

    /// Opens many more connections than the server has, each of which sends `start` and nothing more.
    async fn besiege(&self, start: &str) -> Vec<TcpStream> {
        let mut connections = Vec::new();
        for _ in 0..LIMITS.connections * 4 {
            let mut connection = TcpStream::connect(&self.address).await.unwrap();
            connection.write_all(start.as_bytes()).await.unwrap();
            connections.push(connection);
        }
        connections
    }

    async fn deliver(&self) -> StatusCode {
        self.dodo.issue(KeySpec::default()).unwrap();
        let (mut parts, body) = self.dodo.next_delivery().unwrap().request.into_parts();
        parts.uri = format!("http://{}/webhooks/dodo", self.address).parse().unwrap();
        let transport = ReqwestTransport::builder().no_proxy().build().unwrap();
        let answer = transport.send(Request::from_parts(parts, body));
        timeout(PATIENCE, answer).await.expect("the server is stopped").unwrap().status()
    }
}

/// What the server sends until it closes the connection.
async fn answer(mut connection: TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is an end as well.
    let _ = timeout(PATIENCE, connection.read_to_end(&mut answer)).await.expect("the connection stays open");
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn connections_that_send_nothing_or_half_a_header_do_not_stop_it() {
    for start in ["", "POST /webhooks/dodo HTTP/1.1\r\nhost: shop"] {
        let server = Server::start().await;
        let slow = server.besiege(start).await;
        assert_eq!(server.deliver().await, StatusCode::OK, "{start:?}");
        for connection in slow {
            let answer = answer(connection).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
        }
    }
}

#[tokio::test]
async fn connections_that_send_half_a_body_do_not_stop_it() {
    let server = Server::start().await;
    let start = "POST /webhooks/dodo HTTP/1.1\r\nhost: shop.test\r\ncontent-length: 100\r\n\r\n{";
    let slow = server.besiege(start).await;
    assert_eq!(server.deliver().await, StatusCode::OK);
    for connection in slow {
        let answer = answer(connection).await;
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer:?}");
    }
}

#[tokio::test]
async fn connections_that_stay_open_after_their_answer_do_not_stop_it() {
    let server = Server::start().await;
    let idle = server.besiege("GET / HTTP/1.1\r\nhost: shop.test\r\n\r\n").await;
    assert_eq!(server.deliver().await, StatusCode::OK);
    for connection in idle {
        assert!(answer(connection).await.starts_with("HTTP/1.1 404"));
    }
}
