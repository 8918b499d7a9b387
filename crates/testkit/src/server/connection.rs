//! Accepting connections, and answering the requests that come over one.
//!
//! Each connection has a task, and each request waits for the one before it, as HTTP/1.1 wants it.

use std::sync::Arc;

use anykey_core::{HttpTransport, TransportError, TransportErrorKind};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Serves until it is dropped; its connections break with it.
pub(super) async fn accept(listener: TcpListener, transport: Arc<dyn HttpTransport>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { tokio::task::yield_now().await; continue };
                connections.spawn(serve(stream, Arc::clone(&transport)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Answers the requests of one connection until it closes.
async fn serve(stream: TcpStream, transport: Arc<dyn HttpTransport>) {
    let answer_one = service_fn(|request| answer(request, &*transport));
    let mut protocol = http1::Builder::new();
    protocol.auto_date_header(false);
    let _how_it_ended = protocol.serve_connection(TokioIo::new(stream), answer_one).await;
}

/// Passes a request on, and the answer back. An error closes the connection.
async fn answer(
    request: http::Request<Incoming>,
    transport: &dyn HttpTransport,
) -> Result<http::Response<Full<Bytes>>, TransportError> {
    let (head, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map_err(|error| TransportError::new(TransportErrorKind::Interrupted).with_source(error))?;
    let request = http::Request::from_parts(head, body.to_bytes());
    let mut response = transport.send(request).await?.map(Full::new);
    response.headers_mut().remove(CONTENT_LENGTH);
    response.headers_mut().remove(TRANSFER_ENCODING);
    Ok(response)
}
