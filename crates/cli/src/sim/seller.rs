use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anykey::adapter::{ErrorExt as _, Vendor};
use anykey::sim::{
    IssueSpec, PlaneAccess, Role, SimulatedEndpoint, SimulatedPlane, SimulatedVendor, Simulator, Which,
};
use anykey::{
    ActivationLimit, Clock, Error, ErrorKind, HttpTransport, Registry, Result, SignedDuration, StatusChange,
    Timestamp,
};

/// A seller at a vendor in memory, with customers and keys.
///
/// `Debug` shows neither the token nor keys.
#[derive(Clone)]
#[non_exhaustive]
pub struct SimulatedSeller {
    /// The vendor's word in a configuration: `dodo`, `polar`.
    pub provider: &'static str,
    /// The vendor.
    pub vendor: Arc<dyn SimulatedVendor>,
    /// The vendor's HTTP API.
    pub transport: Arc<dyn HttpTransport>,
    /// The seller's configuration, for every operation.
    pub plane: SimulatedPlane,
    /// The seller's credential, for every operation.
    pub token: String,
    /// Keys to try things with.
    pub samples: SampleKeys,
    /// The webhook endpoint; `None` when there is no receiver, and at a vendor without webhooks that can be verified.
    pub webhooks: Option<SimulatedEndpoint>,
}

/// One license key of each sort, as its customer types it.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct SampleKeys {
    /// In force, with a seat free.
    pub good: String,
    /// Its expiry has passed; `None` when the seller has too few keys.
    pub ended: Option<String>,
    /// Disabled by the seller; `None` when the seller has too few keys.
    pub disabled: Option<String>,
}

impl SimulatedSeller {
    /// A seller who has sold `keys` keys, the newest now and each older one a day before.
    ///
    /// The vendor sends its webhooks to the address `webhooks` followed by its own word, as
    /// `anykey webhook listen` receives them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] when the simulator refuses what is made here, which is a fault of it.
    pub fn open(
        simulator: Simulator,
        clock: impl Into<Clock>,
        keys: u32,
        webhooks: Option<&str>,
    ) -> Result<Self> {
        Self::open_release(simulator, None, clock, keys, webhooks)
    }

    /// The same with the release `release` of the vendor's API; `None` for the current one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] also when there is no such release.
    pub fn open_release(
        simulator: Simulator,
        release: Option<&str>,
        clock: impl Into<Clock>,
        keys: u32,
        webhooks: Option<&str>,
    ) -> Result<Self> {
        let clock = clock.into();
        let now = clock.now();
        // The keys are sold by a clock that is behind, so that they differ in age.
        let days_ago = Arc::new(AtomicI64::new(0));
        let behind = Arc::clone(&days_ago);
        let clock = Clock::new(move || days_from(clock.now(), -behind.load(Ordering::Relaxed)));
        let started = match release {
            None => simulator.start(clock),
            Some(release) => simulator.start_release(clock, release),
        };
        let vendor = started.map_err(|cause| refused().with_source(cause))?;
        let address = |url: &str| format!("{}/{}", url.trim_end_matches('/'), simulator.vendor);
        let has_webhooks = Registry::builtin().vendor(simulator.vendor).is_ok_and(Vendor::has_webhooks);
        let endpoint = webhooks.filter(|_| has_webhooks);
        let endpoint =
            endpoint.map(|url| vendor.add_webhook_endpoint(&address(url), None).ok_or_else(refused));
        let endpoint = endpoint.transpose()?;
        let mut samples = SampleKeys::default();
        let customers = [Which::First, Which::Second].into_iter().cycle();
        for ((kind, customer), age) in Kind::of(keys).zip(customers).zip((0..i64::from(keys)).rev()) {
            days_ago.store(age, Ordering::Relaxed);
            let code = kind.sell(&*vendor, customer, now).ok_or_else(refused)?;
            samples.keep_first(kind, code);
        }
        days_ago.store(0, Ordering::Relaxed);
        let plane = vendor.planes().into_iter().rev().find(|plane| plane.access == PlaneAccess::Seller);
        let plane = plane.ok_or_else(refused)?;
        let token = plane.secrets.iter().next().map(|(_, token)| token.to_owned()).unwrap_or_default();
        Ok(Self {
            provider: simulator.vendor,
            transport: vendor.transport(),
            vendor,
            plane,
            token,
            samples,
            webhooks: endpoint,
        })
    }

    /// The field `organization_id` of the configuration; `None` at a vendor that needs none.
    #[must_use]
    pub fn organization_id(&self) -> Option<String> {
        self.plane.fields.get("organization_id")?.as_str().map(str::to_owned)
    }
}

impl fmt::Debug for SimulatedSeller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedSeller")
            .field("vendor", &self.vendor)
            .field("plane", &self.plane)
            .field("webhooks", &self.webhooks)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SampleKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SampleKeys").finish_non_exhaustive()
    }
}

impl SampleKeys {
    fn keep_first(&mut self, kind: Kind, code: String) {
        match kind {
            Kind::Good if self.good.is_empty() => self.good = code,
            Kind::Expired => drop(self.ended.get_or_insert(code)),
            Kind::Disabled => drop(self.disabled.get_or_insert(code)),
            _ => {}
        }
    }
}

/// The kinds of keys that are sold in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Bought for life; one of three seats is taken.
    Good,
    /// Expires in three months; follows a subscription at a vendor whose keys have no expiry.
    Expiring,
    /// Follows a subscription, where the vendor has any; two seats are taken.
    Subscribed,
    /// Expired a month ago.
    Expired,
    /// Disabled by the seller.
    Disabled,
    /// With a usage limit and without seats; at a vendor that has no such keys, without a seat limit, or without
    /// either.
    Metered,
}

impl Kind {
    const TURNS: [Self; 6] =
        [Self::Good, Self::Expiring, Self::Subscribed, Self::Expired, Self::Disabled, Self::Metered];

    /// The kind of each of `keys` keys.
    fn of(keys: u32) -> impl Iterator<Item = Self> {
        Self::TURNS.into_iter().cycle().zip(0..keys).map(|(kind, _)| kind)
    }

    /// Sells a key of this kind and returns its code.
    fn sell(self, vendor: &dyn SimulatedVendor, customer: Which, now: Timestamp) -> Option<String> {
        let spec = IssueSpec::new().customer(customer);
        let limited = |limit| spec.clone().activation_limit(limit);
        let ending = |days| vendor.issue(spec.clone().expires_at(days_from(now, days)));
        let subscribed = || vendor.issue(spec.clone().by_subscription());
        let key = match self {
            Self::Good | Self::Disabled => vendor.issue(spec.clone()),
            Self::Expiring => ending(90).or_else(subscribed),
            Self::Expired => ending(-30).or_else(|| vendor.seed(Role::Expired)),
            Self::Subscribed => subscribed().or_else(|| vendor.issue(spec.clone())),
            Self::Metered => vendor
                .issue(limited(ActivationLimit::NotAllowed).usage_limit(100))
                .or_else(|| vendor.issue(limited(ActivationLimit::Unlimited)))
                .or_else(|| vendor.issue(limited(ActivationLimit::NotAllowed))),
        }?;
        let devices: &[&str] = match self {
            Self::Good => &["studio-mac"],
            Self::Subscribed => &["office-pc", "laptop"],
            _ => &[],
        };
        let devices = if vendor.rules().has_seats { devices } else { &[] };
        for device in devices {
            vendor.activate(&key.id, device)?;
        }
        if self == Self::Disabled {
            vendor.set_status(&key.id, StatusChange::Disable)?;
        }
        Some(key.code.expose().to_owned())
    }
}

/// A simulator that refuses what every vendor has.
fn refused() -> Error {
    Error::new(ErrorKind::Conflict, "the simulated vendor cannot be started")
}

fn days_from(now: Timestamp, days: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(now)
}
