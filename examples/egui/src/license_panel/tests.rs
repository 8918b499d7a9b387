use std::path::Path;
use std::sync::Arc;
use std::thread;

use anykey::guard::GuardConfig;
use anykey::guard::Identity;
use anykey::{CreateRequest, InMemoryProvider, KeyCode, Timestamp};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::*;

const CODE: &str = "ACME-2A7F-91C4D0";

/// The panel of an app whose vendor has one key.
fn panel(folder: &Path) -> Harness<'static, LicensePanel> {
    let vendor = InMemoryProvider::new(Timestamp::now);
    let code = KeyCode::parse(CODE).unwrap();
    vendor.insert(CreateRequest::new(code, "cus_1", "pdt_1")).unwrap();
    let mut config = GuardConfig::new("com.example.studio");
    config.identity = Some(Identity::new("machine-1"));
    config.directory = Some(folder.into());
    let guard = Guard::from_builder(config.builder(Arc::new(vendor)).unwrap()).unwrap();
    Harness::new_ui_state(|ui, panel: &mut LicensePanel| panel.show(ui), LicensePanel::new(guard))
}

/// Draws frames until the operation is done.
fn wait(harness: &mut Harness<'_, LicensePanel>) {
    harness.run_steps(2);
    while harness.state().running.is_some() {
        thread::yield_now();
        harness.step();
    }
    harness.step();
}

fn enter(harness: &mut Harness<'_, LicensePanel>, text: &str) {
    harness.get_by_label("License key").focus();
    harness.step();
    harness.get_by_label("License key").type_text(text);
    harness.step();
    harness.get_by_label("Activate").click();
    wait(harness);
}

#[test]
fn a_pasted_key_licenses_the_app_until_its_seat_is_released() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = panel(folder.path());
    assert!(!harness.state().is_allowed());

    enter(&mut harness, &format!("\u{201c}{CODE}\u{201d} "));
    assert!(harness.state().is_allowed());
    assert!(harness.query_by_label("Activate").is_none());

    harness.get_by_label("Use on another computer").click();
    wait(&mut harness);
    assert!(!harness.state().is_allowed());
    harness.get_by_label("Activate");
}

#[test]
fn a_refused_key_shows_the_reason_and_the_field_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = panel(folder.path());
    enter(&mut harness, "NO-SUCH-KEY");
    assert!(!harness.state().is_allowed());
    harness.get_by_label_contains("the key is unknown");
    harness.get_by_label("Activate");
}

#[test]
fn an_empty_field_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = panel(folder.path());
    enter(&mut harness, " ");
    assert!(harness.state().problem.is_some());
    assert!(harness.state().running.is_none());
}
