//! Both planes pass the conformance suite with the simulator, with each of its alternatives.

use std::sync::Arc;

use anykey_core::{LicenseProvider, ManualClock, Result};
use anykey_lemonsqueezy::LemonSqueezyConfig;
use anykey_lemonsqueezy_sim::kit::{SimulatedPlane, SimulatedVendor};
use anykey_lemonsqueezy_sim::{
    Check, ExpiredText, LemonSqueezySim, LimitText, Quirks, SimulatedLemonSqueezy, SortOrder,
};
use anykey_testkit::conformance::SimulatedSubject;

fn subject(plane: &str, change: impl FnOnce(&mut Quirks)) -> SimulatedSubject {
    let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
    let vendor = SimulatedLemonSqueezy::new(LemonSqueezySim::new(clock.clone()));
    vendor.sim().change_quirks(change);
    let plane = vendor.planes().into_iter().find(|known| known.name == plane).unwrap();
    SimulatedSubject::new(Arc::new(vendor), clock, plane, build).unwrap()
}

fn build(vendor: &dyn SimulatedVendor, plane: &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>> {
    let config: LemonSqueezyConfig = serde_json::from_value(plane.fields.clone().into()).unwrap();
    Ok(Arc::new(config.builder(&plane.secrets)?.transport(vendor.transport()).build()?))
}

/// The alternatives for all behaviour without a source, except the expiry of a key, which has its own tests.
fn alternatives(quirks: &mut Quirks) {
    quirks.check_order = [Check::Expired, Check::Disabled, Check::Instance];
    quirks.limit_text = LimitText::Former;
    quirks.expired_text = ExpiredText::HasExpired;
    quirks.omit_unknown = true;
    quirks.unknown_instance_shows_key = true;
    quirks.malformed_instance_is_unprocessable = true;
    quirks.expired_keeps_instances = true;
    quirks.activation_counts_before = true;
    quirks.any_letter_case = true;
    quirks.disabled_is_number = true;
    quirks.sort_order = SortOrder::OldestFirst;
    quirks.unknown_members = true;
}

anykey_testkit::conformance!(device_plane, subject("device", |_| {}));
anykey_testkit::conformance!(management_plane, subject("management", |_| {}));
anykey_testkit::conformance!(device_plane_alternatives, subject("device", alternatives));
anykey_testkit::conformance!(management_plane_alternatives, subject("management", alternatives));
