use std::fmt;
use std::sync::Arc;

use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capabilities, CreateRequest, DeactivateRequest, KeyCode,
    KeyHint, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery, Page, Result,
    ValidateRequest, Validation, async_trait,
};

use crate::inner::Inner;
use crate::on_drop::OnDrop;
use crate::{CacheStats, CachedProviderBuilder};

/// A [`LicenseProvider`] that remembers the answers of another one, and asks it once for many callers.
///
/// Clones share the cache: one goes to the app as `Arc<dyn LicenseProvider>`, another to the webhooks, which
/// [invalidate](Self::apply).
///
/// | operation | is |
/// |---|---|
/// | `validate` that counts nothing | answered from the cache, or by one request for all who ask the same meanwhile |
/// | `validate` that counts usage | sent each time, and forgets what is kept of the code |
/// | `activate`, `deactivate`, `create` | sent each time, and forget what is kept of the code |
/// | `update`, `rotate` | sent each time, and forget what is kept of the key |
/// | `list`, `get`, `activations` | passed on: who asks for a record wants it as it is |
///
/// "The same" is the whole request: code, activation, product, customer and conditions. A failure is told to all
/// who waited for that request, each with an error of their own that says the same, and is not kept: who comes
/// later asks anew. When a caller gives up, the others go on with the same request.
///
/// `Debug` prints neither keys nor what is kept.
pub struct CachedProvider<P> {
    pub(crate) inner: Arc<Inner<P>>,
}

impl<P: LicenseProvider> CachedProvider<P> {
    /// Puts a cache with every default in front of `provider`.
    pub fn new(provider: P) -> Self {
        Self::builder(provider).build()
    }

    /// Starts a cache in front of `provider`, for other limits than the default ones.
    pub fn builder(provider: P) -> CachedProviderBuilder<P> {
        CachedProviderBuilder::new(provider)
    }

    /// The provider behind the cache. Whoever changes keys there has to invalidate here.
    #[must_use]
    pub fn provider(&self) -> &P {
        &self.inner.provider
    }

    /// How often it had to ask.
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

/// What changes something is forgotten when it is over, whatever came of it: a lost answer may have changed it,
/// and so may a call that was given up.
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

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        let code = request.code.clone();
        let _after = OnDrop::new(|| self.invalidate_code(&code));
        self.provider().deactivate(request).await
    }
}
