use anykey_creem_sim::{KeySpec, MissingApiKey, Mode};
use serde_json::{Value, json};

use crate::fixture::{Fixture, request};

#[test]
fn every_call_needs_an_api_key() {
    let fixture = Fixture::new();
    let paths = [
        ("POST", "/v1/licenses/activate"),
        ("POST", "/v1/licenses/validate"),
        ("POST", "/v1/licenses/deactivate"),
        ("GET", "/v1/customers/cust_1/licenses"),
        ("GET", "/v1/licenses/lk_1/instances"),
        ("GET", "/v1/webhooks/wh_1/events/pending"),
        ("POST", "/v1/webhooks/wh_1/events/evt_1/ack"),
    ];
    for (method, path) in paths {
        let missing = fixture.send(request(method, path).bearer(&fixture.api_key));
        missing.is_error(401, "Unauthorized", &Value::Null);
        let unknown = fixture.send(request(method, path).header("x-api-key", "creem_test_unknown"));
        unknown.is_error(403, "Forbidden", &Value::Null);
    }
    fixture.sim.change_quirks(|quirks| quirks.missing_api_key = MissingApiKey::Forbidden);
    fixture.send(request("GET", paths[3].1)).is_error(403, "Forbidden", &Value::Null);
}

#[test]
fn an_api_key_ends_when_it_is_revoked_and_may_lack_the_scope() {
    let fixture = Fixture::new();
    let path = format!("/v1/customers/{}/licenses", fixture.customer);
    fixture.get(&path).json(200);
    assert!(fixture.sim.revoke_api_key(&fixture.api_key));
    fixture.get(&path).is_error(403, "Forbidden", &Value::Null);
    let scopeless = fixture.sim.api_key_without_scopes(Mode::Test);
    let reply = fixture.send(request("GET", &path).header("x-api-key", scopeless));
    reply.is_error(403, "Forbidden", &Value::Null);
}

#[test]
fn each_mode_has_its_own_host_keys_and_licenses() {
    let fixture = Fixture::new();
    let live = fixture.sim.api_key(Mode::Live);
    assert!(live.starts_with("creem_") && !live.starts_with("creem_test_"));
    let validate = |host: &str, api_key: &str, code: &str| {
        let uri = format!("https://{host}/v1/licenses/activate");
        let body = json!({ "key": code, "instance_name": "a" });
        let request = anykey_creem_sim::kit::TestRequest::new("POST", uri);
        fixture.send(request.header("x-api-key", api_key).json(&body))
    };
    let test_key = fixture.issue(KeySpec::default()).key;
    let live_key = fixture.issue(KeySpec { mode: Mode::Live, ..KeySpec::default() }).key;
    assert_eq!(validate("api.creem.io", &live, &live_key).json(200)["mode"], "prod");
    assert_eq!(validate("test-api.creem.io", &fixture.api_key, &test_key).json(200)["mode"], "test");
    assert_eq!(validate("proxy.example", &fixture.api_key, &live_key).status(), 404);
    validate("api.creem.io", &fixture.api_key, &live_key).is_error(403, "Forbidden", &Value::Null);
    validate("test-api.creem.io", &live, &test_key).is_error(403, "Forbidden", &Value::Null);
    fixture.sim.change_quirks(|quirks| quirks.other_mode_is_not_found = true);
    validate("api.creem.io", &fixture.api_key, &live_key).is_error(404, "Not Found", &Value::Null);
}

#[test]
fn the_licenses_of_another_store_are_unknown() {
    let fixture = Fixture::new();
    let foreign = fixture.sim.other_store().issue(KeySpec::default()).unwrap();
    let body = json!({ "key": foreign.key, "instance_name": "a" });
    fixture.license("activate", &body).is_error(404, "Not Found", &json!(["License not found"]));
    assert_eq!(fixture.get(&format!("/v1/licenses/{}/instances", foreign.id)).status(), 404);
    assert_eq!(fixture.get(&format!("/v1/customers/{}/licenses", foreign.customer_id)).status(), 404);
}

#[test]
fn another_path_or_method_is_answered_by_the_framework() {
    let fixture = Fixture::new();
    for (reply, call) in [
        (fixture.get("/v1/licenses/validate"), "GET /v1/licenses/validate"),
        (fixture.post("/v1/licenses/search", &json!({})), "POST /v1/licenses/search"),
        (fixture.get("/v2/licenses/lk_1/instances"), "GET /v2/licenses/lk_1/instances"),
    ] {
        reply.is_error(404, "Not Found", &json!([format!("Cannot {call}")]));
    }
}
