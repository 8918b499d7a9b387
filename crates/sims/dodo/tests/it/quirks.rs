use anykey_core::SignedDuration;
use anykey_dodo_sim::{
    ApiKeyScope, DeprecatedCalls, IssuedKey, KeySpec, KeyStatus, OversizedPage, Profile, Purchase, Quirks,
    SecondFraction,
};
use serde_json::{Value, json};

use crate::fixture::{Fixture, START, at, refusal, request, send};

fn quirky(change: impl FnOnce(&mut Quirks)) -> (Fixture, IssuedKey) {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { activations_limit: Some(1), ..KeySpec::default() });
    fixture.sim.change_quirks(change);
    (fixture, key)
}

fn record(fixture: &Fixture, key: &IssuedKey) -> Value {
    fixture.get(&format!("/license_keys/{}", key.id)).json(200)
}

fn try_activate(fixture: &Fixture, key: &IssuedKey) -> crate::fixture::Reply {
    fixture.post("/licenses/activate", &json!({ "license_key": key.key, "name": "Laptop" }))
}

fn members(value: &Value) -> Vec<&str> {
    let mut names: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn the_old_profile_has_no_brand_source_customer_and_product() {
    let (fixture, key) = quirky(|quirks| quirks.profile = Profile::Old);
    let old = record(&fixture, &key);
    assert_eq!(
        members(&old),
        [
            "activations_limit",
            "business_id",
            "created_at",
            "customer_id",
            "expires_at",
            "id",
            "instances_count",
            "key",
            "payment_id",
            "product_id",
            "status",
            "subscription_id"
        ]
    );
    assert_eq!(old["payment_id"], json!(key.payment_id));
    let activated = try_activate(&fixture, &key).json(201);
    assert_eq!(members(&activated), ["business_id", "created_at", "id", "license_key_id", "name"]);
    let imported = fixture.issue(KeySpec { purchase: Purchase::None, ..KeySpec::default() });
    let payment = record(&fixture, &imported)["payment_id"].as_str().unwrap().to_owned();
    assert!(payment.starts_with("pay_"));
    assert_eq!(record(&fixture, &imported)["payment_id"], json!(payment));
}

#[test]
fn an_oversized_page_can_be_refused() {
    let (fixture, _) = quirky(|quirks| quirks.oversized_page = OversizedPage::Refuse);
    let body = refusal("INVALID_QUERY_PARAMS", "page_size cannot be more than 100");
    for path in ["/license_keys", "/license_key_instances"] {
        fixture.get(&format!("{path}?page_size=101")).is(422, &body);
        fixture.get(&format!("{path}?page_size=100")).json(200);
    }
}

#[test]
fn the_expired_status_can_be_delayed() {
    let (fixture, _) = quirky(|quirks| quirks.expiry_sweep_lag = SignedDuration::from_mins(5));
    let key = fixture.issue(KeySpec { expires_at: Some(at(START)), ..KeySpec::default() });
    fixture.clock.advance(SignedDuration::from_secs(299));
    assert_eq!(record(&fixture, &key)["status"], "active");
    try_activate(&fixture, &key).json(201);
    fixture.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(record(&fixture, &key)["status"], "expired");
    assert_eq!(fixture.sim.key_status(&key.id), Some(KeyStatus::Expired));
    try_activate(&fixture, &key).json(403);
}

#[test]
fn errors_can_have_other_statuses() {
    let (fixture, key) = quirky(|quirks| {
        quirks.limit_reached_is_conflict = true;
        quirks.unreadable_body_is_unprocessable = true;
        quirks.read_only_is_unauthorized = true;
    });
    fixture.activate(&key, "Desktop");
    let reached = refusal("LICENSE_KEY_LIMIT_REACHED", "License key activation limit reached");
    try_activate(&fixture, &key).is(409, &reached);
    for content_type in ["application/json", "text/plain"] {
        let draft = request("POST", "/licenses/activate").header("content-type", content_type);
        assert_eq!(send(&fixture.sim, draft.body("{")).json(422)["code"], "INVALID_REQUEST_BODY");
    }
    let read_only = fixture.sim.api_key(ApiKeyScope::ReadOnly);
    let write = request("POST", "/license_keys").bearer(&read_only).json(&json!({}));
    assert_eq!(send(&fixture.sim, write).json(401)["code"], "UNAUTHORIZED");
}

#[test]
fn errors_can_omit_code_and_message() {
    let unknown = json!({ "license_key": "no-such-key", "name": "Laptop" });
    let (fixture, _) = quirky(|quirks| quirks.omit_error_code = true);
    fixture.post("/licenses/activate", &unknown).is(404, &json!({ "message": "License key not found" }));
    fixture.sim.change_quirks(|quirks| quirks.omit_error_message = true);
    fixture.post("/licenses/activate", &unknown).is(404, &json!({}));
    fixture.sim.change_quirks(|quirks| quirks.omit_error_code = false);
    fixture.post("/licenses/activate", &unknown).is(404, &json!({ "code": "NOT_FOUND" }));
}

#[test]
fn deprecated_calls_can_be_removed() {
    let (fixture, key) = quirky(|quirks| quirks.deprecated_calls = DeprecatedCalls::NotFound);
    let path = format!("/license_keys/{}", key.id);
    let deprecated =
        [("GET", "/license_keys", None), ("GET", &path, None), ("PATCH", &path, Some(json!({})))];
    for (method, path, body) in &deprecated {
        fixture.merchant(method, path, body.as_ref()).is(404, &refusal("NOT_FOUND", "Item not found"));
    }
    fixture.sim.change_quirks(|quirks| quirks.deprecated_calls = DeprecatedCalls::Gone);
    for (method, path, body) in &deprecated {
        fixture.merchant(method, path, body.as_ref()).is_empty(410);
    }
    let import = json!({ "customer_id": fixture.customer, "product_id": fixture.product, "key": "LK-001" });
    fixture.merchant("POST", "/license_keys", Some(&import)).json(201);
    fixture.activate(&key, "Laptop");
    assert_eq!(fixture.get("/license_key_instances").ids().len(), 1);
    fixture.sim.change_quirks(|quirks| quirks.deprecated_calls = DeprecatedCalls::Served);
    fixture.get(&path).json(200);
}

#[test]
fn the_fraction_of_a_second_has_the_configured_width() {
    let (fixture, key) = quirky(|quirks| quirks.second_fraction = SecondFraction::None);
    assert_eq!(record(&fixture, &key)["created_at"], "2026-10-30T08:15:42Z");
    for (fraction, text) in [
        (SecondFraction::Millis, "2026-10-30T08:15:42.513Z"),
        (SecondFraction::Micros, "2026-10-30T08:15:42.513207Z"),
        (SecondFraction::AsNeeded, "2026-10-30T08:15:42.513207Z"),
    ] {
        fixture.sim.change_quirks(|quirks| quirks.second_fraction = fraction);
        assert_eq!(record(&fixture, &key)["created_at"], text);
    }
}

#[test]
fn unknown_members_can_be_added_except_in_metadata() {
    let (fixture, key) = quirky(|quirks| quirks.unknown_members = true);
    let activated = try_activate(&fixture, &key).json(201);
    for object in [&activated, &activated["customer"], &activated["product"], &record(&fixture, &key)] {
        assert!(object.get("unknown_member").is_some());
    }
    assert_eq!(activated["customer"]["metadata"], json!({}));
    let list = fixture.get("/license_keys").json(200);
    assert!(list.get("unknown_member").is_some() && list["items"][0].get("unknown_member").is_some());
    let valid = fixture.post("/licenses/validate", &json!({ "license_key": key.key })).json(200);
    assert_eq!(members(&valid), ["unknown_member", "valid"]);
    let error = fixture.get("/license_keys/lic_x").json(404);
    assert_eq!(members(&error), ["code", "message", "unknown_member"]);
}

#[test]
fn null_members_can_be_omitted() {
    let (fixture, _) = quirky(|quirks| quirks.omit_null_members = true);
    let key = fixture.issue(KeySpec { purchase: Purchase::None, ..KeySpec::default() });
    let sparse = record(&fixture, &key);
    for absent in ["activations_limit", "payment_id", "subscription_id", "expires_at"] {
        assert_eq!(sparse.get(absent), None, "{absent}");
    }
    assert_eq!(sparse["instances_count"], 0);
    assert_eq!(try_activate(&fixture, &key).json(201)["customer"].get("phone_number"), None);
}

#[test]
fn a_deactivation_can_answer_an_object() {
    let (fixture, key) = quirky(|quirks| quirks.deactivation_answers_object = true);
    let instance = fixture.activate(&key, "Laptop");
    let body = json!({ "license_key": key.key, "license_key_instance_id": instance });
    fixture.post("/licenses/deactivate", &body).is(200, &json!({}));
}

#[test]
fn forced_words_change_only_the_text_of_records() {
    let (fixture, key) = quirky(|_| {});
    assert!(fixture.sim.force_status_word(&key.id, Some("paused")));
    assert!(fixture.sim.force_source_word(&key.id, Some("migrated")));
    let forced = record(&fixture, &key);
    assert_eq!((&forced["status"], &forced["source"]), (&json!("paused"), &json!("migrated")));
    assert_eq!(fixture.sim.key_status(&key.id), Some(KeyStatus::Active));
    assert_eq!(fixture.get("/license_keys?status=active&source=auto").ids(), [&*key.id]);
    fixture.activate(&key, "Laptop");
    assert!(fixture.sim.force_status_word(&key.id, None) && fixture.sim.force_source_word(&key.id, None));
    let honest = record(&fixture, &key);
    assert_eq!((&honest["status"], &honest["source"]), (&json!("active"), &json!("auto")));
}
