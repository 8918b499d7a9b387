//! anykey, as an app uses it.

use std::hint::black_box;
use std::sync::Arc;

use anykey::{KeyCode, Keys, LicenseProvider, LicenseProviderExt, ListQuery, ValidateRequest};
use anykey_dodo::DodoProvider;
use anykey_http::{HttpTransport, HyperTransport, Limit, Pacer, ReqwestTransport};
use anykey_polar::PolarProvider;
use futures_util::TryStreamExt;

use crate::vendor::{CODE, ORGANIZATION, TOKEN};
use crate::{Fault, Vendor};

/// A provider behind the trait, and how many pages it has in flight.
#[derive(Clone, Debug)]
pub struct Anykey {
    provider: Arc<dyn LicenseProvider>,
    /// `None` for the default.
    in_flight: Option<usize>,
}

impl Anykey {
    /// A provider for the server at `url` on reqwest, with pacing off.
    ///
    /// # Errors
    ///
    /// When the settings are not acceptable.
    pub fn new(vendor: Vendor, url: &str) -> Result<Self, Fault> {
        Self::with(vendor, url, Arc::new(ReqwestTransport::default()), &[])
    }

    /// The same on hyper.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn on_hyper(vendor: Vendor, url: &str) -> Result<Self, Fault> {
        Self::with(vendor, url, Arc::new(HyperTransport::default()), &[])
    }

    /// A provider for the server at `url` that keeps to `limits`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn with(
        vendor: Vendor,
        url: &str,
        transport: Arc<dyn HttpTransport>,
        limits: &[Limit],
    ) -> Result<Self, Fault> {
        let pacer = Pacer::new(limits);
        let provider: Arc<dyn LicenseProvider> = match vendor {
            Vendor::Dodo => {
                let builder =
                    DodoProvider::builder().base_url(url.parse()?).token(TOKEN).transport(transport);
                let builder = builder.device_pacer(Pacer::unlimited()).management_pacer(pacer);
                Arc::new(builder.build()?)
            }
            Vendor::Polar => {
                let builder = PolarProvider::builder(ORGANIZATION).base_url(url.parse()?).token(TOKEN);
                let builder = builder.transport(transport).management_pacer(pacer);
                Arc::new(builder.build()?)
            }
        };
        Ok(Self { provider, in_flight: None })
    }

    /// Has so many pages in flight while it lists, instead of the default.
    #[must_use]
    pub fn in_flight(mut self, pages: usize) -> Self {
        self.in_flight = Some(pages);
        self
    }

    fn keys(&self) -> Keys<'_> {
        let keys = self.provider.keys(ListQuery::new().page_size(100));
        match self.in_flight {
            Some(pages) => keys.prefetch(pages),
            None => keys,
        }
    }

    /// The provider.
    #[must_use]
    pub fn provider(&self) -> &Arc<dyn LicenseProvider> {
        &self.provider
    }

    /// Reads every key and gives back how many there are.
    ///
    /// # Errors
    ///
    /// When a request fails.
    pub async fn list(&self) -> Result<usize, Fault> {
        let mut count = 0;
        let mut keys = self.keys();
        while let Some(key) = keys.try_next().await? {
            black_box(&key);
            count += 1;
        }
        Ok(count)
    }

    /// The ids of every key, in the order in which they come.
    ///
    /// # Errors
    ///
    /// When a request fails.
    pub async fn ids(&self) -> Result<Vec<String>, Fault> {
        Ok(self.keys().map_ok(|key| key.id.to_string()).try_collect().await?)
    }

    pub(super) async fn validate(&self) -> Result<bool, Fault> {
        let request = ValidateRequest::new(KeyCode::parse(CODE)?);
        Ok(self.provider.validate(request).await?.is_valid())
    }
}
