use std::fmt;
use std::sync::Arc;

use anykey::async_trait;
use anykey_dodo_sim::DodoSim;
use anykey_http::HttpTransport;
use anykey_polar_sim::PolarSim;

/// The webhooks of a shop. `Debug` does not show the secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct Webhooks {
    /// What its receiver verifies with.
    pub secret: String,
    /// Sends them.
    pub sender: Arc<dyn SendsWebhooks>,
}

impl Webhooks {
    pub(super) fn new(secret: String, sender: impl SendsWebhooks + 'static) -> Self {
        Self { secret, sender: Arc::new(sender) }
    }
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks").field("sender", &self.sender).finish_non_exhaustive()
    }
}

/// A vendor in memory that tells its sellers what happens.
#[async_trait]
pub trait SendsWebhooks: fmt::Debug + Send + Sync {
    /// Sends everything that is due through `transport`.
    async fn deliver_due(&self, transport: &dyn HttpTransport) -> Delivered;
}

/// What became of deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivered {
    /// How many were sent.
    pub sent: usize,
    /// How many of them were answered well.
    pub taken: usize,
}

#[async_trait]
impl SendsWebhooks for DodoSim {
    async fn deliver_due(&self, transport: &dyn HttpTransport) -> Delivered {
        let report = Self::deliver_due(self, transport).await;
        Delivered { sent: report.sent, taken: report.delivered }
    }
}

#[async_trait]
impl SendsWebhooks for PolarSim {
    async fn deliver_due(&self, transport: &dyn HttpTransport) -> Delivered {
        let report = Self::deliver_due(self, transport).await;
        Delivered { sent: report.sent, taken: report.delivered }
    }
}

/// Where the deliveries of `provider` go: its name behind `url`, as `anykey webhook listen` takes them.
pub(super) fn address(url: &str, provider: &str) -> String {
    format!("{}/{provider}", url.trim_end_matches('/'))
}
