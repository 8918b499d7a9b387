//! The configuration: fields as a file has them, and a builder for code.
//!
//! Both end in [`DodoBuilder::build`], which makes all checks. Nothing is sent.

use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Environment, Operation, ProductId, Result, SecretResolver, SecretSource, SecretString};
use anykey_http::{BaseUrl, Connection, NetworkConfig, Pacer};
use serde::Deserialize;

use crate::{DodoProvider, LicenseKeysApi, NAME};

/// The fields of a configuration with `provider = "dodo"`. A field that is not listed here is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DodoConfig {
    /// `live` (the default) or `sandbox`, which is Dodo's test mode.
    #[serde(default)]
    pub environment: Environment,
    /// Another place to find the API; overrides what `environment` says.
    pub base_url: Option<BaseUrl>,
    /// The API key. Absent: the device plane only. Never ship one to customers.
    pub token: Option<SecretSource>,
    /// The secrets of the webhook endpoint (`whsec_…`); several while one is replaced. Only a receiver of
    /// webhooks reads them.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
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
    /// How many seconds a request may take in all, retries and waits included; 30 by default.
    pub timeout: Option<u64>,
    /// A proxy, a root certificate and the like; absent for most apps.
    #[serde(default)]
    pub network: NetworkConfig,
}

impl DodoConfig {
    /// Reads the credential and starts a builder with everything set.
    ///
    /// The token is read at this moment; from a file also later, when that was changed or the vendor refuses it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), naming the field.
    pub fn builder(&self, secrets: &dyn SecretResolver) -> Result<DodoBuilder> {
        let mut builder = DodoProvider::builder().environment(self.environment).keep_raw(self.raw);
        builder.license_keys = self.license_keys;
        builder.products = self.products.iter().cloned().map(ProductId::new).collect();
        builder.connection.base_url.clone_from(&self.base_url);
        builder.connection.network = self.network.read(secrets)?;
        builder.connection.deadline = self.timeout.map(Duration::from_secs);
        if let Some(source) = &self.token {
            builder = builder.token(source.resolve("token", secrets)?);
            builder.connection.credential_reader = source.reader("token", secrets);
        }
        if self.pacing == Some(false) {
            builder = builder.device_pacer(Pacer::unlimited()).management_pacer(Pacer::unlimited());
        }
        Ok(builder)
    }
}

/// Builds a [`DodoProvider`] in code; see [`DodoConfig`] for the meaning of each part.
///
/// ```
/// use std::time::Duration;
///
/// use anykey_core::{Environment, LicenseProvider};
/// use anykey_dodo::DodoProvider;
///
/// # #[cfg(feature = "reqwest")] {
/// let provider = DodoProvider::builder()
///     .environment(Environment::Sandbox)
///     .product("pdt_bL8HwBAMfuQKS8HODxegO")
///     .deadline(Duration::from_secs(10))
///     .build()?;
/// assert_eq!(provider.vendor(), "dodo");
/// # }
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct DodoBuilder {
    pub(crate) environment: Environment,
    pub(crate) token: Option<SecretString>,
    pub(crate) license_keys: LicenseKeysApi,
    pub(crate) products: Vec<ProductId>,
    pub(crate) keep_raw: bool,
    pub(crate) connection: Connection,
    pub(crate) device_pacer: Option<Pacer>,
    pub(crate) management_pacer: Option<Pacer>,
}

impl DodoBuilder {
    /// Sends the requests to this environment.
    ///
    /// The default is live. Data, API keys and webhooks of the two are separate (documentation, 2026), so a key of the
    /// other one is unknown. A [`base_url`](Self::base_url) takes precedence.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Uses this API key: the management plane.
    ///
    /// The default is none: then the provider has the device plane only. A read-only API key lists and reads only.
    /// Device calls never carry it.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Lists, reads and changes keys through this of Dodo's two APIs. The default is [`LicenseKeysApi::Auto`], which is
    /// right unless the app must not change its behaviour by itself.
    pub fn license_keys(mut self, api: LicenseKeysApi) -> Self {
        self.license_keys = api;
        self
    }

    /// Accepts only keys of `product`; called again, of any of the products.
    ///
    /// The default is any product, of any seller on Dodo. With it a validation needs an activation, because only an
    /// activation names its product; a key of another product is refused with
    /// [`WrongProduct`](anykey_core::RefusalReason::WrongProduct) and its seat given back.
    pub fn product(mut self, product: impl Into<ProductId>) -> Self {
        self.products.push(product.into());
        self
    }

    /// Keeps Dodo's JSON with every key. The default is `false`.
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.keep_raw = keep;
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

    anykey_http::connection_setters!(
        base_url,
        "An operation that sends several requests, such as the activation of an allowed product, may take longer."
    );

    /// The provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when the token, the base URL or something of the
    /// table `network` is not acceptable, or when there is no transport because the feature `reqwest` is off and
    /// none was given.
    pub fn build(self) -> Result<DodoProvider> {
        DodoProvider::from_builder(self)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))
    }

    /// The address of the environment.
    pub(crate) const fn default_url(&self) -> &'static str {
        match self.environment {
            Environment::Live => "https://live.dodopayments.com",
            Environment::Sandbox => "https://test.dodopayments.com",
        }
    }
}
