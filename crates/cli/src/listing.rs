use std::sync::Arc;

use anykey::{
    Capabilities, LicenseKey, LicenseProvider, ListQuery, Page, Result, ValidateRequest, Validation,
    async_trait,
};

use crate::progress::Progress;

/// A provider that reports every page that it lists to a [`Progress`].
#[derive(Debug)]
pub(crate) struct Watched {
    provider: Arc<dyn LicenseProvider>,
    progress: Arc<Progress>,
    /// Whether the listing is the only one that the progress shows, so that its total is the whole.
    is_alone: bool,
}

impl Watched {
    pub(crate) fn new(provider: Arc<dyn LicenseProvider>, progress: Arc<Progress>) -> Self {
        Self { provider, progress, is_alone: true }
    }

    /// One of several providers whose listings are read at the same time.
    pub(crate) fn beside_others(provider: Arc<dyn LicenseProvider>, progress: Arc<Progress>) -> Self {
        Self { provider, progress, is_alone: false }
    }
}

#[async_trait]
impl LicenseProvider for Watched {
    fn vendor(&self) -> &str {
        self.provider.vendor()
    }

    fn name(&self) -> &str {
        self.provider.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.provider.capabilities()
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let page = self.provider.list(query).await?;
        self.progress.page(page.total.filter(|_| self.is_alone));
        Ok(page)
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.provider.validate(request).await
    }
}
