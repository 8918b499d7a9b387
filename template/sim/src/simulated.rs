use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{ActivationId, Clock, HttpTransport, KeyCode, LicenseKeyId, StatusChange, Timestamp};
use anykey_sim_kit::{
    Faults, FaultyTransport, IssueSpec, IssuedKey, NoWebhooks, PlaneAccess, SimulatedEndpoint,
    SimulatedPlane, SimulatedVendor, Simulator, Started, WebhookSender,
};

use crate::AcmeSim;
use crate::records::{customer, product};

/// The word that chooses the vendor in a configuration.
const VENDOR: &str = "acme";
const TOKEN: &str = "ACME_SIM_TOKEN";
const CURRENT: &str = "current";

/// Starts Acme Licensing.
pub const SIMULATOR: Simulator =
    Simulator { vendor: VENDOR, title: "Acme Licensing", releases: &[CURRENT], start: SimulatedAcme::start };

/// [`AcmeSim`] with one seller, two products and two customers, as a [`SimulatedVendor`].
#[derive(Debug)]
pub struct SimulatedAcme {
    sim: AcmeSim,
    transport: FaultyTransport<AcmeSim>,
    webhooks: NoWebhooks,
}

impl SimulatedAcme {
    /// The simulator with its seller.
    #[must_use]
    pub fn new(sim: AcmeSim) -> Self {
        let webhooks = NoWebhooks::new(sim.clock.clone());
        Self { transport: FaultyTransport::new(sim.clone()), sim, webhooks }
    }

    /// What only this vendor has.
    #[must_use]
    pub const fn sim(&self) -> &AcmeSim {
        &self.sim
    }

    fn start(clock: Clock, _release: &str) -> Started {
        Ok(Arc::new(Self::new(AcmeSim::new(clock))))
    }
}

// FILL IN: every method that returns `None`, where the vendor has it.
impl SimulatedVendor for SimulatedAcme {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn transport(&self) -> Arc<dyn HttpTransport> {
        Arc::new(self.transport.clone())
    }

    fn planes(&self) -> Vec<SimulatedPlane> {
        vec![
            SimulatedPlane::new("device", PlaneAccess::Device),
            SimulatedPlane::new("management", PlaneAccess::Seller).credential("token", TOKEN, "acme-token"),
        ]
    }

    fn faults(&self) -> &Faults {
        self.transport.faults()
    }

    fn webhooks(&self) -> &dyn WebhookSender {
        &self.webhooks
    }

    fn now(&self) -> Timestamp {
        self.sim.clock.now()
    }

    fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        if spec.by_subscription || spec.usage_limit.is_some() || spec.seat_lifetime.is_some() || spec.other_environment {
            return None;
        }
        let (product, customer) = (product(spec.product), customer(spec.customer));
        let mut records = self.sim.records();
        let license = records.sell(spec)?;
        Some(IssuedKey::new(license.id.as_str(), KeyCode::verbatim(license.code.as_str()), product, customer))
    }

    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        self.sim.records().license(id.as_str())?.set_status(change)
    }

    fn refund(&self, _: &LicenseKeyId) -> Option<()> {
        None
    }

    fn stop_payment(&self, _: &LicenseKeyId) -> Option<()> {
        None
    }

    fn resume_payment(&self, _: &LicenseKeyId) -> Option<()> {
        None
    }

    fn set_expiry(&self, id: &LicenseKeyId, at: Option<Timestamp>) -> Option<()> {
        self.sim.records().license(id.as_str())?.sold.expires_at = at;
        Some(())
    }

    fn rotate(&self, _: &LicenseKeyId) -> Option<KeyCode> {
        None
    }

    fn activate(&self, id: &LicenseKeyId, label: &str) -> Option<ActivationId> {
        let mut records = self.sim.records();
        let license = records.license(id.as_str())?;
        let seat = format!("{}_seat_{}", license.id, license.seats.len());
        license.seats.push((seat.clone(), label.to_owned()));
        Some(seat.into())
    }

    fn activations(&self, id: &LicenseKeyId) -> Vec<(ActivationId, String)> {
        let mut records = self.sim.records();
        let seats = records.license(id.as_str()).map(|license| license.seats.clone()).unwrap_or_default();
        seats.into_iter().map(|(id, label)| (id.into(), label)).collect()
    }

    fn revoke_credential(&self, _: &str) -> Option<()> {
        None
    }

    fn add_webhook_endpoint(&self, _: &str, _: Option<&str>) -> Option<SimulatedEndpoint> {
        None
    }

    fn announce(&self, _: &str, _: serde_json::Value) {}
}
