//! The receiver in a process of its own, so that it can die as servers do.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use anykey::webhook::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use anykey::{Clock, Config, Registry, Timestamp};
use anykey_example_webhook_receiver::{App, Store, router};
use axum::Router;
use axum::extract::{Path as PathPart, Request};
use axum::http::{HeaderName, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::post;

const CONFIG: &str = "RECEIVER_CONFIG";
const DATABASE: &str = "RECEIVER_DATABASE";
const NOW: &str = "RECEIVER_NOW";

/// A process lives for so many transactions, and dies as the next one commits.
const COMMITS: usize = 900;

/// A request with this header is the process's last: it is applied, and the process dies instead of answering.
pub(crate) const LAST_REQUEST: HeaderName = HeaderName::from_static("test-last-request");

/// The process that runs now.
#[derive(Debug)]
pub(crate) struct Receiver {
    child: Child,
    pub(crate) address: SocketAddr,
    folder: PathBuf,
    config: String,
    /// Its death is in the figures.
    pub(crate) is_mourned: bool,
}

impl Receiver {
    pub(crate) async fn start(folder: &Path, config: &str, now: Timestamp) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["receiver_process", "--exact", "--ignored", "--nocapture"])
            .env(CONFIG, config)
            .env(DATABASE, folder.join("license-keys.db"))
            .env(NOW, now.as_microsecond().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = tokio::task::spawn_blocking(move || {
            lines.find_map(|line| line.unwrap().split_once("listening on ")?.1.parse().ok())
        });
        let address = address.await.unwrap().expect("the receiver does not start");
        Self { child, address, folder: folder.to_owned(), config: config.to_owned(), is_mourned: false }
    }

    /// Starts the next process, on the same database.
    pub(crate) async fn restart(&mut self, now: Timestamp) {
        self.kill();
        *self = Self::start(&self.folder.clone(), &self.config.clone(), now).await;
    }

    /// Kills it wherever it is.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process itself; nothing when nobody started it.
pub(crate) fn serve() {
    let Ok(config) = std::env::var(CONFIG) else { return };
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let now = Arc::new(AtomicI64::new(std::env::var(NOW).unwrap().parse().unwrap()));
        let set = Arc::clone(&now);
        let clock = Clock::new(move || Timestamp::from_microsecond(now.load(Ordering::SeqCst)).unwrap());
        let config = Config::from_toml(&config).unwrap();
        let app = App::new(&Registry::builtin(), &config, mortal_store().await, clock).unwrap();
        let clock = post(move |PathPart(now): PathPart<i64>| async move { set.store(now, Ordering::SeqCst) });
        let router = router(app).layer(middleware::from_fn(die_unanswered));
        let router = router.merge(Router::new().route("/clock/{now}", clock));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("\nlistening on {}", listener.local_addr().unwrap());
        axum::serve(listener, router).await.unwrap();
    });
}

async fn die_unanswered(request: Request, next: Next) -> Response {
    let is_last = request.headers().contains_key(LAST_REQUEST);
    let answer = next.run(request).await;
    if is_last && answer.status() == StatusCode::OK {
        std::process::abort();
    }
    answer
}

/// A store whose process dies between a delivery's record and its commit.
async fn mortal_store() -> Store {
    let options = SqliteConnectOptions::new()
        .filename(std::env::var(DATABASE).unwrap())
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // Processes die here, not the machine.
        .synchronous(SqliteSynchronous::Off);
    let commits = Arc::new(AtomicUsize::new(0));
    let pool = SqlitePoolOptions::new().max_connections(1).after_connect(move |connection, _| {
        let commits = Arc::clone(&commits);
        Box::pin(async move {
            connection.lock_handle().await?.set_commit_hook(move || {
                if commits.fetch_add(1, Ordering::SeqCst) == COMMITS {
                    std::process::abort();
                }
                true
            });
            Ok(())
        })
    });
    Store::with_pool(pool.connect_with(options).await.unwrap()).await.unwrap()
}
