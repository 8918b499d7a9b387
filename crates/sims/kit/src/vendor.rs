use std::fmt;
use std::sync::Arc;

use anykey_core::{
    ActivationId, HttpTransport, KeyCode, LicenseKeyId, Operation, RefusalReason, StatusChange, Timestamp,
};

use crate::{Faults, IssueSpec, IssuedKey, Role, SimulatedPlane, WebhookSender};

/// The names and e-mail addresses of the two customers that a simulated seller starts with.
pub const CUSTOMERS: [(&str, &str); 2] =
    [("Ada Example", "ada@example.com"), ("Grace Example", "grace@example.com")];

/// The names of the two products that a simulated seller starts with.
pub const PRODUCTS: [&str; 2] = ["Editor Pro", "Viewer"];

/// A vendor in memory, with one seller, two products and two customers, in terms that every vendor has.
///
/// This is what tests, examples, the command line's `sim` and the conformance suite need of a simulator. What
/// only one vendor has is on its own type, `DodoSim` or `PolarSim`.
///
/// Three things are separate. [`transport`](Self::transport) is what a client sees: the vendor's HTTP API, with
/// the [`faults`](Self::faults) of the moment. The other methods act as the seller does in the vendor's
/// dashboard, never fail by such a fault and need no credential. [`webhooks`](Self::webhooks) is what the vendor
/// sends. Time is the clock that the simulator was [started](crate::Simulator::start) with: whoever holds that
/// clock moves it.
///
/// A method returns `None` when this vendor has no such thing, or when the id is unknown.
///
/// `Debug` prints neither keys nor credentials.
pub trait SimulatedVendor: fmt::Debug + Send + Sync + 'static {
    /// The word that chooses the vendor in a configuration: `dodo`.
    fn vendor(&self) -> &'static str;

    /// The vendor's HTTP API, for any host, with the present [`faults`](Self::faults).
    fn transport(&self) -> Arc<dyn HttpTransport>;

    /// The ways to use it, each with its configuration and credential. The first needs no credential, the last
    /// is the seller's.
    fn planes(&self) -> Vec<SimulatedPlane>;

    /// The faults between clients and this vendor; none at first.
    fn faults(&self) -> &Faults;

    /// The webhooks that this vendor sends.
    fn webhooks(&self) -> &dyn WebhookSender;

    /// What the simulator's clock shows.
    fn now(&self) -> Timestamp;

    /// Issues a license key as a purchase does. `None` when this vendor has no such keys, or when it has the
    /// code already.
    fn issue(&self, spec: IssueSpec) -> Option<IssuedKey>;

    /// Issues a license key and brings it into the state of `role`.
    fn seed(&self, role: Role) -> Option<IssuedKey> {
        role.seed_by_actions(self)
    }

    /// Changes a key's status as the seller does in the dashboard.
    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()>;

    /// Refunds what the key was bought with, a subscription's last payment included.
    fn refund(&self, id: &LicenseKeyId) -> Option<()>;

    /// Ends the payments of the subscription that the key follows, so that the key is no longer in force.
    fn stop_payment(&self, id: &LicenseKeyId) -> Option<()>;

    /// Takes up the payments again after [`stop_payment`](Self::stop_payment): the same key is in force again.
    fn resume_payment(&self, id: &LicenseKeyId) -> Option<()>;

    /// Sets or clears a key's expiry as the seller does in the dashboard.
    fn set_expiry(&self, id: &LicenseKeyId, at: Option<Timestamp>) -> Option<()>;

    /// Gives a key another code, which is returned. The old one is unknown at once.
    fn rotate(&self, id: &LicenseKeyId) -> Option<KeyCode>;

    /// Activates a key as another device does, whatever the present faults. `None` also when the vendor
    /// refuses.
    fn take_seat(&self, id: &LicenseKeyId, label: &str) -> Option<ActivationId>;

    /// The activations of a key and their labels, oldest first. Empty when the key is unknown.
    fn seats(&self, id: &LicenseKeyId) -> Vec<(ActivationId, String)>;

    /// Makes a credential invalid at once, such as one of [`planes`](Self::planes).
    fn revoke_credential(&self, credential: &str) -> Option<()>;

    /// Adds a webhook endpoint for every event of the seller from now on. `secret` is what it signs with, in the
    /// form of Standard Webhooks (`whsec_` and base64); `None` is one that the vendor makes. `None` as the
    /// result when the URL or the secret cannot be used.
    fn add_webhook_endpoint(&self, url: &str, secret: Option<&str>) -> Option<SimulatedEndpoint>;

    /// Sends an event of any type, with any data, to the seller's endpoints.
    fn announce(&self, event_type: &str, data: serde_json::Value);

    /// The reason that a client can report for a refusal because of `cause`: a vendor that does not tell two
    /// causes apart documents it here. The default is `cause` itself.
    fn reported(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        let _ = operation;
        cause
    }

    /// Whether a key that the vendor refuses because of `cause` keeps its seats: the vendor refuses to give them back
    /// too. The default is that they can be given back.
    fn keeps_seats(&self, cause: RefusalReason) -> bool {
        let _ = cause;
        false
    }

    /// The largest number of keys on one page of a list.
    fn max_page_size(&self) -> u32 {
        100
    }
}

/// A webhook endpoint that was added. `Debug` leaves the secret out.
#[derive(Clone)]
#[non_exhaustive]
pub struct SimulatedEndpoint {
    /// The endpoint's id.
    pub id: String,
    /// What its receiver verifies with.
    pub secret: String,
}

impl SimulatedEndpoint {
    /// An endpoint that was added.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { id: id.into(), secret: secret.into() }
    }
}

impl fmt::Debug for SimulatedEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedEndpoint").field("id", &self.id).finish_non_exhaustive()
    }
}
