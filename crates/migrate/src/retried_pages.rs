use std::sync::Arc;

use anykey_core::{
    Capabilities, LicenseKey, LicenseProvider, ListQuery, Page, Result, ValidateRequest, Validation,
    async_trait,
};

use crate::reader::{passes, wait};

/// How often a page is requested. The provider repeats the request itself, except for an answer that cannot be read.
const ATTEMPTS: u32 = 6;

/// A provider whose pages are requested again after a failure that passes: a migration reads thousands of them in a
/// row.
#[derive(Clone, Debug)]
pub(crate) struct RetriedPages(Arc<dyn LicenseProvider>);

impl RetriedPages {
    pub(crate) const fn new(provider: Arc<dyn LicenseProvider>) -> Self {
        Self(provider)
    }
}

#[async_trait]
impl LicenseProvider for RetriedPages {
    fn vendor(&self) -> &str {
        self.0.vendor()
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match self.0.list(query.clone()).await {
                Err(error) if passes(&error) && attempt < ATTEMPTS => wait(attempt - 1, Some(&error)).await,
                answer => return answer,
            }
        }
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.0.validate(request).await
    }
}
