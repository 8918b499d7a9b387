use std::sync::Arc;

use anykey_core::SignedDuration;
use anykey_guard::{Enforcement, GuardConfig, GuardError, OfflineGrace, Policy};

use crate::machine::{Machine, is_granted};
use crate::vendor::code;

fn read(text: &str) -> Result<GuardConfig, toml::de::Error> {
    toml::from_str(text)
}

#[test]
fn absent_fields_have_the_values_of_the_default_policy() {
    assert_eq!(read("app_id = 'studio'").unwrap(), GuardConfig::new("studio"));
    assert_eq!(read("app_id = 'studio'").unwrap().policy(), Policy::default());
}

#[test]
fn every_field_of_the_policy_can_be_configured() {
    let config = read(
        "app_id = 'studio'
         check_interval_hours = 6
         jitter_percent = 20
         offline_grace_days = 30
         grace_needs_good_check = false
         payment_grace_days = 3
         enforcement = 'advisory'
         clock_tolerance_minutes = 5",
    );
    let expected = Policy::default()
        .check_interval(SignedDuration::from_hours(6))
        .jitter_percent(20)
        .offline_grace(OfflineGrace::days(30))
        .grace_needs_good_check(false)
        .payment_grace(SignedDuration::from_hours(72))
        .enforcement(Enforcement::Advisory)
        .clock_tolerance(SignedDuration::from_mins(5));
    assert_eq!(config.unwrap().policy(), expected);
    let unlimited = read("app_id = 'studio'\noffline_grace_days = 'unlimited'").unwrap();
    assert_eq!(unlimited.policy().offline_grace, OfflineGrace::Unlimited);
}

#[test]
fn errors_name_the_wrong_field_or_value() {
    for (text, named) in [
        ("", "app_id"),
        ("app_id = 'studio'\noffline_grace = 3", "offline_grace"),
        ("app_id = 'studio'\noffline_grace_days = 'forever'", "unlimited"),
        ("app_id = 'studio'\noffline_grace_days = -1", "unlimited"),
        ("app_id = 'studio'\nenforcement = 'lax'", "advisory"),
        ("app_id = 'studio'\nstore = 'cloud'", "keyring"),
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
}

#[tokio::test]
async fn a_configured_guard_works() {
    let directory = tempfile::tempdir().unwrap();
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let text = format!(
        "app_id = 'studio'\nidentity = 'pod-1'\ndevice = 'pod'\ndirectory = '{}'",
        directory.path().display()
    );
    let guard = read(&text).unwrap().open(Arc::new(machine.vendor.clone())).unwrap();
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert!(machine.vendor.labels()[0].starts_with("pod [ak-"));
    assert!(directory.path().join("seat.anykey").exists());
}

#[cfg(not(feature = "machine-id"))]
#[test]
fn a_missing_identity_is_an_error_that_names_the_feature() {
    let opened = GuardConfig::new("studio").installation();
    assert!(matches!(opened, Err(GuardError::Installation(text)) if text.contains("machine-id")));
}

#[cfg(feature = "machine-id")]
#[test]
fn the_same_machine_is_the_same_installation() {
    let config = GuardConfig::new("studio");
    match (config.installation(), config.installation()) {
        (Ok(one), Ok(other)) => assert_eq!(one, other),
        (Err(GuardError::Installation(why)), _) => println!("this machine has no id: {why}"),
        other => panic!("{other:?}"),
    }
}

#[cfg(not(feature = "keyring"))]
#[test]
fn a_keyring_without_its_feature_is_an_error_that_names_it() {
    let machine = Machine::on_device_plane();
    let config = read("app_id = 'studio'\nidentity = 'pod-1'\nstore = 'keyring'").unwrap();
    let opened = config.open(Arc::new(machine.vendor));
    assert!(matches!(opened, Err(GuardError::Installation(text)) if text.contains("keyring")));
}
