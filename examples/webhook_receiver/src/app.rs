use std::collections::BTreeMap;
use std::sync::Arc;

use anykey::{Clock, Config, LicenseProvider, Registry, Result, WebhookReceiver};

use crate::Store;

/// What the endpoint works with.
#[derive(Debug)]
pub struct App {
    vendors: BTreeMap<String, Vendor>,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
}

/// One provider of the configuration.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Vendor {
    /// Proves its deliveries.
    pub receiver: Arc<dyn WebhookReceiver>,
    /// Is asked for keys that its deliveries name without sending them.
    pub provider: Arc<dyn LicenseProvider>,
}

impl App {
    /// Builds every provider of `config` and the receiver of its deliveries. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey::ErrorKind::Config), saying which provider is wrong and what to do.
    pub fn new(registry: &Registry, config: &Config, store: Store, clock: Clock) -> Result<Self> {
        let mut vendors = BTreeMap::new();
        for name in config.names() {
            let settings = config.provider(name)?;
            let receiver = registry.build_webhooks(name, settings)?;
            let provider = registry.build_provider(name, settings)?;
            vendors.insert(name.to_owned(), Vendor { receiver, provider });
        }
        Ok(Self { vendors, store, clock })
    }

    /// The providers' names: the last part of each endpoint's path.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.vendors.keys().map(String::as_str)
    }

    pub(crate) fn vendor(&self, name: &str) -> Option<&Vendor> {
        self.vendors.get(name)
    }
}
