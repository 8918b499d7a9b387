//! Kept connections: what is sent on them, what is not, and what arrives on them unasked.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::spawn;

use anykey_core::Operation;
use anykey_http::{ApiClient, ApiRequest, HttpTransport, HyperTransport, ReqwestTransport, RetryPolicy};
use bytes::Bytes;

const ROUNDS: usize = 200;

fn transports() -> [Arc<dyn HttpTransport>; 2] {
    [Arc::new(ReqwestTransport::default()), Arc::new(HyperTransport::default())]
}

/// Serves every connection by `serve` on a thread of its own, and counts them.
fn listen(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    spawn(move || {
        for stream in listener.incoming() {
            count.fetch_add(1, Ordering::SeqCst);
            let serve = serve.clone();
            let stream = stream.unwrap();
            // A second answer would otherwise wait for the client's next packet.
            stream.set_nodelay(true).unwrap();
            spawn(move || serve(stream));
        }
    });
    (address, connections)
}

/// The head of the next request; `None` when the client has closed the connection.
fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.extend(byte),
            _ => return None,
        }
    }
    Some(String::from_utf8(head).unwrap())
}

fn answer(stream: &mut TcpStream, body: &str) {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    // The client may have given the connection up.
    let _ = stream.write_all(answer.as_bytes());
}

fn request(method: &str, address: SocketAddr, path: &str) -> http::Request<Bytes> {
    http::Request::builder().method(method).uri(format!("http://{address}{path}")).body(Bytes::new()).unwrap()
}

fn client(transport: Arc<dyn HttpTransport>, address: SocketAddr) -> ApiClient {
    let base = format!("http://{address}").parse().unwrap();
    ApiClient::builder("acme", base, transport).retry(RetryPolicy::none()).build().unwrap()
}

#[tokio::test]
async fn only_what_may_be_sent_twice_goes_on_a_kept_connection() {
    for transport in transports() {
        let (address, connections) = listen(|mut stream| {
            while head(&mut stream).is_some() {
                answer(&mut stream, "{}");
            }
        });
        let count = || connections.load(Ordering::SeqCst);
        let client = client(transport.clone(), address);
        for _ in 0..3 {
            client.send(ApiRequest::get(Operation::List)).await.unwrap();
            client.send(ApiRequest::post(Operation::Validate).read_only()).await.unwrap();
            client.send(ApiRequest::patch(Operation::Update).repeatable()).await.unwrap();
        }
        assert_eq!(count(), 1, "{transport:?}");
        for sent in 1..=3 {
            client.send(ApiRequest::post(Operation::Activate)).await.unwrap();
            assert_eq!(count(), 1 + sent, "{transport:?}");
        }
    }
}

#[tokio::test]
async fn an_activation_never_meets_a_connection_that_the_server_is_closing() {
    for transport in transports() {
        let (address, _) = listen(|mut stream| {
            if head(&mut stream).is_some() {
                answer(&mut stream, "{}");
            }
        });
        let client = client(transport.clone(), address);
        for round in 0..ROUNDS {
            client.send(ApiRequest::get(Operation::List)).await.ok();
            let response = client.send(ApiRequest::post(Operation::Activate)).await;
            assert!(response.is_ok(), "{transport:?}, round {round}: {response:?}");
        }
    }
}

#[tokio::test]
async fn a_second_answer_to_one_request_is_never_the_next_ones() {
    for transport in transports() {
        let (address, _) = listen(|mut stream| {
            while let Some(head) = head(&mut stream) {
                if head.starts_with("GET /first ") {
                    let one = |body| format!("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{body}");
                    let _ = stream.write_all((one("first") + &one("stale")).as_bytes());
                } else {
                    answer(&mut stream, "second");
                }
            }
        });
        for round in 0..ROUNDS {
            let first = transport.send(request("GET", address, "/first")).await.unwrap();
            assert_eq!(first.body().as_ref(), b"first");
            let second = transport.send(request("GET", address, "/second")).await.unwrap();
            assert_eq!(second.body().as_ref(), b"second", "{transport:?}, round {round}");
        }
    }
}

/// Answers `/first` twice: the second time after a message, and sends a message when that is done.
fn late_server() -> (SocketAddr, Sender<()>, Receiver<()>) {
    let (go, wait) = channel::<()>();
    let (done, is_done) = channel::<()>();
    let wait = Arc::new(std::sync::Mutex::new(wait));
    let (address, _) = listen(move |mut stream| {
        while let Some(head) = head(&mut stream) {
            if head.starts_with("GET /first ") {
                answer(&mut stream, "first");
                wait.lock().unwrap().recv().unwrap();
                answer(&mut stream, "stale");
                done.send(()).unwrap();
            } else {
                answer(&mut stream, "second");
            }
        }
    });
    (address, go, is_done)
}

/// The runtime stands still while the late answer arrives, so that it has not noticed it.
#[tokio::test]
async fn a_late_answer_that_nobody_has_noticed_is_never_the_next_ones() {
    for transport in transports() {
        let (address, go, is_done) = late_server();
        for round in 0..ROUNDS {
            let first = transport.send(request("GET", address, "/first")).await.unwrap();
            assert_eq!(first.body().as_ref(), b"first");
            go.send(()).unwrap();
            is_done.recv().unwrap();
            let second = transport.send(request("GET", address, "/second")).await.unwrap();
            assert_eq!(second.body().as_ref(), b"second", "{transport:?}, round {round}");
        }
    }
}
