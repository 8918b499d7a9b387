//! The provider: it checks each request against the capabilities and passes it to the plane that performs it.

use anykey_core::adapter::{ErrorExt as _, Requirements, check, not_configured};
use anykey_core::{
    ActivateRequest, Activation, Capabilities, Capability, CreateRequest, DeactivateRequest, Error,
    LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, Operation, Page, Result,
    ValidateRequest, Validation, async_trait,
};
use anykey_http::BearerToken;
use http::header::ACCEPT;

use crate::NAME;
use crate::config::LemonSqueezyBuilder;
use crate::credential;
use crate::device::DevicePlane;
use crate::management::{JSON_API, Management};

/// What is possible without a token.
const DEVICE_PLANE: Capabilities = Capabilities::of(&[
    Capability::Validate,
    Capability::ValidateWithoutSeat,
    Capability::RequireProduct,
    Capability::RequireCustomer,
    Capability::Activate,
    Capability::Deactivate,
]);

/// What is possible with a token. Creating, rotating and revoking keys is missing: the API has no call for it
/// (documentation, 2026).
const MANAGEMENT_PLANE: Capabilities = DEVICE_PLANE.union(Capabilities::of(&[
    Capability::List,
    Capability::ListAll,
    Capability::FilterByEmail,
    Capability::FilterByProduct,
    Capability::FilterByStatus,
    Capability::Get,
    Capability::SetDisabled,
    Capability::SetExpiry,
    Capability::SetActivationLimit,
    Capability::Activations,
]));

/// One store of Lemon Squeezy.
///
/// Without a token it has only the device plane; see the crate documentation for the operations of each plane.
///
/// ```
/// use anykey_core::{Capability, Environment, LicenseProvider};
/// use anykey_lemonsqueezy::LemonSqueezyProvider;
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
/// let provider = LemonSqueezyProvider::builder("12345")
///     .environment(Environment::Sandbox)
///     .product("67890")
///     .transport(transport)
///     .build()?;
/// assert!(!provider.capabilities().contains(Capability::List));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LemonSqueezyProvider {
    device: DevicePlane,
    management: Option<Management>,
}

impl LemonSqueezyProvider {
    /// A builder for a provider for the live keys of the store with this id, without a token.
    pub fn builder(store_id: impl Into<Box<str>>) -> LemonSqueezyBuilder {
        LemonSqueezyBuilder::new(store_id.into())
    }

    pub(crate) fn from_builder(builder: LemonSqueezyBuilder) -> Result<Self> {
        credential::check_id("store_id", &builder.store_id)?;
        builder.products.iter().try_for_each(|id| credential::check_id("products", id.as_str()))?;
        builder.variants.iter().try_for_each(|id| credential::check_id("variants", id))?;
        let (device_pacer, management_pacer) = builder.pacers();
        let LemonSqueezyBuilder { environment, store_id, keep_raw, .. } = builder;
        let connection = builder.connection.ready()?;
        // Both environments are on one host.
        let client = || connection.client(NAME, "https://api.lemonsqueezy.com");
        let management = match builder.token {
            None => None,
            Some(token) => {
                credential::check_token(&token)?;
                let token = BearerToken::new(token).map_err(|error| error.in_context("`token`"))?;
                let client = client()?.pacer(management_pacer).bearer(token).default_header(ACCEPT, JSON_API);
                let store_id = store_id.clone();
                Some(Management { client: client.build()?, store_id, environment, keep_raw })
            }
        };
        let device = DevicePlane {
            client: client()?.pacer(device_pacer).build()?,
            store_id,
            environment,
            products: builder.products.into(),
            variants: builder.variants.into(),
            keep_raw,
        };
        Ok(Self { device, management })
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
        if MANAGEMENT_PLANE.contains(missing) && self.management.is_none() {
            return error.with_hint("set `token` to an API key of the store's merchant, on a server only");
        }
        match missing {
            Capability::Create | Capability::MintCode => {
                error.with_hint("Lemon Squeezy makes keys itself when a product is bought")
            }
            Capability::Revoke => error.with_hint("disable the key instead"),
            _ => error,
        }
    }
}

#[async_trait]
impl LicenseProvider for LemonSqueezyProvider {
    fn vendor(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        match &self.management {
            Some(_) => MANAGEMENT_PLANE,
            None => DEVICE_PLANE,
        }
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.management(&query)?.list(&query).await
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.management(&Capability::Get)?.get(Operation::Get, id).await
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        self.check(&request)?;
        Err(self.advise(Error::unsupported(NAME, Capability::Create)))
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.management(&patch)?.update(id, &patch).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.management(&Capability::Activations)?.activations(id).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.check(&request)?;
        self.device.validate(&request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.check(&request)?;
        self.device.activate(&request).await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.check(&request)?;
        self.device.deactivate(&request).await
    }
}
