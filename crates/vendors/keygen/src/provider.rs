//! The provider: it checks each request against the capabilities and passes it to the plane that performs it.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::adapter::{ErrorExt as _, Requirements, check, not_configured};
use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capabilities, Capability, CreateRequest, DeactivateRequest,
    Environment, Error, KeyCode, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery,
    OfflineProof, Operation, Page, ProvenLicense, RenewRequest, Result, ValidateRequest, Validation,
    async_trait,
};
use anykey_http::{ApiClientBuilder, BaseUrl, BearerToken, Connection, Limit, Pacer};
use http::{HeaderName, HeaderValue};
use url::Url;

use crate::answer::Api;
use crate::config::KeygenBuilder;
use crate::credential::{self, config};
use crate::device::DevicePlane;
use crate::management::Management;
use crate::signature::PublicKey;
use crate::verified::VerifiedTransport;
use crate::{NAME, proof};

/// The version of the API that this adapter knows.
const VERSION: HeaderValue = HeaderValue::from_static("1.8");
/// The hosted API.
const HOST: &str = "https://api.keygen.sh";

/// What is possible without a token. Counting usage is, because a license key may count up.
const DEVICE_PLANE: Capabilities = Capabilities::of(&[
    Capability::Validate,
    Capability::ValidateWithoutSeat,
    Capability::RequireProduct,
    Capability::RequireCustomer,
    Capability::CountUsage,
    Capability::Activate,
    Capability::OneSeatPerInstallation,
    Capability::ActivationMetadata,
    Capability::Renew,
    Capability::Deactivate,
]);

/// What is possible with a token.
const MANAGEMENT_PLANE: Capabilities = DEVICE_PLANE.union(Capabilities::of(&[
    Capability::List,
    Capability::ListAll,
    Capability::FilterByCustomer,
    Capability::FilterByEmail,
    Capability::FilterByProduct,
    Capability::FilterByStatus,
    Capability::Get,
    Capability::SetDisabled,
    Capability::SetExpiry,
    Capability::SetActivationLimit,
    Capability::SetUsage,
    Capability::Activations,
    Capability::RenameActivation,
]));

/// What a policy for at least one product adds.
const CREATION: Capabilities = Capabilities::of(&[Capability::Create, Capability::MintCode]);

/// One account of Keygen.
///
/// Without a token it has only the device plane; see the crate documentation for the operations of each plane.
///
/// ```
/// use anykey_core::{Capability, LicenseProvider};
/// use anykey_keygen::KeygenProvider;
/// # use std::sync::Arc;
/// # #[derive(Debug)] struct Nowhere;
/// # #[anykey_core::async_trait]
/// # impl anykey_http::HttpTransport for Nowhere {
/// #     async fn send(&self, _: http::Request<bytes::Bytes>)
/// #         -> Result<http::Response<bytes::Bytes>, anykey_http::TransportError> {
/// #         Err(anykey_http::TransportError::new(anykey_http::TransportErrorKind::Connect))
/// #     }
/// # }
/// # let transport = Arc::new(Nowhere);
///
/// let provider = KeygenProvider::builder("demo")
///     .product("11111111-1111-4111-8111-111111111111")
///     .transport(transport)
///     .build()?;
/// assert!(!provider.capabilities().contains(Capability::List));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeygenProvider {
    device: DevicePlane,
    management: Option<Management>,
    public_key: Option<PublicKey>,
}

impl KeygenProvider {
    /// A builder for a provider for the account with this id or slug, without a token.
    pub fn builder(account: impl Into<Box<str>>) -> KeygenBuilder {
        KeygenBuilder { account: Some(account.into()), ..KeygenBuilder::default() }
    }

    /// A builder for a self-hosted installation for one account, or a custom domain, at `base_url`.
    ///
    /// Such a server has no account in its paths (server's code, June 2026). `base_url` is without `/v1`.
    pub fn single_account(base_url: Url) -> KeygenBuilder {
        KeygenBuilder::default().base_url(base_url)
    }

    /// The provider of a builder. Both planes use one transport and one pacer; only the management plane has the token.
    pub(crate) fn from_builder(mut builder: KeygenBuilder) -> Result<Self> {
        builder.products.iter().try_for_each(|id| credential::check_id("products", id.as_str()))?;
        for (product, policy) in &builder.policies {
            credential::check_id("policies", product)?;
            credential::check_id("policies", policy)?;
        }
        let key = builder.public_key.as_deref().map(credential::public_key).transpose()?.map(PublicKey::new);
        builder.connection.base_url = Some(base_url(&builder)?.into());
        let mut connection = builder.connection.clone().ready()?;
        if let (Some(key), Some(inner)) = (key, &connection.transport) {
            connection.transport = Some(Arc::new(VerifiedTransport { inner: Arc::clone(inner), key }));
        }
        let pacer = builder.pacer.clone().unwrap_or_else(default_pacer);
        let environment = environment(&builder)?;
        let client = || client(&connection, &pacer, environment.as_ref());
        let api = |client: ApiClientBuilder| -> Result<Api> {
            Ok(Api { client: client.build()?, requires_signature: key.is_some(), keep_raw: builder.keep_raw })
        };
        let device = DevicePlane { api: api(client()?)?, products: builder.products.as_slice().into() };
        let management = match builder.token.clone() {
            None => None,
            Some(token) => {
                credential::check_token(&token)?;
                let token = BearerToken::new(token).map_err(|error| error.in_context("`token`"))?;
                let policies = builder.policies.clone();
                Some(Management { api: api(client()?.bearer(token))?, policies })
            }
        };
        Ok(Self { device, management, public_key: key })
    }

    /// Deletes the license with this id, and its machines. Keygen's own action `revoke` does the same. The key is
    /// unknown afterwards.
    ///
    /// # Cancel safety
    ///
    /// The license may be deleted although the future was dropped. Calling again is
    /// [`NotFound`](anykey_core::ErrorKind::NotFound) then.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](anykey_core::ErrorKind::Unsupported) without a token, and
    /// [`NotFound`](anykey_core::ErrorKind::NotFound) for an unknown id.
    pub async fn delete_license(&self, id: &LicenseKeyId) -> Result<()> {
        self.management(&Capability::Get)?.delete(id).await
    }

    /// Rejects what the vendor cannot honour, before anything is sent.
    fn check(&self, request: &impl Requirements) -> Result<()> {
        check(self, request).map_err(|error| self.advise(error))
    }

    /// The management plane, if `request` is possible and there is a token.
    fn management(&self, request: &impl Requirements) -> Result<&Management> {
        self.check(request)?;
        self.management.as_ref().ok_or_else(|| self.advise(not_configured(NAME, request)))
    }

    /// Adds a hint to an `Unsupported` error.
    fn advise(&self, error: Error) -> Error {
        let Some(missing) = error.capability() else { return error };
        if MANAGEMENT_PLANE.union(CREATION).contains(missing) && self.management.is_none() {
            return error.with_hint("set `token` to an admin or product token, on a server only");
        }
        match missing {
            Capability::Create | Capability::MintCode => {
                error.with_hint("set `policies` to the policy of each product whose keys are created")
            }
            Capability::OfflineProof => error.with_hint("set `public_key` to the account's Ed25519 key"),
            Capability::Revoke => error.with_hint(
                "what Keygen calls so deletes the record; disable the key, or call `KeygenProvider::delete_license`",
            ),
            Capability::Rotate => error.with_hint("Keygen does not change a license key"),
            _ => error,
        }
    }
}

/// The base URL with the account. Of the form `https://host/v1/accounts/account`, or without the last two parts for a
/// single account.
fn base_url(builder: &KeygenBuilder) -> Result<Url> {
    let given = builder.connection.base_url.as_ref().map(BaseUrl::as_url);
    let mut url = match given {
        Some(url) => url.clone(),
        None if builder.account.is_none() => {
            return Err(config(
                "set `account` to the account's id or slug, or `base_url` for an installation for one account",
            ));
        }
        None => Url::parse(HOST).map_err(|_| config("the base URL is no URL"))?,
    };
    let mut segments = url.path_segments_mut().map_err(|()| config("`base_url` cannot have a path"))?;
    segments.pop_if_empty().push("v1");
    if let Some(account) = &builder.account {
        if account.is_empty() || account.chars().any(|c| !c.is_ascii_alphanumeric() && !"-_.".contains(c)) {
            return Err(config("`account` is neither the id nor the slug of an account"));
        }
        segments.extend(["accounts", account]);
    }
    drop(segments);
    Ok(url)
}

/// The header that chooses an environment other than the global one. `None` is the global environment: no header is
/// sent.
fn environment(builder: &KeygenBuilder) -> Result<Option<HeaderValue>> {
    if builder.environment == Environment::Live {
        return Ok(None);
    }
    let code = builder.environment_code.as_deref().unwrap_or("sandbox");
    HeaderValue::try_from(code).map(Some).map_err(|_| config("`environment_code` cannot be sent in a header"))
}

/// A client with the version and the environment in every request. The version pins the form of the answers; without it
/// the account's setting would decide.
fn client(
    connection: &Connection,
    pacer: &Pacer,
    environment: Option<&HeaderValue>,
) -> Result<ApiClientBuilder> {
    let client = connection
        .client(NAME, HOST)?
        .pacer(pacer.clone())
        .default_header(HeaderName::from_static("keygen-version"), VERSION);
    Ok(match environment {
        Some(code) => client.default_header(HeaderName::from_static("keygen-environment"), code.clone()),
        None => client,
    })
}

/// Keygen's limits are settings of each installation; this one is far below those of the hosted API.
fn default_pacer() -> Pacer {
    let requests = NonZeroU32::new(60).unwrap_or(NonZeroU32::MIN);
    Pacer::new(&[Limit::new(requests, Duration::from_secs(60))])
}

#[async_trait]
impl LicenseProvider for KeygenProvider {
    fn vendor(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        let plane = match &self.management {
            Some(management) if !management.policies.is_empty() => MANAGEMENT_PLANE.union(CREATION),
            Some(_) => MANAGEMENT_PLANE,
            None => DEVICE_PLANE,
        };
        match self.public_key {
            Some(_) => plane.union(Capabilities::of(&[Capability::OfflineProof])),
            None => plane,
        }
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        match self.public_key {
            Some(key) => proof::verify(key, &self.device.products, proof, code),
            None => Err(self
                .advise(Error::unsupported(NAME, Capability::OfflineProof))
                .with_operation(Operation::VerifyProof)),
        }
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.management(&query)?.list(&query).await
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.management(&Capability::Get)?.get(Operation::Get, id).await
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        self.management(&request)?.create(&request).await
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.management(&patch)?.update(id, &patch).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.management(&Capability::Activations)?.activations(id).await
    }

    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        self.management(&Capability::RenameActivation)?.rename(id, label).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.check(&request)?;
        self.device.validate(&request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.check(&request)?;
        self.device.activate(&request).await
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        self.check(&request)?;
        self.device.renew(&request).await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.check(&request)?;
        self.device.deactivate(&request).await
    }
}
