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

use super::{KeySpec, LemonSqueezySim, Mode, RateLimits};

/// The vendor's name in a configuration.
const VENDOR: &str = "lemonsqueezy";
const TOKEN: &str = "LEMONSQUEEZY_SIM_TOKEN";
/// The API as of November 2026.
const CURRENT: &str = "current";

/// The entry point of this simulator: Lemon Squeezy with a store in test mode.
pub const SIMULATOR: Simulator = Simulator {
    vendor: VENDOR,
    title: "Lemon Squeezy",
    releases: &[CURRENT],
    start: SimulatedLemonSqueezy::start,
};

/// [`LemonSqueezySim`] with one seller, two products and two customers, as a [`SimulatedVendor`].
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_lemonsqueezy_sim::SIMULATOR;
/// use anykey_sim_kit::Role;
///
/// let vendor = SIMULATOR.start(ManualClock::at(Timestamp::UNIX_EPOCH))?;
/// let full = vendor.seed(Role::Full).ok_or("every vendor has such keys")?;
/// assert!(vendor.activate(&full.id, "laptop").is_none());
/// # Ok::<(), anykey_sim_kit::StartError>(())
/// ```
pub struct SimulatedLemonSqueezy {
    sim: LemonSqueezySim,
    transport: FaultyTransport<LemonSqueezySim>,
    products: [u64; 2],
    customers: [u64; 2],
    api_key: String,
}

impl std::fmt::Debug for SimulatedLemonSqueezy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulatedLemonSqueezy").field("sim", &self.sim).finish_non_exhaustive()
    }
}

impl SimulatedLemonSqueezy {
    /// Wraps `sim`. The seller is the store of the handle.
    #[must_use]
    pub fn new(sim: LemonSqueezySim) -> Self {
        let customers = CUSTOMERS.map(|(name, email)| sim.add_customer(name, email));
        let products = PRODUCTS.map(|name| sim.add_product(name));
        let api_key = sim.api_key(Mode::Test);
        let transport = FaultyTransport::new(sim.clone());
        Self { sim, transport, products, customers, api_key }
    }

    /// The simulator itself, for operations that only this vendor has.
    #[must_use]
    pub const fn sim(&self) -> &LemonSqueezySim {
        &self.sim
    }

    /// There is one release only.
    fn start(clock: Clock, _release: &str) -> Started {
        Ok(Arc::new(Self::new(LemonSqueezySim::new(clock))))
    }

    fn spec(&self, spec: IssueSpec) -> Option<KeySpec> {
        let activation_limit = spec.seats()?;
        if spec.usage_limit.is_some() || spec.seat_lifetime.is_some() {
            return None;
        }
        Some(KeySpec {
            product: Some(*spec.product.of(&self.products)),
            customer: Some(*spec.customer.of(&self.customers)),
            key: spec.code,
            activation_limit,
            expires_at: spec.expires_at,
            by_subscription: spec.by_subscription,
            mode: if spec.other_environment { Mode::Live } else { Mode::Test },
        })
    }
}

impl SimulatedVendor for SimulatedLemonSqueezy {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn transport(&self) -> Arc<dyn HttpTransport> {
        Arc::new(self.transport.clone())
    }

    /// `device` without a credential, by the License API; `management` with an API key, by both APIs.
    fn planes(&self) -> Vec<SimulatedPlane> {
        let plane = |name, access| {
            SimulatedPlane::new(name, access)
                .field("store_id", self.sim.store_id().to_string())
                .distinguishes_revoked(false)
        };
        let management = plane("management", PlaneAccess::Seller);
        vec![
            plane("device", PlaneAccess::Device),
            management.credential("token", TOKEN, self.api_key.as_str()),
        ]
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
                self.sim.other_merchant().issue(spec).ok().map(issued)
            }
            _ => role.seed_by_actions(self),
        }
    }

    fn keys(&self) -> Option<Vec<KeyRecord>> {
        Some(self.sim.key_records())
    }

    /// `None` for [`StatusChange::Revoke`], which the vendor does not have.
    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let id = number(id)?;
        match change {
            StatusChange::Disable => self.sim.disable(id),
            StatusChange::Enable => self.sim.enable(id),
            _ => false,
        }
        .then_some(())
    }

    /// Refunds the order, which disables its keys.
    fn refund(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.refund(number(id)?).then_some(())
    }

    /// Ends the subscription, so that the key expires.
    fn stop_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.end_subscription(number(id)?).then_some(())
    }

    fn resume_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.resume_subscription(number(id)?).then_some(())
    }

    fn set_expiry(&self, id: &LicenseKeyId, at: Option<Timestamp>) -> Option<()> {
        self.sim.set_expiry(number(id)?, at).then_some(())
    }

    /// `None`: the vendor has no rotation.
    fn rotate(&self, _: &LicenseKeyId) -> Option<KeyCode> {
        None
    }

    fn activate(&self, id: &LicenseKeyId, label: &str) -> Option<ActivationId> {
        self.sim.activate(number(id)?, label).map(ActivationId::from)
    }

    fn activations(&self, id: &LicenseKeyId) -> Vec<(ActivationId, String)> {
        let instances = number(id).into_iter().flat_map(|id| self.sim.instances(id));
        instances.map(|instance| (instance.identifier.into(), instance.name)).collect()
    }

    fn revoke_credential(&self, credential: &str) -> Option<()> {
        self.sim.revoke_api_key(credential).then_some(())
    }

    /// The signing key is the whole text of `secret`, which may have at most 40 characters.
    fn add_webhook_endpoint(&self, url: &str, secret: Option<&str>) -> Option<SimulatedEndpoint> {
        let endpoint = self.sim.add_webhook_endpoint(url, secret).ok()?;
        Some(SimulatedEndpoint::new(endpoint.id.to_string(), endpoint.secret))
    }

    fn announce(&self, event_type: &str, data: serde_json::Value) {
        self.sim.announce(event_type, &data);
    }

    fn rules(&self) -> VendorRules {
        VendorRules::USUAL.doubts_unknown_keys(true).keeps_seats_when(
            match self.sim.lock().quirks.expired_keeps_instances {
                true => &[RefusalReason::Disabled, RefusalReason::Expired],
                false => &[RefusalReason::Disabled],
            },
        )
    }

    /// The vendor has no revoked keys; the same actions disable a key.
    fn reported(&self, _: Operation, cause: RefusalReason) -> RefusalReason {
        match cause {
            RefusalReason::Revoked => RefusalReason::Disabled,
            precise => precise,
        }
    }
}

fn issued(key: super::IssuedKey) -> IssuedKey {
    let code = KeyCode::verbatim(key.key);
    IssuedKey::new(key.id.to_string(), code, key.product_id.to_string(), key.customer_id.to_string())
}

fn number(id: &LicenseKeyId) -> Option<u64> {
    id.as_str().parse().ok()
}
