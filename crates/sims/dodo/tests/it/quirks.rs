use anykey_core::SignedDuration;
use anykey_dodo_sim::{
    ApiKeyScope, DeprecatedCalls, IssuedKey, KeySpec, KeyStatus, OversizedPage, Profile, Purchase, Quirks,
    SecondFraction,
};
use serde_json::{Value, json};

use crate::bench::{Bench, START, at, refusal, request, send};

fn quirky(change: impl FnOnce(&mut Quirks)) -> (Bench, IssuedKey) {
    let bench = Bench::new();
    let key = bench.issue(KeySpec { activations_limit: Some(1), ..KeySpec::default() });
    bench.sim.change_quirks(change);
    (bench, key)
}

fn record(bench: &Bench, key: &IssuedKey) -> Value {
    bench.get(&format!("/license_keys/{}", key.id)).json(200)
}

fn try_activate(bench: &Bench, key: &IssuedKey) -> crate::bench::Reply {
    bench.post("/licenses/activate", &json!({ "license_key": key.key, "name": "Laptop" }))
}

fn members(value: &Value) -> Vec<&str> {
    let mut names: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn the_old_profile_lacks_brand_source_customer_and_product() {
    let (bench, key) = quirky(|quirks| quirks.profile = Profile::Old);
    let old = record(&bench, &key);
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
    let activated = try_activate(&bench, &key).json(201);
    assert_eq!(members(&activated), ["business_id", "created_at", "id", "license_key_id", "name"]);
    let imported = bench.issue(KeySpec { purchase: Purchase::None, ..KeySpec::default() });
    let payment = record(&bench, &imported)["payment_id"].as_str().unwrap().to_owned();
    assert!(payment.starts_with("pay_"));
    assert_eq!(record(&bench, &imported)["payment_id"], json!(payment));
}

#[test]
fn an_oversized_page_can_be_refused() {
    let (bench, _) = quirky(|quirks| quirks.oversized_page = OversizedPage::Refuse);
    let body = refusal("INVALID_QUERY_PARAMS", "page_size cannot be more than 100");
    for path in ["/license_keys", "/license_key_instances"] {
        bench.get(&format!("{path}?page_size=101")).is(422, &body);
        bench.get(&format!("{path}?page_size=100")).json(200);
    }
}

#[test]
fn expiry_can_lag_behind() {
    let (bench, _) = quirky(|quirks| quirks.expiry_sweep_lag = SignedDuration::from_mins(5));
    let key = bench.issue(KeySpec { expires_at: Some(at(START)), ..KeySpec::default() });
    bench.clock.advance(SignedDuration::from_secs(299));
    assert_eq!(record(&bench, &key)["status"], "active");
    try_activate(&bench, &key).json(201);
    bench.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(record(&bench, &key)["status"], "expired");
    assert_eq!(bench.sim.key_status(&key.id), Some(KeyStatus::Expired));
    try_activate(&bench, &key).json(403);
}

#[test]
fn refusals_can_have_other_statuses() {
    let (bench, key) = quirky(|quirks| {
        quirks.limit_reached_is_conflict = true;
        quirks.unreadable_body_is_unprocessable = true;
        quirks.read_only_is_unauthorized = true;
    });
    bench.activate(&key, "Desktop");
    let reached = refusal("LICENSE_KEY_LIMIT_REACHED", "License key activation limit reached");
    try_activate(&bench, &key).is(409, &reached);
    for content_type in ["application/json", "text/plain"] {
        let draft = request("POST", "/licenses/activate").header("content-type", content_type);
        assert_eq!(send(&bench.sim, draft.raw("{")).json(422)["code"], "INVALID_REQUEST_BODY");
    }
    let read_only = bench.sim.api_key(ApiKeyScope::ReadOnly);
    let write = request("POST", "/license_keys").bearer(&read_only).json(&json!({}));
    assert_eq!(send(&bench.sim, write).json(401)["code"], "UNAUTHORIZED");
}

#[test]
fn errors_can_lack_code_and_message() {
    let unknown = json!({ "license_key": "no-such-key", "name": "Laptop" });
    let (bench, _) = quirky(|quirks| quirks.omit_error_code = true);
    bench.post("/licenses/activate", &unknown).is(404, &json!({ "message": "License key not found" }));
    bench.sim.change_quirks(|quirks| quirks.omit_error_message = true);
    bench.post("/licenses/activate", &unknown).is(404, &json!({}));
    bench.sim.change_quirks(|quirks| quirks.omit_error_code = false);
    bench.post("/licenses/activate", &unknown).is(404, &json!({ "code": "NOT_FOUND" }));
}

#[test]
fn deprecated_calls_can_be_gone_and_the_others_stay() {
    let (bench, key) = quirky(|quirks| quirks.deprecated_calls = DeprecatedCalls::NotFound);
    let path = format!("/license_keys/{}", key.id);
    let deprecated =
        [("GET", "/license_keys", None), ("GET", &path, None), ("PATCH", &path, Some(json!({})))];
    for (method, path, body) in &deprecated {
        bench.merchant(method, path, body.as_ref()).is(404, &refusal("NOT_FOUND", "Item not found"));
    }
    bench.sim.change_quirks(|quirks| quirks.deprecated_calls = DeprecatedCalls::Gone);
    for (method, path, body) in &deprecated {
        bench.merchant(method, path, body.as_ref()).is_empty(410);
    }
    let import = json!({ "customer_id": bench.customer, "product_id": bench.product, "key": "LK-001" });
    bench.merchant("POST", "/license_keys", Some(&import)).json(201);
    bench.activate(&key, "Laptop");
    assert_eq!(bench.get("/license_key_instances").ids().len(), 1);
    bench.sim.change_quirks(|quirks| quirks.deprecated_calls = DeprecatedCalls::Served);
    bench.get(&path).json(200);
}

#[test]
fn the_fraction_of_a_second_has_the_width_asked_for() {
    let (bench, key) = quirky(|quirks| quirks.second_fraction = SecondFraction::None);
    assert_eq!(record(&bench, &key)["created_at"], "2026-10-30T08:15:42Z");
    for (fraction, text) in [
        (SecondFraction::Millis, "2026-10-30T08:15:42.513Z"),
        (SecondFraction::Micros, "2026-10-30T08:15:42.513207Z"),
        (SecondFraction::AsNeeded, "2026-10-30T08:15:42.513207Z"),
    ] {
        bench.sim.change_quirks(|quirks| quirks.second_fraction = fraction);
        assert_eq!(record(&bench, &key)["created_at"], text);
    }
}

#[test]
fn members_can_be_added_everywhere_but_in_metadata() {
    let (bench, key) = quirky(|quirks| quirks.unknown_members = true);
    let activated = try_activate(&bench, &key).json(201);
    for object in [&activated, &activated["customer"], &activated["product"], &record(&bench, &key)] {
        assert!(object.get("unknown_member").is_some());
    }
    assert_eq!(activated["customer"]["metadata"], json!({}));
    let list = bench.get("/license_keys").json(200);
    assert!(list.get("unknown_member").is_some() && list["items"][0].get("unknown_member").is_some());
    let valid = bench.post("/licenses/validate", &json!({ "license_key": key.key })).json(200);
    assert_eq!(members(&valid), ["unknown_member", "valid"]);
    let error = bench.get("/license_keys/lic_x").json(404);
    assert_eq!(members(&error), ["code", "message", "unknown_member"]);
}

#[test]
fn nulls_can_be_left_out() {
    let (bench, _) = quirky(|quirks| quirks.omit_null_members = true);
    let key = bench.issue(KeySpec { purchase: Purchase::None, ..KeySpec::default() });
    let sparse = record(&bench, &key);
    for absent in ["activations_limit", "payment_id", "subscription_id", "expires_at"] {
        assert_eq!(sparse.get(absent), None, "{absent}");
    }
    assert_eq!(sparse["instances_count"], 0);
    assert_eq!(try_activate(&bench, &key).json(201)["customer"].get("phone_number"), None);
}

#[test]
fn a_deactivation_can_answer_an_object() {
    let (bench, key) = quirky(|quirks| quirks.deactivation_answers_object = true);
    let instance = bench.activate(&key, "Laptop");
    let body = json!({ "license_key": key.key, "license_key_instance_id": instance });
    bench.post("/licenses/deactivate", &body).is(200, &json!({}));
}

#[test]
fn words_can_be_forced_without_touching_the_truth() {
    let (bench, key) = quirky(|_| {});
    assert!(bench.sim.force_status_word(&key.id, Some("paused")));
    assert!(bench.sim.force_source_word(&key.id, Some("migrated")));
    let forced = record(&bench, &key);
    assert_eq!((&forced["status"], &forced["source"]), (&json!("paused"), &json!("migrated")));
    assert_eq!(bench.sim.key_status(&key.id), Some(KeyStatus::Active));
    assert_eq!(bench.get("/license_keys?status=active&source=auto").ids(), [&*key.id]);
    bench.activate(&key, "Laptop");
    assert!(bench.sim.force_status_word(&key.id, None) && bench.sim.force_source_word(&key.id, None));
    let honest = record(&bench, &key);
    assert_eq!((&honest["status"], &honest["source"]), (&json!("active"), &json!("auto")));
}
