use std::sync::Arc;
use std::time::Duration;

use anykey_core::{
    Environment, Error, ErrorKind, LicenseProvider, Operation, ProductId, ProviderFactory, ProviderSettings,
    Result, SecretResolver, SecretSource,
};
use anykey_http::{BearerToken, HttpTransport, Pacer, RetryPolicy};
use serde::Deserialize;
use url::Url;

use crate::{DodoProvider, LicenseKeysApi, NAME};

/// Builds the provider from a configuration with `provider = "dodo"`.
pub const FACTORY: ProviderFactory = ProviderFactory { name: NAME, build };

/// The fields of a configuration with `provider = "dodo"`. A field that is not listed here is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DodoConfig {
    /// `live` (the default) or `sandbox`, which is Dodo's test mode.
    #[serde(default)]
    pub environment: Environment,
    /// Another place to find the API; overrides what `environment` says.
    pub base_url: Option<Url>,
    /// The API key. Absent: the device plane only. Never ship one to customers.
    pub token: Option<SecretSource>,
    /// Which of Dodo's two APIs lists, reads and changes keys: `auto` (the default), `classic` or `grants`.
    #[serde(default)]
    pub license_keys: LicenseKeysApi,
    /// The products (`pdt_…`) that this app sells; a valid key of another product is refused. Empty accepts
    /// any, of any seller on Dodo.
    #[serde(default)]
    pub products: Vec<Box<str>>,
    /// Whether every key keeps Dodo's JSON; `false` by default.
    #[serde(default)]
    pub raw: bool,
    /// Whether requests wait their turn to stay under Dodo's documented rate limits; `true` by default.
    pub pacing: Option<bool>,
    /// How many seconds an operation may take in all, retries and waits included; 30 by default.
    pub timeout: Option<u64>,
}

impl DodoConfig {
    /// Reads the credential and starts a builder with everything set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field.
    pub fn builder(&self, secrets: &dyn SecretResolver) -> Result<DodoBuilder> {
        let mut builder = DodoProvider::builder().environment(self.environment).keep_raw(self.raw);
        builder.license_keys = self.license_keys;
        builder.products = self.products.iter().cloned().map(ProductId::new).collect();
        builder.base_url.clone_from(&self.base_url);
        if let Some(source) = &self.token {
            builder = builder.token(BearerToken::new(source.resolve("token", secrets)?)?);
        }
        if self.pacing == Some(false) {
            builder = builder.device_pacer(Pacer::unlimited()).management_pacer(Pacer::unlimited());
        }
        if let Some(seconds) = self.timeout {
            builder = builder.deadline(Duration::from_secs(seconds));
        }
        Ok(builder)
    }
}

/// Builds a [`DodoProvider`] in code; see [`DodoConfig`] for the meaning of each part.
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct DodoBuilder {
    pub(crate) environment: Environment,
    pub(crate) base_url: Option<Url>,
    pub(crate) token: Option<BearerToken>,
    pub(crate) license_keys: LicenseKeysApi,
    pub(crate) products: Vec<ProductId>,
    pub(crate) keep_raw: bool,
    pub(crate) transport: Option<Arc<dyn HttpTransport>>,
    pub(crate) retry: RetryPolicy,
    pub(crate) deadline: Option<Duration>,
    pub(crate) device_pacer: Option<Pacer>,
    pub(crate) management_pacer: Option<Pacer>,
}

impl DodoBuilder {
    /// Talks to this environment.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Talks to this place instead of the environment's.
    pub fn base_url(mut self, base_url: Url) -> Self {
        self.base_url = Some(base_url);
        self
    }

    /// Uses this API key for the management plane.
    pub fn token(mut self, token: BearerToken) -> Self {
        self.token = Some(token);
        self
    }

    /// Lists, reads and changes keys through this of Dodo's two APIs.
    pub fn license_keys(mut self, api: LicenseKeysApi) -> Self {
        self.license_keys = api;
        self
    }

    /// Accepts only keys of `product`; called again, of any of the products.
    pub fn product(mut self, product: impl Into<ProductId>) -> Self {
        self.products.push(product.into());
        self
    }

    /// Keeps Dodo's JSON with every key.
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.keep_raw = keep;
        self
    }

    /// Sends through `transport` instead of the default one.
    pub fn transport(mut self, transport: Arc<dyn HttpTransport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Decides by `retry` what is sent again.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Lets an operation take this long in all, retries and waits included.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Paces the device plane, which Dodo limits per IP address. By default 20 a second and 100 a minute.
    pub fn device_pacer(mut self, pacer: Pacer) -> Self {
        self.device_pacer = Some(pacer);
        self
    }

    /// Paces the management plane, which Dodo limits per API key. By default 40 a second and 240 a minute:
    /// tier 0.
    pub fn management_pacer(mut self, pacer: Pacer) -> Self {
        self.management_pacer = Some(pacer);
        self
    }

    /// The provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the base URL is not acceptable, or when there is no transport because the
    /// feature `reqwest` is off and none was given.
    pub fn build(self) -> Result<DodoProvider> {
        DodoProvider::from_builder(self)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))
    }

    pub(crate) fn location(&self) -> Result<Url> {
        if let Some(url) = &self.base_url {
            return Ok(url.clone());
        }
        let url = match self.environment {
            Environment::Live => "https://live.dodopayments.com",
            Environment::Sandbox => "https://test.dodopayments.com",
        };
        Url::parse(url)
            .map_err(|cause| Error::new(ErrorKind::Config, "the base URL is no URL").with_source(cause))
    }
}

fn build(settings: &ProviderSettings, secrets: &dyn SecretResolver) -> Result<Arc<dyn LicenseProvider>> {
    let config: DodoConfig = settings.read(NAME)?;
    let builder = config.builder(secrets).map_err(|error| error.with_provider(NAME))?;
    Ok(Arc::new(builder.build()?))
}
