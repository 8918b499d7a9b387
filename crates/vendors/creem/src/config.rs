//! The configuration: fields as a file has them, and a builder for code.
//!
//! Both end in [`CreemBuilder::build`], which makes all checks. Nothing is sent.

use std::num::NonZeroU32;
use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Environment, Error, ErrorKind, Operation, ProductId, Result, SecretResolver, SecretSource, SecretString,
};
use anykey_http::{ApiClient, BaseUrl, BearerToken, Connection, Limit, NetworkConfig, Pacer};
use http::HeaderName;
use serde::Deserialize;

use crate::{CreemProvider, NAME, credential};

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Creem's documented limits for one API key (documentation, 2026).
const PER_MINUTE: u32 = 100;
const PER_HOUR: u32 = 1_000;

/// The fields of a configuration with `provider = "creem"`. A field that is not listed here is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CreemConfig {
    /// `live` (the default) or `sandbox`, the vendor's test mode. Each has its own host and API keys.
    #[serde(default)]
    pub environment: Environment,
    /// Another address of the API. Overrides the one of `environment`.
    pub base_url: Option<BaseUrl>,
    /// An API key of the same mode. Required, because every call needs it, so the provider runs on a server only: never
    /// ship one to customers.
    pub token: Option<SecretSource>,
    /// The signing secrets of the webhook; several while one is replaced. Only a receiver of webhooks reads them.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// The id of the webhook endpoint, `wh_…`, whose delivery mode is `cli`: its deliveries wait until they are asked
    /// for, so that no public address is needed. Absent for deliveries to a URL. Only a feed of webhooks reads it.
    pub webhook_endpoint: Option<Box<str>>,
    /// The ids of the products that this app accepts; a valid key of another product is refused. Empty accepts any of
    /// the store's.
    #[serde(default)]
    pub products: Vec<Box<str>>,
    /// Whether every key keeps Creem's JSON; `false` by default.
    #[serde(default)]
    pub raw: bool,
    /// Whether requests wait in turn to stay under Creem's documented rate limits; `true` by default.
    pub pacing: Option<bool>,
    /// How many seconds a request may take in all, retries and waits included; 30 by default.
    pub timeout: Option<u64>,
    /// A proxy, a root certificate and the like; absent for most apps.
    #[serde(default)]
    pub network: NetworkConfig,
}

impl CreemConfig {
    /// Reads the credential and starts a builder with everything set.
    ///
    /// The token is read at this moment; from a file also later, when that was changed or the vendor refuses it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field, also when there is no token.
    pub fn builder(&self, secrets: &dyn SecretResolver) -> Result<CreemBuilder> {
        let source = self.token.as_ref().ok_or_else(missing_token)?;
        let token = source.resolve("token", secrets)?;
        let mut builder = CreemProvider::builder(token).environment(self.environment).keep_raw(self.raw);
        builder.connection.credential_reader = source.reader("token", secrets);
        builder.connection.base_url.clone_from(&self.base_url);
        builder.connection.network = self.network.read(secrets)?;
        builder.connection.deadline = self.timeout.map(Duration::from_secs);
        builder.products = self.products.iter().cloned().map(ProductId::new).collect();
        if self.pacing == Some(false) {
            builder = builder.pacer(Pacer::unlimited());
        }
        Ok(builder)
    }
}

/// The error for a configuration that lacks what every call needs. It says why an app cannot have one.
fn missing_token() -> Error {
    let message = "`token` is missing: Creem has no call without an API key, and an API key must not be in an app that \
                   customers install; let the app ask a server of yours, and set `token` there";
    Error::new(ErrorKind::Config, message).with_provider(NAME).with_operation(Operation::Configure)
}

/// Builds a [`CreemProvider`] in code.
///
/// Only the API key is required. The methods correspond to the fields of [`CreemConfig`].
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{Capability, LicenseProvider, ManualClock, Timestamp};
/// use anykey_creem::CreemProvider;
/// use anykey_creem_sim::CreemSim;
///
/// let provider = CreemProvider::builder("creem_1a2b3c4d5e6f")
///     .product("prod_1a2b3c4d5e6f")
///     .transport(Arc::new(CreemSim::new(ManualClock::at(Timestamp::UNIX_EPOCH))))
///     .build()?;
/// assert!(provider.capabilities().contains(Capability::Activate));
/// // A key is validated together with an activation, and a list names a customer.
/// assert!(!provider.capabilities().contains(Capability::ListAll));
///
/// let of_test_mode = CreemProvider::builder("creem_test_1a2b3c4d5e6f").build();
/// assert!(of_test_mode.is_err(), "the environment is live, and the API key is not");
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct CreemBuilder {
    pub(crate) environment: Environment,
    pub(crate) token: SecretString,
    pub(crate) products: Vec<ProductId>,
    pub(crate) keep_raw: bool,
    pub(crate) connection: Connection,
    pacer: Option<Pacer>,
}

impl CreemBuilder {
    /// A builder with the defaults: live, every product, paced.
    pub(crate) fn new(token: SecretString) -> Self {
        Self {
            environment: Environment::default(),
            token,
            products: Vec::new(),
            keep_raw: false,
            connection: Connection::default(),
            pacer: None,
        }
    }

    /// Sets the environment of the API key. Default: live. It decides about the host, `https://api.creem.io` or
    /// `https://test-api.creem.io`, unless a base URL is set. Keys of the other mode are refused with
    /// [`WrongEnvironment`](anykey_core::RefusalReason::WrongEnvironment).
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Accepts only keys of `product`; called again, of any of the products.
    ///
    /// The default is any product of the store. Creem checks no product (specification, 2026), so the provider compares
    /// it in each answer and refuses another one with [`WrongProduct`](anykey_core::RefusalReason::WrongProduct). An
    /// activation that is refused so is given back.
    pub fn product(mut self, product: impl Into<ProductId>) -> Self {
        self.products.push(product.into());
        self
    }

    /// Keeps Creem's JSON with every key. The default is `false`.
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.keep_raw = keep;
        self
    }

    /// Paces the calls. Default: 100 a minute and 1000 an hour. These are the documented limits of one API key (2026).
    /// Clones of a pacer share one budget: use one for all programs' providers with this API key, or
    /// [`Pacer::unlimited`] where another layer paces.
    pub fn pacer(mut self, pacer: Pacer) -> Self {
        self.pacer = Some(pacer);
        self
    }

    anykey_http::connection_setters!(
        base_url,
        "An activation that has to be given back may take twice as long."
    );

    /// The provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the token is a webhook secret or of the other environment or cannot be sent in a
    /// header, when the base URL or a setting of the table `network` is not acceptable, or when there is no transport
    /// because the feature `reqwest` is off and none was given.
    pub fn build(self) -> Result<CreemProvider> {
        CreemProvider::from_builder(self)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))
    }

    /// The client of every call.
    pub(crate) fn client(&self) -> Result<ApiClient> {
        credential::check_token(&self.token, self.environment)?;
        let token = BearerToken::new(self.token.clone()).map_err(|error| error.in_context("`token`"))?;
        let url = match self.environment {
            Environment::Live => "https://api.creem.io",
            Environment::Sandbox => "https://test-api.creem.io",
        };
        let connection = self.connection.clone().ready()?;
        connection.client(NAME, url)?.pacer(self.pacer_or_default()).api_key(API_KEY, token).build()
    }

    /// The pacer that was set, or one for both documented limits.
    fn pacer_or_default(&self) -> Pacer {
        self.pacer.clone().unwrap_or_else(|| {
            let limit = |requests, seconds| {
                let requests = NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN);
                Limit::new(requests, Duration::from_secs(seconds))
            };
            Pacer::new(&[limit(PER_MINUTE, 60), limit(PER_HOUR, 3_600)])
        })
    }
}
