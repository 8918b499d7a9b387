use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anykey_core::HttpTransport;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use crate::access::PathToken;
use crate::clock::MovableClock;
use crate::deliveries::Receiver;
use crate::panel::Panel;
use crate::routes::{Page, router};

/// How often the vendors look whether a webhook is due.
const PERIOD: Duration = Duration::from_millis(250);

/// The page over some simulated vendors, served on this machine.
///
/// It listens on 127.0.0.1 only, answers only under a random path, and sends the webhooks that are due. Dropping it
/// stops it.
#[must_use = "dropping the page stops it"]
pub struct SimPage {
    address: SocketAddr,
    page: Arc<Page>,
    tasks: [AbortHandle; 2],
}

impl SimPage {
    /// Serves the page on `port`, or on any free port for 0. `clock` is the one that the vendors were started with.
    ///
    /// It runs on the current tokio runtime, which needs I/O and time.
    ///
    /// # Errors
    ///
    /// When the port cannot be bound.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn start(panels: Vec<Panel>, clock: MovableClock, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let page = Arc::new(Page::new(panels, clock, PathToken::random()));
        let app = router(Arc::clone(&page));
        let served = tokio::spawn(async move { axum::serve(listener, app).await });
        let sent = tokio::spawn(send_due(Arc::clone(&page)));
        Ok(Self { address, page, tasks: [served.abort_handle(), sent.abort_handle()] })
    }

    /// The page's address. Whoever has it can drive the simulators.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.page.root())
    }

    /// Sends the webhooks of all vendors with `transport` from now on.
    pub fn send_webhooks(&self, transport: &Arc<dyn HttpTransport>) {
        for panel in &self.page.panels {
            panel.deliveries.set_receiver(Receiver::Network(Arc::clone(transport)));
        }
    }
}

async fn send_due(page: Arc<Page>) {
    loop {
        for panel in &page.panels {
            if panel.deliveries.send_due(&*panel.vendor, &panel.mask).await > 0 {
                panel.changes().announce();
            }
        }
        tokio::time::sleep(PERIOD).await;
    }
}

impl Drop for SimPage {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

impl fmt::Debug for SimPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimPage").field("address", &self.address).finish_non_exhaustive()
    }
}
