//! Where sources are silent or disagree, both answers.

use anykey_core::SignedDuration;
use anykey_lemonsqueezy_sim::{Check, ExpiredText, KeySpec, LimitText, OversizedPage, Quirks, SortOrder};
use serde_json::{Value, json};

use crate::fixture::{Fixture, request};

const UNKNOWN_UUID: &str = "0b5c7b2e-2a3a-4a51-8b1c-7f9b3d1f2a10";

fn with(change: impl FnOnce(&mut Quirks)) -> Fixture {
    let fixture = Fixture::new();
    fixture.sim.change_quirks(change);
    fixture
}

#[test]
fn the_order_of_checks_decides_what_a_key_with_several_faults_is() {
    use Check::{Disabled, Expired, Instance};
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { expires_at: Some(fixture.clock.now()), ..KeySpec::default() });
    fixture.sim.disable(key.id);
    let validate = || {
        let body =
            fixture.license("validate", &json!({ "license_key": key.key, "instance_id": UNKNOWN_UUID }));
        (body.status().as_u16(), body.json(body.status().as_u16())["license_key"]["status"].clone())
    };
    for (order, status, word) in [
        ([Instance, Disabled, Expired], 404, Value::Null),
        ([Disabled, Expired, Instance], 400, json!("disabled")),
        ([Expired, Disabled, Instance], 400, json!("expired")),
    ] {
        fixture.sim.change_quirks(|quirks| quirks.check_order = order);
        assert_eq!(validate(), (status, word), "{order:?}");
    }
}

#[test]
fn the_other_sentences() {
    let fixture = with(|quirks| {
        quirks.limit_text = LimitText::Former;
        quirks.expired_text = ExpiredText::HasExpired;
    });
    let full = fixture.issue(KeySpec { activation_limit: Some(0), ..KeySpec::default() });
    let body =
        fixture.license("activate", &json!({ "license_key": full.key, "instance_name": "x" })).json(400);
    assert_eq!(body["error"], "License key activation limit reached.");
    let expired = fixture.issue(KeySpec { expires_at: Some(fixture.clock.now()), ..KeySpec::default() });
    let body = fixture.license("validate", &json!({ "license_key": expired.key })).json(400);
    assert_eq!(body["error"], "This license key has expired.");
}

#[test]
fn a_new_key_may_be_unknown_to_the_license_api() {
    let fixture = with(|quirks| quirks.unknown_at_first = SignedDuration::from_mins(30));
    let key = fixture.issue(KeySpec::default());
    fixture.license("validate", &json!({ "license_key": key.key })).json(404);
    assert_eq!(
        fixture.get(&format!("/v1/license-keys/{}", key.id)).json(200)["data"]["id"],
        key.id.to_string()
    );
    fixture.clock.advance(SignedDuration::from_mins(30));
    assert_eq!(fixture.license("validate", &json!({ "license_key": key.key })).json(200)["valid"], true);
}

#[test]
fn a_404_may_omit_members_or_contain_the_key() {
    let fixture = with(|quirks| quirks.omit_unknown = true);
    let body = json!({ "license_key": "nobody" });
    fixture.license("validate", &body).is(404, &json!({ "valid": false, "error": "license_key not found." }));

    fixture.sim.change_quirks(|quirks| quirks.unknown_instance_shows_key = true);
    let key = fixture.issue(KeySpec::default());
    let body = fixture.license("validate", &json!({ "license_key": key.key, "instance_id": UNKNOWN_UUID }));
    assert_eq!(body.json(404)["license_key"]["key"], key.key);
}

#[test]
fn an_instance_id_that_is_not_a_uuid_may_be_unprocessable() {
    let fixture = with(|quirks| quirks.malformed_instance_is_unprocessable = true);
    let key = fixture.issue(KeySpec::default());
    let body =
        fixture.license("validate", &json!({ "license_key": key.key, "instance_id": "no-uuid" })).json(422);
    assert!(body.get("valid").is_none() && body["errors"]["instance_id"].is_array());
}

#[test]
fn an_expired_key_may_keep_its_instances() {
    let fixture = with(|quirks| quirks.expired_keeps_instances = true);
    let end = fixture.clock.now() + SignedDuration::from_hours(1);
    let key = fixture.issue(KeySpec { expires_at: Some(end), ..KeySpec::default() });
    let instance = fixture.activate(&key, "Laptop");
    fixture.clock.set(end);
    fixture.license("deactivate", &json!({ "license_key": key.key, "instance_id": instance })).json(400);
    assert_eq!(fixture.sim.instances(key.id).len(), 1);
}

#[test]
fn an_activation_may_answer_with_the_usage_before_it() {
    let fixture = with(|quirks| quirks.activation_counts_before = true);
    let key = fixture.issue(KeySpec::default());
    let body =
        fixture.license("activate", &json!({ "license_key": key.key, "instance_name": "x" })).json(200);
    assert_eq!(body["license_key"]["activation_usage"], 0);
}

#[test]
fn a_key_may_be_case_insensitive_and_without_its_mode() {
    let fixture = with(|quirks| {
        quirks.any_letter_case = true;
        quirks.omit_test_mode = true;
    });
    let key = fixture.issue(KeySpec::default());
    let body = fixture.license("validate", &json!({ "license_key": key.key.to_uppercase() })).json(200);
    assert_eq!(body["license_key"]["key"], key.key);
    assert!(body["license_key"].get("test_mode").is_none());
}

#[test]
fn the_main_api_may_use_the_alternative_formats() {
    let fixture = with(|quirks| {
        quirks.disabled_is_number = true;
        quirks.expiry_is_a_day = true;
        quirks.accept_plain_json = true;
        quirks.bare_errors = true;
        quirks.sort_order = SortOrder::OldestFirst;
        quirks.oversized_page = OversizedPage::Refuse;
    });
    let keys = [fixture.issue(KeySpec::default()), fixture.issue(KeySpec::default())];
    assert_eq!(fixture.get("/v1/license-keys").ids(), keys.clone().map(|key| key.id));
    fixture.get("/v1/license-keys?page[size]=101").json(422);
    fixture.get("/v1/license-keys/1").is(404, &json!({ "message": "There is no such resource." }));
    let body = json!({ "data": { "type": "license-keys", "id": keys[0].id.to_string(), "attributes": {
        "disabled": true, "expires_at": "2026-12-24T18:00:00Z",
    }}});
    let patch = request("PATCH", &format!("/v1/license-keys/{}", keys[0].id)).bearer(&fixture.api_key);
    let attributes =
        &fixture.send(patch.typed("application/json", body.to_string())).json(200)["data"]["attributes"];
    assert_eq!(attributes["disabled"], 1);
    assert_eq!(attributes["expires_at"], "2026-12-24T00:00:00.000000Z");
}

#[test]
fn unknown_members_are_added_and_null_ones_omitted() {
    let fixture = with(|quirks| {
        quirks.unknown_members = true;
        quirks.omit_null_members = true;
    });
    let key = fixture.issue(KeySpec::default());
    let body = fixture.license("validate", &json!({ "license_key": key.key })).json(200);
    assert!(body["unknown_member"].is_object() && body["license_key"]["unknown_member"].is_object());
    assert!(body.get("error").is_none() && body["license_key"].get("expires_at").is_none());
}
