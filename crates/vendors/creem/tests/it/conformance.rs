//! The provider passes the conformance suite with the simulator, with each of its alternatives.

use std::sync::Arc;

use anykey_core::{LicenseProvider, ManualClock, Result};
use anykey_creem::CreemConfig;
use anykey_creem_sim::kit::{SimulatedPlane, SimulatedVendor};
use anykey_creem_sim::{
    CreemSim, DeactivatedInstance, Deactivation, EndedAnswer, InstanceForm, LimitStatus, MessageForm,
    MissingApiKey, Quirks, SimulatedCreem, SortOrder,
};
use anykey_testkit::conformance::SimulatedSubject;

fn subject(change: impl FnOnce(&mut Quirks)) -> SimulatedSubject {
    let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
    let vendor = SimulatedCreem::new(CreemSim::new(clock.clone()));
    vendor.sim().change_quirks(change);
    let plane = vendor.planes().remove(0);
    SimulatedSubject::new(Arc::new(vendor), clock, plane, build).unwrap()
}

fn build(vendor: &dyn SimulatedVendor, plane: &SimulatedPlane) -> Result<Arc<dyn LicenseProvider>> {
    let config: CreemConfig = serde_json::from_value(plane.fields.clone().into()).unwrap();
    Ok(Arc::new(config.builder(&plane.secrets)?.transport(vendor.transport()).build()?))
}

/// The alternatives for all behaviour that is open, except answers that do not say why.
fn alternatives(quirks: &mut Quirks) {
    quirks.limit_status = LimitStatus::BadRequest;
    quirks.ended = EndedAnswer::Status;
    quirks.missing_api_key = MissingApiKey::Forbidden;
    quirks.other_mode_is_not_found = true;
    quirks.deactivation = Deactivation::KeepsCount;
    quirks.deactivated_instance = DeactivatedInstance::Conflict;
    quirks.list_only_active = true;
    quirks.instance_form = InstanceForm::List;
    quirks.mode_word = Some("local");
    quirks.message_form = MessageForm::Text;
    quirks.not_found_says_bad_request = true;
    quirks.sort_order = SortOrder::OldestFirst;
    quirks.unknown_members = true;
}

fn further_alternatives(quirks: &mut Quirks) {
    quirks.deactivated_instance = DeactivatedInstance::Gone;
    quirks.mode_word = Some("sandbox");
    quirks.omit_null_members = true;
}

fn a_missing_instance(quirks: &mut Quirks) {
    quirks.ended = EndedAnswer::Status;
    quirks.deactivated_instance = DeactivatedInstance::NotFound;
}

anykey_testkit::conformance!(server, subject(|_| {}));
anykey_testkit::conformance!(server_alternatives, subject(alternatives));
anykey_testkit::conformance!(server_further_alternatives, subject(further_alternatives));
anykey_testkit::conformance!(server_missing_instance, subject(a_missing_instance));
