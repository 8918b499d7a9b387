//! Every vendor as a simulator on loopback, so that the examples need no account and no network.

use std::error::Error;

use anykey::sim::{self, IssueSpec, Role, SimulatedSecrets, Simulator};
use anykey::{
    ActivationLimit, Capabilities, Capability, Clock, LicenseProvider, Registry, SignedDuration,
    StatusChange, Timestamp,
};
use anykey_testkit::LoopbackServer;

/// The simulated vendors; they stop when this is dropped.
#[derive(Debug)]
pub struct DemoVendors {
    /// One for each vendor of the library.
    pub vendors: Vec<DemoVendor>,
    secrets: SimulatedSecrets,
}

/// One simulated vendor, with some keys sold.
#[derive(Debug)]
pub struct DemoVendor {
    /// What an app writes into its configuration to use it.
    pub config: String,
    /// What the seller's provider can do.
    pub capabilities: Capabilities,
    /// A key with two seats.
    pub good_key: String,
    /// A key that the seller disabled.
    pub disabled_key: String,
    _server: LoopbackServer,
}

impl DemoVendors {
    /// Starts all of them, each with `keys` further keys.
    ///
    /// # Errors
    ///
    /// When a port cannot be opened.
    pub async fn start(keys: usize) -> Result<Self, Box<dyn Error>> {
        let (mut vendors, mut secrets) = (Vec::new(), SimulatedSecrets::default());
        for simulator in sim::simulators() {
            let (vendor, credentials) = start(simulator, keys).await?;
            vendors.push(vendor);
            secrets = secrets.and(credentials);
        }
        Ok(Self { vendors, secrets })
    }

    /// Two vendors that list all their keys and validate a key without a seat; the first of them creates keys too.
    ///
    /// # Errors
    ///
    /// When there are no such vendors.
    pub fn two_that_list_and_create(&self) -> Result<[&DemoVendor; 2], Box<dyn Error>> {
        let able = |needed: &'static [Capability]| {
            self.vendors.iter().filter(|vendor| needed.iter().all(|one| vendor.capabilities.contains(*one)))
        };
        let first = able(&[Capability::ListAll, Capability::ValidateWithoutSeat, Capability::Create]).next();
        let first = first.ok_or("no vendor creates keys")?;
        let mut others = able(&[Capability::ListAll, Capability::ValidateWithoutSeat]);
        let second = others.find(|vendor| vendor.config != first.config).ok_or("there is one vendor only")?;
        Ok([first, second])
    }

    /// The vendors whose providers have `capability`.
    pub fn that_can(&self, capability: Capability) -> impl Iterator<Item = &DemoVendor> {
        self.vendors.iter().filter(move |vendor| vendor.capabilities.contains(capability))
    }

    /// The library's vendors, with the simulators' tokens in place of the process' environment.
    #[must_use]
    pub fn registry(&self) -> Registry {
        Registry::builtin().with_secrets(self.secrets.clone())
    }
}

async fn start(simulator: Simulator, keys: usize) -> Result<(DemoVendor, SimulatedSecrets), Box<dyn Error>> {
    let vendor = simulator.start(whole_seconds()).map_err(|cause| cause.to_string())?;
    let none = || format!("{} issues no such key", simulator.title);
    let two_seats = IssueSpec::new().activation_limit(ActivationLimit::AtMost(2));
    let good = vendor.issue(two_seats).ok_or_else(none)?;
    let a_year = vendor.now() + SignedDuration::from_hours(24 * 365);
    // Keys of some vendors have no expiry.
    let ending = vendor.issue(IssueSpec::new().expires_at(a_year));
    let disabled = ending.or_else(|| vendor.issue(IssueSpec::new())).ok_or_else(none)?;
    vendor.set_status(&disabled.id, StatusChange::Disable).ok_or_else(none)?;
    for _ in 0..keys {
        vendor.seed(Role::Good).ok_or_else(none)?;
    }

    let server = LoopbackServer::start(vendor.transport()).await?;
    let plane = vendor.planes().pop().ok_or_else(none)?.field("base_url", server.url());
    let config = format!("provider = \"{}\"\n{}", simulator.vendor, plane.to_toml());
    let capabilities = sim::provider(&*vendor, &plane)?.capabilities();
    let vendor = DemoVendor {
        config,
        capabilities,
        good_key: good.code.expose().to_owned(),
        disabled_key: disabled.code.expose().to_owned(),
        _server: server,
    };
    Ok((vendor, plane.secrets))
}

/// The system's clock, in whole seconds, for narrower tables.
fn whole_seconds() -> Clock {
    Clock::new(|| Timestamp::from_second(Timestamp::now().as_second()).unwrap_or(Timestamp::UNIX_EPOCH))
}
