//! The account behind the interface that all simulators share.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivationId, Clock, HttpTransport, KeyCode, LicenseKeyId, Operation, RefusalReason, SignedDuration,
    StatusChange, Timestamp,
};
use anykey_sim_kit::{
    CUSTOMERS, Faults, FaultyTransport, IssueSpec, IssuedKey, KeyRecord, PRODUCTS, PlaneAccess, Role,
    SimulatedEndpoint, SimulatedPlane, SimulatedVendor, Simulator, StartError, Started, VendorRules,
    WebhookSender, Which,
};
use serde_json::{Map, Value};

use super::{IssuedLicense, KeygenSim, LicenseSpec, PolicySpec};

/// The vendor's name in a configuration.
const VENDOR: &str = "keygen";
const TOKEN: &str = "KEYGEN_SIM_TOKEN";
/// The version of the API.
const CURRENT: &str = "1.8";

/// The entry point of this simulator: Keygen with one account.
pub const SIMULATOR: Simulator =
    Simulator { vendor: VENDOR, title: "Keygen", releases: &[CURRENT], start: SimulatedKeygen::start };

/// [`KeygenSim`] with one seller, two products and two customers, as a [`SimulatedVendor`].
///
/// Each product has a policy that is floating, not strict, and without limits.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_keygen_sim::SIMULATOR;
/// use anykey_sim_kit::Role;
///
/// let vendor = SIMULATOR.start(ManualClock::at(Timestamp::UNIX_EPOCH))?;
/// let full = vendor.seed(Role::Full).ok_or("every vendor has such keys")?;
/// assert!(vendor.activate(&full.id, "laptop").is_none());
/// # Ok::<(), anykey_sim_kit::StartError>(())
/// ```
#[derive(Debug)]
pub struct SimulatedKeygen {
    sim: KeygenSim,
    transport: FaultyTransport<KeygenSim>,
    products: [String; 2],
    policies: [String; 2],
    customers: [String; 2],
    token: Token,
}

/// A token. `Debug` does not print it.
struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

impl SimulatedKeygen {
    /// Adds products, policies, customers and a seller's token to `sim`. The seller is the account of the handle.
    #[must_use]
    pub fn new(sim: KeygenSim) -> Self {
        let customers = CUSTOMERS.map(|(name, email)| sim.add_user(name, email));
        let products = PRODUCTS.map(|name| sim.add_product(name));
        let policies = products.each_ref().map(|product| sim.add_policy(product, PolicySpec::default()));
        let token = Token(sim.admin_token());
        let transport = FaultyTransport::new(sim.clone());
        Self { sim, transport, products, policies, customers, token }
    }

    /// The simulator itself, for operations that only this vendor has.
    #[must_use]
    pub const fn sim(&self) -> &KeygenSim {
        &self.sim
    }

    /// The ids of the two products.
    #[must_use]
    pub const fn products(&self) -> &[String; 2] {
        &self.products
    }

    /// The ids of the two products' policies.
    #[must_use]
    pub const fn policies(&self) -> &[String; 2] {
        &self.policies
    }

    fn start(clock: Clock, _release: &str) -> Started {
        Ok(Arc::new(Self::new(KeygenSim::new(clock)?)))
    }

    /// A policy whose machines are deleted without a heartbeat for `lifetime`.
    fn heartbeat_policy(&self, product: Which, lifetime: SignedDuration) -> String {
        let spec = PolicySpec {
            require_heartbeat: true,
            heartbeat_duration: u64::try_from(lifetime.as_secs()).ok(),
            ..PolicySpec::default()
        };
        let product: &String = product.of(&self.products);
        self.sim.add_policy(product, spec)
    }

    fn issued(&self, license: IssuedLicense) -> IssuedKey {
        let code = KeyCode::verbatim(license.key);
        IssuedKey::new(license.id, code, license.product, license.owner.unwrap_or_default())
    }

    fn foreign(&self) -> Result<IssuedKey, StartError> {
        let other = self.sim.other_account()?;
        let owner = other.add_user("Another Example", "another@example.com");
        let spec = LicenseSpec { owner: Some(owner), max_machines: Some(3), ..LicenseSpec::default() };
        Ok(self.issued(other.issue(spec)?))
    }
}

impl SimulatedVendor for SimulatedKeygen {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn transport(&self) -> Arc<dyn HttpTransport> {
        Arc::new(self.transport.clone())
    }

    /// `device` without a credential of the seller, `management` with a token.
    fn planes(&self) -> Vec<SimulatedPlane> {
        let plane = |name, access| {
            SimulatedPlane::new(name, access)
                .field("environment", "live")
                .field("account", self.sim.account_id())
        };
        let pairs = self.products.iter().zip(&self.policies);
        let policies: Map<String, Value> =
            pairs.map(|(product, policy)| (product.clone(), policy.as_str().into())).collect();
        let management = plane("management", PlaneAccess::Seller).field("policies", policies);
        vec![
            plane("device", PlaneAccess::Device),
            management.credential("token", TOKEN, self.token.0.as_str()),
        ]
    }

    fn proof_plane(&self) -> Option<SimulatedPlane> {
        let device = self.planes().into_iter().next()?;
        Some(device.field("public_key", self.sim.public_key()))
    }

    fn faults(&self) -> &Faults {
        self.transport.faults()
    }

    fn webhooks(&self) -> &dyn WebhookSender {
        &self.sim
    }

    fn now(&self) -> Timestamp {
        self.sim.now()
    }

    fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let max_machines = spec.seats()?;
        if spec.other_environment {
            return None;
        }
        let (_, email) = spec.customer.of(&CUSTOMERS);
        let policy = match spec.seat_lifetime {
            None => spec.product.of(&self.policies).clone(),
            Some(lifetime) => self.heartbeat_policy(spec.product, lifetime),
        };
        let spec = LicenseSpec {
            policy: Some(policy),
            owner: Some(spec.customer.of(&self.customers).clone()),
            key: spec.code,
            expiry: spec.expires_at,
            max_machines,
            max_uses: spec.usage_limit,
        };
        self.sim.issue(spec).ok().map(|license| self.issued(license).with_email(email))
    }

    fn seed(&self, role: Role) -> Option<IssuedKey> {
        match role {
            Role::Foreign => self.foreign().ok(),
            _ => role.seed_by_actions(self),
        }
    }

    fn keys(&self) -> Option<Vec<KeyRecord>> {
        Some(self.sim.key_records())
    }

    /// A revoked license is deleted.
    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        match change {
            StatusChange::Disable => self.sim.set_suspended(id.as_str(), true),
            StatusChange::Enable => self.sim.set_suspended(id.as_str(), false),
            StatusChange::Revoke => self.sim.revoke(id.as_str()),
            _ => false,
        }
        .then_some(())
    }

    /// The vendor has no payments: the seller's shop suspends the license.
    fn refund(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.set_suspended(id.as_str(), true).then_some(())
    }

    /// The vendor has no payments: the seller's shop suspends the license.
    fn stop_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.set_suspended(id.as_str(), true).then_some(())
    }

    /// The seller's shop reinstates the license.
    fn resume_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.set_suspended(id.as_str(), false).then_some(())
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
        let machines = self.sim.machines(id.as_str()).into_iter();
        machines.map(|machine| (machine.id.into(), machine.name.unwrap_or_default())).collect()
    }

    fn revoke_credential(&self, credential: &str) -> Option<()> {
        self.sim.revoke_token(credential).then_some(())
    }

    /// Endpoints have no secret: deliveries are verified with the account's public key and the address. `None` if one
    /// is given.
    fn add_webhook_endpoint(&self, url: &str, secret: Option<&str>) -> Option<SimulatedEndpoint> {
        if secret.is_some() {
            return None;
        }
        let id = self.sim.add_webhook_endpoint(url)?;
        let endpoint = SimulatedEndpoint::without_secret(id).field("webhook_url", url);
        Some(endpoint.field("public_key", self.sim.public_key()))
    }

    fn announce(&self, event_type: &str, data: Value) {
        self.sim.announce(event_type, &data);
    }

    /// A revoked license is deleted, and so is a machine without heartbeats.
    fn reported(&self, _: Operation, cause: RefusalReason) -> RefusalReason {
        match cause {
            RefusalReason::SeatExpired => RefusalReason::UnknownActivation,
            RefusalReason::Revoked => RefusalReason::UnknownKey,
            precise => precise,
        }
    }

    /// The key of a suspended license cannot authenticate. Accounts that keep only a digest of their keys cannot show
    /// one (server code, 2026).
    fn rules(&self) -> VendorRules {
        VendorRules::USUAL.keeps_seats_when(&[RefusalReason::Disabled]).may_omit_the_code(true)
    }
}
