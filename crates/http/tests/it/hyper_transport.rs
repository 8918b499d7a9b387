use std::net::SocketAddr;

use anykey_http::{HttpTransport, HyperTransport, TransportError, TransportErrorKind as Kind};
use bytes::Bytes;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::reqwest_transport::server;

type Answer = Result<http::Response<Bytes>, TransportError>;

async fn send(transport: &HyperTransport, method: &str, url: &str) -> Answer {
    let request = http::Request::builder().method(method).uri(url).body(Bytes::new()).unwrap();
    transport.send(request).await
}

async fn get(address: SocketAddr) -> Answer {
    let transport = HyperTransport::builder().body_cap(64).build().unwrap();
    send(&transport, "GET", &format!("http://{address}/keys?x=SECRET")).await
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
async fn brings_the_whole_answer_and_follows_no_redirect() {
    let (address, head) =
        server("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 3\r\n\r\nabc").await;
    let answer = get(address).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["location"].as_bytes()),
        (302, &b"http://127.0.0.1:1/"[..])
    );
    assert_eq!(answer.body().as_ref(), b"abc");
    let head = head.await.unwrap();
    assert!(head.contains("get /keys?x=secret http/1.1") && head.contains("user-agent: anykey/"), "{head}");
}

#[tokio::test]
async fn a_post_without_a_body_has_a_length() {
    let (address, head) = server("HTTP/1.1 204 No Content\r\n\r\n").await;
    send(&HyperTransport::default(), "POST", &format!("http://{address}/")).await.unwrap();
    assert!(head.await.unwrap().contains("content-length: 0"));
}

#[tokio::test]
async fn an_answer_over_the_cap_is_not_read() {
    let long = "a".repeat(65);
    for answer in [
        format!("HTTP/1.1 200 OK\r\ncontent-length: 65\r\n\r\n{long}"),
        "HTTP/1.1 200 OK\r\ncontent-length: 9000000000000000000\r\n\r\n".to_owned(),
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n41\r\n{long}\r\n0\r\n\r\n"),
        format!(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{0}\r\n21\r\n{0}b\r\n0\r\n\r\n",
            "a".repeat(32)
        ),
    ] {
        let (address, _head) = server(answer).await;
        assert_eq!(kind(get(address).await), Kind::BodyTooLarge);
    }
    let (address, _head) =
        server(format!("HTTP/1.1 200 OK\r\ncontent-length: 64\r\n\r\n{}", "a".repeat(64))).await;
    assert_eq!(get(address).await.unwrap().body().len(), 64);
}

#[tokio::test]
async fn a_broken_answer_was_sent_and_a_refused_connection_was_not() {
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc", "SSH-2.0\r\n\r\n"] {
        let (address, _head) = server(answer).await;
        assert_eq!(kind(get(address).await), Kind::Interrupted, "{answer}");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(kind(get(nobody).await), Kind::Connect);
}

#[tokio::test]
async fn a_server_without_tls_is_a_tls_fault() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        stream
    });
    let transport = HyperTransport::builder().no_proxy().build().unwrap();
    let answer = send(&transport, "GET", &format!("https://{address}/?x=SECRET")).await;
    assert_eq!(kind(answer), Kind::Tls);
    drop(server.await);
}

#[tokio::test]
async fn plain_http_is_for_this_machine() {
    for url in ["http://192.0.2.1/", "http://localhost.example/", "ftp://127.0.0.1/"] {
        assert_eq!(kind(send(&HyperTransport::default(), "GET", url).await), Kind::Refused, "{url}");
    }
    for url in ["http://localhost:1/", "http://127.0.0.1:1/", "http://[::1]:1/"] {
        assert_eq!(kind(send(&HyperTransport::default(), "GET", url).await), Kind::Connect, "{url}");
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_is_silent_during_the_handshake_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let transport = HyperTransport::builder().no_proxy();
    let transport = transport.connect_timeout(std::time::Duration::from_millis(20)).build().unwrap();
    assert_eq!(kind(send(&transport, "GET", &format!("https://{address}/")).await), Kind::Connect);
    drop(listener);
}

#[test]
fn settings_that_are_not_acceptable_are_named() {
    assert!(HyperTransport::builder().user_agent("a\nb").build().is_err());
    assert!(HyperTransport::builder().root_certificate_pem(b"none").build().is_err());
}
