use std::time::Duration;

use anykey_http::ReqwestTransport;
use tokio::net::TcpStream;
use url::Url;

use crate::context::Context;
use crate::sim::SimulatedSeller;

/// How often the vendors look whether something is due.
const PERIOD: Duration = Duration::from_millis(250);

/// Sends the webhooks of `sellers` to `url` for ever, from when somebody listens there.
pub(super) async fn send(context: &Context, sellers: &[SimulatedSeller], url: &Url) {
    until_somebody_listens(context, url).await;
    let network = ReqwestTransport::default();
    loop {
        for seller in sellers {
            let report = seller.vendor.webhooks().deliver_due(&network).await;
            if report.sent > 0 {
                let (sent, taken) = (report.sent, report.delivered);
                context.note(&format!("{}: webhooks sent: {sent}, taken: {taken}", seller.provider));
            }
        }
        tokio::time::sleep(PERIOD).await;
    }
}

pub(super) async fn until_somebody_listens(context: &Context, url: &Url) {
    context.note(&format!("webhooks are sent as soon as somebody listens at {}", url.authority()));
    while !listens(url).await {
        tokio::time::sleep(PERIOD).await;
    }
}

async fn listens(url: &Url) -> bool {
    let address = url.host_str().zip(url.port_or_known_default());
    match address {
        Some((host, port)) => TcpStream::connect((host.trim_matches(['[', ']']), port)).await.is_ok(),
        None => false,
    }
}
