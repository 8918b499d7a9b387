use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::{ErrorKind, Operation};
use anykey_http::{
    ApiClient, ApiRequest, HttpTransport, ReqwestTransport, ReqwestTransportBuilder, TransportError,
    TransportErrorKind as Kind,
};
use bytes::Bytes;
use futures_util::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

type Answer = Result<http::Response<Bytes>, TransportError>;

/// Takes one connection, reads one request's head and writes `answer`; gives back what it read.
pub(crate) async fn server(answer: impl Into<Vec<u8>>) -> (SocketAddr, JoinHandle<String>) {
    let answer = answer.into();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let head = read_head(&mut stream).await;
        // The client hangs up early on an answer over its cap.
        let _ = stream.write_all(&answer).await;
        head
    });
    (address, task)
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap().to_ascii_lowercase()
}

async fn send(builder: ReqwestTransportBuilder, method: &str, url: &str) -> Answer {
    let request = http::Request::builder().method(method).uri(url).body(Bytes::new()).unwrap();
    builder.build().unwrap().send(request).await
}

async fn answer_to(address: SocketAddr, method: &str) -> Answer {
    send(ReqwestTransport::builder().body_cap(64), method, &format!("http://{address}/keys?x=SECRET")).await
}

fn kind(answer: Answer) -> Kind {
    let error = answer.unwrap_err();
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(inner) = cause {
        assert!(!format!("{inner} {inner:?}").contains("SECRET"), "{inner:?}");
        cause = inner.source();
    }
    error.kind()
}

#[tokio::test]
async fn brings_the_whole_answer_back() {
    let (address, served) =
        server("HTTP/1.1 418 Teapot\r\nX-Request-Id: r1\r\nContent-Length: 5\r\n\r\nhello").await;
    let answer = answer_to(address, "GET").await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body().as_ref()), (418, b"hello".as_ref()));
    assert_eq!(answer.headers()["x-request-id"], "r1");
    let head = served.await.unwrap();
    assert!(head.starts_with("get /keys?x=secret http/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("user-agent: anykey/{}\r\n", env!("CARGO_PKG_VERSION"))), "{head}");
    assert!(!head.contains("content-length") && !head.contains("accept-encoding"), "{head}");
}

#[tokio::test]
async fn empty_posts_say_so() {
    for method in ["POST", "PUT", "PATCH"] {
        let (address, served) = server("HTTP/1.1 204 No Content\r\n\r\n").await;
        assert_eq!(answer_to(address, method).await.unwrap().status().as_u16(), 204);
        let head = served.await.unwrap();
        assert_eq!(head.matches("content-length: 0\r\n").count(), 1, "{head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
    }
}

#[tokio::test]
async fn follows_no_redirect() {
    let (address, _served) =
        server("HTTP/1.1 307 Temporary Redirect\r\nLocation: /keys/\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(answer_to(address, "POST").await.unwrap().status().as_u16(), 307);
}

#[tokio::test]
async fn reads_up_to_the_cap_and_no_further() {
    let body =
        |length: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{}", "x".repeat(length));
    let (address, _served) = server(body(64)).await;
    assert_eq!(answer_to(address, "GET").await.unwrap().body().len(), 64);
    let (address, _served) = server(body(65)).await;
    assert_eq!(kind(answer_to(address, "GET").await), Kind::BodyTooLarge);
}

#[tokio::test]
async fn caps_bodies_that_hide_their_length() {
    let chunks = "21\r\n".to_owned() + &"x".repeat(33) + "\r\n";
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (address, _served) = server(format!("{head}{chunks}0\r\n\r\n")).await;
    assert_eq!(answer_to(address, "GET").await.unwrap().body().len(), 33);
    let (address, _served) = server(format!("{head}{}0\r\n\r\n", chunks.repeat(2))).await;
    assert_eq!(kind(answer_to(address, "GET").await), Kind::BodyTooLarge);
    let (address, _served) = server(format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(1 << 20))).await;
    assert_eq!(
        kind(answer_to(address, "GET").await),
        Kind::BodyTooLarge,
        "a body that ends with the connection"
    );
}

#[tokio::test]
async fn survives_a_lying_content_length() {
    let (address, _served) = server("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\nx").await;
    assert_eq!(kind(answer_to(address, "GET").await), Kind::BodyTooLarge);
    let (address, _served) = server("HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\nshort").await;
    assert_eq!(kind(answer_to(address, "GET").await), Kind::Interrupted);
    let huge = ReqwestTransport::builder().body_cap(usize::MAX);
    let (address, _served) = server("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\nx").await;
    let answer = send(huge, "GET", &format!("http://{address}")).await;
    assert_eq!(kind(answer), Kind::Interrupted, "nothing was reserved for it");
}

#[tokio::test]
async fn nonsense_is_an_interruption() {
    let (address, _served) = server("SSH-2.0-OpenSSH_9.9\r\n\r\n").await;
    assert_eq!(kind(answer_to(address, "POST").await), Kind::Interrupted);
}

#[tokio::test]
async fn a_closed_port_was_never_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = answer_to(address, "POST").await.unwrap_err();
    assert_eq!(error.kind(), Kind::Connect);
    assert!(error.source().is_some());
}

#[tokio::test]
async fn a_connection_lost_after_sending_may_have_worked() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let taken = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_head(&mut stream).await;
        stream.set_zero_linger().unwrap();
        drop(stream);
        listener.accept().now_or_never().is_some()
    });
    assert_eq!(kind(answer_to(address, "POST").await), Kind::Interrupted);
    assert!(!taken.await.unwrap(), "a transport sends once");
}

#[tokio::test]
async fn refuses_to_send_in_the_clear() {
    for url in [
        "http://api.acme.test/x",
        "http://localhost.acme.test",
        "http://192.0.2.1:9",
        "ftp://127.0.0.1/",
        "/keys",
    ] {
        let error = send(ReqwestTransport::builder(), "GET", url).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Refused, "{url}");
        assert!(error.source().is_some(), "{url}");
    }
}

#[tokio::test]
async fn sends_in_the_clear_when_told_to() {
    let (proxy, served) = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let builder = ReqwestTransport::builder()
        .allow_plain_http(true)
        .proxy(format!("http://user:SECRET@{proxy}").parse().unwrap());
    assert!(!format!("{builder:?}").contains("SECRET"));
    let answer = send(builder, "GET", "http://api.acme.test/x").await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert!(served.await.unwrap().starts_with("get http://api.acme.test/x http/1.1\r\n"));
}

#[tokio::test]
async fn a_socks_proxy_resolves_the_host_and_carries_the_request() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("socks5h://{}", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.read_exact(&mut [0; 3]).await.unwrap();
        stream.write_all(&[5, 0]).await.unwrap();
        let mut request = [0; 4 + 1 + 13 + 2];
        stream.read_exact(&mut request).await.unwrap();
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        let head = read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        (request, head)
    });
    let builder = ReqwestTransport::builder().allow_plain_http(true).proxy(proxy.parse().unwrap());
    let answer = send(builder, "GET", "http://api.acme.test/x").await.unwrap();
    assert_eq!(answer.status().as_u16(), 204);
    let (request, head) = served.await.unwrap();
    assert_eq!(request, *b"\x05\x01\x00\x03\x0dapi.acme.test\x00\x50");
    assert!(head.starts_with("get /x http/1.1\r\n"), "{head}");
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named_as_the_cause() {
    let builder =
        ReqwestTransport::builder().allow_plain_http(true).proxy("http://127.0.0.1:1".parse().unwrap());
    let error = send(builder, "GET", "http://api.acme.test/x").await.unwrap_err();
    assert_eq!(error.kind(), Kind::Connect);
    assert!(
        error.reason().is_some_and(|reason| reason.contains("the configuration chooses a proxy")),
        "{error}"
    );
}

#[tokio::test]
async fn loopback_takes_no_proxy() {
    let nobody = "http://127.0.0.1:1".parse().unwrap();
    let (address, _served) = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let answer =
        send(ReqwestTransport::builder().proxy(nobody), "GET", &format!("http://{address}")).await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
}

#[tokio::test]
async fn a_silent_server_meets_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let client = ApiClient::builder("acme", base, Arc::new(ReqwestTransport::default()))
        .deadline(Duration::from_millis(300))
        .build()
        .unwrap();
    let error = client.send(ApiRequest::post(Operation::Activate)).await.unwrap_err();
    assert_eq!((error.kind(), error.may_have_taken_effect()), (ErrorKind::Timeout, true));
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let builder = ReqwestTransport::builder;
    for (bad, why) in [
        (builder().user_agent("two\nlines"), "user agent"),
        (builder().proxy("ftp://127.0.0.1:1".parse().unwrap()), "proxy"),
        (builder().root_certificate_pem(b"nonsense"), "root certificate"),
        (builder().root_certificate_pem(b""), "root certificate"),
        (builder().user_agent("\0").proxy("ftp://x".parse().unwrap()), "user agent"),
    ] {
        let error = bad.build().unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Config, Some(Operation::Configure)));
        assert!(error.message().contains(why), "{error}");
    }
}
