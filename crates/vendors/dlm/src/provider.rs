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

const DEVICE_PLANE: Capabilities = Capabilities::of(&[
    Capability::Validate,
    Capability::RequireProduct,
    Capability::RequireCustomer,
    Capability::Activate,
    Capability::ActivationMetadata,
    Capability::Deactivate,
]);

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
#[derive(Clone, Debug)]
pub struct DlmProvider {
    pub(crate) device: DevicePlane,
    pub(crate) management: Option<Management>,
}

impl DlmProvider {
    /// A builder for the shop at `base_url`, with a consumer key for everything.
    pub fn builder(
        base_url: BaseUrl,
        consumer_key: impl Into<Box<str>>,
        consumer_secret: impl Into<SecretString>,
    ) -> DlmBuilder {
        DlmBuilder::new(base_url, consumer_key.into(), consumer_secret.into())
    }

    fn check(&self, request: &impl Requirements) -> Result<()> {
        check(self, request).map_err(|error| self.advise(error))
    }

    /// The management plane, if this instance has it and can honour `request`.
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
