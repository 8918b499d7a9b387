use anykey_core::SignedDuration;
use anykey_lemonsqueezy_sim::{KeySpec, KeyStatus, Mode};
use serde_json::{Value, json};

use crate::fixture::{Fixture, START, request};

fn limited(limit: u64) -> KeySpec {
    KeySpec { activation_limit: Some(limit), ..KeySpec::default() }
}

#[test]
fn an_activation_returns_key_instance_and_purchase() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(2));
    let answer = fixture.license("activate", &json!({ "license_key": key.key, "instance_name": "Laptop" }));
    let instances = fixture.sim.instances(key.id);
    assert_eq!(instances.len(), 1);
    let body = answer.json(200);
    let order_item = body["meta"]["order_item_id"].clone();
    answer.is(
        200,
        &json!({
            "activated": true,
            "error": null,
            "license_key": {
                "id": key.id, "status": "active", "key": key.key, "activation_limit": 2, "activation_usage": 1,
                "created_at": START, "expires_at": null, "test_mode": true,
            },
            "instance": { "id": instances[0].identifier, "name": "Laptop", "created_at": START },
            "meta": {
                "store_id": fixture.sim.store_id(), "order_id": key.order_id, "order_item_id": order_item,
                "product_id": fixture.product, "product_name": "Editor Pro",
                "variant_id": key.variant_id, "variant_name": "Default",
                "customer_id": fixture.customer, "customer_name": "Ada Example", "customer_email": "ada@example.com",
            },
        }),
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("date"), Some("Sat, 28 Nov 2026 05:36:38 GMT"));
}

#[test]
fn a_validation_needs_no_instance_and_an_inactive_key_is_valid() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(1));
    let body = fixture.license("validate", &json!({ "license_key": key.key })).json(200);
    assert_eq!((&body["valid"], &body["license_key"]["status"]), (&json!(true), &json!("inactive")));
    assert_eq!(body["instance"], Value::Null);

    let instance = fixture.activate(&key, "Laptop");
    let full = fixture.license("validate", &json!({ "license_key": key.key })).json(200);
    assert_eq!((&full["valid"], &full["license_key"]["activation_usage"]), (&json!(true), &json!(1)));
    let named = json!({ "license_key": key.key, "instance_id": instance });
    assert_eq!(fixture.license("validate", &named).json(200)["instance"]["name"], "Laptop");
}

#[test]
fn a_deactivation_frees_a_seat_and_returns_no_instance() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(1));
    let instance = fixture.activate(&key, "Laptop");
    let body = json!({ "license_key": key.key, "instance_id": instance });
    let answer = fixture.license("deactivate", &body).json(200);
    assert_eq!(
        (&answer["deactivated"], &answer["license_key"]["status"]),
        (&json!(true), &json!("inactive"))
    );
    assert!(answer.get("instance").is_none());
    fixture
        .license("deactivate", &body)
        .is(404, &json!({ "deactivated": false, "error": "license_key_instance not found." }));
}

#[test]
fn equal_names_take_separate_seats_up_to_the_limit() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(2));
    assert_ne!(fixture.activate(&key, "Laptop"), fixture.activate(&key, "Laptop"));
    let body =
        fixture.license("activate", &json!({ "license_key": key.key, "instance_name": "Phone" })).json(400);
    assert_eq!(body["activated"], false);
    assert_eq!(body["error"], "This license key has reached the activation limit.");
    assert_eq!(body["license_key"]["activation_usage"], 2);
    assert!(body.get("instance").is_none() && body["meta"].is_object());
}

#[test]
fn a_disabled_key_is_refused_and_keeps_its_instances() {
    let fixture = Fixture::new();
    let key = fixture.issue(limited(2));
    let instance = fixture.activate(&key, "Laptop");
    assert!(fixture.sim.disable(key.id));
    for (call, flag) in [("activate", "activated"), ("validate", "valid"), ("deactivate", "deactivated")] {
        let body = json!({ "license_key": key.key, "instance_id": instance, "instance_name": "Phone" });
        let body = fixture.license(call, &body).json(400);
        assert_eq!(body[flag], false);
        assert_eq!(body["error"], "This license key is disabled.");
        assert_eq!(body["license_key"]["status"], "disabled");
    }
    assert_eq!(fixture.sim.instances(key.id).len(), 1);
}

#[test]
fn an_expired_key_is_refused_and_can_free_its_instances() {
    let fixture = Fixture::new();
    let end = fixture.clock.now() + SignedDuration::from_hours(1);
    let key = fixture.issue(KeySpec { expires_at: Some(end), ..limited(2) });
    let instance = fixture.activate(&key, "Laptop");
    fixture.clock.set(end);
    let body = json!({ "license_key": key.key, "instance_id": instance, "instance_name": "Phone" });
    for call in ["activate", "validate"] {
        let body = fixture.license(call, &body).json(400);
        assert_eq!(body["error"], "This license key is expired.");
        assert_eq!(body["license_key"]["status"], "expired");
    }
    assert_eq!(fixture.license("deactivate", &body).json(200)["deactivated"], true);
}

#[test]
fn an_unknown_key_is_404() {
    let fixture = Fixture::new();
    let body = json!({ "license_key": "nobody", "instance_id": "x", "instance_name": "x" });
    let error = "license_key not found.";
    fixture.license("activate", &body).is(404, &json!({ "activated": false, "error": error }));
    fixture.license("deactivate", &body).is(404, &json!({ "deactivated": false, "error": error }));
    fixture.license("validate", &body).is(
        404,
        &json!({ "valid": false, "error": error, "license_key": null, "instance": null, "meta": null }),
    );
}

#[test]
fn an_instance_of_another_key_is_404() {
    let fixture = Fixture::new();
    let (key, other) = (fixture.issue(limited(2)), fixture.issue(limited(2)));
    let instance = fixture.activate(&other, "Laptop");
    for id in [instance.as_str(), "0b5c7b2e-2a3a-4a51-8b1c-7f9b3d1f2a10", "no-uuid"] {
        let body = json!({ "license_key": key.key, "instance_id": id });
        let body = fixture.license("validate", &body).json(404);
        assert_eq!(
            (&body["valid"], &body["error"]),
            (&json!(false), &json!("license_key_instance not found."))
        );
    }
    assert_eq!(fixture.sim.instances(other.id).len(), 1);
}

#[test]
fn missing_fields_are_422_without_a_flag() {
    let fixture = Fixture::new();
    fixture.license("validate", &json!({})).is(
        422,
        &json!({
            "message": "The license key field is required.",
            "errors": { "license_key": ["The license key field is required."] },
        }),
    );
    let body = fixture.license("activate", &json!({ "license_key": "", "instance_name": null })).json(422);
    assert_eq!(body["message"], "The license key field is required. (and 1 more error)");
    let body = fixture.license("deactivate", &json!({ "license_key": 7, "instance_id": "x" })).json(422);
    assert_eq!(body["errors"]["license_key"], json!(["The license key field must be a string."]));
}

#[test]
fn a_form_and_json_of_any_type_are_read() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let json = json!({ "license_key": key.key }).to_string();
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", format!("license_key={}", key.key)),
        ("application/json", json.clone()),
        ("application/vnd.api+json", json),
    ] {
        let request = request("POST", "/v1/licenses/validate").typed(content_type, &body);
        assert_eq!(fixture.send(request).json(200)["valid"], true, "{content_type}");
    }
}

#[test]
fn keys_of_every_seller_and_mode_are_valid() {
    let fixture = Fixture::new();
    let other = fixture.sim.other_merchant();
    let live = other.issue(KeySpec { mode: Mode::Live, ..KeySpec::default() }).unwrap();
    let test = other.issue(KeySpec::default()).unwrap();
    for (key, test_mode) in [(live, false), (test, true)] {
        let body = fixture.license("validate", &json!({ "license_key": key.key })).json(200);
        assert_eq!((&body["valid"], &body["license_key"]["test_mode"]), (&json!(true), &json!(test_mode)));
        assert_eq!(body["meta"]["store_id"], other.store_id());
    }
}

#[test]
fn the_usage_may_be_above_a_lowered_limit() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    for name in ["a", "b", "c"] {
        fixture.activate(&key, name);
    }
    assert!(fixture.sim.set_activation_limit(key.id, Some(1)));
    let body = fixture.license("validate", &json!({ "license_key": key.key })).json(200);
    let numbers = (&body["license_key"]["activation_limit"], &body["license_key"]["activation_usage"]);
    assert_eq!(numbers, (&json!(1), &json!(3)));
}

#[test]
fn a_key_expires_when_its_subscription_ends() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { by_subscription: true, ..KeySpec::default() });
    assert!(fixture.sim.end_subscription(key.id));
    let body = fixture.license("validate", &json!({ "license_key": key.key })).json(400);
    assert_eq!(
        (&body["license_key"]["status"], &body["license_key"]["expires_at"]),
        (&json!("expired"), &Value::Null)
    );
    assert!(fixture.sim.resume_subscription(key.id));
    assert_eq!(fixture.sim.key_status(key.id), Some(KeyStatus::Inactive));
    assert!(!fixture.sim.end_subscription(fixture.issue(KeySpec::default()).id));
}

#[test]
fn a_refund_disables_the_key() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    assert!(fixture.sim.refund(key.id));
    assert_eq!(fixture.sim.key_status(key.id), Some(KeyStatus::Disabled));
}

#[test]
fn other_methods_and_paths_are_errors() {
    let fixture = Fixture::new();
    fixture.send(request("GET", "/v1/licenses/validate")).is_error(405);
    fixture.send(request("POST", "/v1/licenses/revoke")).is_error(404);
}
