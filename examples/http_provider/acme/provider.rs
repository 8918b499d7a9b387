use anykey::adapter::{ErrorExt as _, Requirements, check};
use anykey::{
    ActivateRequest, Activation, Capabilities, Capability, DeactivateRequest, Error, LicenseKey,
    LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, Page, Result, ValidateRequest, Validation,
    async_trait,
};

use super::NAME;
use super::device::DevicePlane;
use super::management::Management;

const DEVICE_PLANE: Capabilities = Capabilities::of(&[
    Capability::Validate,
    Capability::ValidateWithoutSeat,
    Capability::Activate,
    Capability::Deactivate,
]);

const MANAGEMENT: Capabilities = Capabilities::of(&[
    Capability::List,
    Capability::ListAll,
    Capability::FilterByProduct,
    Capability::Get,
    Capability::SetDisabled,
    Capability::Activations,
]);

/// Acme Licensing. Without a token it has the device plane only.
#[derive(Clone, Debug)]
pub(crate) struct AcmeProvider {
    pub(super) device: DevicePlane,
    pub(super) management: Option<Management>,
}

impl AcmeProvider {
    /// The management plane, if this instance has it and can honour `request`.
    fn management(&self, request: &impl Requirements) -> Result<&Management> {
        check(self, request).map_err(|error| self.advise(error))?;
        self.management.as_ref().ok_or_else(|| self.advise(Error::unsupported(NAME, Capability::List)))
    }

    /// Adds to an `Unsupported` what the management plane needs.
    fn advise(&self, error: Error) -> Error {
        let helps = error.capability().is_some_and(|capability| MANAGEMENT.contains(capability));
        if self.management.is_none() && helps {
            error.with_hint("set `token` to an Acme token")
        } else {
            error
        }
    }
}

#[async_trait]
impl LicenseProvider for AcmeProvider {
    fn vendor(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        match &self.management {
            Some(_) => DEVICE_PLANE.union(MANAGEMENT),
            None => DEVICE_PLANE,
        }
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.management(&query)?.list(&query).await
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.management(&Capability::Get)?.get(id).await
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.management(&patch)?.update(id, &patch).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.management(&Capability::Activations)?.activations(id).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        check(self, &request)?;
        self.device.validate(&request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        check(self, &request)?;
        self.device.activate(&request).await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        check(self, &request)?;
        self.device.deactivate(&request).await
    }
}
