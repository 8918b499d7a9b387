use std::fmt;
use std::sync::Arc;

use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capabilities, CreateRequest, DeactivateRequest, KeyCode,
    KeyHint, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, OfflineProof, Page,
    ProvenLicense, RenewRequest, Result, ValidateRequest, Validation, async_trait,
};

use crate::inner::Inner;
use crate::on_drop::OnDrop;
use crate::{CacheStats, CachedProviderBuilder};

/// A [`LicenseProvider`] that caches the answers of another one, and sends identical concurrent requests once.
///
/// Clones share the cache: use one as the app's `Arc<dyn LicenseProvider>`, and another in the webhook endpoint, to
/// [invalidate](Self::apply) answers.
///
/// | operation | behaviour |
/// |---|---|
/// | `validate` without usage | answered from the cache, or by one request for all identical concurrent calls |
/// | `validate` that counts usage | always sent; invalidates the code |
/// | `activate`, `deactivate`, `create` | always sent; invalidate the code |
/// | `update`, `rotate` | always sent; invalidate the key |
/// | `list`, `get`, `activations` | always sent; not cached |
///
/// Requests are identical if all fields are equal: code, activation, product, customer, conditions and whether a proof
/// is asked for. An error is returned to all callers that shared the request, and is not cached: the next call sends a
/// new request.
///
/// Calls are cancel safe. If one caller is cancelled, the others continue with the same request; if all are, the
/// request is dropped.
///
/// `Debug` prints neither keys nor cached answers.
pub struct CachedProvider<P> {
    pub(crate) inner: Arc<Inner<P>>,
}

impl<P: LicenseProvider> CachedProvider<P> {
    /// Wraps `provider` with a cache with the default limits.
    pub fn new(provider: P) -> Self {
        Self::builder(provider).build()
    }

    /// A builder for a cache of `provider` with other limits.
    pub fn builder(provider: P) -> CachedProviderBuilder<P> {
        CachedProviderBuilder::new(provider)
    }

    /// The provider behind the cache. Changes made through it have to be followed by an invalidation here.
    #[must_use]
    pub fn provider(&self) -> &P {
        &self.inner.provider
    }

    /// The number of hits, shared and sent requests since the cache was built.
    #[must_use]
    pub fn stats(&self) -> CacheStats {
        self.inner.counters.read()
    }
}

impl<P> Clone for CachedProvider<P> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<P: fmt::Debug> fmt::Debug for CachedProvider<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedProvider")
            .field("provider", &self.inner.provider)
            .field("limits", &self.inner.limits)
            .field("stats", &self.inner.counters.read())
            .finish_non_exhaustive()
    }
}

/// A change invalidates at the end of the call, whatever its outcome: it may have taken effect even if its answer was
/// lost or the call was cancelled.
#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl<P: LicenseProvider> LicenseProvider for CachedProvider<P> {
    fn vendor(&self) -> &str {
        self.provider().vendor()
    }

    fn name(&self) -> &str {
        self.provider().name()
    }

    fn capabilities(&self) -> Capabilities {
        self.provider().capabilities()
    }

    fn key_hint(&self, code: &KeyCode) -> Option<KeyHint> {
        self.provider().key_hint(code)
    }

    fn verify_proof(&self, proof: &OfflineProof, code: &KeyCode) -> Result<ProvenLicense> {
        self.provider().verify_proof(proof, code)
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.provider().list(query).await
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.provider().get(id).await
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        let code = request.code.clone();
        let _after = OnDrop::new(|| code.iter().for_each(|code| self.invalidate_code(code)));
        self.provider().create(request).await
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        let after = OnDrop::new(|| self.invalidate_key(id));
        let updated = self.provider().update(id, patch).await?;
        after.cancel();
        self.invalidate_record(&updated);
        Ok(updated)
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let _after = OnDrop::new(|| self.invalidate_key(id));
        self.provider().rotate(id).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.provider().activations(id).await
    }

    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        let renamed = self.provider().rename_activation(id, label).await;
        if let Ok(Some(key)) = renamed.as_ref().map(|activation| activation.key_id.as_ref()) {
            self.invalidate_key(key);
        }
        renamed
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        if request.increment_usage == 0 {
            return self.inner.answer(request).await;
        }
        let code = request.code.clone();
        let _after = OnDrop::new(|| self.invalidate_code(&code));
        self.provider().validate(request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        let code = request.code.clone();
        let _after = OnDrop::new(|| self.invalidate_code(&code));
        self.provider().activate(request).await
    }

    async fn renew(&self, request: RenewRequest) -> Result<Activation> {
        let code = request.code.clone();
        let _after = OnDrop::new(|| self.invalidate_code(&code));
        self.provider().renew(request).await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        let code = request.code.clone();
        let _after = OnDrop::new(|| self.invalidate_code(&code));
        self.provider().deactivate(request).await
    }
}
