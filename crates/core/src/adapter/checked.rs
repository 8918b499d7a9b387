use async_trait::async_trait;

use super::check;
use crate::{
    ActivateRequest, Activation, ActivationId, Capabilities, Capability, CreateRequest, DeactivateRequest,
    KeyCode, KeyHint, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, OfflineProof, Page,
    ProvenLicense, RenewRequest, Result, ValidateRequest, Validation,
};

/// A provider whose requests are [checked](check()) before it sees them.
///
/// For an adapter that does not check by itself. One that does must not be wrapped: it knows better what to advise,
/// and may learn during a call what it can do.
///
/// ```
/// use anykey_core::adapter::Checked;
/// use anykey_core::{InMemoryProvider, LicenseProvider, Timestamp};
///
/// let provider = Checked::new(InMemoryProvider::new(Timestamp::now));
/// assert_eq!(provider.name(), "memory");
/// ```
#[derive(Clone, Debug)]
pub struct Checked<P>(P);

impl<P: LicenseProvider> Checked<P> {
    /// Checks what `provider` is asked for.
    #[must_use]
    pub const fn new(provider: P) -> Self {
        Self(provider)
    }

    /// The provider itself.
    #[must_use]
    pub const fn inner(&self) -> &P {
        &self.0
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<P: LicenseProvider> LicenseProvider for Checked<P> {
    fn vendor(&self) -> &str {
        self.0.vendor()
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn key_hint(&self, code: &KeyCode) -> Option<KeyHint> {
        self.0.key_hint(code)
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        check(&self.0, &Capability::OfflineProof)?;
        self.0.verify_proof(proof, code)
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        check(&self.0, &query)?;
        self.0.list(query).await
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        check(&self.0, &Capability::Get)?;
        self.0.get(id).await
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        check(&self.0, &request)?;
        self.0.create(request).await
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        check(&self.0, &patch)?;
        self.0.update(id, patch).await
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        check(&self.0, &Capability::Rotate)?;
        self.0.rotate(id).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        check(&self.0, &Capability::Activations)?;
        self.0.activations(id).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        check(&self.0, &request)?;
        self.0.validate(request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        check(&self.0, &request)?;
        self.0.activate(request).await
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        check(&self.0, &request)?;
        self.0.renew(request).await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        check(&self.0, &request)?;
        self.0.deactivate(request).await
    }

    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        check(&self.0, &Capability::RenameActivation)?;
        self.0.rename_activation(id, label).await
    }
}
