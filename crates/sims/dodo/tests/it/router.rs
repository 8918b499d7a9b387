use anykey_core::ManualClock;
use anykey_dodo_sim::{ApiKeyScope, DodoSim, Environment, KeySpec};
use serde_json::json;

use crate::fixture::{Fixture, START, at, refusal, request, send};

const READS: [&str; 4] =
    ["/license_keys", "/license_keys/lic_x", "/license_key_instances", "/license_key_instances/lki_x"];
const WRITES: [(&str, &str); 3] =
    [("POST", "/license_keys"), ("PATCH", "/license_keys/lic_x"), ("PATCH", "/license_key_instances/lki_x")];

#[test]
fn the_merchant_plane_requires_an_api_key_of_this_environment() {
    let fixture = Fixture::new();
    let revoked = fixture.sim.api_key(ApiKeyScope::ReadWrite);
    assert!(fixture.sim.revoke_api_key(&revoked));
    let live = DodoSim::builder(fixture.clock.clone()).environment(Environment::Live).seed(1).build();
    let elsewhere = live.api_key(ApiKeyScope::ReadWrite);
    let unauthorized = refusal("UNAUTHORIZED", "You are not authorised to perform this action");
    let credentials = [
        None,
        Some("Bearer ".to_owned()),
        Some(format!("Basic {}", fixture.api_key)),
        Some(fixture.api_key.clone()),
        Some("Bearer nonsense".to_owned()),
        Some(format!("Bearer {revoked}")),
        Some(format!("Bearer {elsewhere}")),
    ];
    for credential in credentials {
        for (method, path) in READS.map(|path| ("GET", path)).into_iter().chain(WRITES) {
            let draft = request(method, path).body("not even JSON");
            let draft = match &credential {
                Some(credential) => draft.header("authorization", credential),
                None => draft,
            };
            send(&fixture.sim, draft).is(401, &unauthorized);
        }
    }
}

#[test]
fn a_read_only_api_key_is_403_for_writes_before_the_body_is_read() {
    let fixture = Fixture::new();
    let api_key = fixture.sim.api_key(ApiKeyScope::ReadOnly);
    let key = fixture.issue(KeySpec::default());
    let forbidden = refusal("UNAUTHORIZED", "You are not authorised to perform this action");
    for (method, path) in WRITES {
        send(&fixture.sim, request(method, path).bearer(&api_key).body("not even JSON")).is(403, &forbidden);
    }
    assert_eq!(send(&fixture.sim, request("GET", "/license_keys").bearer(&api_key)).ids(), [key.id]);
}

#[test]
fn a_read_does_not_depend_on_headers() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let draft = request("GET", "/license_keys")
        .header("authorization", format!("bearer {}", fixture.api_key))
        .header("content-type", "application/json")
        .header("cookie", "")
        .header("x-stainless-lang", "js");
    assert_eq!(send(&fixture.sim, draft).ids(), [key.id]);
}

#[test]
fn each_business_sees_only_its_records() {
    let fixture = Fixture::new();
    let mine = fixture.issue(KeySpec::default());
    let other = fixture.sim.other_business();
    let theirs = other.issue(KeySpec::default()).unwrap();
    let their_api_key = other.api_key(ApiKeyScope::ReadWrite);
    assert_ne!(other.business_id(), fixture.sim.business_id());
    for sim in [&fixture.sim, &other] {
        assert_eq!(send(sim, request("GET", "/license_keys").bearer(&fixture.api_key)).ids(), [&*mine.id]);
        assert_eq!(send(sim, request("GET", "/license_keys").bearer(&their_api_key)).ids(), [&*theirs.id]);
        let body = json!({ "license_key": theirs.key, "name": "Laptop" });
        let activated = send(sim, request("POST", "/licenses/activate").json(&body)).json(201);
        assert_eq!(activated["business_id"], other.business_id());
        assert_eq!(activated["product"]["product_id"], theirs.product_id);
    }
}

#[test]
fn the_host_of_the_other_environment_is_empty() {
    for (environment, own, other) in [
        (Environment::Test, "https://test.dodopayments.com", "https://live.dodopayments.com"),
        (Environment::Live, "https://live.dodopayments.com", "https://TEST.dodopayments.com"),
    ] {
        let sim = DodoSim::builder(ManualClock::at(at(START))).environment(environment).build();
        assert_eq!(environment.base_url(), own);
        let api_key = sim.api_key(ApiKeyScope::ReadWrite);
        let key = sim.issue(KeySpec::default()).unwrap();
        let body = json!({ "license_key": key.key, "name": "Laptop" });
        let validate = |host: &str| {
            send(&sim, request("POST", &format!("{host}/licenses/validate")).json(&body)).json(200)
        };
        assert_eq!(validate(own), json!({ "valid": true }));
        assert_eq!(validate("http://127.0.0.1:8080"), json!({ "valid": true }));
        assert_eq!(validate(other), json!({ "valid": false }));
        send(&sim, request("POST", &format!("{other}/licenses/activate")).json(&body)).json(404);
        send(&sim, request("GET", &format!("{other}/license_keys")).bearer(&api_key)).json(401);
        assert!(sim.instances(&key.id).is_empty());
    }
}

#[test]
fn preflights_are_204_on_every_path() {
    let fixture = Fixture::new();
    for path in ["/licenses/activate", "/license_keys", "/license_keys/lic_x", "/nowhere"] {
        let draft = request("OPTIONS", path)
            .header("origin", "https://app.example.com")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type,x-stainless-lang");
        let reply = send(&fixture.sim, draft);
        assert_eq!((reply.status().as_u16(), reply.text()), (204, ""));
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("access-control-allow-methods"), Some("GET,POST,PATCH,DELETE,OPTIONS"));
        assert_eq!(reply.header("access-control-allow-headers"), Some("content-type,x-stainless-lang"));
        assert_eq!(reply.header("content-length"), None);
    }
}

#[test]
fn unknown_paths_are_404_and_unknown_methods_405() {
    let fixture = Fixture::new();
    let unknown = refusal("NOT_FOUND", "Item not found");
    for path in [
        "/",
        "/licenses",
        "/licenses/renew",
        "/license_keys/",
        "/license_keys/lic_x/instances",
        "/v1/license_keys",
    ] {
        fixture.get(path).is(404, &unknown);
    }
    for (method, path, allowed) in [
        ("GET", "/licenses/activate", "POST"),
        ("PUT", "/license_keys", "GET,POST"),
        ("DELETE", "/license_keys/lic_x", "GET,PATCH"),
        ("POST", "/license_key_instances", "GET"),
        ("DELETE", "/license_key_instances/lki_x", "GET,PATCH"),
    ] {
        let reply = fixture.merchant(method, path, None);
        reply.is_empty(405);
        assert_eq!(reply.header("allow"), Some(allowed));
    }
}
