use std::fmt;
use std::sync::Arc;

use anykey_core::{
    ActivationId, HttpTransport, KeyCode, LicenseKeyId, Operation, RefusalReason, StatusChange, Timestamp,
};
use serde_json::{Map, Value};

use crate::{Faults, IssueSpec, IssuedKey, KeyRecord, Role, SimulatedPlane, VendorRules, WebhookSender};

/// The names and e-mail addresses of the two initial customers of a simulated seller.
pub const CUSTOMERS: [(&str, &str); 2] =
    [("Ada Example", "ada@example.com"), ("Grace Example", "grace@example.com")];

/// The names of the two initial products of a simulated seller.
pub const PRODUCTS: [&str; 2] = ["Editor Pro", "Viewer"];

/// The common interface of simulated vendors. Each starts with one seller, two products and two customers.
///
/// Tests, examples, the command `anykey sim` and the conformance suite use it. Operations of only one vendor are
/// methods of its own type, such as `DodoSim` or `PolarSim`.
///
/// It has three parts. [`transport`](Self::transport) is the vendor's HTTP API for clients, with the current
/// [`faults`](Self::faults). Most other methods are actions of the seller in the vendor's dashboard; faults do not
/// affect them, and they need no credential. [`webhooks`](Self::webhooks) returns the webhook requests that the
/// vendor sends. Time is the clock that the simulator was [started](crate::Simulator::start) with.
///
/// A method returns `None` when the vendor does not support the action, or when the id is unknown.
///
/// `Debug` prints neither keys nor credentials.
pub trait SimulatedVendor: fmt::Debug + Send + Sync + 'static {
    /// The vendor's name in a configuration, such as `dodo`.
    fn vendor(&self) -> &'static str;

    /// The vendor's HTTP API, for any host, with the current [`faults`](Self::faults).
    fn transport(&self) -> Arc<dyn HttpTransport>;

    /// The planes of the API, each with its configuration and credential. The first is that of an installed app, the
    /// last is the seller's. A vendor that has nothing for installed apps has the seller's only.
    fn planes(&self) -> Vec<SimulatedPlane>;

    /// The plane of an installed app that asks for [offline proofs](anykey_core::OfflineProof) and verifies them.
    /// `None` at a vendor that gives none. It is none of the [planes](Self::planes).
    fn proof_plane(&self) -> Option<SimulatedPlane> {
        None
    }

    /// The faults between clients and this vendor. None at first.
    fn faults(&self) -> &Faults;

    /// Answers from now on with 429 what exceeds the vendor's documented rate limits. They are off at first. `None`
    /// where no limits are documented, or where the simulator has none.
    fn enforce_rate_limits(&self) -> Option<()> {
        None
    }

    /// The webhooks that this vendor sends.
    fn webhooks(&self) -> &dyn WebhookSender;

    /// The time of the simulator's clock.
    fn now(&self) -> Timestamp;

    /// Issues a license key as a purchase does. `None` when the vendor does not support such keys, or when the code
    /// exists.
    fn issue(&self, spec: IssueSpec) -> Option<IssuedKey>;

    /// Issues a license key and puts it in the state `role`.
    fn seed(&self, role: Role) -> Option<IssuedKey> {
        role.seed_by_actions(self)
    }

    /// The license keys of the seller, by the simulator's own records, newest first. `None` where it does not list
    /// them.
    ///
    /// The [`activations`](Self::activations) are the seats that are taken.
    fn keys(&self) -> Option<Vec<KeyRecord>> {
        None
    }

    /// The number of [`keys`](Self::keys).
    fn key_count(&self) -> Option<usize> {
        self.keys().map(|keys| keys.len())
    }

    /// Changes a key's status, as in the dashboard.
    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()>;

    /// Refunds the payment of the key, for a subscription its last payment.
    fn refund(&self, id: &LicenseKeyId) -> Option<()>;

    /// Stops the payments of the subscription that the key follows, so that the key becomes invalid.
    fn stop_payment(&self, id: &LicenseKeyId) -> Option<()>;

    /// Resumes the payments after [`stop_payment`](Self::stop_payment), so that the same key is valid again.
    fn resume_payment(&self, id: &LicenseKeyId) -> Option<()>;

    /// Sets or clears a key's expiry, as in the dashboard.
    fn set_expiry(&self, id: &LicenseKeyId, at: Option<Timestamp>) -> Option<()>;

    /// Replaces the key's code and returns the new one. The old code is unknown immediately.
    fn rotate(&self, id: &LicenseKeyId) -> Option<KeyCode>;

    /// Activates a key as another device, regardless of faults. `None` also when the vendor refuses.
    fn activate(&self, id: &LicenseKeyId, label: &str) -> Option<ActivationId>;

    /// The activations of a key and their labels, oldest first. Empty when the key is unknown.
    fn activations(&self, id: &LicenseKeyId) -> Vec<(ActivationId, String)>;

    /// Revokes a credential, such as one of [`planes`](Self::planes), with immediate effect.
    fn revoke_credential(&self, credential: &str) -> Option<()>;

    /// Adds a webhook endpoint for all later events of the seller. `secret` is the signing secret in one of the
    /// vendor's forms; every vendor with secrets takes that of Standard Webhooks (`whsec_` and base64). `None` lets the
    /// vendor generate one. Returns `None` when the URL is invalid, when the secret has no form that the vendor gives,
    /// and with a secret at a vendor that signs with something else.
    fn add_webhook_endpoint(&self, url: &str, secret: Option<&str>) -> Option<SimulatedEndpoint>;

    /// Adds a webhook endpoint whose deliveries wait until they are asked for, for all later events of the seller.
    /// `None` at a vendor without such endpoints, and for a secret that the vendor does not give.
    fn add_webhook_feed(&self, secret: Option<&str>) -> Option<SimulatedEndpoint> {
        let _ = secret;
        None
    }

    /// Sends an event with the given type and data to the seller's endpoints.
    fn announce(&self, event_type: &str, data: Value);

    /// The reason that a client reports for a refusal with this `cause`. A vendor that does not distinguish two
    /// causes overrides it. Default: `cause`.
    fn reported(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        let _ = operation;
        cause
    }

    /// What this vendor does in its own way. Default: [`VendorRules::USUAL`].
    fn rules(&self) -> VendorRules {
        VendorRules::USUAL
    }
}

/// A webhook endpoint that was added. `Debug` does not print the secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct SimulatedEndpoint {
    /// The endpoint's id.
    pub id: String,
    /// The signing secret; empty at a vendor that signs with something else.
    pub secret: String,
    /// The fields of a configuration with which a receiver verifies deliveries where there is no secret.
    pub fields: Map<String, Value>,
}

impl SimulatedEndpoint {
    /// An endpoint with this id and secret.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { id: id.into(), secret: secret.into(), fields: Map::new() }
    }

    /// An endpoint of a vendor that signs without a secret.
    pub fn without_secret(id: impl Into<String>) -> Self {
        Self::new(id, "")
    }

    /// The same endpoint with a field for the configuration of its receiver.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// `plane` with the fields with which a receiver verifies deliveries to this endpoint. `secret` is a reference to
    /// the [`secret`](Self::secret), for `webhook_secrets`; it is not used where there is none.
    #[must_use]
    pub fn received_by(&self, plane: SimulatedPlane, secret: impl Into<Value>) -> SimulatedPlane {
        let plane = self.fields.iter().fold(plane, |plane, (name, value)| plane.field(name, value.clone()));
        match self.secret.is_empty() {
            true => plane,
            false => plane.field("webhook_secrets", Value::Array(vec![secret.into()])),
        }
    }
}

impl fmt::Debug for SimulatedEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedEndpoint").field("id", &self.id).finish_non_exhaustive()
    }
}
