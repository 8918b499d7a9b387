//! The configuration: fields as a file has them, and a builder for code.
//!
//! Both end in [`GumroadBuilder::build`], which makes all checks. Nothing is sent.

use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Environment, Operation, ProductId, Result, SecretResolver, SecretSource, SecretString};
use anykey_http::{BaseUrl, Connection, NetworkConfig, Pacer};
use serde::Deserialize;

use crate::{GumroadProvider, NAME};

/// The fields of a configuration with `provider = "gumroad"`. A field that is not listed here is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GumroadConfig {
    /// `live` (the default), or `sandbox` for test purchases, those that the seller makes of its own products. Both are
    /// on one host; a key of the other one is refused.
    #[serde(default)]
    pub environment: Environment,
    /// Another place to find the API.
    pub base_url: Option<BaseUrl>,
    /// The ids of the products that this app accepts, at least one: Gumroad is asked about each until it knows the key.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = [["32-nPAicqbLj8B_WswVlMw=="]])))]
    pub products: Vec<Box<str>>,
    /// An access token of the seller with the scopes `view_sales` and `edit_products`. Never ship one to customers.
    pub token: Option<SecretSource>,
    /// The secret last segments of the path that pings are sent to; several while one is replaced. Only a receiver of
    /// pings reads them.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// Whether every key keeps Gumroad's JSON; `false` by default.
    #[serde(default)]
    pub raw: bool,
    /// How many seconds a request may take in all, retries and waits included; 30 by default.
    pub timeout: Option<u64>,
    /// A proxy, a root certificate and the like; absent for most apps.
    #[serde(default)]
    pub network: NetworkConfig,
}

impl GumroadConfig {
    /// Reads the credential and starts a builder with everything set.
    ///
    /// The token is read at this moment; from a file also later, when that was changed or the vendor refuses it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), naming the field.
    pub fn builder(&self, secrets: &dyn SecretResolver) -> Result<GumroadBuilder> {
        let mut builder = GumroadBuilder::new().environment(self.environment).keep_raw(self.raw);
        builder.products = self.products.iter().cloned().map(ProductId::new).collect();
        builder.connection.base_url.clone_from(&self.base_url);
        builder.connection.network = self.network.read(secrets)?;
        builder.connection.deadline = self.timeout.map(Duration::from_secs);
        if let Some(source) = &self.token {
            builder = builder.token(source.resolve("token", secrets)?);
            builder.connection.credential_reader = source.reader("token", secrets);
        }
        Ok(builder)
    }
}

/// Builds a [`GumroadProvider`] in code.
///
/// It starts with [`GumroadProvider::builder`], which takes one product. The methods correspond to the fields of
/// [`GumroadConfig`].
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{Capability, Environment, LicenseProvider, ManualClock, Timestamp};
/// use anykey_gumroad::GumroadProvider;
/// use anykey_gumroad_sim::GumroadSim;
///
/// // Accepts the purchases that the seller makes to test.
/// let provider = GumroadProvider::builder("32-nPAicqbLj8B_WswVlMw==")
///     .product("FO8TXNdvaYbBbahG97aQ-w==")
///     .environment(Environment::Sandbox)
///     .transport(Arc::new(GumroadSim::new(ManualClock::at(Timestamp::UNIX_EPOCH))))
///     .build()?;
/// assert!(provider.capabilities().contains(Capability::CountUsage));
///
/// let permalink = GumroadProvider::builder("editor-pro").build();
/// assert!(permalink.is_err(), "the id of a product ends in `==`");
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct GumroadBuilder {
    pub(crate) environment: Environment,
    pub(crate) products: Vec<ProductId>,
    pub(crate) token: Option<SecretString>,
    pub(crate) keep_raw: bool,
    pub(crate) connection: Connection,
    pub(crate) device_pacer: Pacer,
    pub(crate) management_pacer: Pacer,
}

impl GumroadBuilder {
    /// A builder with the defaults: live, without a token, not paced. It has no product yet.
    pub(crate) fn new() -> Self {
        Self {
            environment: Environment::default(),
            products: Vec::new(),
            token: None,
            keep_raw: false,
            connection: Connection::default(),
            device_pacer: Pacer::unlimited(),
            management_pacer: Pacer::unlimited(),
        }
    }

    /// Accepts keys of this environment only. The default is live. A test purchase is one that the seller makes of its
    /// own product; it is refused with [`WrongEnvironment`](anykey_core::RefusalReason::WrongEnvironment) in live, and
    /// the others in the sandbox.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Accepts keys of `product`; called again, of any of the products.
    ///
    /// Each product costs a request for a key that the ones before it do not know. A product required by a validation
    /// is asked about first. The id is in the product's settings; a permalink is an error of [`build`](Self::build).
    pub fn product(mut self, product: impl Into<ProductId>) -> Self {
        self.products.push(product.into());
        self
    }

    /// Uses an access token of the seller: the management plane.
    ///
    /// The default is none: then the provider validates only. The token needs the scopes `view_sales` and
    /// `edit_products`, and does not expire (server code, 2026). Verifications never carry it.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Keeps Gumroad's JSON with every key. The default is `false`. The JSON contains the buyer's name, e-mail address
    /// and card.
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.keep_raw = keep;
        self
    }

    /// Paces the calls without a credential. By default they are not paced: Gumroad documents no limit. Users report a
    /// limit (2025-07-15); a 429 is waited for in any case.
    pub fn device_pacer(mut self, pacer: Pacer) -> Self {
        self.device_pacer = pacer;
        self
    }

    /// Paces the calls with the token. By default they are not paced: Gumroad documents no limit.
    pub fn management_pacer(mut self, pacer: Pacer) -> Self {
        self.management_pacer = pacer;
        self
    }

    anykey_http::connection_setters!(
        base_url,
        "An operation that sends several, such as a change of a key, may take as many times as long."
    );

    /// The provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when there is no product or the id of one is none of
    /// Gumroad's, when the token cannot be sent, when the base URL or something of the table `network` is not
    /// acceptable, or when there is no transport because the feature `reqwest` is off and none was given.
    pub fn build(self) -> Result<GumroadProvider> {
        GumroadProvider::from_builder(self)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))
    }
}
