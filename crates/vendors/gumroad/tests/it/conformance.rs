//! Both planes pass the conformance suite with the simulator, with each of its alternatives.

use std::sync::Arc;

use anykey_core::{LicenseProvider, ManualClock, Result};
use anykey_gumroad::GumroadConfig;
use anykey_gumroad_sim::kit::{SimulatedPlane, SimulatedVendor};
use anykey_gumroad_sim::{GumroadSim, Quirks, SimulatedGumroad};
use anykey_testkit::conformance::SimulatedSubject;

fn subject(plane: &str, change: impl FnOnce(&mut Quirks)) -> SimulatedSubject {
    let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
    let vendor = SimulatedGumroad::new(GumroadSim::new(clock.clone()));
    vendor.sim().change_quirks(change);
    let plane = vendor.planes().into_iter().find(|known| known.name == plane).unwrap();
    SimulatedSubject::new(Arc::new(vendor), clock, plane, build).unwrap()
}

fn build(vendor: &dyn SimulatedVendor, plane: &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>> {
    let config: GumroadConfig = serde_json::from_value(plane.fields.clone().into()).unwrap();
    Ok(Arc::new(config.builder(&plane.secrets)?.transport(vendor.transport()).build()?))
}

/// The alternatives for all behaviour without a source, and what the server did before.
fn alternatives(quirks: &mut Quirks) {
    quirks.any_letter_case = true;
    quirks.json_false_counts = true;
    quirks.json_token_errors = true;
    quirks.repeated_members = true;
    quirks.product_id_is_optional = true;
    quirks.former_filters = true;
    quirks.unknown_members = true;
}

anykey_testkit::conformance!(device_plane, subject("device", |_| {}));
anykey_testkit::conformance!(management_plane, subject("management", |_| {}));
anykey_testkit::conformance!(device_plane_alternatives, subject("device", alternatives));
anykey_testkit::conformance!(management_plane_alternatives, subject("management", alternatives));
