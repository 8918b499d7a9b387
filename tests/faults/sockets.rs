//! Faults that need a real connection: the default transport against servers that misbehave.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anykey::ErrorKind;
use anykey_http::ReqwestTransport;
use anykey_test_calls::{Effect, Outcome};
use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::plane::Case;
use crate::watch::Watch;

const CAP: usize = 64 << 10;
/// Short, so that a server that never answers does not hold up the test.
const TIMEOUT_IN_SECONDS: u64 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Server {
    /// Nobody listens.
    Absent,
    /// Hangs up before it reads.
    HangsUpAtOnce,
    /// Reads the request and hangs up.
    HangsUpAfterReading,
    /// Reads the request and says nothing.
    Silent,
    /// Sends a head and then a byte now and again, for ever.
    Drips,
    /// Promises more body than it sends.
    Truncates,
    /// Sends more body than it promised.
    Overruns,
    /// Promises a body over the cap.
    PromisesTooMuch,
    /// Sends chunks without end.
    NeverEnds,
    /// Speaks another protocol.
    IsNoHttp,
    /// Sends a head without end.
    EndlessHead,
    /// Sends two lengths.
    TwoLengths,
}

const SERVERS: [Server; 12] = [
    Server::Absent,
    Server::HangsUpAtOnce,
    Server::HangsUpAfterReading,
    Server::Silent,
    Server::Drips,
    Server::Truncates,
    Server::Overruns,
    Server::PromisesTooMuch,
    Server::NeverEnds,
    Server::IsNoHttp,
    Server::EndlessHead,
    Server::TwoLengths,
];

impl Server {
    fn expected(self, case: &Case) -> (Outcome, usize, bool) {
        use ErrorKind::{Decode, Timeout, Transport, Unrecognized};
        let again = if case.effect == Effect::Twice { 1 } else { 3 };
        let (kind, attempts, open) = match self {
            Self::Absent => (Transport, 3, false),
            Self::HangsUpAtOnce | Self::HangsUpAfterReading => (Transport, again, true),
            Self::IsNoHttp | Self::Truncates | Self::EndlessHead | Self::TwoLengths => {
                (Transport, again, true)
            }
            Self::Silent | Self::Drips => (Timeout, 1, true),
            Self::Overruns if case.ends_without_body => (Unrecognized, 1, true),
            Self::Overruns | Self::PromisesTooMuch | Self::NeverEnds => (Decode, 1, true),
        };
        (Outcome::Failed(kind), attempts, open && case.effect != Effect::Nothing)
    }

    async fn start(self) -> (SocketAddr, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        if self != Self::Absent {
            let count = connections.clone();
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    count.fetch_add(1, Ordering::Relaxed);
                    tokio::spawn(self.serve(stream));
                }
            });
        }
        (address, connections)
    }

    async fn serve(self, mut stream: TcpStream) -> Option<()> {
        if self == Self::HangsUpAtOnce {
            return None;
        }
        let mut request = [0; 4096];
        let _however_much = stream.read(&mut request).await.ok()?;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        match self {
            Self::Absent | Self::HangsUpAtOnce | Self::HangsUpAfterReading => {}
            Self::Silent => std::future::pending().await,
            Self::Drips => {
                stream.write_all(format!("{head}Content-Length: 60000\r\n\r\n{{").as_bytes()).await.ok()?;
                let mut tick = tokio::time::interval(Duration::from_millis(20));
                loop {
                    tick.tick().await;
                    stream.write_all(b" ").await.ok()?;
                }
            }
            Self::Truncates => {
                stream
                    .write_all(format!("{head}Content-Length: 500\r\n\r\n{{\"id\":").as_bytes())
                    .await
                    .ok()?;
            }
            Self::Overruns => {
                let answer = format!("{head}Content-Length: 8\r\n\r\n{{\"id\":\"x\",\"valid\":true}}");
                stream.write_all(answer.as_bytes()).await.ok()?;
            }
            Self::PromisesTooMuch => {
                let answer = format!("{head}Content-Length: {}\r\n\r\n{{", CAP + 1);
                stream.write_all(answer.as_bytes()).await.ok()?;
                std::future::pending().await
            }
            Self::NeverEnds => {
                stream
                    .write_all(format!("{head}Transfer-Encoding: chunked\r\n\r\n").as_bytes())
                    .await
                    .ok()?;
                let chunk = [b"1000\r\n".as_slice(), &[b' '; 0x1000], b"\r\n"].concat();
                loop {
                    stream.write_all(&chunk).await.ok()?;
                }
            }
            Self::IsNoHttp => stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n").await.ok()?,
            Self::EndlessHead => {
                stream.write_all(head.as_bytes()).await.ok()?;
                loop {
                    stream.write_all(format!("X-More: {}\r\n", "x".repeat(1000)).as_bytes()).await.ok()?;
                }
            }
            Self::TwoLengths => {
                let answer = format!("{head}Content-Length: 2\r\nContent-Length: 20\r\n\r\n{{}}");
                stream.write_all(answer.as_bytes()).await.ok()?;
            }
        }
        Some(())
    }
}

/// Whether `found` is an outcome at a server that closes a connection unread. Where it closes before a request was
/// written, nothing was carried and the request goes again; the first that was written is the last, unless it may be
/// repeated.
fn is_a_race(found: (Outcome, usize, bool), expected: (Outcome, usize, bool)) -> bool {
    let (outcome, attempts, open) = found;
    let ended_by_a_written_request = open == expected.2;
    let never_written = !open && attempts == 3;
    outcome == expected.0
        && (expected.1..=3).contains(&attempts)
        && (ended_by_a_written_request || never_written)
}

/// What was not as expected, if anything.
async fn check(server: Server, case: &Case) -> Option<String> {
    let name = case.named(&format!("{server:?}"));
    let (address, connections) = server.start().await;
    let transport = ReqwestTransport::builder().body_cap(CAP).build().unwrap();
    let mut fields = vec![("base_url", format!("http://{address}").into())];
    if matches!(server, Server::Silent | Server::Drips) {
        fields.push(("timeout", TIMEOUT_IN_SECONDS.into()));
    }
    let fixture = case.plane.fixture_with(&fields, |_| Arc::new(transport));
    let observed = Watch::start().run(&name, case.call, &fixture).await;
    let found = (observed.outcome, fixture.sent(), observed.open);
    let connected = connections.load(Ordering::Relaxed);
    let expected = server.expected(case);
    let as_it_should = match server {
        Server::Absent => found == expected,
        // The client itself opens another connection for a request of which nothing was written.
        Server::HangsUpAtOnce => (found.1..=2 * found.1).contains(&connected) && is_a_race(found, expected),
        _ => found == expected && connected == expected.1,
    };
    (!as_it_should).then(|| {
        format!(
            "{name}:\n    expected {expected:?}\n    found    {found:?}, {connected} connections\n    {}",
            observed.printed
        )
    })
}

#[tokio::test]
async fn a_server_that_misbehaves_is_reported_as_what_it_is() {
    let all = Case::all().await;
    let cases: Vec<_> =
        SERVERS.into_iter().flat_map(|server| all.iter().map(move |case| (server, case))).collect();
    let count = cases.len();
    let checked = futures_util::stream::iter(cases).map(|(server, case)| check(server, case));
    let wrong: Vec<String> = checked.buffer_unordered(64).filter_map(std::future::ready).collect().await;
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    println!("sockets: {count} cases");
}
