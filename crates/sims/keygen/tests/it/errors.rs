//! Errors: their texts, their places, and which of several comes first.

use anykey_keygen_sim::{AuthenticationStrategy, PolicySpec};
use serde_json::{Value, json};

use crate::fixture::{Fixture, by_key, machine};

#[test]
fn an_unknown_record_is_named() {
    let fixture = Fixture::new();
    let error = json!({
        "title": "Not found", "detail": "The requested license 'nope' was not found", "code": "NOT_FOUND",
    });
    fixture.get("licenses/nope").is_error(404, &error);
    let reply = fixture.get("licenses/nope");
    assert!(reply.json(404)["meta"]["id"].is_string());
    assert_eq!(reply.header("content-type"), Some("application/vnd.api+json"));
}

#[test]
fn what_comes_before_the_account_has_no_meta_and_no_signature() {
    let fixture = Fixture::new();
    let validate = || fixture.request("POST", "licenses/actions/validate-key");
    let broken = fixture.send(validate().typed("application/json", "{"));
    let media = fixture.send(validate().typed("application/xml", "<a/>"));
    let accept = fixture.send(validate().header("accept", "text/html").json(&json!({})));
    for (reply, code) in
        [(broken, "JSON_INVALID"), (media, "MIME_TYPE_INVALID"), (accept, "MIME_TYPE_INVALID")]
    {
        let body = reply.json(400);
        assert_eq!((&body["errors"][0]["code"], &body["meta"]), (&json!(code), &Value::Null));
        assert_eq!(reply.header("keygen-signature"), None);
    }
}

#[test]
fn parameters_come_before_the_permission_and_the_permission_before_the_rules() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec { max_machines: Some(1), ..PolicySpec::default() });
    let other = fixture.issue(PolicySpec::default());
    let create = |body: &Value| {
        let request = fixture.request("POST", "machines").header("authorization", by_key(&license));
        fixture.send(request.json(body))
    };
    let mut unnamed = machine(&other.id, "fp-1");
    unnamed["data"]["attributes"] = json!({ "fingerprint": "" });
    create(&unnamed).is_error(
        400,
        &json!({
            "title": "Bad request",
            "detail": "cannot be blank",
            "source": { "pointer": "/data/attributes/fingerprint" },
        }),
    );
    assert_eq!(create(&machine(&other.id, "fp-1")).json(403)["errors"][0]["title"], "Access denied");
    create(&machine(&license.id, "fp-1")).json(201);
    // Everything that is wrong is reported at once.
    let errors = create(&machine(&license.id, "fp-1")).json(422)["errors"].clone();
    let codes: Vec<_> = errors.as_array().unwrap().iter().map(|error| error["code"].clone()).collect();
    assert_eq!(codes, ["FINGERPRINT_TAKEN", "MACHINE_LIMIT_EXCEEDED"], "{errors}");
    create(&machine(&license.id, "fp-2")).is_error(
        422,
        &json!({
            "title": "Unprocessable resource",
            "detail": "machine count has exceeded maximum allowed for license (1)",
            "code": "MACHINE_LIMIT_EXCEEDED",
            "source": { "pointer": "/data" },
        }),
    );
}

#[test]
fn the_key_as_a_credential_is_judged_in_order() {
    let fixture = Fixture::new();
    let own = fixture.issue(PolicySpec::default());
    let by_token =
        PolicySpec { authentication_strategy: AuthenticationStrategy::Token, ..PolicySpec::default() };
    let not_allowed = fixture.issue(by_token);
    let me = |key: &str| {
        fixture.send(fixture.request("GET", "me").header("authorization", format!("License {key}")))
    };
    let code = |key: &str, status: u16| me(key).json(status)["errors"][0]["code"].clone();
    assert_eq!(code("no-such-key", 401), "LICENSE_INVALID");
    assert_eq!(me("no-such-key").header("www-authenticate"), Some("License realm=\"keygen\""));
    assert_eq!(code(&not_allowed.key, 403), "LICENSE_NOT_ALLOWED");
    // Suspended comes before that.
    fixture.sim.set_suspended(&not_allowed.id, true);
    assert_eq!(code(&not_allowed.key, 403), "LICENSE_SUSPENDED");
    assert_eq!(me(&own.key).json(200)["data"]["id"], own.id.as_str());
}

#[test]
fn a_deleted_machine_is_unknown() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let created = fixture.create_machine(&license, "fp-1");
    let id = created.json(201)["data"]["id"].as_str().unwrap().to_owned();
    assert!(created.header("location").unwrap().ends_with(&format!("/machines/{id}")));
    // A fingerprint is as good as the id.
    assert_eq!(fixture.by_license(&license, "GET", "machines/fp-1").json(200)["data"]["id"], id.as_str());
    fixture.by_license(&license, "DELETE", &format!("machines/{id}")).is_empty(204);
    let detail = format!("The requested machine '{id}' was not found");
    fixture
        .by_license(&license, "DELETE", &format!("machines/{id}"))
        .is_error(404, &json!({ "title": "Not found", "detail": detail, "code": "NOT_FOUND" }));
}

#[test]
fn an_environment_is_an_error_unless_the_edition_has_environments() {
    let fixture = Fixture::new();
    let list = || {
        let request = fixture.request("GET", "licenses").bearer(&fixture.token);
        fixture.send(request.header("keygen-environment", "staging"))
    };
    assert_eq!(list().json(400)["errors"][0]["code"], "ENVIRONMENT_NOT_SUPPORTED");
    fixture.sim.change_quirks(|quirks| quirks.environments = true);
    assert_eq!(list().json(200)["data"], json!([]));
}
