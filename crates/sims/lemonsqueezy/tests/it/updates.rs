use anykey_lemonsqueezy_sim::{KeySpec, KeyStatus};
use serde_json::{Value, json};

use crate::fixture::{Fixture, JSON_API, request};

#[test]
fn a_patch_changes_only_the_attributes_in_it() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { activation_limit: Some(2), ..KeySpec::default() });
    let before = fixture.get(&format!("/v1/license-keys/{}", key.id)).json(200)["data"].clone();
    for (attributes, changed) in [
        (json!({}), None),
        (json!({ "activation_limit": null }), Some(("activation_limit", Value::Null))),
        (json!({ "activation_limit": 2 }), Some(("activation_limit", json!(2)))),
        (json!({ "expires_at": "2027-01-31" }), Some(("expires_at", json!("2027-01-31T00:00:00.000000Z")))),
        (
            json!({ "expires_at": "2027-01-31T18:00:00.5Z" }),
            Some(("expires_at", json!("2027-01-31T18:00:00.500000Z"))),
        ),
        (json!({ "expires_at": null }), Some(("expires_at", Value::Null))),
    ] {
        let mut expected = before.clone();
        if let Some((name, value)) = changed {
            expected["attributes"][name] = value;
        }
        assert_eq!(fixture.patch(&key, &attributes).json(200)["data"], expected, "{attributes}");
    }
    fixture.patch(&key, &json!({ "disabled": true })).json(200);
    fixture.patch(&key, &json!({ "activation_limit": 5 })).json(200);
    assert_eq!(fixture.sim.key_status(key.id), Some(KeyStatus::Disabled));
}

#[test]
fn a_limit_below_the_usage_is_accepted() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    for name in ["a", "b"] {
        fixture.activate(&key, name);
    }
    let body = fixture.patch(&key, &json!({ "activation_limit": 1 })).json(200);
    let attributes = &body["data"]["attributes"];
    assert_eq!((&attributes["activation_limit"], &attributes["instances_count"]), (&json!(1), &json!(2)));
}

#[test]
fn invalid_attributes_change_nothing() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { activation_limit: Some(2), ..KeySpec::default() });
    for (attributes, pointer) in [
        (json!({ "activation_limit": -1 }), "/data/attributes/activation_limit"),
        (json!({ "activation_limit": "3" }), "/data/attributes/activation_limit"),
        (json!({ "activation_limit": 9, "expires_at": "tomorrow" }), "/data/attributes/expires_at"),
        (json!({ "activation_limit": 9, "disabled": "no" }), "/data/attributes/disabled"),
    ] {
        assert_eq!(fixture.patch(&key, &attributes).is_error(422)["source"]["pointer"], pointer);
    }
    let body = fixture.get(&format!("/v1/license-keys/{}", key.id)).json(200);
    assert_eq!(body["data"]["attributes"]["activation_limit"], 2);
}

#[test]
fn a_body_that_is_not_json_api_is_refused() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let path = format!("/v1/license-keys/{}", key.id);
    let patch = |content_type, body: &Value| {
        fixture.send(request("PATCH", &path).bearer(&fixture.api_key).typed(content_type, body.to_string()))
    };
    let good = json!({ "data": { "type": "license-keys", "id": key.id.to_string(), "attributes": {} } });
    patch("application/json", &good).is_error(415);
    patch(JSON_API, &json!({})).is_error(422);
    patch(JSON_API, &json!({ "data": { "type": "license-keys", "id": "1" } })).is_error(422);
    patch(JSON_API, &good).json(200);
}
