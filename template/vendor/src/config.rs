use std::num::NonZeroU32;
use std::time::Duration;

use anykey_core::adapter::{ErrorExt as _, check_allowed_products};
use anykey_core::{Environment, Error, ProductId, Result, SecretResolver, SecretSource};
use anykey_http::{BaseUrl, BearerToken, Connection, Limit, NetworkConfig, Pacer};
use secrecy::SecretString;
use serde::Deserialize;

use crate::device::DevicePlane;
use crate::management::Management;
use crate::{AcmeProvider, NAME};

// FILL IN: the vendor's documented limits, with source and date; a pacer for each that is counted apart.
const REQUESTS: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
const MINUTE: Duration = Duration::from_secs(60);

/// The fields of a configuration with `provider = "acme"`. A field that is not listed here is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AcmeConfig {
    /// `live` (the default) or `sandbox`.
    #[serde(default)]
    pub environment: Environment,
    /// Another address of the API. Overrides `environment`.
    pub base_url: Option<BaseUrl>,
    /// The API token, never in an app that customers install. Absent: the device plane only.
    pub token: Option<SecretSource>,
    /// The allowed products; a valid key of another product is refused. Empty accepts any.
    #[serde(default)]
    pub products: Vec<Box<str>>,
    /// How many seconds a call may take in all, waits and repeats included.
    pub timeout: Option<u64>,
    /// Whether requests are paced to the vendor's documented limits; `true` by default.
    pub pacing: Option<bool>,
    /// Proxy, root certificate and body cap.
    #[serde(default)]
    pub network: NetworkConfig,
}

impl AcmeConfig {
    /// The builder with these fields set, and secrets read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), naming the field.
    pub fn builder(&self, secrets: &dyn SecretResolver) -> Result<AcmeBuilder> {
        let mut builder = AcmeProvider::builder();
        builder.environment = self.environment;
        builder.products = self.products.iter().cloned().map(ProductId::new).collect();
        builder.connection.base_url.clone_from(&self.base_url);
        builder.connection.network = self.network.read(secrets)?;
        builder.connection.deadline = self.timeout.map(Duration::from_secs);
        if self.pacing == Some(false) {
            builder.pacer = Some(Pacer::unlimited());
        }
        if let Some(source) = &self.token {
            builder.token = Some(source.resolve("token", secrets)?);
            builder.connection.credential_reader = source.reader("token", secrets);
        }
        Ok(builder)
    }
}

/// Builds an [`AcmeProvider`] in code; see [`AcmeConfig`] for the meaning of each part.
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct AcmeBuilder {
    pub(crate) connection: Connection,
    pacer: Option<Pacer>,
    environment: Environment,
    token: Option<SecretString>,
    products: Vec<ProductId>,
}

impl AcmeBuilder {
    /// Accepts keys of this environment only.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets the seller's token.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Accepts only keys of `product`; called again, of any of the products.
    pub fn product(mut self, product: impl Into<ProductId>) -> Self {
        self.products.push(product.into());
        self
    }

    /// Paces the calls. By default 60 a minute.
    pub fn pacer(mut self, pacer: Pacer) -> Self {
        self.pacer = Some(pacer);
        self
    }

    // FILL IN: which operations send several requests; without `base_url` where every seller has an address of its own.
    anykey_http::connection_setters!(base_url, "An operation that sends several may take that long for each.");

    /// Builds the provider. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), naming the field.
    pub fn build(self) -> Result<AcmeProvider> {
        let url = match self.environment {
            // FILL IN: the vendor's addresses.
            Environment::Sandbox => "https://sandbox.acme.example/v1",
            _ => "https://api.acme.example/v1",
        };
        // FILL IN: an id of a product as the vendor writes it.
        check_allowed_products(&self.products, "prod_1")?;
        let connection = self.connection.ready()?;
        // Each plane has a client of its own, so that the token cannot reach a device's call.
        let pacer = self.pacer.unwrap_or_else(|| Pacer::new(&[Limit::new(REQUESTS, MINUTE)]));
        let client = || Ok::<_, Error>(connection.client(NAME, url)?.pacer(pacer.clone()));
        let device = DevicePlane { client: client()?.build()?, products: self.products.into() };
        let management = match self.token {
            None => None,
            Some(token) => {
                let token = BearerToken::new(token).map_err(|error| error.in_context("`token`"))?;
                Some(Management { client: client()?.bearer(token).build()? })
            }
        };
        Ok(AcmeProvider { device, management })
    }
}
