use std::sync::Arc;

use anykey_core::{HttpTransport, LicenseKeyId, LicenseProvider, ManualClock, StatusChange, async_trait};
use anykey_testkit::conformance::{IssueSpec, IssuedKey, MemorySubject, Subject};

use super::Flaw;
use super::adapter::Acme;
use super::vendor::{AcmeApi, TOKEN};

/// The adapter on the HTTP API of the vendor in memory.
pub(crate) struct AcmeSubject {
    vendor: MemorySubject,
    flaw: Option<Flaw>,
    wants_token: bool,
}

impl AcmeSubject {
    pub(crate) fn flawless() -> Self {
        Self { vendor: MemorySubject::new(), flaw: None, wants_token: false }
    }

    pub(crate) fn with(flaw: Flaw) -> Self {
        Self { flaw: Some(flaw), ..Self::flawless() }
    }

    pub(crate) fn wanting_the_token(self) -> Self {
        Self { wants_token: true, ..self }
    }
}

#[async_trait]
impl Subject for AcmeSubject {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        Arc::new(Acme::new(Arc::new(AcmeApi::of(self.vendor.provider())), self.flaw))
    }

    fn provider_through(
        &self,
        wrap: &dyn Fn(Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport>,
    ) -> Option<Arc<dyn LicenseProvider>> {
        let transport = wrap(Arc::new(AcmeApi::of(self.vendor.provider())));
        Some(Arc::new(Acme::new(transport, self.flaw)))
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        self.vendor.issue(spec).await
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        self.vendor.set_status(id, change).await
    }

    fn clock(&self) -> &ManualClock {
        self.vendor.clock()
    }

    fn secrets(&self) -> Vec<String> {
        vec![TOKEN.to_owned()]
    }

    fn authenticates_device_calls(&self) -> bool {
        self.wants_token
    }
}
