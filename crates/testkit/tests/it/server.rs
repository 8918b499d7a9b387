//! The loopback server on the wire, byte by byte.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use anykey_core::{HttpTransport, TransportErrorKind};
use anykey_testkit::LoopbackServer;
use anykey_testkit::transport::{Answer, Fault, FaultyTransport, Rule, ScriptedTransport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CLOSE: &str = "host: h\r\nconnection: close\r\n";

async fn start(transport: impl HttpTransport) -> LoopbackServer {
    LoopbackServer::start(Arc::new(transport)).await.unwrap()
}

/// Sends `request` over a connection of its own and reads until the server closes it.
async fn exchange(server: &LoopbackServer, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    read_to_end(&mut stream).await
}

/// What comes until the server closes or resets the connection; fails instead of waiting for ever.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
    assert!(ended.is_ok(), "the server keeps the connection open");
    String::from_utf8(answer).unwrap()
}

async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut answer = String::new();
    while !answer.ends_with(end) {
        let mut chunk = [0; 1024];
        let read = stream.read(&mut chunk).await.unwrap();
        assert!(read > 0, "closed after {answer:?}");
        answer.push_str(std::str::from_utf8(chunk.get(..read).unwrap()).unwrap());
    }
    answer
}

#[tokio::test]
async fn the_transport_gets_the_request_as_it_came() {
    let vendor = ScriptedTransport::from_fn(|_| Answer::new(200));
    let server = start(vendor.clone()).await;
    let request = format!(
        "POST /a%2Fb/../c?x=1&y=%20 HTTP/1.1\r\n{CLOSE}X-Odd: \u{1}\tz\r\ncontent-length: 5\r\n\r\n{{\"a\"}}"
    )
    .replace('\u{1}', "a");
    exchange(&server, &request).await;
    let requests = vendor.requests();
    let [request] = requests.as_slice() else { panic!("one request, found {requests:?}") };
    assert_eq!((request.method().as_str(), request.path()), ("POST", "/a%2Fb/../c"));
    assert_eq!(request.query(), Some("x=1&y=%20"));
    assert_eq!(request.header("x-odd"), Some("a\tz"));
    assert_eq!((request.header("content-length"), request.text()), (Some("5"), Some("{\"a\"}")));
}

#[tokio::test]
async fn a_chunked_body_arrives_whole_and_without_a_content_length() {
    let vendor = ScriptedTransport::from_fn(|_| Answer::new(200));
    let server = start(vendor.clone()).await;
    let chunks = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    exchange(&server, &format!("POST / HTTP/1.1\r\n{CLOSE}transfer-encoding: chunked\r\n\r\n{chunks}")).await;
    let requests = vendor.requests();
    assert_eq!(requests.first().unwrap().text(), Some("abcde"));
    assert_eq!(requests.first().unwrap().header("content-length"), None);
}

#[tokio::test]
async fn an_answer_has_its_own_headers_and_the_right_length_and_nothing_else() {
    let length = Answer::new(404).header("Content-Length", "999").header("x-request-id", "r1").body("no");
    for (answer, head, rest) in [
        (Answer::new(200), "HTTP/1.1 200 OK\r\n", "connection: close\r\ncontent-length: 0\r\n\r\n"),
        (Answer::new(204), "HTTP/1.1 204 No Content\r\n", "connection: close\r\n\r\n"),
        (
            length,
            "HTTP/1.1 404 Not Found\r\n",
            "x-request-id: r1\r\nconnection: close\r\ncontent-length: 2\r\n\r\nno",
        ),
    ] {
        let server = start(ScriptedTransport::new().then(answer)).await;
        let found = exchange(&server, &format!("GET / HTTP/1.1\r\n{CLOSE}\r\n")).await;
        assert_eq!(found, format!("{head}{rest}"));
    }
}

#[tokio::test]
async fn a_lost_answer_is_a_closed_connection_without_a_byte() {
    let vendor = ScriptedTransport::from_fn(|_| Answer::new(201));
    let faulty = FaultyTransport::new(vendor.clone());
    faulty.inject(Rule::next(Fault::AnswerLost));
    let server = start(faulty).await;
    let request = format!("POST / HTTP/1.1\r\n{CLOSE}content-length: 0\r\n\r\n");
    assert_eq!(exchange(&server, &request).await, "");
    assert_eq!(vendor.requests().len(), 1, "the work was done");
    assert!(exchange(&server, &request).await.starts_with("HTTP/1.1 201"), "the server lives on");
}

#[tokio::test]
async fn one_connection_carries_several_requests() {
    let vendor = ScriptedTransport::from_fn(|request| Answer::new(200).body(request.path().to_owned()));
    let server = start(vendor).await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    for path in ["/one", "/two", "/three"] {
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: h\r\n\r\n").as_bytes()).await.unwrap();
        assert!(read_until(&mut stream, path).await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn a_client_that_waits_or_goes_away_keeps_nobody_else_waiting() {
    let faulty = FaultyTransport::new(ScriptedTransport::from_fn(|_| Answer::new(200).body("done")));
    faulty.inject(Rule::always(Fault::HangAfterWork).when(|_, path| path == "/hang"));
    let server = start(faulty).await;
    let mut waiting = TcpStream::connect(server.address()).await.unwrap();
    waiting.write_all(b"GET /hang HTTP/1.1\r\nhost: h\r\n\r\n").await.unwrap();
    let mut gone = TcpStream::connect(server.address()).await.unwrap();
    gone.write_all(b"GET / HTTP/1.1\r\nhost: h\r\n\r\nGET / HTTP/1.1\r\nhost: h\r\n\r\n").await.unwrap();
    drop(gone);
    let request = format!("GET / HTTP/1.1\r\n{CLOSE}\r\n");
    for _ in 0..3 {
        assert!(exchange(&server, &request).await.ends_with("done"));
    }
}

#[tokio::test]
async fn dropping_it_frees_the_port_and_breaks_its_connections() {
    let server = start(ScriptedTransport::from_fn(|_| Answer::new(200).body("ok"))).await;
    let address = server.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: h\r\n\r\n").await.unwrap();
    read_until(&mut stream, "ok").await;
    drop(server);
    assert_eq!(read_to_end(&mut stream).await, "");
    assert!(TcpStream::connect(address).await.is_err());
}

#[test]
fn in_the_background_it_serves_synchronous_clients_until_it_is_dropped() {
    let vendor =
        ScriptedTransport::new().then(Answer::new(200).body("ok")).then(TransportErrorKind::Interrupted);
    let server = LoopbackServer::start_in_background(Arc::new(vendor)).unwrap();
    let address = server.address();
    assert_eq!(server.url(), format!("http://127.0.0.1:{}", address.port()));
    let ask = || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        stream.write_all(format!("GET / HTTP/1.1\r\n{CLOSE}\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        let _closed_or_reset = stream.read_to_string(&mut answer);
        answer
    };
    assert!(ask().ends_with("\r\n\r\nok"));
    assert_eq!(ask(), "");
    drop(server);
    assert!(std::net::TcpStream::connect(address).is_err());
}
