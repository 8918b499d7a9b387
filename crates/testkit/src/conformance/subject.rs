//! The interface between the suite and a provider under test.

use std::sync::Arc;

use anykey_core::{
    Capabilities, HttpTransport, LicenseKeyId, LicenseProvider, ManualClock, Operation, RefusalReason,
    StatusChange, async_trait,
};

use super::{IssueSpec, IssuedKey, VendorRules};

/// A provider under test, and the admin actions of its vendor.
///
/// The suite tests the [`provider`](Self::provider). The other methods prepare and check the tests, so they have to be
/// right. Each scenario gets a subject of its own: a vendor without keys, with two products and two customers.
///
/// Turn pacing off in the provider and rate limits off in a simulator, because a scenario sends up to a few hundred
/// requests in a row. Leave the provider's retries on.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::{
///     ActivationLimit, CreateRequest, InMemoryProvider, KeyCode, LicenseKeyId, LicensePatch, LicenseProvider,
///     LicenseProviderExt, ManualClock, StatusChange, Timestamp, async_trait,
/// };
/// use anykey_testkit::conformance::{IssueSpec, IssuedKey, Subject};
///
/// struct Acme {
///     vendor: InMemoryProvider,
///     clock: ManualClock,
/// }
///
/// impl Acme {
///     fn new() -> Self {
///         let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
///         Self { vendor: InMemoryProvider::with_clock(clock.clone()), clock }
///     }
/// }
///
/// #[async_trait]
/// impl Subject for Acme {
///     fn provider(&self) -> Arc<dyn LicenseProvider> {
///         Arc::new(self.vendor.clone())
///     }
///
///     async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
///         // What this vendor does not sell is a skip.
///         if spec.expires_at.is_some() || spec.usage_limit.is_some() || spec.by_subscription {
///             return None;
///         }
///         let code = KeyCode::parse(spec.code.as_deref().unwrap_or("ACME-7F3K-0001")).ok()?;
///         let mut request = CreateRequest::new(code.clone(), "customer", "product");
///         request.activation_limit = spec.activation_limit;
///         let key = self.vendor.insert(request).ok()?;
///         Some(IssuedKey::new(key.id, code, "product", "customer"))
///     }
///
///     async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
///         self.vendor.update(id, LicensePatch::new().status(change)).await.ok().map(drop)
///     }
///
///     fn clock(&self) -> &ManualClock {
///         &self.clock
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let acme = Acme::new();
/// let issued = acme.issue(IssueSpec::new()).await.expect("an ordinary key");
/// assert_eq!(acme.provider().get(&issued.id).await?.code, issued.code);
/// # Ok::<_, anykey_core::Error>(())
/// # }).unwrap();
/// ```
#[async_trait]
pub trait Subject: Send + Sync {
    /// The provider under test; each call may return the same one.
    fn provider(&self) -> Arc<dyn LicenseProvider>;

    /// A new provider, configured like [`provider`](Self::provider) and for the same vendor, whose HTTP transport is
    /// what `wrap` makes of the usual one.
    ///
    /// The suite tests with it what happens when answers get lost, when a gateway answers instead of the vendor, and
    /// what a request contains. `None`, the default, is for a provider that does not use HTTP: these scenarios are
    /// visible skips then.
    fn provider_through(
        &self,
        wrap: &dyn Fn(Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport>,
    ) -> Option<Arc<dyn LicenseProvider>> {
        let _ = wrap;
        None
    }

    /// What the provider can do with the keys that are issued here. The default is everything that it declares.
    ///
    /// A provider over several vendors declares what any of them can do. Then these are the capabilities that hold for
    /// the vendor of the issued keys, and the suite goes by them.
    fn capabilities(&self) -> Capabilities {
        self.provider().capabilities()
    }

    /// The name that keys, and errors of the vendor, carry. The default is the provider's.
    ///
    /// A provider over several vendors leaves the name of the one that an answer comes from. Its own name is in errors
    /// that are no vendor's answer.
    fn name(&self) -> String {
        self.provider().name().to_owned()
    }

    /// Issues a key as a purchase does; `None` when this vendor has no such keys, which the suite shows as a skip.
    ///
    /// Every field of `spec` counts: a key that lacks what was asked for makes a scenario fail, so return `None` for
    /// what the vendor does not have, such as an expiry. Where the provider acts for one customer only, that one is
    /// [`Which::First`](super::Which::First).
    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey>;

    /// Changes a key's status as the seller does in the vendor's dashboard; `None` when this vendor has no such
    /// change, which the suite shows as a skip.
    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()>;

    /// The vendor's clock, which is also the provider's where the provider reads the time. It is set to a whole
    /// second.
    fn clock(&self) -> &ManualClock;

    /// The reason that `operation` reports when the vendor refuses because of `cause`.
    ///
    /// The default is `cause`. Override it for a vendor that does not distinguish causes: Dodo's validation always
    /// reports [`Unspecified`](RefusalReason::Unspecified).
    fn reported(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        let _ = operation;
        cause
    }

    /// What the vendor does in its own way, such as keeping the seats of a disabled key. The default is
    /// [`VendorRules::USUAL`].
    fn rules(&self) -> VendorRules {
        VendorRules::USUAL
    }

    /// Texts that were given to the provider and must never be printed, such as its API token. The default is none;
    /// the issued codes are always looked for.
    ///
    /// They must not be in a request of `validate`, `activate` or `deactivate` either, unless
    /// [`authenticates_device_calls`](Self::authenticates_device_calls) returns true.
    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether the provider sends its credential when it validates, activates and deactivates. The default is that
    /// it does not, which is right where these calls work without one: an installed app makes them.
    ///
    /// Polar's organization plane does, because its calls for these operations need the organization's token.
    fn authenticates_device_calls(&self) -> bool {
        false
    }
}
