//! The reference: a vendor in memory that keeps every promise.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anykey_core::{
    ActivationLimit, CreateRequest, EmailAddress, Environment, ExternalCustomerId, InMemoryProvider, KeyCode,
    LicenseKeyId, LicensePatch, LicenseProvider, LicenseProviderExt, ManualClock, Result, StatusChange,
    Timestamp, async_trait,
};

use super::{IssueSpec, IssuedKey, Subject, Which};

/// [`InMemoryProvider`] as a [`Subject`]: the reference for others, and the vendor in tests of a wrapper around any
/// provider.
///
/// It is in the sandbox environment, and its clock is set to a fixed time in 2027. It has every capability.
///
/// ```
/// use anykey_testkit::conformance::{MemorySubject, Subject};
///
/// assert_eq!(MemorySubject::new().provider().name(), "memory");
/// ```
pub struct MemorySubject {
    /// The vendor itself, where keys are issued and changed.
    vendor: InMemoryProvider,
    /// What is tested.
    provider: Arc<dyn LicenseProvider>,
    /// The vendor's clock.
    clock: ManualClock,
    /// How many keys were issued, for their codes.
    issued: AtomicU64,
}

impl MemorySubject {
    /// A vendor in memory without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::wrapped(|vendor| Arc::new(vendor))
    }

    /// Tests what `wrap` makes of the provider. Keys are still issued and changed at the vendor itself.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use anykey_core::LicenseProvider;
    /// use anykey_core::adapter::Checked;
    /// use anykey_testkit::conformance::{MemorySubject, Subject};
    ///
    /// // In a real test: your own wrapper, such as one that caches or logs.
    /// let subject = MemorySubject::wrapped(|vendor| Arc::new(Checked::new(vendor)));
    /// assert_eq!(subject.provider().vendor(), "memory");
    /// ```
    pub fn wrapped(wrap: impl FnOnce(InMemoryProvider) -> Arc<dyn LicenseProvider>) -> Self {
        let clock = ManualClock::at(Timestamp::constant(1_800_000_000, 0));
        let vendor = InMemoryProvider::with_clock(clock.clone()).in_environment(Environment::Sandbox);
        Self { provider: wrap(vendor.clone()), vendor, clock, issued: AtomicU64::new(0) }
    }

    /// Issues a key; an error stands for keys that this vendor does not have.
    async fn try_issue(&self, spec: IssueSpec) -> Result<IssuedKey> {
        let number = self.issued.fetch_add(1, Ordering::Relaxed);
        let code = spec.code.unwrap_or_else(|| format!("MEMORY-{number:08}-aBcDeF"));
        let code = KeyCode::parse(&code)?;
        let customer = match spec.customer {
            Which::First => "cus_first",
            Which::Second => "cus_second",
        };
        let product = match spec.product {
            Which::First => "pdt_first",
            Which::Second => "pdt_second",
        };
        let mut request = CreateRequest::new(code.clone(), customer, product);
        if let Some(end) = spec.expires_at {
            request = request.expiry(end);
        }
        let mut vendor = self.vendor.clone();
        if spec.other_environment {
            vendor = vendor.in_environment(Environment::Live);
        }
        if let Some(lifetime) = spec.seat_lifetime {
            vendor = vendor.with_seat_lifetime(lifetime);
        }
        let id = vendor.insert(request)?.id;
        let mut patch = LicensePatch::new().activation_limit(spec.activation_limit);
        if let Some(limit) = spec.usage_limit {
            patch = patch.usage_limit(limit);
        }
        self.vendor.update(&id, patch).await?;
        let (address, external) = (format!("{customer}@example.com"), format!("account of {customer}"));
        self.vendor.insert_customer(customer, EmailAddress::parse(&address)?);
        self.vendor.insert_customer(customer, ExternalCustomerId::new(external.clone()));
        Ok(IssuedKey::new(id, code, product, customer).with_email(&address).with_external_customer(external))
    }
}

impl Default for MemorySubject {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemorySubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemorySubject").field("provider", &self.provider).finish_non_exhaustive()
    }
}

#[async_trait]
impl Subject for MemorySubject {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        Arc::clone(&self.provider)
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        if spec.by_subscription || spec.activation_limit == ActivationLimit::Unknown {
            return None;
        }
        self.try_issue(spec).await.ok()
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let changed = match change {
            StatusChange::Enable => self.vendor.enable(id).await,
            StatusChange::Disable => self.vendor.disable(id).await,
            StatusChange::Revoke => self.vendor.revoke(id).await,
            _ => return None,
        };
        changed.ok().map(drop)
    }

    fn clock(&self) -> &ManualClock {
        &self.clock
    }
}
