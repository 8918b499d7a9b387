//! The configuration: fields as a file has them, and a builder for code.
//!
//! Both end in [`KeygenBuilder::build`], which makes all checks. Nothing is sent.

use std::collections::BTreeMap;
use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Environment, Operation, ProductId, Result, SecretResolver, SecretSource, SecretString};
use anykey_http::{BaseUrl, Connection, NetworkConfig, Pacer};
use serde::Deserialize;

use crate::{KeygenProvider, NAME};

/// The fields of a configuration with `provider = "keygen"`. A field that is not listed here is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct KeygenConfig {
    /// The id of the account, or its slug. A self-hosted installation for one account needs none if `base_url` is set.
    #[cfg_attr(feature = "schema", schemars(extend("examples" = ["demo"])))]
    pub account: Option<Box<str>>,
    /// `live` (the default) for the account's global environment, or `sandbox` for its environment of that code.
    #[serde(default)]
    pub environment: Environment,
    /// The code of the account's environment for `sandbox`, if it is another word; needs Keygen's Enterprise edition.
    pub environment_code: Option<Box<str>>,
    /// Another place to find the API: a self-hosted installation or a custom domain, without `/v1`.
    pub base_url: Option<BaseUrl>,
    /// An admin or product token. Never ship one to customers.
    pub token: Option<SecretSource>,
    /// The account's Ed25519 public key, 64 hexadecimal digits. With it answers without its signature are not accepted.
    pub public_key: Option<Box<str>>,
    /// The ids of the products that this app accepts; a valid key of another product is refused. Empty accepts any of
    /// the account's.
    #[serde(default)]
    pub products: Vec<Box<str>>,
    /// The policy of the keys to create, for each product: ids of products and of policies.
    #[serde(default)]
    pub policies: BTreeMap<Box<str>, Box<str>>,
    /// The public address of the webhook endpoint, as the account has it. Only a receiver of webhooks reads it.
    pub webhook_url: Option<Box<str>>,
    /// Whether every key keeps Keygen's JSON; `false` by default.
    #[serde(default)]
    pub raw: bool,
    /// Whether requests wait their turn to stay under 60 a minute; `true` by default.
    pub pacing: Option<bool>,
    /// How many seconds a request may take in all, retries and waits included; 30 by default.
    pub timeout: Option<u64>,
    /// A proxy, a root certificate and the like; absent for most apps.
    #[serde(default)]
    pub network: NetworkConfig,
}

impl KeygenConfig {
    /// Reads the credential and starts a builder with everything set.
    ///
    /// The token is read at this moment; from a file also later, when that was changed or the vendor refuses it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), naming the field.
    pub fn builder(&self, secrets: &dyn SecretResolver) -> Result<KeygenBuilder> {
        let mut builder = KeygenBuilder {
            account: self.account.clone(),
            environment: self.environment,
            environment_code: self.environment_code.clone(),
            public_key: self.public_key.clone(),
            products: self.products.iter().cloned().map(ProductId::new).collect(),
            policies: self.policies.clone(),
            keep_raw: self.raw,
            ..KeygenBuilder::default()
        };
        builder.connection.base_url.clone_from(&self.base_url);
        builder.connection.network = self.network.read(secrets)?;
        builder.connection.deadline = self.timeout.map(Duration::from_secs);
        if let Some(source) = &self.token {
            builder = builder.token(source.resolve("token", secrets)?);
            builder.connection.credential_reader = source.reader("token", secrets);
        }
        if self.pacing == Some(false) {
            builder = builder.pacer(Pacer::unlimited());
        }
        Ok(builder)
    }
}

/// Builds a [`KeygenProvider`] in code.
///
/// It starts with [`KeygenProvider::builder`], which takes the account, or with [`KeygenProvider::single_account`].
/// Everything else has a default: live keys of any product, without a token and without verified signatures. The
/// methods correspond to the fields of [`KeygenConfig`].
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{Capability, LicenseProvider, ManualClock, SecretString, Timestamp};
/// use anykey_keygen::KeygenProvider;
/// use anykey_keygen_sim::KeygenSim;
///
/// let sim = KeygenSim::new(ManualClock::at(Timestamp::UNIX_EPOCH))?;
/// let product = "2f3b1a30-6b6a-4e3c-8f9a-1f0f5a3f1c11";
/// let provider = KeygenProvider::builder("demo")
///     .token(SecretString::from("prod-0123456789abcdefv3"))
///     .product(product)
///     .policy(product, "7d2a9c64-0f5e-4b0a-9a53-5f3c5d1e8b22")
///     .public_key("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
///     .transport(Arc::new(sim))
///     .build()?;
/// // The policy allows to create keys, and the public key to verify proofs without network.
/// assert!(provider.capabilities().contains(Capability::Create));
/// assert!(provider.capabilities().contains(Capability::OfflineProof));
/// # Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct KeygenBuilder {
    pub(crate) account: Option<Box<str>>,
    pub(crate) environment: Environment,
    pub(crate) environment_code: Option<Box<str>>,
    pub(crate) token: Option<SecretString>,
    pub(crate) public_key: Option<Box<str>>,
    pub(crate) products: Vec<ProductId>,
    pub(crate) policies: BTreeMap<Box<str>, Box<str>>,
    pub(crate) keep_raw: bool,
    pub(crate) connection: Connection,
    pub(crate) pacer: Option<Pacer>,
}

impl KeygenBuilder {
    /// Accepts keys of this environment only. `live` is the account's global environment. The default is `live`.
    /// Environments need the Enterprise edition; in other editions `sandbox` is an error of each call.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets the code of the environment for `sandbox`. The default is `sandbox`. It has no effect for `live`.
    pub fn environment_code(mut self, code: impl Into<Box<str>>) -> Self {
        self.environment_code = Some(code.into());
        self
    }

    /// Uses an admin or product token: the management plane.
    ///
    /// The default is none: then the provider has the device plane only. The id of a token, a UUID, is an error of
    /// [`build`](Self::build). Device calls never carry the token: with one, a refused key would be an error (server's
    /// code, June 2026).
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Accepts only answers that are signed with this key: 64 hexadecimal digits.
    ///
    /// The default is none: then answers are accepted as the connection delivers them, and there is no offline proof.
    /// The key is in the account's settings. It also verifies webhooks.
    pub fn public_key(mut self, public_key: impl Into<Box<str>>) -> Self {
        self.public_key = Some(public_key.into());
        self
    }

    /// Accepts only keys of `product`; called again, of any of the products.
    ///
    /// The default is any product of the account. With exactly one, each validation names it, which some policies
    /// require. A valid key of another product is refused with
    /// [`WrongProduct`](anykey_core::RefusalReason::WrongProduct).
    pub fn product(mut self, product: impl Into<ProductId>) -> Self {
        self.products.push(product.into());
        self
    }

    /// Creates the keys of `product` with `policy`.
    ///
    /// Both are ids, UUIDs. The default is none: then no keys can be created. Called again for the same product, the
    /// last policy counts. It is compared with the product when a key is created.
    pub fn policy(mut self, product: impl Into<Box<str>>, policy: impl Into<Box<str>>) -> Self {
        self.policies.insert(product.into(), policy.into());
        self
    }

    /// Keeps Keygen's JSON with every key. The default is `false`.
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.keep_raw = keep;
        self
    }

    /// Paces the calls. By default 60 a minute. Keygen's own limits are settings of each installation, so this is an
    /// assumption. Both planes share the pacer.
    pub fn pacer(mut self, pacer: Pacer) -> Self {
        self.pacer = Some(pacer);
        self
    }

    anykey_http::connection_setters!(
        base_url,
        "An operation that sends several, such as an activation, may take that long for each."
    );

    /// The provider. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when there is neither an account nor a base URL, when an
    /// id or the public key does not have the vendor's form, when the token is none of the vendor's, when the base URL
    /// or something of the table `network` is not acceptable, or when there is no transport because the feature
    /// `reqwest` is off and none was given.
    pub fn build(self) -> Result<KeygenProvider> {
        KeygenProvider::from_builder(self)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))
    }
}
