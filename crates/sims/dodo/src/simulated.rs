//! The simulator as one of several vendors, for tests and demonstrations that treat all vendors alike.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivationId, Clock, HttpTransport, KeyCode, LicenseKeyId, Operation, RefusalReason, StatusChange,
    Timestamp,
};
use anykey_sim_kit::{
    CUSTOMERS, Faults, FaultyTransport, IssueSpec, IssuedKey, KeyRecord, PRODUCTS, PlaneAccess, Role,
    SimulatedEndpoint, SimulatedPlane, SimulatedVendor, Simulator, Started, VendorRules, WebhookSender,
};

use super::key_spec::{KeySpec, Purchase};
use super::quirks::DeprecatedCalls;
use super::records::{ApiKeyScope, SubscriptionState};
use super::webhooks::EndpointSpec;
use super::{DodoSim, DodoSimBuilder, RateLimits};

/// The vendor's name in a configuration.
const VENDOR: &str = "dodo";
const TOKEN: &str = "DODO_SIM_TOKEN";
/// The API of specification 1.113 (2026): license keys and grants.
const CURRENT: &str = "current";
/// The API without the calls for entitlements and grants, as until 2025. Records have their current shape.
const BEFORE_GRANTS: &str = "before-grants";
/// The API after the announced removal: grants, without the calls that list, read or change license keys.
const GRANTS_ONLY: &str = "grants-only";

/// The entry point of this simulator: Dodo Payments in test mode.
pub const SIMULATOR: Simulator = Simulator {
    vendor: VENDOR,
    title: "Dodo Payments",
    releases: &[CURRENT, BEFORE_GRANTS, GRANTS_ONLY],
    start: SimulatedDodo::start,
};

/// [`DodoSim`] with one seller, two products and two customers, as a [`SimulatedVendor`].
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dodo_sim::SIMULATOR;
/// use anykey_sim_kit::Role;
///
/// let vendor = SIMULATOR.start(ManualClock::at(Timestamp::UNIX_EPOCH))?;
/// let full = vendor.seed(Role::Full).ok_or("every vendor has such keys")?;
/// assert!(vendor.activate(&full.id, "laptop").is_none());
/// # Ok::<(), anykey_sim_kit::StartError>(())
/// ```
pub struct SimulatedDodo {
    sim: DodoSim,
    transport: FaultyTransport<DodoSim>,
    release: Release,
    products: [String; 2],
    customers: [String; 2],
    api_key: String,
}

/// Which of the two APIs for merchants exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Release {
    Current,
    BeforeGrants,
    GrantsOnly,
}

impl std::fmt::Debug for SimulatedDodo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulatedDodo").field("sim", &self.sim).finish_non_exhaustive()
    }
}

impl SimulatedDodo {
    /// Wraps `sim`, with the current release of the API.
    #[must_use]
    pub fn new(sim: DodoSim) -> Self {
        let customers = CUSTOMERS.map(|(name, email)| sim.add_customer(name, email));
        let products = PRODUCTS.map(|name| sim.add_product(name));
        let api_key = sim.api_key(ApiKeyScope::ReadWrite);
        let transport = FaultyTransport::new(sim.clone());
        Self { sim, transport, release: Release::Current, products, customers, api_key }
    }

    /// The simulator itself, for operations that only this vendor has.
    #[must_use]
    pub const fn sim(&self) -> &DodoSim {
        &self.sim
    }

    /// An unknown release is treated as the current one; the caller has checked the name.
    fn start(clock: Clock, release: &str) -> Started {
        let sim = DodoSimBuilder::new(clock).build();
        let release = match release {
            BEFORE_GRANTS => Release::BeforeGrants,
            GRANTS_ONLY => Release::GrantsOnly,
            _ => Release::Current,
        };
        sim.change_quirks(|quirks| match release {
            Release::Current => {}
            Release::BeforeGrants => quirks.omit_entitlement_calls = true,
            Release::GrantsOnly => quirks.deprecated_calls = DeprecatedCalls::Gone,
        });
        Ok(Arc::new(Self { release, ..Self::new(sim) }))
    }

    /// Sets the state of the key's subscription; `None` for a key without one.
    fn move_subscription(&self, id: &LicenseKeyId, to: SubscriptionState) -> Option<()> {
        let subscription = self.sim.sale(id.as_str())?.subscription_id?;
        self.sim.set_subscription(&subscription, to).then_some(())
    }

    /// The key to issue, or `None` if the vendor has no such keys: it knows neither usage counts nor leases of seats,
    /// and a key belongs to the environment of its simulator.
    fn spec(&self, spec: IssueSpec) -> Option<KeySpec> {
        let activations_limit = spec.seats()?.map(i32::try_from).transpose().ok()?;
        if spec.usage_limit.is_some() || spec.seat_lifetime.is_some() || spec.other_environment {
            return None;
        }
        Some(KeySpec {
            product: Some(spec.product.of(&self.products).clone()),
            customer: Some(spec.customer.of(&self.customers).clone()),
            key: spec.code,
            activations_limit,
            expires_at: spec.expires_at,
            purchase: if spec.by_subscription { Purchase::Subscription } else { Purchase::OneTime },
            ..KeySpec::default()
        })
    }
}

impl SimulatedVendor for SimulatedDodo {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn transport(&self) -> Arc<dyn HttpTransport> {
        Arc::new(self.transport.clone())
    }

    /// `device` without a credential; `management` with the calls that the adapter chooses automatically, unless some
    /// of them are removed; `grants` with the calls for grants, if they exist.
    fn planes(&self) -> Vec<SimulatedPlane> {
        let seller = |name| {
            SimulatedPlane::new(name, PlaneAccess::Seller).credential("token", TOKEN, self.api_key.as_str())
        };
        let grants = seller("grants").field("license_keys", "grants");
        let management = seller("management").distinguishes_revoked(false);
        let device = SimulatedPlane::new("device", PlaneAccess::Device).distinguishes_revoked(false);
        match self.release {
            Release::Current => vec![device, grants, management],
            Release::BeforeGrants => vec![device, management],
            Release::GrantsOnly => vec![device, grants],
        }
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
                let spec = KeySpec { activations_limit: Some(3), ..KeySpec::default() };
                self.sim.other_business().issue(spec).ok().map(issued)
            }
            _ => role.seed_by_actions(self),
        }
    }

    fn keys(&self) -> Option<Vec<KeyRecord>> {
        Some(self.sim.key_records())
    }

    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        match change {
            StatusChange::Disable => self.sim.disable(id.as_str()),
            StatusChange::Enable => self.sim.enable(id.as_str()),
            StatusChange::Revoke => self.sim.revoke(id.as_str()),
            _ => false,
        }
        .then_some(())
    }

    /// Refunds the payment. `None` also for an imported key, which has none.
    fn refund(&self, id: &LicenseKeyId) -> Option<()> {
        let payment = self.sim.sale(id.as_str())?.payment_id?;
        self.sim.refund(&payment).then_some(())
    }

    /// Puts the subscription on hold.
    fn stop_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.move_subscription(id, SubscriptionState::OnHold)
    }

    fn resume_payment(&self, id: &LicenseKeyId) -> Option<()> {
        self.move_subscription(id, SubscriptionState::Active)
    }

    /// `None` also for the key of a subscription, whose expiry cannot be set.
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
        let instances = self.sim.instances(id.as_str()).into_iter();
        instances.map(|instance| (instance.id.into(), instance.name)).collect()
    }

    fn revoke_credential(&self, credential: &str) -> Option<()> {
        self.sim.revoke_api_key(credential).then_some(())
    }

    fn add_webhook_endpoint(&self, url: &str, secret: Option<&str>) -> Option<SimulatedEndpoint> {
        let spec = EndpointSpec::new(url);
        let spec = match secret {
            Some(secret) => spec.secret(secret),
            None => spec,
        };
        let endpoint = self.sim.add_webhook_endpoint(spec).ok()?;
        Some(SimulatedEndpoint::new(endpoint.id, endpoint.secret))
    }

    fn announce(&self, event_type: &str, data: serde_json::Value) {
        self.sim.announce(event_type, data);
    }

    /// A grant without a key is one of another kind of entitlement, or one that the seller has not fulfilled yet (API
    /// reference, November 2026).
    fn rules(&self) -> VendorRules {
        VendorRules::USUAL.members_of_keys_only(&["license_key"])
    }

    /// The answer to a validation is one boolean, so a client that sent an instance validates again without it to
    /// distinguish the two. The answer to an activation of any invalid key is the same 403.
    fn reported(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        use RefusalReason::{Disabled, Expired, Inactive, Revoked, UnknownActivation, Unspecified};
        match (operation, cause) {
            (Operation::Validate, UnknownActivation) => UnknownActivation,
            (Operation::Validate, _) => Unspecified,
            (_, Disabled | Expired | Revoked) => Inactive,
            (_, precise) => precise,
        }
    }
}

fn issued(key: super::IssuedKey) -> IssuedKey {
    IssuedKey::new(key.id, KeyCode::verbatim(key.key), key.product_id, key.customer_id)
}
