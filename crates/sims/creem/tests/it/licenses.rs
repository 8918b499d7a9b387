use anykey_core::SignedDuration;
use anykey_creem_sim::{KeySpec, LicenseStatus};
use serde_json::{Value, json};

use crate::fixture::{Fixture, START, at, limited};

#[test]
fn an_activation_returns_the_license_with_its_new_instance() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { expires_at: Some(at("2027-01-01T00:00:00Z")), ..limited(2) });
    assert_eq!(fixture.sim.license_status(&key.id), Some(LicenseStatus::Inactive));
    let reply = fixture.license("activate", &json!({ "key": key.key, "instance_name": "Laptop" }));
    let instances = fixture.sim.instances(&key.id);
    assert_eq!(instances.len(), 1);
    assert_eq!(
        reply.json(200),
        json!({
            "id": key.id, "mode": "test", "object": "license", "product_id": fixture.product,
            "status": "active", "key": key.key, "activation": 1, "activation_limit": 2,
            "expires_at": "2027-01-01T00:00:00.000Z", "created_at": START,
            "instance": {
                "id": instances[0].id, "mode": "test", "object": "license-instance", "name": "Laptop",
                "status": "active", "created_at": START,
            },
        })
    );
    assert_eq!(reply.header("date"), Some("Sat, 28 Nov 2026 05:36:38 GMT"));
}

#[test]
fn the_same_name_makes_another_instance_up_to_the_limit() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(2));
    assert_ne!(fixture.activate(&key, "Laptop"), fixture.activate(&key, "Laptop"));
    let full = fixture.license("activate", &json!({ "key": key.key, "instance_name": "Laptop" }));
    full.is_error(403, "Forbidden", &json!(["License activation limit reached"]));
    assert_eq!(fixture.sim.instances(&key.id).len(), 2);
}

#[test]
fn a_validation_returns_the_license_with_the_instance() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(2));
    let (first, _) = (fixture.activate(&key, "Laptop"), fixture.activate(&key, "Phone"));
    let body = fixture.about("validate", &key, &first).json(200);
    assert_eq!((&body["status"], &body["activation"]), (&json!("active"), &json!(2)));
    assert_eq!((&body["instance"]["id"], &body["instance"]["name"]), (&json!(first), &json!("Laptop")));
    assert_eq!(body["expires_at"], Value::Null);
}

#[test]
fn a_deactivation_frees_the_seat_and_a_second_one_is_a_conflict() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(1));
    let instance = fixture.activate(&key, "Laptop");
    let body = fixture.about("deactivate", &key, &instance).json(200);
    assert_eq!((&body["instance"]["status"], &body["activation"]), (&json!("deactivated"), &json!(0)));
    assert_eq!(body["status"], "inactive");
    let again = fixture.about("deactivate", &key, &instance);
    again.is_error(409, "Conflict", &json!(["License instance is already deactivated"]));
    let body = fixture.about("validate", &key, &instance).json(200);
    assert_eq!(body["instance"]["status"], "deactivated");
    fixture.activate(&key, "Phone");
}

#[test]
fn an_unknown_license_or_instance_is_not_found() {
    let fixture = Fixture::new();
    let (key, other) = (fixture.issue(KeySpec::default()), fixture.issue(KeySpec::default()));
    let instance = fixture.activate(&other, "Laptop");
    for (call, body, message) in [
        ("activate", json!({ "key": "no-such-key", "instance_name": "a" }), "License not found"),
        ("validate", json!({ "key": "no-such-key", "instance_id": instance }), "License not found"),
        ("validate", json!({ "key": key.key.to_lowercase(), "instance_id": instance }), "License not found"),
        ("validate", json!({ "key": key.key, "instance_id": instance }), "License instance not found"),
        ("deactivate", json!({ "key": key.key, "instance_id": instance }), "License instance not found"),
        ("deactivate", json!({ "key": "no-such-key", "instance_id": instance }), "License not found"),
    ] {
        fixture.license(call, &body).is_error(404, "Not Found", &json!([message]));
    }
}

#[test]
fn a_missing_field_is_named_and_a_validation_needs_the_instance() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let missing = |name: &str| [format!("{name} should not be empty"), format!("{name} must be a string")];
    for (call, body, message) in [
        ("validate", json!({ "key": key.key }), json!(missing("instance_id"))),
        ("activate", json!({ "instance_name": "a" }), json!(missing("key"))),
        ("activate", json!({ "key": 7, "instance_name": "" }), {
            let mut all = missing("key").to_vec();
            all.push("instance_name should not be empty".to_owned());
            json!(all)
        }),
        ("deactivate", json!([]), json!([missing("key"), missing("instance_id")].concat())),
    ] {
        fixture.license(call, &body).is_error(400, "Bad Request", &message);
    }
}

#[test]
fn an_ended_license_is_gone_and_still_gives_its_seats_back() {
    let fixture = Fixture::new();
    let end = at("2026-11-28T06:00:00Z");
    let expiring = fixture.issue(KeySpec { expires_at: Some(end), ..limited(3) });
    let disabled = fixture.issue(limited(3));
    let seats = [&expiring, &disabled].map(|key| fixture.activate(key, "Laptop"));
    fixture.sim.disable(&disabled.id);
    // The last millisecond before the end.
    fixture.clock.set(end - SignedDuration::from_millis(1));
    fixture.about("validate", &expiring, &seats[0]).json(200);
    fixture.clock.set(end);
    for (key, seat, message) in
        [(&expiring, &seats[0], "License is expired"), (&disabled, &seats[1], "License is disabled")]
    {
        for reply in [
            fixture.about("validate", key, seat),
            fixture.license("activate", &json!({ "key": key.key, "instance_name": "Phone" })),
        ] {
            assert_eq!(reply.json(410)["message"], json!([message]));
        }
        fixture.about("deactivate", key, seat).json(200);
    }
    fixture.sim.enable(&disabled.id);
    fixture.activate(&disabled, "Phone");
}

#[test]
fn refunds_and_ended_subscriptions_end_licenses() {
    let fixture = Fixture::new();
    let bought = fixture.issue(KeySpec { units: 2, ..KeySpec::default() });
    assert_eq!(fixture.sim.license_count(), 2);
    fixture.sim.refund(&bought.id);
    assert_eq!(fixture.sim.license_status(&bought.id), Some(LicenseStatus::Disabled));
    let subscribed = fixture.issue(KeySpec { by_subscription: true, ..KeySpec::default() });
    assert!(fixture.sim.end_subscription(&subscribed.id));
    assert_eq!(fixture.sim.license_status(&subscribed.id), Some(LicenseStatus::Expired));
    assert!(fixture.sim.resume_subscription(&subscribed.id));
    assert_eq!(fixture.sim.license_status(&subscribed.id), Some(LicenseStatus::Inactive));
    assert!(!fixture.sim.end_subscription(&bought.id));
    assert!(fixture.sim.dispute(&subscribed.id) && !fixture.sim.dispute("lk_unknown"));
}
