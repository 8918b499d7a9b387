//! Each plane of the adapter passes the suite on the simulator.

use std::sync::Arc;

use anykey_core::{LicenseProvider, ManualClock, Result};
use anykey_dlm::DlmConfig;
use anykey_dlm_sim::SIMULATOR;
use anykey_dlm_sim::kit::{SimulatedPlane, SimulatedVendor};
use anykey_testkit::conformance::SimulatedSubject;

fn build(vendor: &dyn SimulatedVendor, plane: &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>> {
    let config: DlmConfig = serde_json::from_value(plane.fields.clone().into()).unwrap();
    Ok(Arc::new(config.builder(&plane.secrets)?.transport(vendor.transport()).build()?))
}

fn subject(plane: &str) -> SimulatedSubject {
    let clock = ManualClock::at("2026-11-01T12:00:00Z".parse().unwrap());
    let vendor = SIMULATOR.start(clock.clone()).unwrap();
    let plane = vendor.planes().into_iter().find(|known| known.name == plane).unwrap();
    SimulatedSubject::new(vendor, clock, plane, build).unwrap()
}

anykey_testkit::conformance!(device_plane, subject("device"));
anykey_testkit::conformance!(management_plane, subject("management"));
