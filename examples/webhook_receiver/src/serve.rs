use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_http::timeout::TimeoutLayer;

/// How long a failed `accept` waits: the process has no file descriptor left, and one has to become free.
const PAUSE: Duration = Duration::from_millis(500);

/// What one client may take. `axum::serve` bounds none of it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once. Further ones wait until one of them ends. Keep it well below the process's limit of open
    /// files, which is often 1,024.
    pub connections: usize,
    /// From the start of a connection, or the end of an answer, until the header of the request is complete. Then
    /// the connection is closed.
    pub header: Duration,
    /// From the end of the header until the answer, the body included. Then the answer is 503.
    pub request: Duration,
}

impl Default for Limits {
    /// 512 connections, 3 seconds for a header and 9 for a request: Polar waits 10 seconds for an answer.
    fn default() -> Self {
        Self { connections: 512, header: Duration::from_secs(3), request: Duration::from_secs(9) }
    }
}

/// Serves `router` on `listener` within `limits` until `shutdown` ends, and then answers the requests in progress.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, limits.request);
    let service = TowerToHyperService::new(router.layer(timeout));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.header);
    let slots = Arc::new(Semaphore::new(limits.connections));
    let open = GracefulShutdown::new();

    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let (stream, slot) = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            () = &mut shutdown => break,
        };
        let connection = builder.serve_connection(TokioIo::new(stream), service.clone());
        let connection = open.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection failed");
            }
            drop(slot);
        });
    }
    drop(listener);
    // Longer than any request may take.
    let _ = tokio::time::timeout(limits.header.saturating_add(limits.request), open.shutdown()).await;
}

/// The next connection, when there is a slot for it.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let slot = Arc::clone(slots).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, slot),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
