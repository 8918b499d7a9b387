//! The serialized form for front ends.

use anykey_core::{ErrorKind, LicenseProviderExt};
use serde_json::{Value, json};

use crate::machine::Machine;
use crate::vendor::{Fault, code};

#[tokio::test]
async fn access_serializes_as_an_object_with_stable_names() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    let now = || serde_json::to_value(guard.access()).unwrap();
    assert_eq!(
        now(),
        json!({
            "state": "not_activated", "reason": null, "by": null, "cause": null, "since": null, "until": null,
            "allowed": false, "message": "not_activated", "next_check": null, "clock_off_by_seconds": 0,
            "notices": [],
        })
    );
    guard.activate(code("AAAA")).await.unwrap();
    machine.advance_days(2);
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    guard.refresh().await.unwrap_err();
    let grace = now();
    assert_eq!((&grace["state"], &grace["cause"]), (&json!("grace"), &json!("transport")));
    assert_eq!(grace["message"], "grace_until");
    assert_eq!(grace["until"], "2027-01-16T09:00:00Z");
    assert_eq!(grace["allowed"], true);
    machine.vendor.set_fault(None);
    machine.vendor.memory.revoke(&key.id).await.unwrap();
    guard.refresh().await.unwrap();
    let refused = now();
    assert_eq!((&refused["reason"], &refused["by"]), (&json!("revoked"), &json!("vendor")));
    machine.advance_days(-30);
    assert_eq!(now()["notices"], json!(["clock_set_back"]));
}

#[tokio::test]
async fn a_message_has_an_id_and_arguments() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    let message: Value = serde_json::to_value(guard.access().message()).unwrap();
    let expected = json!({
        "id": "granted_until", "reason": null, "cause": null, "since": null, "until": "2027-01-16T09:00:00Z",
    });
    assert_eq!(message, expected);
    assert_eq!(guard.access().days_left(machine.now()), Some(15));
}
