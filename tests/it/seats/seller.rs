//! A vendor with some keys, and its providers: a device's and the seller's.

use std::sync::Arc;

use anykey::sim::{IssueSpec, Simulator};
use anykey::{ActivationLimit, InstallationMark, KeyCode, LicenseKeyId, LicenseProvider};
use anykey_http::HttpTransport;
use anykey_tests::Simulation;

pub(crate) struct Seller {
    pub(crate) simulation: Simulation,
    pub(crate) transport: Arc<dyn HttpTransport>,
    pub(crate) keys: Vec<(LicenseKeyId, KeyCode)>,
}

impl Seller {
    /// A seller at the vendor with `keys` keys of `seats` seats each.
    pub(crate) fn at(simulator: Simulator, keys: usize, seats: u32) -> Self {
        let simulation = Simulation::of(simulator);
        let spec = IssueSpec::new().activation_limit(ActivationLimit::AtMost(seats.into()));
        let issue = |_| {
            let issued = simulation.issue(spec.clone());
            (issued.id, issued.code)
        };
        let keys = (0..keys).map(issue).collect();
        Self { transport: simulation.vendor.transport(), keys, simulation }
    }

    /// What ships in the app: no credential.
    pub(crate) fn device(&self, transport: Arc<dyn HttpTransport>) -> Arc<dyn LicenseProvider> {
        self.simulation.provider_on(&self.simulation.device_plane(), transport)
    }

    /// What the seller's server uses.
    pub(crate) fn server(&self, transport: Arc<dyn HttpTransport>) -> Arc<dyn LicenseProvider> {
        self.simulation.provider_on(&self.simulation.seller_plane(), transport)
    }

    /// The marks of all seats of `key` at the vendor.
    pub(crate) fn marks(&self, key: &LicenseKeyId) -> Vec<InstallationMark> {
        let seats = self.simulation.vendor.activations(key);
        seats
            .iter()
            .map(|(_, label)| InstallationMark::in_label(label).expect("every seat is marked"))
            .collect()
    }
}
