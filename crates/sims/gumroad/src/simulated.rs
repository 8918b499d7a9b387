//! The simulator as one of several vendors, for tests and demonstrations that treat all vendors alike.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt;
use anykey_core::{
    ActivationId, ActivationLimit, Clock, HttpTransport, KeyCode, LicenseKeyId, Operation, RefusalReason,
    SignedDuration, StatusChange, Timestamp,
};
use anykey_sim_kit::{
    CUSTOMERS, Faults, FaultyTransport, IssueSpec, IssuedKey, KeyRecord, PRODUCTS, PlaneAccess, Role,
    SimulatedEndpoint, SimulatedPlane, SimulatedVendor, Simulator, Started, VendorRules, WebhookSender,
};
use serde_json::json;

use super::sales::PAGE_SIZE;
use super::{GumroadSim, SaleSpec, Scope, Sold};

/// The vendor's name in a configuration.
const VENDOR: &str = "gumroad";
const TOKEN: &str = "GUMROAD_SIM_TOKEN";
/// The API as of November 2026.
const CURRENT: &str = "current";
/// How long ago the membership of an expired key ended.
const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The entry point of this simulator: Gumroad with a seller of two products.
pub const SIMULATOR: Simulator =
    Simulator { vendor: VENDOR, title: "Gumroad", releases: &[CURRENT], start: SimulatedGumroad::start };

/// [`GumroadSim`] with one seller, two products and two customers, as a [`SimulatedVendor`].
///
/// Its keys have no seats, whatever limit they are issued with. They end only with a membership.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_gumroad_sim::SIMULATOR;
/// use anykey_sim_kit::Role;
///
/// let vendor = SIMULATOR.start(ManualClock::at(Timestamp::UNIX_EPOCH))?;
/// let key = vendor.seed(Role::Good).ok_or("every vendor has such keys")?;
/// assert!(vendor.activate(&key.id, "laptop").is_none());
/// # Ok::<(), anykey_sim_kit::StartError>(())
/// ```
pub struct SimulatedGumroad {
    sim: GumroadSim,
    transport: FaultyTransport<GumroadSim>,
    products: [String; 2],
    customers: [String; 2],
    token: String,
}

impl std::fmt::Debug for SimulatedGumroad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulatedGumroad").field("sim", &self.sim).finish_non_exhaustive()
    }
}

impl SimulatedGumroad {
    /// Wraps `sim`. The seller is the one of the handle.
    #[must_use]
    pub fn new(sim: GumroadSim) -> Self {
        let products = PRODUCTS.map(|name| sim.add_product(name));
        let customers = CUSTOMERS.map(|_| sim.add_account());
        let token = sim.token(&[Scope::EditProducts, Scope::ViewSales]);
        let transport = FaultyTransport::new(sim.clone());
        Self { sim, transport, products, customers, token }
    }

    /// The simulator itself, for operations that only this vendor has.
    #[must_use]
    pub const fn sim(&self) -> &GumroadSim {
        &self.sim
    }

    /// There is one release only.
    fn start(clock: Clock, _release: &str) -> Started {
        Ok(Arc::new(Self::new(GumroadSim::new(clock))))
    }

    /// The sale to make, or `None` if the vendor has no such keys: it knows no expiry and no limit of uses. A limit
    /// of devices is accepted and has no effect, since a client enforces its own.
    fn spec(&self, spec: IssueSpec) -> Option<SaleSpec> {
        let is_usual =
            matches!(spec.activation_limit, ActivationLimit::AtMost(_) | ActivationLimit::NotAllowed);
        let is_limited =
            spec.usage_limit.is_some() || spec.expires_at.is_some() || spec.seat_lifetime.is_some();
        if !is_usual || is_limited {
            return None;
        }
        let (name, email) = spec.customer.of(&CUSTOMERS);
        Some(SaleSpec {
            product: Some(spec.product.of(&self.products).clone()),
            email: Some((*email).to_owned()),
            name: (*name).to_owned(),
            purchaser: Some(spec.customer.of(&self.customers).clone()),
            license_key: spec.code,
            membership: spec.by_subscription,
            test: spec.other_environment,
            ..SaleSpec::default()
        })
    }
}

impl SimulatedVendor for SimulatedGumroad {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn transport(&self) -> Arc<dyn HttpTransport> {
        Arc::new(self.transport.clone())
    }

    /// `device` without a credential; `management` with an OAuth token, which only its calls for the seller carry.
    fn planes(&self) -> Vec<SimulatedPlane> {
        let plane = |name, access| {
            let mut plane = SimulatedPlane::new(name, access).field("products", json!(self.products));
            // Gumroad has neither a sandbox nor documented rate limits.
            plane.fields.remove("pacing");
            plane.field("environment", "live")
        };
        let management = plane("management", PlaneAccess::Seller);
        vec![plane("device", PlaneAccess::Device), management.credential("token", TOKEN, self.token.as_str())]
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
        let (_, email) = spec.customer.of(&CUSTOMERS);
        Some(issued(&self.sim.sell(self.spec(spec)?)).with_email(email))
    }

    fn seed(&self, role: Role) -> Option<IssuedKey> {
        match role {
            Role::Foreign => {
                let other = self.sim.other_seller();
                Some(issued(&other.sell(SaleSpec::default())))
            }
            // A key ends with its membership only.
            Role::Expired => {
                let key = self.issue(IssueSpec::new().by_subscription())?;
                let a_month_ago = self.sim.now().checked_sub(MONTH).unwrap_or(Timestamp::MIN);
                self.sim.end_at(key.id.as_str(), a_month_ago).then_some(key)
            }
            _ => role.seed_by_actions(self),
        }
    }

    fn keys(&self) -> Option<Vec<KeyRecord>> {
        Some(self.sim.key_records())
    }

    /// [`StatusChange::Revoke`] revokes the access to the purchase; [`StatusChange::Enable`] undoes both.
    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let id = id.as_str();
        match change {
            StatusChange::Disable => self.sim.disable(id),
            StatusChange::Enable => self.sim.enable(id) && self.sim.restore_access(id),
            StatusChange::Revoke => self.sim.revoke_access(id),
            _ => false,
        }
        .then_some(())
    }

    fn refund(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.refund(id.as_str()).then_some(())
    }

    /// Lets a payment fail for good.
    fn stop_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.fail_payment(id.as_str()).then_some(())
    }

    fn resume_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.sim.restart(id.as_str()).then_some(())
    }

    /// `None`: keys have no expiry.
    fn set_expiry(&self, _: &LicenseKeyId, _: Option<Timestamp>) -> Option<()> {
        None
    }

    fn rotate(&self, id: &LicenseKeyId) -> Option<KeyCode> {
        self.sim.rotate(id.as_str()).map(KeyCode::verbatim)
    }

    /// `None`: keys have no seats.
    fn activate(&self, _: &LicenseKeyId, _: &str) -> Option<ActivationId> {
        None
    }

    fn activations(&self, _: &LicenseKeyId) -> Vec<(ActivationId, String)> {
        Vec::new()
    }

    fn revoke_credential(&self, credential: &str) -> Option<()> {
        self.sim.revoke_token(credential).then_some(())
    }

    /// `None`: the vendor signs nothing. Addresses for pings are added with [`GumroadSim::subscribe`].
    fn add_webhook_endpoint(&self, _: &str, _: Option<&str>) -> Option<SimulatedEndpoint> {
        None
    }

    fn announce(&self, _: &str, _: serde_json::Value) {}

    fn reported(&self, _: Operation, cause: RefusalReason) -> RefusalReason {
        cause
    }

    /// A sale has a `license_key` only if its product is licensed; a purchase of an imported customer has none (server
    /// code, 2026).
    fn rules(&self) -> VendorRules {
        VendorRules::USUAL
            .has_seats(false)
            .members_of_keys_only(&["license_key"])
            .may_omit_the_code(true)
            .max_page_size(u32::try_from(PAGE_SIZE).unwrap_or(u32::MAX))
    }
}

fn issued(sold: &Sold) -> IssuedKey {
    let customer = sold.purchaser_id.clone().unwrap_or_default();
    IssuedKey::new(
        sold.sale_id.as_str(),
        KeyCode::verbatim(sold.license_key.clone()),
        sold.product_id.as_str(),
        customer,
    )
}
