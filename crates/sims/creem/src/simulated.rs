//! The simulator as one of several vendors, for tests and demonstrations that treat all vendors alike.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt;
use anykey_core::{
    ActivationId, Clock, HttpTransport, KeyCode, LicenseKeyId, Operation, RefusalReason, StatusChange,
    Timestamp,
};
use anykey_sim_kit::{
    CUSTOMERS, Faults, FaultyTransport, IssueSpec, IssuedKey, KeyRecord, PRODUCTS, PlaneAccess, Role,
    SimulatedEndpoint, SimulatedPlane, SimulatedVendor, Simulator, Started, VendorRules, WebhookSender,
};

use super::{CreemSim, DeliveryMode, KeySpec, Mode, RateLimits};

/// The vendor's name in a configuration.
const VENDOR: &str = "creem";
const TOKEN: &str = "CREEM_SIM_TOKEN";
/// The API as of November 2026.
const CURRENT: &str = "current";

/// The entry point of this simulator: Creem with a store in test mode.
pub const SIMULATOR: Simulator =
    Simulator { vendor: VENDOR, title: "Creem", releases: &[CURRENT], start: SimulatedCreem::start };

/// [`CreemSim`] with one seller, two products and two customers, as a [`SimulatedVendor`].
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_creem_sim::SIMULATOR;
/// use anykey_sim_kit::Role;
///
/// let vendor = SIMULATOR.start(ManualClock::at(Timestamp::UNIX_EPOCH))?;
/// let full = vendor.seed(Role::Full).ok_or("every vendor has such keys")?;
/// assert!(vendor.activate(&full.id, "laptop").is_none());
/// # Ok::<(), anykey_sim_kit::StartError>(())
/// ```
pub struct SimulatedCreem {
    sim: CreemSim,
    transport: FaultyTransport<CreemSim>,
    products: [String; 2],
    customers: [String; 2],
    api_key: String,
}

impl std::fmt::Debug for SimulatedCreem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulatedCreem").field("sim", &self.sim).finish_non_exhaustive()
    }
}

impl SimulatedCreem {
    /// Wraps `sim`. The seller is the store of the handle.
    #[must_use]
    pub fn new(sim: CreemSim) -> Self {
        let customers = CUSTOMERS.map(|(name, email)| sim.add_customer(name, email));
        let products = PRODUCTS.map(|name| sim.add_product(name));
        let api_key = sim.api_key(Mode::Test);
        let transport = FaultyTransport::new(sim.clone());
        Self { sim, transport, products, customers, api_key }
    }

    /// The simulator itself, for operations that only this vendor has.
    #[must_use]
    pub const fn sim(&self) -> &CreemSim {
        &self.sim
    }

    /// There is one release only.
    fn start(clock: Clock, _release: &str) -> Started {
        Ok(Arc::new(Self::new(CreemSim::new(clock))))
    }

    /// The license to sell, or `None` if the vendor has no such licenses.
    fn spec(&self, spec: IssueSpec) -> Option<KeySpec> {
        let activation_limit = spec.seats()?;
        // Each mode has its own host, so a provider never meets a key of the other one.
        if spec.usage_limit.is_some() || spec.seat_lifetime.is_some() || spec.other_environment {
            return None;
        }
        Some(KeySpec {
            product: Some(spec.product.of(&self.products).clone()),
            customer: Some(spec.customer.of(&self.customers).clone()),
            key: spec.code,
            activation_limit,
            expires_at: spec.expires_at,
            by_subscription: spec.by_subscription,
            ..KeySpec::default()
        })
    }
}

impl SimulatedVendor for SimulatedCreem {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn transport(&self) -> Arc<dyn HttpTransport> {
        Arc::new(self.transport.clone())
    }

    /// `server` with an API key, the only one: every call needs it.
    fn planes(&self) -> Vec<SimulatedPlane> {
        let server = SimulatedPlane::new("server", PlaneAccess::Seller)
            .distinguishes_revoked(false)
            .authenticates_device_calls(true);
        vec![server.credential("token", TOKEN, self.api_key.as_str())]
    }

    fn faults(&self) -> &Faults {
        self.transport.faults()
    }

    fn enforce_rate_limits(&self) -> Option<()> {
        self.sim.set_rate_limits(Some(RateLimits::default()));
        Some(())
    }

    fn webhooks(&self) -> &dyn WebhookSender {
        &self.sim
    }

    fn now(&self) -> Timestamp {
        self.sim.now()
    }

    fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let (_, email) = spec.customer.of(&CUSTOMERS);
        Some(issued(self.sim.issue(self.spec(spec)?).ok()?).with_email(email))
    }

    fn seed(&self, role: Role) -> Option<IssuedKey> {
        match role {
            Role::Foreign => {
                let spec = KeySpec { activation_limit: Some(3), ..KeySpec::default() };
                self.sim.other_store().issue(spec).ok().map(issued)
            }
            _ => role.seed_by_actions(self),
        }
    }

    fn keys(&self) -> Option<Vec<KeyRecord>> {
        Some(self.sim.key_records())
    }

    /// `None` for [`StatusChange::Revoke`], which the vendor does not have.
    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        match change {
            StatusChange::Disable => self.sim.disable(id.as_str()),
            StatusChange::Enable => self.sim.enable(id.as_str()),
            _ => false,
        }
        .then_some(())
    }

    /// Refunds the order, which disables its licenses.
    fn refund(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.refund(id.as_str()).then_some(())
    }

    /// Ends the subscription, so that the license expires.
    fn stop_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.end_subscription(id.as_str()).then_some(())
    }

    fn resume_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.resume_subscription(id.as_str()).then_some(())
    }

    fn set_expiry(&self, id: &LicenseKeyId, at: Option<Timestamp>) -> Option<()> {
        self.sim.set_expiry(id.as_str(), at).then_some(())
    }

    /// `None`: the vendor has no rotation.
    fn rotate(&self, _: &LicenseKeyId) -> Option<KeyCode> {
        None
    }

    fn activate(&self, id: &LicenseKeyId, label: &str) -> Option<ActivationId> {
        self.sim.activate(id.as_str(), label).map(ActivationId::from)
    }

    fn activations(&self, id: &LicenseKeyId) -> Vec<(ActivationId, String)> {
        let active = self.sim.instances(id.as_str()).into_iter().filter(|instance| instance.active);
        active.map(|instance| (instance.id.into(), instance.name)).collect()
    }

    fn revoke_credential(&self, credential: &str) -> Option<()> {
        self.sim.revoke_api_key(credential).then_some(())
    }

    fn add_webhook_endpoint(&self, url: &str, secret: Option<&str>) -> Option<SimulatedEndpoint> {
        let endpoint = self.sim.add_webhook_endpoint(url, secret).ok()?;
        Some(SimulatedEndpoint::new(endpoint.id, endpoint.secret))
    }

    fn add_webhook_feed(&self, secret: Option<&str>) -> Option<SimulatedEndpoint> {
        // The vendor wants an address and does not use it.
        let url = "https://cli.invalid/";
        let endpoint = self.sim.add_webhook_endpoint_as(DeliveryMode::Cli, Mode::Test, url, secret).ok()?;
        Some(SimulatedEndpoint::new(endpoint.id, endpoint.secret))
    }

    fn announce(&self, event_type: &str, data: serde_json::Value) {
        self.sim.announce(event_type, &data);
    }

    fn rules(&self) -> VendorRules {
        VendorRules::USUAL.gives_back_twice(true)
    }

    /// The vendor has no revoked licenses; the same actions disable one.
    fn reported(&self, _: Operation, cause: RefusalReason) -> RefusalReason {
        match cause {
            RefusalReason::Revoked => RefusalReason::Disabled,
            precise => precise,
        }
    }
}

fn issued(key: super::IssuedKey) -> IssuedKey {
    IssuedKey::new(key.id, KeyCode::verbatim(key.key), key.product_id, key.customer_id)
}
