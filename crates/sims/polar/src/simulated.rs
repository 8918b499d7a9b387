//! The simulator as one of several vendors, for tests and demonstrations that treat all vendors alike.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivationId, ActivationLimit, Clock, HttpTransport, KeyCode, LicenseKeyId, Operation, RefusalReason,
    StatusChange, Timestamp,
};
use anykey_sim_kit::{
    CUSTOMERS, Faults, FaultyTransport, IssueSpec, IssuedKey, KeyRecord, PRODUCTS, PlaneAccess, Role,
    SimulatedEndpoint, SimulatedPlane, SimulatedVendor, Simulator, Started, WebhookSender,
};
use uuid::Uuid;

use super::error::SimError;
use super::options::{Environment, Release, Scope};
use super::server::PolarSim;
use super::specs::{ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, GrantedKey, OrganizationSpec};
use super::webhooks::{EndpointSpec, WebhookSecret};

/// The vendor's name in a configuration.
const VENDOR: &str = "polar";
const TOKEN: &str = "POLAR_SIM_TOKEN";
const SESSION: &str = "POLAR_SIM_SESSION_TOKEN";
/// The recorded server of 22 August 2026.
const AUGUST: &str = "2026-08";
/// The server after 1 October 2026, with its current version `2026-10`.
const OCTOBER: &str = "2026-10";
/// The same server with the version `2027-01`, which the planes request.
const NEXT: &str = "2027-01";
/// The default activation limit of issued keys.
const SEATS: u32 = 3;

/// The entry point of this simulator: a Polar development server, without rate limits.
pub const SIMULATOR: Simulator = Simulator {
    vendor: VENDOR,
    title: "Polar",
    releases: &[OCTOBER, AUGUST, NEXT],
    start: SimulatedPolar::start,
};

/// [`PolarSim`] with one seller, two benefits and two customers, as a [`SimulatedVendor`].
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_polar_sim::SIMULATOR;
/// use anykey_sim_kit::Role;
///
/// let vendor = SIMULATOR.start(ManualClock::at(Timestamp::UNIX_EPOCH))?;
/// let full = vendor.seed(Role::Full).ok_or("every vendor has such keys")?;
/// assert!(vendor.activate(&full.id, "laptop").is_none());
/// # Ok::<(), anykey_sim_kit::StartError>(())
/// ```
#[derive(Debug)]
pub struct SimulatedPolar {
    sim: PolarSim,
    transport: FaultyTransport<PolarSim>,
    api_version: Option<&'static str>,
    benefits: [Uuid; 2],
    customers: [Uuid; 2],
    credentials: Credentials,
}

/// The seller's token and the first customer's session. `Debug` prints neither.
struct Credentials {
    token: String,
    session: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

impl SimulatedPolar {
    /// Wraps `sim`. The seller is its initial organization.
    ///
    /// # Errors
    ///
    /// [`SimError`]; never for a new simulator.
    pub fn new(sim: PolarSim) -> Result<Self, SimError> {
        let benefit = |_| {
            let activations = Some(ActivationSpec { limit: SEATS, enable_customer_admin: true });
            sim.add_benefit(BenefitSpec { activations, ..prefixed() })
        };
        let customer = |(name, email): (&str, &str)| {
            let (external_id, email) = (Some(external_id(name)), Some(email.to_owned()));
            let name = Some(name.to_owned());
            sim.add_customer(CustomerSpec { name, email, external_id, ..CustomerSpec::default() })
        };
        let [first, second] = PRODUCTS.map(benefit);
        let benefits = [first?, second?];
        let [first, second] = CUSTOMERS.map(customer);
        let customers = [first?, second?];
        let [buyer, _] = customers;
        let scopes =
            [Scope::LicenseKeysRead, Scope::LicenseKeysWrite, Scope::BenefitsRead, Scope::CustomersRead];
        let token = sim.organization_token(sim.organization_id(), scopes)?;
        let session = sim.customer_session(buyer)?;
        sim.expire_token(&session, Timestamp::MAX)?;
        let (transport, credentials) = (FaultyTransport::new(sim.clone()), Credentials { token, session });
        Ok(Self { sim, transport, api_version: None, benefits, customers, credentials })
    }

    /// The simulator itself, for operations that only this vendor has.
    #[must_use]
    pub const fn sim(&self) -> &PolarSim {
        &self.sim
    }

    /// `2026-10` and `2027-01` are the same server; in the second, providers ask for that version with each request.
    fn start(clock: Clock, release: &str) -> Started {
        let played = if release == AUGUST { Release::August2026 } else { Release::October2026 };
        let vendor = Self::new(PolarSim::builder(clock).release(played).build())?;
        let api_version = (release == NEXT).then_some(NEXT);
        Ok(Arc::new(Self { api_version, ..vendor }))
    }

    /// `None` if the vendor has no such keys: it knows no leases of seats, no unlimited activations,
    /// and no test keys among real ones.
    fn try_issue(&self, spec: IssueSpec) -> Result<Option<IssuedKey>, SimError> {
        if spec.seat_lifetime.is_some() || spec.other_environment {
            return Ok(None);
        }
        let activations = match spec.activation_limit {
            ActivationLimit::AtMost(limit) => match u32::try_from(limit) {
                Ok(limit) => Some(limit),
                Err(_) => return Ok(None),
            },
            ActivationLimit::NotAllowed => None,
            _ => return Ok(None),
        };
        let Ok(usage) = spec.usage_limit.map(u32::try_from).transpose() else { return Ok(None) };
        let (benefit, customer) = (*spec.product.of(&self.benefits), *spec.customer.of(&self.customers));
        let grant = match spec.by_subscription {
            true => GrantSpec::subscription(benefit, customer),
            false => GrantSpec::order(benefit, customer),
        };
        let key = self.sim.grant(match spec.code {
            Some(code) => grant.key(code),
            None => grant,
        })?;
        if activations != Some(SEATS) {
            self.sim.set_activation_limit(key.id, activations)?;
        }
        if usage.is_some() {
            self.sim.set_usage_limit(key.id, usage)?;
        }
        if spec.expires_at.is_some() {
            self.sim.set_key_expiry(key.id, spec.expires_at)?;
        }
        Ok(Some(issued(key, benefit, customer)))
    }

    /// Issues a key whose activations are hidden in the portal.
    fn issue_hidden(&self) -> Result<IssuedKey, SimError> {
        let activations = Some(ActivationSpec { limit: SEATS, enable_customer_admin: false });
        let benefit = self.sim.add_benefit(BenefitSpec { activations, ..prefixed() })?;
        let [customer, _] = self.customers;
        Ok(issued(self.sim.grant(GrantSpec::order(benefit, customer))?, benefit, customer))
    }

    /// Issues a key of another organization.
    fn issue_foreign(&self) -> Result<IssuedKey, SimError> {
        let organization = Some(self.sim.add_organization(OrganizationSpec::default()));
        let activations = Some(ActivationSpec { limit: SEATS, enable_customer_admin: true });
        let benefit =
            self.sim.add_benefit(BenefitSpec { organization, activations, ..BenefitSpec::default() })?;
        let customer = self.sim.add_customer(CustomerSpec { organization, ..CustomerSpec::default() })?;
        Ok(issued(self.sim.grant(GrantSpec::order(benefit, customer))?, benefit, customer))
    }
}

impl SimulatedVendor for SimulatedPolar {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn transport(&self) -> Arc<dyn HttpTransport> {
        Arc::new(self.transport.clone())
    }

    /// `public` without a credential; `portal` with a session of the first customer that does not expire;
    /// `organization` with the seller's token.
    fn planes(&self) -> Vec<SimulatedPlane> {
        let plane = |name, access| {
            let plane = SimulatedPlane::new(name, access);
            let plane = plane.field("organization_id", self.sim.organization_id().to_string());
            match self.api_version {
                Some(version) => plane.field("api_version", version),
                None => plane,
            }
        };
        let Credentials { token, session } = &self.credentials;
        vec![
            plane("public", PlaneAccess::Device),
            plane("portal", PlaneAccess::Customer).credential("session_token", SESSION, session.as_str()),
            plane("organization", PlaneAccess::Seller)
                .credential("token", TOKEN, token.as_str())
                .authenticates_device_calls(true),
        ]
    }

    fn faults(&self) -> &Faults {
        self.transport.faults()
    }

    /// The limits of the sandbox, which is the environment of the planes.
    fn enforce_rate_limits(&self) -> Option<()> {
        self.sim.state().environment = Environment::Sandbox;
        Some(())
    }

    fn webhooks(&self) -> &dyn WebhookSender {
        &self.sim
    }

    fn now(&self) -> Timestamp {
        self.sim.now()
    }

    fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let (name, email) = spec.customer.of(&CUSTOMERS);
        let key = self.try_issue(spec).ok().flatten()?;
        Some(key.with_email(email).with_external_customer(external_id(name)))
    }

    fn seed(&self, role: Role) -> Option<IssuedKey> {
        match role {
            Role::HiddenSeats => self.issue_hidden().ok(),
            Role::Foreign => self.issue_foreign().ok(),
            _ => role.seed_by_actions(self),
        }
    }

    fn keys(&self) -> Option<Vec<KeyRecord>> {
        let name = |product: &str| {
            let benefits = self.benefits.iter().map(Uuid::to_string);
            benefits.zip(PRODUCTS).find(|(id, _)| id == product).map(|(_, name)| name.to_owned())
        };
        let named = |key: KeyRecord| {
            let name = name(key.product.as_str());
            key.product_name(name)
        };
        Some(self.sim.key_records().into_iter().map(named).collect())
    }

    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let id = uuid(id)?;
        match change {
            StatusChange::Enable => self.sim.enable_key(id),
            StatusChange::Disable => self.sim.disable_key(id),
            StatusChange::Revoke => self.sim.revoke_key(id),
            _ => return None,
        }
        .ok()
    }

    fn refund(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.end_grant(uuid(id)?).ok()
    }

    /// Ends the sale of the key, which revokes the key immediately.
    fn stop_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.end_grant(uuid(id)?).ok()
    }

    fn resume_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.resume_grant(uuid(id)?).ok()
    }

    fn set_expiry(&self, id: &LicenseKeyId, at: Option<Timestamp>) -> Option<()> {
        self.sim.set_key_expiry(uuid(id)?, at).ok()
    }

    /// `None` also for a revoked key.
    fn rotate(&self, id: &LicenseKeyId) -> Option<KeyCode> {
        self.sim.rotate_key(uuid(id)?).ok().map(KeyCode::verbatim)
    }

    fn activate(&self, id: &LicenseKeyId, label: &str) -> Option<ActivationId> {
        self.sim.activate_key(uuid(id)?, label).ok().map(|id| id.to_string().into())
    }

    fn activations(&self, id: &LicenseKeyId) -> Vec<(ActivationId, String)> {
        let activations = uuid(id).into_iter().flat_map(|id| self.sim.activations(id));
        activations.map(|(id, label)| (id.to_string().into(), label)).collect()
    }

    fn revoke_credential(&self, credential: &str) -> Option<()> {
        self.sim.revoke_token(credential).ok()
    }

    fn add_webhook_endpoint(&self, url: &str, secret: Option<&str>) -> Option<SimulatedEndpoint> {
        let spec = EndpointSpec::new(url);
        let spec = match secret {
            Some(secret) => spec.secret(WebhookSecret::given(secret)),
            None => spec,
        };
        let endpoint = self.sim.add_webhook_endpoint(spec).ok()?;
        Some(SimulatedEndpoint::new(endpoint.id.to_string(), endpoint.secret))
    }

    fn announce(&self, event_type: &str, data: serde_json::Value) {
        self.sim.announce(event_type, &data);
    }

    /// Disabled and revoked keys have the same message: "License key is no longer active."
    fn reported(&self, _: Operation, cause: RefusalReason) -> RefusalReason {
        match cause {
            RefusalReason::Disabled | RefusalReason::Revoked => RefusalReason::Inactive,
            precise => precise,
        }
    }
}

fn prefixed() -> BenefitSpec {
    BenefitSpec { prefix: Some("EDITOR".to_owned()), ..BenefitSpec::default() }
}

/// The id of the customer `name` in the seller's own system.
fn external_id(name: &str) -> String {
    format!("account-{}", name.to_lowercase().replace(' ', "-"))
}

fn issued(key: GrantedKey, benefit: Uuid, customer: Uuid) -> IssuedKey {
    let code = KeyCode::verbatim(key.key);
    IssuedKey::new(key.id.to_string(), code, benefit.to_string(), customer.to_string())
}

fn uuid(id: &LicenseKeyId) -> Option<Uuid> {
    id.as_str().parse().ok()
}
