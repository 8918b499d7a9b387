//! The fields of a configuration, and the builder that checks them.

use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Error, ErrorKind, Operation, ProductId, Result, SecretResolver, SecretSource, SecretString,
};
use anykey_http::{BaseUrl, Connection, NetworkConfig};
use http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderValue};
use serde::Deserialize;

use crate::answer::is_final;
use crate::credential::authorization;
use crate::device::DevicePlane;
use crate::management::Management;
use crate::{DlmProvider, NAME};

/// How long the one page of a list may take: 50 000 keys took 7 s on a small server (recording of November 2026).
const LIST_DEADLINE: Duration = Duration::from_secs(120);
/// How long an attempt of a list may take at least, as those of all other calls.
/// A third of a short deadline would give no list the time that its one page needs.
const SHORTEST_LIST_ATTEMPT: Duration = Duration::from_secs(10);
/// The largest list that is read, in bytes, unless the configuration sets another cap: about 200 000 keys.
/// One key takes about 300 bytes (recording of November 2026).
const LIST_BODY_CAP: usize = 64 << 20;

/// What a consumer key is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "an installed app and a server: there is nothing between")]
pub enum Plane {
    /// An installed app: it activates, deactivates and validates its activation. The consumer key needs the permission
    /// `read`, the endpoints 015, 016 and 017, and an owner with the capabilities for these three only.
    Device,
    /// The seller's server: everything. The consumer key needs the permission `read_write` and the endpoints 010 to
    /// 017. Never ship it to customers.
    #[default]
    Management,
}

/// The fields of a configuration with `provider = "dlm"`. A field that is not listed here is an error.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DlmConfig {
    /// The address of the shop without `/wp-json`, such as `https://shop.example.com`.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = ["https://shop.example.com"])))]
    pub base_url: BaseUrl,
    /// The consumer key, `ck_` and 40 hexadecimal digits.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = ["ck_0123456789abcdef0123456789abcdef01234567"])))]
    pub consumer_key: Box<str>,
    /// The consumer secret, `cs_` and 40 hexadecimal digits. Every call needs it.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = ["cs_0123456789abcdef0123456789abcdef01234567"])))]
    pub consumer_secret: SecretSource,
    /// What the consumer key is for: `management` (the default), or `device` in an app that customers install, whose
    /// key has to be a narrow one.
    #[serde(default)]
    pub plane: Plane,
    /// The ids of the products that this app accepts; a valid key of another product is refused. Empty accepts any of
    /// the shop's.
    #[serde(default)]
    pub products: Vec<Box<str>>,
    /// How many seconds a request may take in all, retries and waits included; 30 by default, and 120 for a list.
    pub timeout: Option<u64>,
    /// A proxy, a root certificate and the like; absent for most apps.
    #[serde(default)]
    pub network: NetworkConfig,
}

impl DlmConfig {
    /// Reads the credential and the certificates, and starts a builder with every field of this configuration.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field, when the secret's variable or file is missing or the network settings
    /// cannot be read. The form of the consumer key is checked by [`DlmBuilder::build`].
    pub fn builder(&self, secrets: &dyn SecretResolver) -> Result<DlmBuilder> {
        let secret = self.consumer_secret.resolve("consumer_secret", secrets)?;
        let mut builder = DlmProvider::builder(self.base_url.clone(), self.consumer_key.clone(), secret);
        builder.plane = self.plane;
        builder.products = self.products.iter().cloned().map(ProductId::new).collect();
        builder.connection.network = self.network.read(secrets)?;
        builder.connection.deadline = self.timeout.map(Duration::from_secs);
        Ok(builder)
    }
}

/// Builds a [`DlmProvider`] in code; see [`DlmConfig`] for the meaning of each part.
///
/// It starts with [`Plane::Management`] and without allowed products, so that any product of the shop is accepted.
/// [`DlmProvider::builder`] starts one in code, and [`DlmConfig::builder`] from a configuration:
///
/// ```
/// use anykey_core::adapter::ProviderSettings;
/// use anykey_core::{Capability, LicenseProvider};
/// use anykey_dlm::DlmConfig;
/// use anykey_dlm_sim::SimulatedDlm;
/// use anykey_dlm_sim::kit::SimulatedVendor;
///
/// // A consumer key for installed apps, and the variable with its secret.
/// let shop = SimulatedDlm::new(anykey_dlm_sim::DlmSim::new(anykey_core::ManualClock::at(anykey_core::Timestamp::UNIX_EPOCH)));
/// let plane = shop.planes().remove(0);
/// let config: DlmConfig = ProviderSettings::new(plane.fields).read()?;
///
/// let app = config.builder(&plane.secrets)?.transport(shop.transport()).build()?;
/// assert!(app.capabilities().contains(Capability::Activate));
/// assert!(!app.capabilities().contains(Capability::List));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct DlmBuilder {
    pub(crate) connection: Connection,
    consumer_key: Box<str>,
    consumer_secret: SecretString,
    plane: Plane,
    products: Vec<ProductId>,
}

impl DlmBuilder {
    pub(crate) fn new(base_url: BaseUrl, consumer_key: Box<str>, consumer_secret: SecretString) -> Self {
        Self {
            connection: Connection { base_url: Some(base_url), ..Connection::default() },
            consumer_key,
            consumer_secret,
            plane: Plane::Management,
            products: Vec::new(),
        }
    }

    /// Sets what the consumer key is for. Default: [`Plane::Management`].
    ///
    /// The plugin has no call that reports what a consumer key may do, so the configuration says it. It decides which
    /// capabilities the provider declares, not what the shop allows: a call that the key is not granted fails with
    /// [`ErrorKind::PermissionDenied`].
    pub const fn plane(mut self, plane: Plane) -> Self {
        self.plane = plane;
        self
    }

    /// Accepts keys of this product, and of others that are added. Ids of products are numbers.
    ///
    /// A valid key of another product is refused with `WrongProduct`, also on activation: the seat is then given
    /// back.
    pub fn product(mut self, product: impl Into<ProductId>) -> Self {
        self.products.push(product.into());
        self
    }

    anykey_http::connection_setters!(
        "A deactivation, a rotation and a change may send two. A list has 120 s by default."
    );

    /// Checks the settings and makes the provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when
    ///
    /// - the base URL contains `/wp-json`: it is the address of the shop, and the paths of the API are added to it;
    /// - the consumer key or secret does not have the plugin's form, `ck_` or `cs_` and 40 hexadecimal digits;
    /// - an allowed product is no number;
    /// - there is no transport, because every transport feature is off and none was passed.
    pub fn build(self) -> Result<DlmProvider> {
        self.build_unnamed().map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))
    }

    /// The connection for lists, whose one page takes longer and is larger than other answers.
    fn listing(&self) -> Connection {
        let mut listing = self.connection.clone();
        listing.deadline.get_or_insert(LIST_DEADLINE);
        if listing.transport.is_none() {
            listing.network = listing.network.body_cap_or(LIST_BODY_CAP);
        }
        listing
    }

    /// Every client sends the consumer key and `Cache-Control: no-store`: activations are GET requests, which a cache
    /// in between could answer without asking the shop.
    fn build_unnamed(self) -> Result<DlmProvider> {
        if self.connection.base_url.as_ref().is_some_and(|url| url.as_url().path().contains("/wp-json")) {
            let message = "`base_url` is the address of the API; it ends before `/wp-json`";
            return Err(Error::new(ErrorKind::Config, message));
        }
        if self.products.iter().any(|product| !crate::limits::is_id(product.as_str())) {
            let message = "`products` holds what is no id of this plugin: the id of a product is a number";
            return Err(Error::new(ErrorKind::Config, message));
        }
        let authorization = authorization(&self.consumer_key, &self.consumer_secret)?;
        let listing = self.listing();
        let client = |connection: Connection| {
            let client = connection.ready()?.client(NAME, "https://shop.invalid")?;
            let client = client.default_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            let client = client.final_answers(is_final);
            Ok::<_, Error>(client.default_header(AUTHORIZATION, authorization.clone()))
        };
        let management = match self.plane {
            Plane::Device => None,
            Plane::Management => {
                // Three attempts, as of every other read.
                let attempt = listing.deadline.unwrap_or(LIST_DEADLINE) / 3;
                let listing = client(listing)?.attempt_timeout(attempt.max(SHORTEST_LIST_ATTEMPT)).build()?;
                Some(Management { client: client(self.connection.clone())?.build()?, listing })
            }
        };
        let device =
            DevicePlane { client: client(self.connection)?.build()?, products: self.products.into() };
        Ok(DlmProvider { device, management })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_with_the_same_settings_but_a_larger_cap() {
        let shop: BaseUrl = "http://shop.example.com".parse().unwrap();
        let secret = SecretString::from("cs_0123456789012345678901234567890123456789");
        let builder = || DlmBuilder::new(shop.clone(), "ck_".into(), secret.clone());

        let listing = builder().allow_plain_http(true).listing();
        let network = format!("{:?}", listing.network);
        assert!(network.contains("body_cap: Some(67108864), allow_plain_http: true"), "{network}");
        assert_eq!(listing.deadline, Some(LIST_DEADLINE));

        let listing = builder().deadline(Duration::from_secs(5)).listing();
        assert_eq!(listing.deadline, Some(Duration::from_secs(5)));
    }
}
