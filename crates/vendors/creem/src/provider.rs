//! The provider: it checks each request against the capabilities and passes it to the calls.
//!
//! There is one plane only: every call needs the API key, so nothing here may run at a customer.

use anykey_core::adapter::{ErrorExt as _, Requirements, check, check_allowed_products};
use anykey_core::{
    ActivateRequest, Activation, Capabilities, Capability, CreateRequest, DeactivateRequest, Error,
    LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, Page, Result, ValidateRequest,
    Validation, async_trait,
};

use crate::NAME;
use crate::config::CreemBuilder;
use crate::device::DevicePlane;
use crate::management::Management;

/// What Creem can do, whatever the configuration is.
const CAPABILITIES: Capabilities = Capabilities::of(&[
    Capability::List,
    Capability::FilterByCustomer,
    Capability::FilterByEmail,
    Capability::Activations,
    Capability::Validate,
    Capability::RequireProduct,
    Capability::Activate,
    Capability::Deactivate,
]);

/// One store of Creem, on a server: every call sends the API key.
///
/// ```
/// use anykey_core::{Capability, Environment, LicenseProvider};
/// use anykey_creem::CreemProvider;
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
/// let provider = CreemProvider::builder("creem_test_1a2b3c4d5e6f")
///     .environment(Environment::Sandbox)
///     .product("prod_1a2b3c4d5e6f")
///     .transport(transport)
///     .build()?;
/// assert!(!provider.capabilities().contains(Capability::ValidateWithoutSeat));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CreemProvider {
    device: DevicePlane,
    management: Management,
}

impl CreemProvider {
    /// A builder for a provider with this API key of live mode.
    pub fn builder(token: impl Into<anykey_core::SecretString>) -> CreemBuilder {
        CreemBuilder::new(token.into())
    }

    /// The provider of a builder. All calls share one client and one pacer, since the limits are those of the API key.
    pub(crate) fn from_builder(builder: CreemBuilder) -> Result<Self> {
        check_allowed_products(&builder.products, "prod_1a2b3c4d5e6f")?;
        let client = builder.client()?;
        let CreemBuilder { environment, products, keep_raw, .. } = builder;
        let management = Management { client: client.clone(), keep_raw };
        Ok(Self {
            device: DevicePlane { client, environment, products: products.into(), keep_raw },
            management,
        })
    }

    /// Rejects what the vendor cannot honour, before anything is sent.
    fn check(&self, request: &impl Requirements) -> Result<()> {
        check(self, request).map_err(advise)
    }
}

/// Adds a hint to an `Unsupported` error.
fn advise(error: Error) -> Error {
    match error.capability() {
        Some(Capability::ValidateWithoutSeat) => {
            error.with_hint("Creem validates a key together with an activation; activate the key first")
        }
        Some(Capability::ListAll) => {
            error.with_hint("Creem lists the keys of one customer; name the customer")
        }
        Some(Capability::Get) => {
            error.with_hint("keep the key of the webhook `checkout.completed`, or list the customer's keys")
        }
        Some(Capability::RequireCustomer) => error.with_hint("Creem's answers do not name the customer"),
        Some(Capability::Create | Capability::MintCode) => {
            error.with_hint("Creem makes keys itself when a product is bought")
        }
        _ => error,
    }
}

#[async_trait]
impl LicenseProvider for CreemProvider {
    fn vendor(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.check(&query)?;
        self.management.list(&query).await
    }

    async fn get(&self, _: &LicenseKeyId) -> Result<LicenseKey> {
        Err(advise(Error::unsupported(NAME, Capability::Get)))
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        self.check(&request)?;
        Err(advise(Error::unsupported(NAME, Capability::Create)))
    }

    async fn update(&self, _: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.check(&patch)?;
        Err(Error::unsupported(NAME, Capability::SetExpiry))
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.check(&Capability::Activations)?;
        self.management.activations(id).await
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
