//! A simulated vendor whose transport the suite has wrapped.

use std::sync::Arc;

use anykey_core::{
    ActivationId, HttpTransport, KeyCode, LicenseKeyId, Operation, RefusalReason, StatusChange, Timestamp,
};
use anykey_sim_kit::{
    Faults, IssueSpec, IssuedKey, KeyRecord, Role, SimulatedEndpoint, SimulatedPlane, SimulatedVendor,
    VendorRules, WebhookSender,
};

/// A simulated vendor with another transport. Everything else is the vendor's own.
#[derive(Debug)]
pub(super) struct WrappedVendor {
    /// The vendor.
    vendor: Arc<dyn SimulatedVendor>,
    /// The wrapped transport.
    transport: Arc<dyn HttpTransport>,
}

impl WrappedVendor {
    /// The vendor with what `wrap` makes of its transport.
    pub(super) fn new(
        vendor: Arc<dyn SimulatedVendor>,
        wrap: &dyn Fn(Arc<dyn HttpTransport>) -> Arc<dyn HttpTransport>,
    ) -> Self {
        let transport = wrap(vendor.transport());
        Self { vendor, transport }
    }
}

impl SimulatedVendor for WrappedVendor {
    fn vendor(&self) -> &'static str {
        self.vendor.vendor()
    }

    fn transport(&self) -> Arc<dyn HttpTransport> {
        Arc::clone(&self.transport)
    }

    fn planes(&self) -> Vec<SimulatedPlane> {
        self.vendor.planes()
    }

    fn proof_plane(&self) -> Option<SimulatedPlane> {
        self.vendor.proof_plane()
    }

    fn faults(&self) -> &Faults {
        self.vendor.faults()
    }

    fn enforce_rate_limits(&self) -> Option<()> {
        self.vendor.enforce_rate_limits()
    }

    fn webhooks(&self) -> &dyn WebhookSender {
        self.vendor.webhooks()
    }

    fn now(&self) -> Timestamp {
        self.vendor.now()
    }

    fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        self.vendor.issue(spec)
    }

    fn seed(&self, role: Role) -> Option<IssuedKey> {
        self.vendor.seed(role)
    }

    fn keys(&self) -> Option<Vec<KeyRecord>> {
        self.vendor.keys()
    }

    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        self.vendor.set_status(id, change)
    }

    fn refund(&self, id: &LicenseKeyId) -> Option<()> {
        self.vendor.refund(id)
    }

    fn stop_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.vendor.stop_payment(id)
    }

    fn resume_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.vendor.resume_payment(id)
    }

    fn set_expiry(&self, id: &LicenseKeyId, at: Option<Timestamp>) -> Option<()> {
        self.vendor.set_expiry(id, at)
    }

    fn rotate(&self, id: &LicenseKeyId) -> Option<KeyCode> {
        self.vendor.rotate(id)
    }

    fn activate(&self, id: &LicenseKeyId, label: &str) -> Option<ActivationId> {
        self.vendor.activate(id, label)
    }

    fn activations(&self, id: &LicenseKeyId) -> Vec<(ActivationId, String)> {
        self.vendor.activations(id)
    }

    fn revoke_credential(&self, credential: &str) -> Option<()> {
        self.vendor.revoke_credential(credential)
    }

    fn add_webhook_endpoint(&self, url: &str, secret: Option<&str>) -> Option<SimulatedEndpoint> {
        self.vendor.add_webhook_endpoint(url, secret)
    }

    fn announce(&self, event_type: &str, data: serde_json::Value) {
        self.vendor.announce(event_type, data);
    }

    fn reported(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        self.vendor.reported(operation, cause)
    }

    fn rules(&self) -> VendorRules {
        self.vendor.rules()
    }
}
