//! The shop behind the interface that all simulators share.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivationId, Clock, HttpTransport, KeyCode, LicenseKeyId, Operation, RefusalReason, StatusChange,
    Timestamp,
};
use anykey_sim_kit::{
    Faults, FaultyTransport, IssueSpec, IssuedKey, KeyRecord, NoWebhooks, PlaneAccess, Role,
    SimulatedEndpoint, SimulatedPlane, SimulatedVendor, Simulator, Started, VendorRules, WebhookSender,
};

use crate::consumer::{Consumer, Endpoint, Permission};
use crate::records::{License, Seat};
use crate::site::DlmSim;

/// The word that chooses the vendor in a configuration.
const VENDOR: &str = "dlm";
const SECRET: &str = "DLM_SIM_TOKEN";
const DEVICE_SECRET: &str = "DLM_SIM_DEVICE_TOKEN";
/// The recorded release.
const CURRENT: &str = "1.8.3";
const PRODUCTS: [i64; 2] = [55, 56];
const USERS: [i64; 2] = [2, 3];

/// Starts a shop with Digital License Manager.
///
/// There is one release, 1.8.3, the recorded one.
pub const SIMULATOR: Simulator = Simulator {
    vendor: VENDOR,
    title: "Digital License Manager",
    releases: &[CURRENT],
    start: SimulatedDlm::start,
};

/// [`DlmSim`] with one seller, two products and two customers, as a [`SimulatedVendor`].
///
/// It has two consumer keys: a narrow one for installed apps, which can only activate, deactivate and validate, and
/// the seller's.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dlm_sim::SIMULATOR;
/// use anykey_dlm_sim::kit::Role;
///
/// let vendor = SIMULATOR.start(ManualClock::at(Timestamp::UNIX_EPOCH))?;
/// let full = vendor.seed(Role::Full).ok_or("every vendor has such keys")?;
/// assert!(vendor.activate(&full.id, "laptop").is_none());
/// # Ok::<(), anykey_dlm_sim::kit::StartError>(())
/// ```
#[derive(Debug)]
pub struct SimulatedDlm {
    sim: DlmSim,
    transport: FaultyTransport<DlmSim>,
    webhooks: NoWebhooks,
    device: Consumer,
    seller: Consumer,
}

impl SimulatedDlm {
    /// Adds the seller's and the app's consumer key to `sim`.
    #[must_use]
    pub fn new(sim: DlmSim) -> Self {
        let new = || {
            let mut state = sim.state.lock();
            Consumer::new(format!("ck_{}", state.hex(40)), format!("cs_{}", state.hex(40)))
        };
        let seller = new();
        let device =
            new().permission(Permission::Read).endpoints(Endpoint::DEVICE).owner(Some(&Endpoint::DEVICE));
        sim.add_consumer(seller.clone());
        sim.add_consumer(device.clone());
        let webhooks = NoWebhooks::new(sim.clock.clone());
        Self { transport: FaultyTransport::new(sim.clone()), sim, webhooks, device, seller }
    }

    /// The site itself, for what only this vendor has: switches, consumer keys, records.
    #[must_use]
    pub const fn sim(&self) -> &DlmSim {
        &self.sim
    }

    fn start(clock: Clock, _release: &str) -> Started {
        Ok(Arc::new(Self::new(DlmSim::new(clock))))
    }

    /// The record for an issued key; `None` for what the plugin does not have: subscriptions, usage limits,
    /// activations that end, a second environment, and keys that cannot be activated.
    fn license(&self, spec: &IssueSpec) -> Option<License> {
        let activations_limit = spec.seats()?.map(i64::try_from).transpose().ok()?;
        let is_unsupported = spec.by_subscription
            || spec.usage_limit.is_some()
            || spec.seat_lifetime.is_some()
            || spec.other_environment;
        // A limit of 0 is none here.
        if is_unsupported || activations_limit == Some(0) {
            return None;
        }
        let code = match &spec.code {
            Some(code) => code.clone(),
            None => format!("DLM-{}", self.sim.state.lock().hex(12).to_uppercase()),
        };
        Some(License {
            order_id: Some(7),
            product_id: Some(*spec.product.of(&PRODUCTS)),
            user_id: Some(*spec.customer.of(&USERS)),
            license_key: code,
            expires_at: spec.expires_at.map(DlmSim::stored_time),
            source: 1,
            status: 2,
            activations_limit,
            ..License::default()
        })
    }
}

impl SimulatedVendor for SimulatedDlm {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn transport(&self) -> Arc<dyn HttpTransport> {
        Arc::new(self.transport.clone())
    }

    /// `device` with a narrow consumer key, `management` with the seller's. Every call needs a credential.
    fn planes(&self) -> Vec<SimulatedPlane> {
        let plane = |name, access, variable, consumer: &Consumer| {
            let mut plane = SimulatedPlane::new(name, access)
                .field("base_url", "https://shop.example.com")
                .field("plane", name)
                .field("consumer_key", consumer.key.as_str())
                .credential("consumer_secret", variable, consumer.secret.as_str())
                .distinguishes_revoked(false)
                .authenticates_device_calls(true);
            plane = plane.distinguishes_unknown_keys(access != PlaneAccess::Device);
            // A shop has one environment, and the plugin has no limit of requests.
            plane.fields.remove("environment");
            plane.fields.remove("pacing");
            plane
        };
        vec![
            plane("device", PlaneAccess::Device, DEVICE_SECRET, &self.device),
            plane("management", PlaneAccess::Seller, SECRET, &self.seller),
        ]
    }

    fn faults(&self) -> &Faults {
        self.transport.faults()
    }

    fn webhooks(&self) -> &dyn WebhookSender {
        &self.webhooks
    }

    fn now(&self) -> Timestamp {
        self.sim.now()
    }

    fn issue(&self, spec: IssueSpec) -> Option<IssuedKey> {
        let license = self.license(&spec)?;
        if self.sim.state.lock().by_code(&license.license_key).is_some() {
            return None;
        }
        let id = self.sim.add_license(license.clone())?;
        Some(issued(id, &license))
    }

    fn seed(&self, role: Role) -> Option<IssuedKey> {
        if role == Role::Foreign {
            // A key of another shop is unknown in this one.
            let mut license = self.license(&IssueSpec::new())?;
            license.license_key.push_str("-OTHER-SHOP");
            return Some(issued(1, &license));
        }
        role.seed_by_actions(self)
    }

    fn keys(&self) -> Option<Vec<KeyRecord>> {
        Some(self.sim.key_records())
    }

    /// `None` for [`StatusChange::Revoke`], which the vendor does not have.
    fn set_status(&self, id: &LicenseKeyId, change: StatusChange) -> Option<()> {
        let status = match change {
            StatusChange::Enable => 3,
            StatusChange::Disable => 5,
            _ => return None,
        };
        self.sim.change_license(number(id)?, |license| license.status = status).then_some(())
    }

    /// Disables the key, as the plugin does with WooCommerce.
    fn refund(&self, id: &LicenseKeyId) -> Option<()> {
        self.set_status(id, StatusChange::Disable)
    }

    /// `None`: the free edition knows no subscriptions.
    fn stop_payment(&self, _: &LicenseKeyId) -> Option<()> {
        None
    }

    fn resume_payment(&self, _: &LicenseKeyId) -> Option<()> {
        None
    }

    fn set_expiry(&self, id: &LicenseKeyId, at: Option<Timestamp>) -> Option<()> {
        let at = at.map(DlmSim::stored_time);
        self.sim.change_license(number(id)?, |license| license.expires_at = at).then_some(())
    }

    fn rotate(&self, id: &LicenseKeyId) -> Option<KeyCode> {
        let code = format!("DLM-{}", self.sim.state.lock().hex(12).to_uppercase());
        let change = |license: &mut License| license.license_key.clone_from(&code);
        self.sim.change_license(number(id)?, change).then(|| KeyCode::verbatim(code.clone()))
    }

    fn activate(&self, id: &LicenseKeyId, label: &str) -> Option<ActivationId> {
        let id = number(id)?;
        let license = self.sim.license(id)?;
        let token = {
            let mut state = self.sim.state.lock();
            let refused =
                license.is_disabled() || license.is_expired(self.sim.now()) || state.is_full(&license);
            (!refused).then(|| state.new_token())?
        };
        let mut seat = Seat::new(id, token.as_str());
        seat.label = Some(label.to_owned());
        self.sim.add_seat(seat);
        Some(token.into())
    }

    fn activations(&self, id: &LicenseKeyId) -> Vec<(ActivationId, String)> {
        let seats = number(id).into_iter().flat_map(|id| self.sim.living_seats(id));
        seats.map(|seat| (seat.token.into(), seat.label.unwrap_or_default())).collect()
    }

    fn revoke_credential(&self, credential: &str) -> Option<()> {
        self.sim.remove_consumer(credential).then_some(())
    }

    fn add_webhook_endpoint(&self, _: &str, _: Option<&str>) -> Option<SimulatedEndpoint> {
        None
    }

    fn announce(&self, _: &str, _: serde_json::Value) {}

    /// The vendor has no revoked keys; the same actions disable a key. A deactivation knows the activation only.
    fn reported(&self, operation: Operation, cause: RefusalReason) -> RefusalReason {
        match (operation, cause) {
            (_, RefusalReason::Revoked) => RefusalReason::Disabled,
            (Operation::Deactivate, RefusalReason::UnknownKey) => RefusalReason::UnknownActivation,
            (_, precise) => precise,
        }
    }

    /// Emoji, markup, numbers and white space do not survive in labels, an unknown key is a 500 where it is read, a
    /// table that cannot be read looks empty, and one page holds everything.
    fn rules(&self) -> VendorRules {
        VendorRules::USUAL
            .has_subscriptions(false)
            .keeps_seats_when(&[RefusalReason::Disabled])
            .keeps_every_label(false)
            .refusal_statuses(&[500])
            .doubts_unknown_keys(true)
            .changing_gets(&["/activate/", "/deactivate/"])
            .max_page_size(u32::MAX)
    }
}

fn issued(id: i64, license: &License) -> IssuedKey {
    let text = |id: Option<i64>| id.unwrap_or_default().to_string();
    let code = KeyCode::verbatim(license.license_key.as_str());
    IssuedKey::new(id.to_string(), code, text(license.product_id), text(license.user_id))
}

fn number(id: &LicenseKeyId) -> Option<i64> {
    id.as_str().parse().ok()
}
