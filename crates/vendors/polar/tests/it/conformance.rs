//! Each plane of the adapter, in two versions of the API, passes the suite on the simulator.

use std::sync::Arc;

use anykey_core::{LicenseProvider, ManualClock, Result};
use anykey_polar::PolarConfig;
use anykey_polar_sim::SIMULATOR;
use anykey_polar_sim::kit::{SimulatedPlane, SimulatedVendor};
use anykey_testkit::conformance::SimulatedSubject;

/// The release of the recordings, and the last that is known.
const RELEASES: [&str; 2] = ["2026-08", "2027-01"];

fn subject(release: &str, plane: &str) -> SimulatedSubject {
    let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
    let vendor = SIMULATOR.start_release(clock.clone(), release).unwrap();
    let plane = vendor.planes().into_iter().find(|known| known.name == plane).unwrap();
    SimulatedSubject::new(vendor, clock, plane, build).unwrap()
}

fn build(vendor: &dyn SimulatedVendor, plane: &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>> {
    let config: PolarConfig = serde_json::from_value(plane.fields.clone().into()).unwrap();
    let provider = config.builder(&plane.secrets)?.transport(vendor.transport()).build()?;
    assert_eq!(format!("{:?}", provider.plane()).to_lowercase(), plane.name);
    Ok(Arc::new(provider))
}

anykey_testkit::conformance!(public_plane, subject(RELEASES[0], "public"));
anykey_testkit::conformance!(portal_plane, subject(RELEASES[0], "portal"));
anykey_testkit::conformance!(organization_plane, subject(RELEASES[0], "organization"));
anykey_testkit::conformance!(next_years_public_plane, subject(RELEASES[1], "public"));
anykey_testkit::conformance!(next_years_portal_plane, subject(RELEASES[1], "portal"));
anykey_testkit::conformance!(next_years_organization_plane, subject(RELEASES[1], "organization"));
