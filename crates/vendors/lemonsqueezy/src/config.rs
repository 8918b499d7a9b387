//! The configuration: fields as a file has them, and a builder for code.
//!
//! Both end in [`LemonSqueezyBuilder::build`], which makes all checks. Nothing is sent and no file but a secret's is
//! read.

use std::num::NonZeroU32;
use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Environment, Operation, ProductId, Result, SecretResolver, SecretSource, SecretString};
use anykey_http::{BaseUrl, Connection, Limit, NetworkConfig, Pacer};
use serde::Deserialize;

use crate::{LemonSqueezyProvider, NAME};

/// Lemon Squeezy's documented limits, in requests a minute (documentation, 2026).
const LICENSE_API: u32 = 60;
const MAIN_API: u32 = 300;

/// The fields of a configuration with `provider = "lemonsqueezy"`. A field that is not listed here is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LemonSqueezyConfig {
    /// `live` (the default) or `sandbox`, the vendor's test mode. Both are on one host; a key of the other one is
    /// refused.
    #[serde(default)]
    pub environment: Environment,
    /// Another place to find the API.
    pub base_url: Option<BaseUrl>,
    /// The id of the store that sells, a number. Without it a key of any other store would be good.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = ["12345"])))]
    pub store_id: Box<str>,
    /// An API key of the same mode, for the store's keys. Never ship one to customers.
    pub token: Option<SecretSource>,
    /// The signing secrets of the webhook; several while one is replaced. Only a receiver of webhooks reads them.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// The ids of the products that this app accepts; a valid key of another product is refused. Empty accepts any of
    /// the store's.
    #[serde(default)]
    pub products: Vec<Box<str>>,
    /// The ids of the variants that this app accepts, where a product has several. Empty accepts any.
    #[serde(default)]
    pub variants: Vec<Box<str>>,
    /// Whether every key keeps Lemon Squeezy's JSON; `false` by default.
    #[serde(default)]
    pub raw: bool,
    /// Whether requests wait their turn to stay under Lemon Squeezy's documented rate limits; `true` by default.
    pub pacing: Option<bool>,
    /// How many seconds a request may take in all, retries and waits included; 30 by default.
    pub timeout: Option<u64>,
    /// A proxy, a root certificate and the like; absent for most apps.
    #[serde(default)]
    pub network: NetworkConfig,
}

impl LemonSqueezyConfig {
    /// Reads the credential and starts a builder with everything set. Secrets are read at this moment and only here. A
    /// change of an environment variable or a file afterwards has no effect on the provider.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), naming the field.
    pub fn builder(&self, secrets: &dyn SecretResolver) -> Result<LemonSqueezyBuilder> {
        let mut builder = LemonSqueezyProvider::builder(self.store_id.clone())
            .environment(self.environment)
            .keep_raw(self.raw);
        builder.connection.base_url.clone_from(&self.base_url);
        builder.connection.network = self.network.read(secrets)?;
        builder.connection.deadline = self.timeout.map(Duration::from_secs);
        builder.products = self.products.iter().cloned().map(ProductId::new).collect();
        builder.variants.clone_from(&self.variants);
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

/// Builds a [`LemonSqueezyProvider`] in code.
///
/// Only the store's id is required. Without anything else the provider validates, activates and deactivates live keys
/// of any product of that store. The methods correspond to the fields of [`LemonSqueezyConfig`].
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use anykey_core::{Capability, LicenseProvider, ManualClock, SecretString, Timestamp};
/// use anykey_lemonsqueezy::LemonSqueezyProvider;
/// use anykey_lemonsqueezy_sim::LemonSqueezySim;
///
/// let sim = LemonSqueezySim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// // With a token, on a server only.
/// let provider = LemonSqueezyProvider::builder("12345")
///     .token(SecretString::from("eyJ0eXAiOiJKV1QifQ.e30.c2ln"))
///     .product("67890")
///     .product("67891")
///     .deadline(Duration::from_secs(10))
///     .transport(Arc::new(sim))
///     .build()?;
/// assert!(provider.capabilities().contains(Capability::List));
/// assert!(!provider.capabilities().contains(Capability::Create));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct LemonSqueezyBuilder {
    pub(crate) environment: Environment,
    pub(crate) store_id: Box<str>,
    pub(crate) token: Option<SecretString>,
    pub(crate) products: Vec<ProductId>,
    pub(crate) variants: Vec<Box<str>>,
    pub(crate) keep_raw: bool,
    pub(crate) connection: Connection,
    device_pacer: Option<Pacer>,
    management_pacer: Option<Pacer>,
}

impl LemonSqueezyBuilder {
    /// A builder with the defaults: live, no token, every product, paced.
    pub(crate) fn new(store_id: Box<str>) -> Self {
        Self {
            environment: Environment::default(),
            store_id,
            token: None,
            products: Vec::new(),
            variants: Vec::new(),
            keep_raw: false,
            connection: Connection::default(),
            device_pacer: None,
            management_pacer: None,
        }
    }

    /// Accepts keys of this environment only.
    ///
    /// The default is live. Test keys are valid on the live host and only marked in the answer (2026), so a provider
    /// that did not compare would accept test purchases.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Uses an API key, of the mode that [`environment`](Self::environment) names: the management plane.
    ///
    /// The default is none: then the provider has the device plane only. An API key is valid for every store of its
    /// merchant and for one year (documentation, 2026). Device calls never carry it.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Accepts only keys of `product`; called again, of any of the products.
    ///
    /// The default is any product of the store. A valid key of another one is refused with
    /// [`WrongProduct`](anykey_core::RefusalReason::WrongProduct). The id is a number; another text is an error of
    /// [`build`](Self::build).
    pub fn product(mut self, product: impl Into<ProductId>) -> Self {
        self.products.push(product.into());
        self
    }

    /// Accepts only keys of `variant`; called again, of any of the variants.
    ///
    /// The default is any variant. Only the License API names the variant, so this affects `validate` and `activate`,
    /// and no listing.
    pub fn variant(mut self, variant: impl Into<Box<str>>) -> Self {
        self.variants.push(variant.into());
        self
    }

    /// Keeps Lemon Squeezy's JSON with every key.
    ///
    /// The default is `false`. The JSON of the License API contains the buyer's name and e-mail address.
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.keep_raw = keep;
        self
    }

    /// Paces the calls without a credential. By default 60 a minute. That is the documented limit (2026). Clones of a
    /// pacer share one budget; [`Pacer::unlimited`] sends without waiting.
    pub fn device_pacer(mut self, pacer: Pacer) -> Self {
        self.device_pacer = Some(pacer);
        self
    }

    /// Paces the calls with the API key. By default 300 a minute. That is the documented limit (2026).
    pub fn management_pacer(mut self, pacer: Pacer) -> Self {
        self.management_pacer = Some(pacer);
        self
    }

    anykey_http::connection_setters!(
        base_url,
        "An operation that sends two, such as a change of a key, may take twice as long."
    );

    /// The provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when the store's id or that of an allowed product or
    /// variant is no number, when the token is a webhook secret, when the base URL or something of the table
    /// `network` is not acceptable, or when there is no transport because the feature `reqwest` is off and none was
    /// given.
    pub fn build(self) -> Result<LemonSqueezyProvider> {
        LemonSqueezyProvider::from_builder(self)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))
    }

    /// The pacers of the device and the management plane, the defaults where none is set.
    pub(crate) fn pacers(&self) -> (Pacer, Pacer) {
        let device = self.device_pacer.clone().unwrap_or_else(|| per_minute(LICENSE_API));
        let management = self.management_pacer.clone().unwrap_or_else(|| per_minute(MAIN_API));
        (device, management)
    }
}

/// A pacer for a number of requests in each minute.
fn per_minute(requests: u32) -> Pacer {
    let requests = NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN);
    Pacer::new(&[Limit::new(requests, Duration::from_secs(60))])
}
