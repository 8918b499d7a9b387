use std::sync::Arc;

use async_trait::async_trait;

use crate::adapter::{ErrorExt as _, PageTokenExt as _};
use crate::{
    ActivateRequest, Activation, ActivationId, Capabilities, CreateRequest, DeactivateRequest, Error,
    KeyCode, KeyHint, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, OfflineProof, Page,
    PageToken, ProvenLicense, RenewRequest, Result, ValidateRequest, Validation,
};

/// A provider under the name that an app's configuration gives it.
///
/// Keys, errors and page tokens carry that name, so that two accounts at one vendor can be distinguished. An adapter
/// writes its vendor's word; a registry adds the name with this wrapper.
///
/// ```
/// use anykey_core::adapter::Named;
/// use anykey_core::{InMemoryProvider, LicenseProvider, Timestamp};
///
/// let provider = Named::new("main", InMemoryProvider::new(Timestamp::now));
/// assert_eq!(provider.name(), "main");
/// assert_eq!(provider.vendor(), "memory");
/// ```
#[derive(Clone, Debug)]
pub struct Named<P> {
    name: Arc<str>,
    inner: P,
}

impl<P: LicenseProvider> Named<P> {
    /// Calls `provider` by `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, provider: P) -> Self {
        Self { name: name.into(), inner: provider }
    }

    /// The provider itself.
    #[must_use]
    pub const fn inner(&self) -> &P {
        &self.inner
    }

    fn inner_query(&self, mut query: ListQuery) -> Result<ListQuery> {
        if let Some(token) = &query.page {
            query.page = Some(PageToken::from(token.state(&self.name)?));
        }
        Ok(query)
    }

    fn name_token(&self, token: PageToken) -> PageToken {
        PageToken::new(&self.name, token)
    }

    fn name_page(&self, mut page: Page<LicenseKey>) -> Page<LicenseKey> {
        for key in &mut page.items {
            key.provider = self.name.to_string().into();
        }
        page.next = page.next.map(|token| self.name_token(token));
        page.overlap = page.overlap.map(|token| self.name_token(token));
        page.ahead = page.ahead.into_iter().map(|token| self.name_token(token)).collect();
        page
    }

    fn name_key(&self, mut key: LicenseKey) -> LicenseKey {
        key.provider = self.name.to_string().into();
        key
    }

    fn name_activation(&self, mut activation: Activation) -> Activation {
        activation.key = activation.key.map(|key| Box::new(self.name_key(*key)));
        activation
    }

    fn name_error(&self, error: Error) -> Error {
        error.with_provider(self.name.to_string())
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<P: LicenseProvider> LicenseProvider for Named<P> {
    fn vendor(&self) -> &str {
        self.inner.vendor()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn key_hint(&self, code: &KeyCode) -> Option<KeyHint> {
        self.inner.key_hint(code)
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        let mut proven = self.inner.verify_proof(proof, code).map_err(|error| self.name_error(error))?;
        proven.key = proven.key.map(|key| self.name_key(key));
        Ok(proven)
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let query = self.inner_query(query)?;
        let page = self.inner.list(query).await.map_err(|error| self.name_error(error))?;
        Ok(self.name_page(page))
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.inner.get(id).await.map(|key| self.name_key(key)).map_err(|error| self.name_error(error))
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        self.inner.create(request).await.map(|key| self.name_key(key)).map_err(|error| self.name_error(error))
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.inner
            .update(id, patch)
            .await
            .map(|key| self.name_key(key))
            .map_err(|error| self.name_error(error))
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.inner.rotate(id).await.map(|key| self.name_key(key)).map_err(|error| self.name_error(error))
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let listed = self.inner.activations(id).await.map_err(|error| self.name_error(error))?;
        Ok(listed.into_iter().map(|seat| self.name_activation(seat)).collect())
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        let mut validation = self.inner.validate(request).await.map_err(|error| self.name_error(error))?;
        validation.key = validation.key.map(|key| self.name_key(key));
        validation.activation = validation.activation.map(|seat| self.name_activation(seat));
        Ok(validation)
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        let activated = self.inner.activate(request).await;
        activated.map(|seat| self.name_activation(seat)).map_err(|error| self.name_error(error))
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        let renewed = self.inner.renew(request).await;
        renewed.map(|seat| self.name_activation(seat)).map_err(|error| self.name_error(error))
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.inner.deactivate(request).await.map_err(|error| self.name_error(error))
    }

    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        let renamed = self.inner.rename_activation(id, label).await;
        renamed.map(|seat| self.name_activation(seat)).map_err(|error| self.name_error(error))
    }
}
