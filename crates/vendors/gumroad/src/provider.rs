//! The provider: it checks each request against the capabilities and passes it to the plane that performs it.

use anykey_core::adapter::{ErrorExt as _, Requirements, check, not_configured};
use anykey_core::{
    ActivateRequest, Activation, Capabilities, Capability, Clock, CreateRequest, DeactivateRequest, Error,
    LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, Page, Result, Timestamp,
    ValidateRequest, Validation, async_trait,
};
use anykey_http::BearerToken;

use crate::NAME;
use crate::config::GumroadBuilder;
use crate::credential;
use crate::device::DevicePlane;
use crate::management::Management;

/// What is possible without a token. There are no activations at Gumroad.
const DEVICE_PLANE: Capabilities = Capabilities::of(&[
    Capability::Validate,
    Capability::ValidateWithoutSeat,
    Capability::RequireProduct,
    Capability::RequireCustomer,
    Capability::CountUsage,
]);

/// What is possible with a token.
const MANAGEMENT_PLANE: Capabilities = DEVICE_PLANE.union(Capabilities::of(&[
    Capability::List,
    Capability::ListAll,
    Capability::FilterByEmail,
    Capability::FilterByProduct,
    Capability::FilterByCreation,
    Capability::Get,
    Capability::SetDisabled,
    Capability::Rotate,
]));

/// One seller at Gumroad.
///
/// Without a token it has only the device plane; see the crate documentation for the operations of each plane.
///
/// ```
/// use anykey_core::{Capability, LicenseProvider};
/// use anykey_gumroad::GumroadProvider;
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
/// let provider = GumroadProvider::builder("32-nPAicqbLj8B_WswVlMw==").transport(transport).build()?;
/// assert!(provider.capabilities().contains(Capability::Validate));
/// assert!(!provider.capabilities().contains(Capability::Activate));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct GumroadProvider {
    device: DevicePlane,
    /// `None` without a token. The receiver of pings uses it as well.
    pub(crate) management: Option<Management>,
}

impl GumroadProvider {
    /// A builder for a provider for the live keys of the product with this id, without a token.
    pub fn builder(product: impl Into<anykey_core::ProductId>) -> GumroadBuilder {
        GumroadBuilder::new().product(product)
    }

    /// The provider of a builder. Only the management plane's client has the token.
    pub(crate) fn from_builder(builder: GumroadBuilder) -> Result<Self> {
        credential::check_products(&builder.products)?;
        let GumroadBuilder { environment, keep_raw, device_pacer, management_pacer, .. } = builder;
        let connection = builder.connection.ready()?;
        let client = || connection.client(NAME, "https://api.gumroad.com");
        let management = match builder.token {
            None => None,
            Some(token) => {
                let token = BearerToken::new(token).map_err(|error| error.in_context("`token`"))?;
                let client = client()?.pacer(management_pacer).bearer(token).build()?;
                Some(Management { client, keep_raw })
            }
        };
        let device = DevicePlane {
            client: client()?.pacer(device_pacer).build()?,
            products: builder.products.into(),
            environment,
            clock: connection.clock.clone().unwrap_or_else(|| Clock::new(Timestamp::now)),
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
            return error.with_hint("set `token` to an access token of the seller, on a server only");
        }
        match missing {
            Capability::Create | Capability::MintCode => {
                error.with_hint("Gumroad makes keys itself when a product is bought")
            }
            Capability::Activate | Capability::Deactivate | Capability::Activations => {
                error.with_hint("Gumroad has no activations; validate the key alone")
            }
            Capability::Revoke => error.with_hint("disable the key instead"),
            _ => error,
        }
    }
}

#[async_trait]
impl LicenseProvider for GumroadProvider {
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
        self.management(&Capability::Get)?.get(id).await
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        self.check(&request)?;
        Err(self.advise(Error::unsupported(NAME, Capability::Create)))
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.management(&patch)?.update(id, &patch).await
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.management(&Capability::Rotate)?.rotate(id).await
    }

    async fn activations(&self, _: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.check(&Capability::Activations)?;
        Err(self.advise(Error::unsupported(NAME, Capability::Activations)))
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.check(&request)?;
        self.device.validate(&request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.check(&request)?;
        Err(self.advise(Error::unsupported(NAME, Capability::Activate)))
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.check(&request)?;
        Err(self.advise(Error::unsupported(NAME, Capability::Deactivate)))
    }
}
