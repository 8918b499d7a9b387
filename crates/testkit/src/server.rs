//! A server on loopback for a vendor simulator.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;

use anykey_core::HttpTransport;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

mod connection;

/// Serves a transport, such as a vendor simulator, on a real socket, for any HTTP client.
///
/// It listens on 127.0.0.1, on a port of its own, and speaks HTTP/1.1 with keep-alive. Each request goes to
/// the transport as it came: method, path, query, headers and whole body; a chunked body has no
/// `Content-Length`. The answer goes back as it is, with the right `Content-Length` and no other header of
/// the server's own. When the transport fails there is no answer: the connection closes, so a lost answer
/// stays a lost answer.
///
/// Dropping it stops it and breaks its connections.
///
/// ```
/// use anykey_testkit::LoopbackServer;
/// use anykey_testkit::transport::{Answer, ScriptedTransport};
/// use std::sync::Arc;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let vendor = ScriptedTransport::from_fn(|_| Answer::json(200, r#"{"valid":true}"#));
/// let server = LoopbackServer::start(Arc::new(vendor)).await?;
/// assert!(server.url().starts_with("http://127.0.0.1:"));
/// # Ok::<_, std::io::Error>(())
/// # }).unwrap();
/// ```
#[must_use = "dropping the server stops it"]
pub struct LoopbackServer {
    /// The address and port that it listens on.
    address: SocketAddr,
    /// How it is stopped.
    stop: Stop,
}

/// How a server is stopped when it is dropped.
///
/// A thread is joined, so that the port is free once the server is dropped.
enum Stop {
    Task(AbortHandle),
    Thread { stop: Option<oneshot::Sender<()>>, thread: Option<JoinHandle<()>> },
}

impl LoopbackServer {
    /// Starts a server on the current tokio runtime, which needs its I/O driver.
    ///
    /// # Errors
    ///
    /// When no port can be bound.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use anykey_testkit::LoopbackServer;
    /// use anykey_testkit::transport::{Fault, FaultyTransport, Rule, ScriptedTransport, Answer};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// // The vendor does its work, and the connection closes without an answer.
    /// let faulty = FaultyTransport::new(ScriptedTransport::from_fn(|_| Answer::new(204)));
    /// faulty.inject(Rule::always(Fault::AnswerLost));
    /// let server = LoopbackServer::start(Arc::new(faulty)).await?;
    /// assert_eq!(server.address().ip().to_string(), "127.0.0.1");
    /// # Ok::<_, std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn start(transport: Arc<dyn HttpTransport>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(connection::accept(listener, transport));
        Ok(Self { address, stop: Stop::Task(task.abort_handle()) })
    }

    /// Starts a server on a thread and a runtime of its own, for synchronous tests and for clients in other
    /// processes.
    ///
    /// # Errors
    ///
    /// When no port can be bound, or no thread or runtime can be had.
    pub fn start_in_background(transport: Arc<dyn HttpTransport>) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _entered = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("loopback-server".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = connection::accept(listener, transport) => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { address, stop: Stop::Thread { stop: Some(stop), thread: Some(thread) } })
    }

    /// The base URL `http://127.0.0.1:PORT`, without a slash at the end. Adapters allow plain HTTP to loopback.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address and port that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for LoopbackServer {
    fn drop(&mut self) {
        match &mut self.stop {
            Stop::Task(task) => task.abort(),
            Stop::Thread { stop, thread } => {
                drop(stop.take());
                if let Some(thread) = thread.take() {
                    let _ = thread.join();
                }
            }
        }
    }
}

impl fmt::Debug for LoopbackServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoopbackServer").field("address", &self.address).finish_non_exhaustive()
    }
}
