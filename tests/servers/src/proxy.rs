use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A network between a client and a server on loopback, which can be cut.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    server: Arc<AtomicU16>,
    is_open: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy to `port`.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let own = listener.local_addr().expect("a port").port();
        let (is_open, open) = watch::channel(true);
        let server = Arc::new(AtomicU16::new(port));
        let accepting = tokio::spawn({
            let server = Arc::clone(&server);
            async move {
                while let Ok((client, _)) = listener.accept().await {
                    tokio::spawn(forward(client, Arc::clone(&server), open.clone()));
                }
            }
        });
        Self { port: own, server, is_open, accepting }
    }

    /// Its port on loopback.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Leads new connections to another server, as an address does that follows a primary.
    pub fn lead_to(&self, port: u16) {
        self.server.store(port, Ordering::SeqCst);
    }

    /// Passes nothing on. Connections stay open, as in a network without a way.
    pub fn cut(&self) {
        self.is_open.send_replace(false);
    }

    /// Passes on what was held back, and everything from now on.
    pub fn mend(&self) {
        self.is_open.send_replace(true);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn forward(client: TcpStream, server: Arc<AtomicU16>, mut open: watch::Receiver<bool>) {
    if open.wait_for(|open| *open).await.is_err() {
        return;
    }
    let server = (Ipv4Addr::LOCALHOST, server.load(Ordering::SeqCst));
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(copy(from_client, to_server, open.clone()), copy(from_server, to_client, open));
}

async fn copy(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut open: watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut bytes).await else { return };
        if open.wait_for(|open| *open).await.is_err() {
            return;
        }
        if to.write_all(bytes.get(..length).unwrap_or_default()).await.is_err() {
            return;
        }
    }
}
