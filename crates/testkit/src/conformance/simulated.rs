//! Subjects on simulated vendors, which need nothing but the provider.

use std::fmt;
use std::sync::Arc;

use anykey_core::{
    HttpTransport, LicenseKeyId, LicenseProvider, ManualClock, Operation, RefusalReason, Result,
    StatusChange, async_trait,
};
use anykey_sim_kit::{SimulatedPlane, SimulatedVendor};

use super::wrapped_vendor::WrappedVendor;
use super::{IssueSpec, IssuedKey, Subject, VendorRules};

/// Makes the provider for a plane of a vendor.
type Build = dyn Fn(&dyn SimulatedVendor, &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>> + Send + Sync;

/// A provider on a simulated vendor as a [`Subject`], in one of the vendor's planes.
///
/// ```no_run
/// use std::sync::Arc;
///
/// use anykey_core::{LicenseProvider, ManualClock, Result, Timestamp};
/// use anykey_sim_kit::{SimulatedPlane, SimulatedVendor, Simulator};
/// use anykey_testkit::conformance::{Report, SimulatedSubject, run};
///
/// /// Runs the suite in the seller's plane. `build` makes the adapter's provider, on the vendor's transport.
/// async fn seller_plane(
///     simulator: Simulator,
///     build: fn(&dyn SimulatedVendor, &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>>,
/// ) -> Report {
///     run(async || {
///         let clock = ManualClock::at(Timestamp::constant(1_800_000_000, 0));
///         let vendor = simulator.start(clock.clone()).expect("a simulator starts");
///         let plane = vendor.planes().pop().expect("the last plane is the seller's");
///         SimulatedSubject::new(vendor, clock, plane, build).expect("the configuration is valid")
///     })
///     .await
/// }
/// ```
pub struct SimulatedSubject {
    /// The simulated vendor.
    vendor: Arc<dyn SimulatedVendor>,
    /// The vendor's clock.
    clock: ManualClock,
    /// The plane whose credential the provider has.
    plane: SimulatedPlane,
    /// Makes a provider on the vendor's transport.
    build: Box<Build>,
    /// What is tested.
    provider: Arc<dyn LicenseProvider>,
}

impl SimulatedSubject {
    /// The provider that `build` makes for `plane` of `vendor`, whose clock is `clock`.
    ///
    /// `build` is called again for each [`provider_through`](Subject::provider_through), with a vendor whose transport
    /// is wrapped. It has to make a new provider on [`SimulatedVendor::transport`] each time. An error on such a later
    /// call is a panic, which the scenario reports as its failure.
    ///
    /// # Errors
    ///
    /// Those of `build`.
    pub fn new(
        vendor: Arc<dyn SimulatedVendor>,
        clock: ManualClock,
        plane: SimulatedPlane,
        build: impl Fn(&dyn SimulatedVendor, &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>>
        + Send
        + Sync
        + 'static,
    ) -> Result<Self> {
        let provider = build(&*vendor, &plane)?;
        Ok(Self { vendor, clock, plane, build: Box::new(build), provider })
    }

    /// Tests `provider` instead of the one that was built, such as one that has sent requests before or that is
    /// wrapped. [`provider_through`](Subject::provider_through) still builds a new one.
    #[must_use]
    pub fn with_provider(mut self, provider: Arc<dyn LicenseProvider>) -> Self {
        self.provider = provider;
        self
    }
}

impl fmt::Debug for SimulatedSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedSubject")
            .field("vendor", &self.vendor)
            .field("plane", &self.plane)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Subject for SimulatedSubject {
    fn provider(&self) -> Arc<dyn LicenseProvider> {
        Arc::clone(&self.provider)
    }

    #[expect(
        clippy::expect_used,
        reason = "the same configuration was built before; a panic fails the scenario"
    )]
    fn provider_through(
        &self,
        wrap: &dyn Fn(Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport>,
    ) -> Option<Arc<dyn LicenseProvider>> {
        let vendor = WrappedVendor::new(Arc::clone(&self.vendor), wrap);
        Some((self.build)(&vendor, &self.plane).expect("a provider on a wrapped transport"))
    }

    async fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        self.vendor.issue(spec)
    }

    async fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let is_visible = self.plane.distinguishes_revoked || change != StatusChange::Revoke;
        is_visible.then(|| self.vendor.set_status(id, change))?
    }

    fn clock(&self) -> &ManualClock {
        &self.clock
    }

    fn reported(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        let is_about_a_seat = matches!(operation, Operation::Validate | Operation::Deactivate);
        match cause {
            RefusalReason::UnknownKey if is_about_a_seat && !self.plane.distinguishes_unknown_keys => {
                RefusalReason::UnknownActivation
            }
            _ => self.vendor.reported(operation, cause),
        }
    }

    fn rules(&self) -> VendorRules {
        self.vendor.rules()
    }

    fn secrets(&self) -> Vec<String> {
        self.plane.secrets.iter().map(|(_, value)| value.to_owned()).collect()
    }

    fn authenticates_device_calls(&self) -> bool {
        self.plane.authenticates_device_calls
    }
}
