//! The provider: checks what a request needs, then calls a plane.

use anykey_core::adapter::{ErrorExt as _, Requirements, check, not_configured};
use anykey_core::{
    ActivateRequest, Activation, Capabilities, Capability, CreateRequest, DeactivateRequest, Error,
    LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, Operation, Page, Result,
    SecretString, ValidateRequest, Validation, async_trait,
};
use anykey_http::BaseUrl;

use crate::device::DevicePlane;
use crate::management::Management;
use crate::{DlmBuilder, NAME};

/// What an installed app's consumer key can do. Requirements of product and customer are checked here, since each
/// answer shows the whole key.
const DEVICE_PLANE: Capabilities = Capabilities::of(&[
    Capability::Validate,
    Capability::RequireProduct,
    Capability::RequireCustomer,
    Capability::Activate,
    Capability::ActivationMetadata,
    Capability::Deactivate,
]);

/// What the seller's consumer key can do. Source and creation time are filtered here after reading, since every list
/// is complete. Revoking is missing, because the plugin has no such status, and so are webhooks.
const MANAGEMENT: Capabilities = DEVICE_PLANE.union(Capabilities::of(&[
    Capability::List,
    Capability::ListAll,
    Capability::FilterByCustomer,
    Capability::FilterByProduct,
    Capability::FilterByStatus,
    Capability::FilterBySource,
    Capability::FilterByCreation,
    Capability::FilterByMany,
    Capability::Get,
    Capability::Create,
    Capability::SetDisabled,
    Capability::SetExpiry,
    Capability::SetActivationLimit,
    Capability::Rotate,
    Capability::Activations,
    Capability::ValidateWithoutSeat,
]));

/// A shop with Digital License Manager, by one consumer key.
///
/// The plane that it is built with decides what it can do, and [`capabilities`](LicenseProvider::capabilities)
/// reports it; any other operation is `Unsupported` with a hint, and nothing is sent. Clones share the clients.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{ActivateRequest, DeactivateRequest, LicenseProvider, ManualClock, ValidateRequest};
/// use anykey_dlm::{DlmProvider, Plane};
/// use anykey_dlm_sim::kit::{IssueSpec, SimulatedVendor};
/// use anykey_dlm_sim::{Consumer, DlmSim, Endpoint, Permission, SimulatedDlm};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let shop = SimulatedDlm::new(DlmSim::new(ManualClock::at(anykey_core::Timestamp::UNIX_EPOCH)));
/// let key = shop.issue(IssueSpec::new()).expect("an ordinary key");
///
/// // A consumer key for installed apps: read only, with three endpoints.
/// let consumer = Consumer::new(format!("ck_{:040}", 1), format!("cs_{:040}", 2))
///     .permission(Permission::Read)
///     .endpoints(Endpoint::DEVICE);
/// shop.sim().add_consumer(consumer.clone());
///
/// let app = DlmProvider::builder("https://shop.example.com".parse()?, consumer.key, consumer.secret)
///     .plane(Plane::Device)
///     .transport(shop.transport())
///     .build()?;
/// let seat = app.activate(ActivateRequest::new(key.code.clone(), "laptop")).await?;
/// let request = ValidateRequest::new(key.code.clone()).activation(seat.id.clone());
/// assert!(app.validate(request).await?.is_valid());
/// app.deactivate(DeactivateRequest::new(key.code, seat.id)).await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct DlmProvider {
    pub(crate) device: DevicePlane,
    pub(crate) management: Option<Management>,
}

impl DlmProvider {
    /// A builder for the shop at `base_url`, with a consumer key for everything; [`DlmBuilder::plane`] narrows it.
    ///
    /// `base_url` is the address of the shop without `/wp-json`, such as `https://shop.example.com`. The key begins
    /// with `ck_`, the secret with `cs_`; their form is checked by [`DlmBuilder::build`].
    pub fn builder(
        base_url: BaseUrl,
        consumer_key: impl Into<Box<str>>,
        consumer_secret: impl Into<SecretString>,
    ) -> DlmBuilder {
        DlmBuilder::new(base_url, consumer_key.into(), consumer_secret.into())
    }

    /// Whether this instance can honour `request`.
    ///
    /// # Errors
    ///
    /// `Unsupported`, with what would help.
    fn check(&self, request: &impl Requirements) -> Result<()> {
        check(self, request).map_err(|error| self.advise(error))
    }

    /// The management plane, if this instance has it and can honour `request`.
    ///
    /// # Errors
    ///
    /// `Unsupported`, with what would help.
    fn management(&self, request: &impl Requirements) -> Result<&Management> {
        self.check(request)?;
        self.management.as_ref().ok_or_else(|| self.advise(not_configured(NAME, request)))
    }

    /// Adds to an `Unsupported` what would help.
    fn advise(&self, error: Error) -> Error {
        match error.capability() {
            Some(Capability::ValidateWithoutSeat) if self.management.is_none() => {
                error.with_hint("activate the key first, and validate with the activation")
            }
            Some(missing) if self.management.is_none() && MANAGEMENT.contains(missing) => {
                error.with_hint("`plane` is `device`; use a consumer key for everything, on a server only")
            }
            Some(Capability::Revoke) => error.with_hint("disable the key instead"),
            _ => error,
        }
    }
}

#[async_trait]
impl LicenseProvider for DlmProvider {
    fn vendor(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        match &self.management {
            Some(_) => MANAGEMENT,
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
        self.management(&request)?.create(&request).await
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.management(&patch)?.update(id, &patch).await
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.management(&Capability::Rotate)?.rotate(id).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.management(&Capability::Activations)?.activations(id).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.check(&request)?;
        match (&request.activation, &self.management) {
            (Some(token), _) => self.device.validate(&request, token).await,
            (None, Some(management)) => management.validate(&request, &self.device.products).await,
            (None, None) => Err(self.advise(Error::unsupported(NAME, Capability::ValidateWithoutSeat))),
        }
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
