use std::sync::Arc;

use anykey::sim::simulator;
use anykey::{Clock, HttpTransport};
use anykey_http::ReqwestTransport;
use anykey_sim_ui::{MovableClock, Panel, SimPage};
use url::Url;

use super::deliveries::until_somebody_listens;
use crate::context::Context;
use crate::failure::Failure;
use crate::sim::SimulatedSeller;

/// A page over the simulators that is not served yet.
pub(super) struct PageDraft {
    clock: MovableClock,
    port: u16,
    panels: Vec<Panel>,
}

impl PageDraft {
    pub(super) fn new(clock: Clock, port: u16) -> Self {
        Self { clock: MovableClock::over(clock), port, panels: Vec::new() }
    }

    /// The clock for the simulators.
    pub(super) fn clock(&self) -> Clock {
        self.clock.clone().into()
    }

    /// Lets the page see the requests to each of `sellers`, whose webhooks go to `webhooks` or to the page itself.
    pub(super) fn watch(
        &mut self,
        sellers: &mut [SimulatedSeller],
        webhooks: Option<&Url>,
    ) -> Result<(), Failure> {
        for seller in sellers {
            let simulator = simulator(seller.provider).ok_or_else(|| not_started(&"no such simulator"))?;
            let vendor = Arc::clone(&seller.vendor);
            let panel = match webhooks {
                Some(_) => Panel::with_endpoints(simulator, vendor),
                None => Panel::new(simulator, vendor),
            };
            let panel = panel.map_err(|error| not_started(&error))?;
            seller.transport = panel.transport();
            self.panels.push(panel);
        }
        Ok(())
    }

    /// Serves the page. `urls` are the addresses of the APIs, in the order of the sellers.
    pub(super) async fn serve(self, urls: &[String]) -> Result<SimPage, Failure> {
        for (panel, url) in self.panels.iter().zip(urls) {
            panel.served_at(url.as_str());
        }
        SimPage::start(self.panels, self.clock, self.port).await.map_err(|error| not_started(&error))
    }
}

/// Prints the page's address, and lets it send webhooks to `webhooks` from when somebody listens there.
pub(super) async fn show(context: &Context, page: &SimPage, webhooks: Option<&Url>) {
    context.print_line("page", &page.url());
    if let Some(url) = webhooks {
        until_somebody_listens(context, url).await;
        let network: Arc<dyn HttpTransport> = Arc::new(ReqwestTransport::default());
        page.send_webhooks(&network);
    }
}

fn not_started(error: &dyn std::fmt::Display) -> Failure {
    Failure::Usage(format!("the page cannot be started: {error}"))
}
