//! Any subject, with the cache in front of its provider.

use std::sync::Arc;

use anykey::cache::{CachedProvider, CachedProviderBuilder};
use anykey::{
    EventKind, HttpTransport, LicenseEvent, LicenseKeyId, LicenseProvider, ManualClock, Operation,
    RefusalReason, StatusChange, async_trait,
};
use anykey_testkit::conformance::{IssueSpec, IssuedKey, Subject, VendorRules};

type Provider = Arc<dyn LicenseProvider>;

/// What a test sets of a cache.
type Set = Arc<dyn Fn(CachedProviderBuilder<Provider>) -> CachedProviderBuilder<Provider> + Send + Sync>;

/// A subject behind a cache, which learns of the seller's actions by webhooks.
pub struct Cached<S> {
    subject: S,
    set: Set,
    provider: CachedProvider<Provider>,
}

impl<S> std::fmt::Debug for Cached<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cached").field("provider", &self.provider).finish_non_exhaustive()
    }
}

impl<S: Subject> Cached<S> {
    /// Behind a cache with the usual settings.
    #[must_use]
    pub fn over(subject: S) -> Self {
        Self::with(subject, |cache| cache)
    }

    /// Behind a cache with these settings.
    #[must_use]
    pub fn with(
        subject: S,
        set: impl Fn(CachedProviderBuilder<Provider>) -> CachedProviderBuilder<Provider> + Send + Sync + 'static,
    ) -> Self {
        let set: Set = Arc::new(set);
        let provider = cached(subject.provider(), &subject, &set);
        Self { subject, set, provider }
    }

    /// Delivers a webhook about an admin action.
    fn deliver(&self, kind: EventKind, id: &LicenseKeyId) {
        let name = self.provider.name().to_owned();
        let mut event = LicenseEvent::new(name, "msg_1", kind, "license.changed", self.clock().now());
        event.key_id = Some(id.clone());
        self.provider.apply(&event);
    }
}

fn cached(provider: Provider, subject: &dyn Subject, set: &Set) -> CachedProvider<Provider> {
    set(CachedProvider::builder(provider).clock(subject.clock().clone())).build()
}

#[async_trait]
impl<S: Subject> Subject for Cached<S> {
    fn provider(&self) -> Provider {
        Arc::new(self.provider.clone())
    }

    fn provider_through(
        &self,
        wrap: &dyn Fn(Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport>,
    ) -> Option<Provider> {
        let provider = self.subject.provider_through(wrap)?;
        Some(Arc::new(cached(provider, &self.subject, &self.set)))
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let issued = self.subject.issue(spec).await?;
        self.deliver(EventKind::Granted, &issued.id);
        Some(issued)
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        self.subject.set_status(id, change).await?;
        self.deliver(EventKind::Updated, id);
        Some(())
    }

    fn clock(&self) -> &ManualClock {
        self.subject.clock()
    }

    fn reported(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        self.subject.reported(operation, cause)
    }

    fn rules(&self) -> VendorRules {
        self.subject.rules()
    }

    fn secrets(&self) -> Vec<String> {
        self.subject.secrets()
    }

    fn authenticates_device_calls(&self) -> bool {
        self.subject.authenticates_device_calls()
    }
}
