//! The adapter passes the suite in each plane, also with signed answers.

use std::sync::Arc;

use anykey_core::{LicenseProvider, ManualClock, Result};
use anykey_keygen::KeygenConfig;
use anykey_keygen_sim::kit::{SimulatedPlane, SimulatedVendor};
use anykey_keygen_sim::{KeygenSim, Quirks, SimulatedKeygen};
use anykey_testkit::conformance::SimulatedSubject;
use serde_json::json;

fn build(vendor: &dyn SimulatedVendor, plane: &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>> {
    let config: KeygenConfig = serde_json::from_value(plane.fields.clone().into()).unwrap();
    Ok(Arc::new(config.builder(&plane.secrets)?.transport(vendor.transport()).build()?))
}

fn subject(plane: &str, quirks: Quirks, is_signed: bool) -> SimulatedSubject {
    let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
    let sim = KeygenSim::builder(clock.clone()).quirks(quirks).build().unwrap();
    let key = sim.public_key();
    let vendor = Arc::new(SimulatedKeygen::new(sim));
    let plane = vendor.planes().into_iter().find(|known| known.name == plane).unwrap();
    let plane = if is_signed { plane.field("public_key", json!(key)) } else { plane };
    SimulatedSubject::new(vendor, clock, plane, build).unwrap()
}

fn unusual() -> Quirks {
    let mut quirks = Quirks::default();
    quirks.unknown_members = true;
    quirks.refuses_unknown_cursor = true;
    quirks
}

anykey_testkit::conformance!(device_plane, subject("device", Quirks::default(), false));
anykey_testkit::conformance!(management_plane, subject("management", Quirks::default(), false));
anykey_testkit::conformance!(signed_device_plane, subject("device", Quirks::default(), true));
anykey_testkit::conformance!(signed_management_plane, subject("management", Quirks::default(), true));
anykey_testkit::conformance!(unusual_management_plane, subject("management", unusual(), false));
