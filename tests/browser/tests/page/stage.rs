use std::sync::Arc;

use anykey::sim::{self, IssueSpec, SimulatedVendor, Which, simulators};
use anykey::{
    ActivationLimit, Clock, HttpTransport, KeyCode, LicenseProvider, Registry, SignedDuration, StatusChange,
    Timestamp,
};
use anykey_sim_ui::{MovableClock, Panel, SimPage};

/// The page over all simulators, the last of which has some keys and is looked at.
pub(crate) struct Stage {
    vendor: Arc<dyn SimulatedVendor>,
    api: Arc<dyn HttpTransport>,
    page: SimPage,
}

impl Stage {
    pub(crate) async fn open() -> Self {
        let start: Timestamp = "2026-11-28T09:30:00Z".parse().unwrap();
        let clock = MovableClock::over(Clock::new(move || start));
        let mut panels = Vec::new();
        let mut watched = None;
        for (simulator, port) in simulators().into_iter().zip(43_187..) {
            let vendor = simulator.start(clock.clone()).unwrap();
            let panel = Panel::new(simulator, Arc::clone(&vendor)).unwrap();
            panel.served_at(format!("http://127.0.0.1:{port}"));
            watched = Some((vendor, panel.transport()));
            panels.push(panel);
        }
        let (vendor, api) = watched.expect("a vendor");
        sell(&*vendor);
        Self { vendor, api, page: SimPage::start(panels, clock, 0).await.unwrap() }
    }

    pub(crate) fn url(&self) -> String {
        self.page.url()
    }

    /// The id of the link to the vendor that is looked at.
    pub(crate) fn link(&self) -> String {
        format!("vendor-{}", self.vendor.vendor())
    }

    pub(crate) fn newest_code(&self) -> KeyCode {
        self.vendor.keys().unwrap().remove(0).code
    }

    /// The seller's provider, whose requests the page shows.
    pub(crate) fn provider(&self) -> Arc<dyn LicenseProvider> {
        let plane = self.vendor.planes().pop().unwrap();
        let config = sim::config(&*self.vendor, &plane).unwrap();
        let registry = Registry::builtin().with_secrets(plane.secrets.clone());
        registry.with_transport(Arc::clone(&self.api)).build(&config).unwrap()
    }
}

fn sell(vendor: &dyn SimulatedVendor) {
    let disabled = vendor.issue(IssueSpec::new().customer(Which::Second)).unwrap();
    vendor.set_status(&disabled.id, StatusChange::Disable).unwrap();
    let in_a_year = vendor.now() + SignedDuration::from_hours(24 * 365);
    let spec = IssueSpec::new().product(Which::Second).activation_limit(ActivationLimit::AtMost(2));
    let used = vendor.issue(spec.expires_at(in_a_year)).unwrap();
    vendor.activate(&used.id, "office-pc").unwrap();
    vendor.activate(&used.id, "laptop").unwrap();
}
