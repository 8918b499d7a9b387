//! Rows are out before the next page is asked for, and a closed pipe ends the work quietly.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use anykey::async_trait;
use anykey_http::{HttpTransport, TransportError};
use anykey_testkit::LoopbackServer;
use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::Semaphore;

use crate::support::Bench;

/// The three pages of the listing, and what may be asked for past them.
const PAGES: usize = 8;

/// Lets so many requests through as there are permits.
#[derive(Debug)]
struct Gate {
    vendor: Arc<dyn HttpTransport>,
    permits: Arc<Semaphore>,
}

#[async_trait]
impl HttpTransport for Gate {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.permits.acquire().await.unwrap().forget();
        self.vendor.send(request).await
    }
}

struct Gated {
    bench: Bench,
    server: LoopbackServer,
    permits: Arc<Semaphore>,
}

impl Gated {
    fn open(permits: usize) -> Self {
        let bench = Bench::open();
        let permits = Arc::new(Semaphore::new(permits));
        let gate = Gate { vendor: bench.replacement(250), permits: permits.clone() };
        Self { bench, server: LoopbackServer::start_in_background(Arc::new(gate)).unwrap(), permits }
    }

    fn list(&self, format: &str) -> Child {
        let mut command = self.bench.command(&["keys", "list", format]);
        command.env("ANYKEY_BASE_URL", self.server.url()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }
}

#[test]
fn a_page_is_printed_while_the_next_one_is_on_its_way() {
    for (format, header) in [("--jsonl", 0), ("--csv", 1)] {
        let gated = Gated::open(1);
        let mut child = gated.list(format);
        let stdout = child.stdout.take().unwrap();
        let (sender, lines) = mpsc::channel();
        let reader = std::thread::spawn(move || {
            BufReader::new(stdout).lines().try_for_each(|line| sender.send(line.unwrap())).unwrap();
        });
        for _ in 0..100 + header {
            lines.recv_timeout(Duration::from_secs(30)).expect("the first page is held back");
        }
        assert!(lines.try_recv().is_err(), "{format}: the second page has not been sent yet");
        gated.permits.add_permits(PAGES);
        assert_eq!(lines.iter().count(), 150);
        reader.join().unwrap();
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    for format in ["--jsonl", "--csv"] {
        let gated = Gated::open(1);
        let mut child = gated.list(format);
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        gated.permits.add_permits(PAGES);
        assert_quiet_success(child);
    }
    for format in ["--json", "--color=never"] {
        let gated = Gated::open(0);
        let mut child = gated.list(format);
        drop(child.stdout.take());
        gated.permits.add_permits(PAGES);
        assert_quiet_success(child);
    }
}

fn assert_quiet_success(mut child: Child) {
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}
