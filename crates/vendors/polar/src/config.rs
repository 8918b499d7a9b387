//! The configuration: fields as a file has them, and a builder for code.
//!
//! Both end in [`PolarBuilder::build`], which makes all checks. Nothing is sent.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use crate::id::canonical;
use crate::{NAME, PolarProvider};
use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Environment, Error, ErrorKind, Operation, ProductId, Result, SecretResolver, SecretSource, SecretString,
};
use anykey_http::{BaseUrl, Connection, Limit, NetworkConfig, Pacer};
use serde::Deserialize;

/// The fields of a configuration with `provider = "polar"`. A field that is not listed here is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PolarConfig {
    /// `live` (the default) or `sandbox`. The organization's id, its keys and tokens differ between the two.
    #[serde(default)]
    pub environment: Environment,
    /// Another place to find the API; overrides what `environment` says.
    pub base_url: Option<BaseUrl>,
    /// The organization that sells: a UUID, shown in its settings on Polar. A key means nothing without it.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = ["57a10a51-653a-449f-a259-1c70a3bbc826"])))]
    pub organization_id: Box<str>,
    /// An organization access token, for the whole organization's keys. Never ship one to customers.
    pub token: Option<SecretSource>,
    /// A customer's or member's session, for that customer's own keys. It lasts one hour.
    pub session_token: Option<SecretSource>,
    /// The secrets of the webhook endpoint; several while one is replaced. Only a receiver of webhooks reads
    /// them.
    #[serde(default)]
    pub webhook_secrets: Vec<SecretSource>,
    /// The benefits (UUIDs, not Polar's products) that this app accepts; a valid key of another benefit is
    /// refused. Empty accepts any of the organization's.
    #[serde(default)]
    pub products: Vec<Box<str>>,
    /// The API version to ask for, such as `2026-10`. Absent: Polar's current one.
    pub api_version: Option<Box<str>>,
    /// Whether every key keeps Polar's JSON; `false` by default.
    #[serde(default)]
    pub raw: bool,
    /// Whether requests wait their turn to stay under Polar's documented rate limits; `true` by default.
    pub pacing: Option<bool>,
    /// How many seconds a request may take in all, retries and waits included; 30 by default.
    pub timeout: Option<u64>,
    /// A proxy, a root certificate and the like; absent for most apps.
    #[serde(default)]
    pub network: NetworkConfig,
}

impl PolarConfig {
    /// Reads the credential and starts a builder with everything set.
    ///
    /// The credentials are read at this moment and only here.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field.
    pub fn builder(&self, secrets: &dyn SecretResolver) -> Result<PolarBuilder> {
        let mut builder = PolarProvider::builder(self.organization_id.clone())
            .environment(self.environment)
            .keep_raw(self.raw);
        builder.connection.base_url.clone_from(&self.base_url);
        builder.connection.network = self.network.read(secrets)?;
        builder.connection.deadline = self.timeout.map(Duration::from_secs);
        builder.products = self.products.iter().cloned().map(ProductId::new).collect();
        builder.api_version.clone_from(&self.api_version);
        if let Some(source) = &self.token {
            builder = builder.token(source.resolve("token", secrets)?);
            builder.connection.credential_reader = source.reader("token", secrets);
        }
        if let Some(source) = &self.session_token {
            builder = builder.session_token(source.resolve("session_token", secrets)?);
            builder.connection.credential_reader = source.reader("session_token", secrets);
        }
        if self.pacing == Some(false) {
            builder = builder.device_pacer(Pacer::unlimited()).management_pacer(Pacer::unlimited());
        }
        Ok(builder)
    }
}

/// Builds a [`PolarProvider`] in code; see [`PolarConfig`] for the meaning of each part.
///
/// ```
/// use std::time::Duration;
///
/// use anykey_core::{Environment, LicenseProvider};
/// use anykey_polar::PolarProvider;
///
/// # #[cfg(feature = "reqwest")] {
/// let provider = PolarProvider::builder("57a10a51-653a-449f-a259-1c70a3bbc826")
///     .environment(Environment::Sandbox)
///     .product("c891e6e8-fc0b-4c27-adc6-8002e2b10909")
///     .deadline(Duration::from_secs(10))
///     .build()?;
/// assert_eq!(provider.vendor(), "polar");
/// # }
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct PolarBuilder {
    pub(crate) environment: Environment,
    pub(crate) organization_id: Box<str>,
    pub(crate) token: Option<SecretString>,
    pub(crate) session_token: Option<SecretString>,
    pub(crate) products: Vec<ProductId>,
    pub(crate) api_version: Option<Box<str>>,
    pub(crate) keep_raw: bool,
    pub(crate) connection: Connection,
    pub(crate) device_pacer: Option<Pacer>,
    pub(crate) management_pacer: Option<Pacer>,
}

impl PolarBuilder {
    /// A builder with the defaults: live, without a credential, any benefit, paced.
    pub(crate) fn new(organization_id: Box<str>) -> Self {
        Self {
            environment: Environment::default(),
            organization_id,
            token: None,
            session_token: None,
            products: Vec::new(),
            api_version: None,
            keep_raw: false,
            connection: Connection::default(),
            device_pacer: None,
            management_pacer: None,
        }
    }

    /// Sends the requests to this environment.
    ///
    /// The default is live. Organizations, keys and tokens of the two are separate, so a key of the other one is
    /// unknown. A [`base_url`](Self::base_url) takes precedence.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Uses an organization access token: the organization plane.
    ///
    /// The default is none. It needs the scope `license_keys:write`; with `license_keys:read` it lists and reads only.
    /// In this plane device calls carry it as well, so such a provider belongs on a server. Together with a
    /// [`session_token`](Self::session_token) it is an error of [`build`](Self::build).
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Uses a customer's or member's session: the portal plane.
    ///
    /// The default is none. A session lasts one hour; calls after that fail with
    /// [`Unauthenticated`](anykey_core::ErrorKind::Unauthenticated). Device calls do not carry it.
    pub fn session_token(mut self, session_token: impl Into<SecretString>) -> Self {
        self.session_token = Some(session_token.into());
        self
    }

    /// Accepts only keys of `benefit`; called again, of any of the benefits.
    ///
    /// The default is any benefit of the organization. The id is that of a license key benefit, a UUID, and not of one
    /// of Polar's products. Activating an allowed benefit costs a validation beforehand, since an activation cannot
    /// name one.
    pub fn product(mut self, benefit: impl Into<ProductId>) -> Self {
        self.products.push(benefit.into());
        self
    }

    /// Asks for this version of the API, written `YYYY-MM`.
    ///
    /// The default is none, which is Polar's current version. A version that Polar has removed fails every call with
    /// [`Config`](anykey_core::ErrorKind::Config); each is removed after about nine months.
    pub fn api_version(mut self, api_version: impl Into<Box<str>>) -> Self {
        self.api_version = Some(api_version.into());
        self
    }

    /// Keeps Polar's JSON with every key. The default is `false`.
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.keep_raw = keep;
        self
    }

    /// Paces the public calls, which Polar limits per IP address. By default 3 a second, all three together:
    /// one more blocks the address for a minute. Not used in the organization plane.
    pub fn device_pacer(mut self, pacer: Pacer) -> Self {
        self.device_pacer = Some(pacer);
        self
    }

    /// Paces the calls with a credential, which Polar limits per organization or customer. By default 500 a
    /// minute, or 100 in the sandbox; the first call, and the first after some minutes, goes alone, since Polar
    /// allows less to a token that it has not seen lately.
    pub fn management_pacer(mut self, pacer: Pacer) -> Self {
        self.management_pacer = Some(pacer);
        self
    }

    anykey_http::connection_setters!(
        base_url,
        "An operation that sends two, such as the activation of an allowed product, may take twice as long."
    );

    /// The provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the organization's id or an allowed benefit is no UUID, when there are two
    /// credentials or one in the other's place, when the API version, the base URL or something of the table
    /// `network` is not acceptable, or when there is no transport because the feature `reqwest` is off and none
    /// was given.
    pub fn build(self) -> Result<PolarProvider> {
        PolarProvider::from_builder(self)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))
    }

    /// The address of the environment.
    pub(crate) const fn default_url(&self) -> &'static str {
        match self.environment {
            Environment::Live => "https://api.polar.sh",
            Environment::Sandbox => "https://sandbox-api.polar.sh",
        }
    }

    /// The organization's id as Polar writes it.
    ///
    /// # Errors
    ///
    /// `Config` if it is no UUID.
    pub(crate) fn organization(&self) -> Result<Box<str>> {
        canonical(&self.organization_id).ok_or_else(|| {
            config("`organization_id` is not a UUID; copy it from the organization's settings on Polar")
        })
    }

    /// The allowed benefits as Polar writes them.
    ///
    /// # Errors
    ///
    /// `Config` if one is no UUID.
    pub(crate) fn allowed_products(&self) -> Result<Arc<[ProductId]>> {
        let allowed = |product: &ProductId| canonical(product.as_str()).map(ProductId::new);
        self.products.iter().map(allowed).collect::<Option<_>>().ok_or_else(|| {
            config(
                "`products` holds what is not a UUID, perhaps an empty entry or one with spaces; list the ids of \
                 license key benefits",
            )
        })
    }

    /// The documented limit of the public calls for one address.
    pub(crate) fn default_device_pacer() -> Pacer {
        Pacer::new(&[limit(3, Duration::from_secs(1))])
    }

    /// The documented limit of the environment, with the first request alone.
    pub(crate) fn default_management_pacer(&self) -> Pacer {
        let per_minute = match self.environment {
            Environment::Live => 500,
            Environment::Sandbox => 100,
        };
        Pacer::with_one_first(&[limit(per_minute, Duration::from_secs(60))], TOKEN_IS_COLD_AFTER)
    }
}

/// Polar counts a token that it has not seen for five minutes as unauthenticated, 60 requests a minute (server's
/// source, August 2026). Somewhat less, for the way there.
const TOKEN_IS_COLD_AFTER: Duration = Duration::from_secs(270);

/// A limit of `requests` in `per`.
fn limit(requests: u32, per: Duration) -> Limit {
    Limit::new(NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN), per)
}

/// A `Config` error with a message of this adapter.
fn config(message: &'static str) -> Error {
    Error::new(ErrorKind::Config, message)
}

#[cfg(test)]
mod tests {
    use anykey_http::HttpTransport;

    use super::*;

    #[derive(Debug)]
    struct Nowhere;

    #[anykey_core::async_trait]
    impl HttpTransport for Nowhere {
        async fn send(
            &self,
            _: http::Request<bytes::Bytes>,
        ) -> Result<http::Response<bytes::Bytes>, anykey_http::TransportError> {
            Err(anykey_http::TransportError::new(anykey_http::TransportErrorKind::Connect))
        }
    }

    fn builder() -> PolarBuilder {
        PolarProvider::builder("57a10a51-653a-449f-a259-1c70a3bbc826").transport(Arc::new(Nowhere))
    }

    #[test]
    fn each_plane_keeps_to_polars_documented_limits() {
        let per_second = [limit(3, Duration::from_secs(1))];
        let live = [limit(500, Duration::from_secs(60))];
        let sandbox = [limit(100, Duration::from_secs(60))];

        let public = builder().build().unwrap();
        let portal = builder().environment(Environment::Sandbox).session_token("s").build().unwrap();
        let organization = builder().token("t").build().unwrap();
        assert_eq!(public.device.client.pacer().limits(), per_second);
        assert_eq!(portal.device.client.pacer().limits(), per_second);
        assert_eq!(portal.management.unwrap().pacer().limits(), sandbox);
        assert_eq!(organization.device.client.pacer().limits(), live);
        assert!(organization.device.client.has_credential() && !portal.device.client.has_credential());
    }

    #[test]
    fn pacing_can_be_switched_off() {
        struct Nothing;
        impl SecretResolver for Nothing {
            fn env(&self, _: &str) -> Option<SecretString> {
                None
            }
            fn file(&self, _: &std::path::Path) -> std::io::Result<SecretString> {
                Err(std::io::ErrorKind::NotFound.into())
            }
        }

        let config = PolarConfig {
            organization_id: "57a10a51-653a-449f-a259-1c70a3bbc826".into(),
            pacing: Some(false),
            ..PolarConfig::default()
        };
        let provider = config.builder(&Nothing).unwrap().transport(Arc::new(Nowhere)).build().unwrap();
        assert_eq!(provider.device.client.pacer().limits(), []);
    }
}
