//! Answers, files and webhooks are signed with the account's key. The contract's worked signatures are in the unit
//! tests.

use anykey_keygen_sim::PolicySpec;
use anykey_keygen_sim::kit::WebhookSender as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};

use crate::fixture::Fixture;

fn public_key(fixture: &Fixture) -> Vec<u8> {
    let digits = fixture.sim.public_key();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

#[track_caller]
fn is_signed(fixture: &Fixture, request: &str, host: &str, headers: &HeaderMap, body: &[u8]) {
    let text = |name: &str| headers[name].to_str().unwrap();
    let digest = format!("sha-256={}", BASE64_STANDARD.encode(digest(&SHA256, body)));
    for (header, copy) in [("date", "keygen-date"), ("digest", "keygen-digest")] {
        assert_eq!(text(header), text(copy));
    }
    assert_eq!(text("digest"), digest);
    let keyid = fixture.sim.account_id();
    let signature = text("keygen-signature");
    let start = format!("keyid=\"{keyid}\", algorithm=\"ed25519\", signature=\"");
    let (signature, end) = signature.strip_prefix(&start).unwrap().split_once('"').unwrap();
    assert_eq!(end, ", headers=\"(request-target) host date digest\"");
    let message =
        format!("(request-target): {request}\nhost: {host}\ndate: {}\ndigest: {digest}", text("date"));
    let signature = BASE64_STANDARD.decode(signature).unwrap();
    UnparsedPublicKey::new(&ED25519, public_key(fixture)).verify(message.as_bytes(), &signature).unwrap();
}

#[test]
fn every_answer_of_the_account_is_signed_a_refusal_too() {
    let fixture = Fixture::new();
    let account = fixture.sim.account_id();
    for (path, status) in [("licenses?limit=1", 200), ("licenses/nope", 404), ("licenses?limit=0", 400)] {
        let reply = fixture.get(path);
        assert_eq!(reply.0.status(), status);
        let request = format!("get /v1/accounts/{account}/{path}");
        is_signed(&fixture, &request, "api.keygen.sh", reply.0.headers(), reply.0.body());
    }
    fixture.sim.change_quirks(|quirks| quirks.rate_limit = Some(0));
    let limited = fixture.get("licenses");
    assert_eq!(limited.json(429)["errors"][0]["code"], "TOO_MANY_REQUESTS");
    assert!(limited.header("retry-after").is_some() && limited.header("keygen-signature").is_none());
}

#[test]
fn an_account_that_is_not_there_signs_nothing() {
    let fixture = Fixture::new();
    let url = "https://api.keygen.sh/v1/accounts/nobody/licenses";
    let reply = fixture.send(anykey_keygen_sim::kit::TestRequest::new("GET", url));
    assert_eq!(reply.json(404)["errors"][0]["detail"], "The requested account 'nobody' was not found");
    assert_eq!(reply.header("keygen-signature"), None);
}

#[test]
fn a_webhook_is_signed_over_the_address_of_its_endpoint() {
    let fixture = Fixture::new();
    fixture.sim.add_webhook_endpoint("https://shop.test:8443/hooks/keygen?src=1").unwrap();
    let license = fixture.issue(PolicySpec::default());
    let delivery = fixture.sim.due_deliveries().pop().unwrap().request;
    is_signed(&fixture, "post /hooks/keygen?src=1", "shop.test", delivery.headers(), delivery.body());
    let body: Value = serde_json::from_slice(delivery.body()).unwrap();
    assert_eq!(body["data"]["attributes"]["event"], "license.created");
    // The payload is text.
    let payload: Value =
        serde_json::from_str(body["data"]["attributes"]["payload"].as_str().unwrap()).unwrap();
    assert_eq!(payload["data"]["id"], license.id.as_str());
}

/// The document of a file, and its signature verified.
fn opened(fixture: &Fixture, certificate: &str, kind: &str) -> Value {
    let upper = kind.to_uppercase();
    let body = certificate.strip_prefix(&format!("-----BEGIN {upper} FILE-----\n")).unwrap();
    let body = body.strip_suffix(&format!("\n-----END {upper} FILE-----\n")).unwrap();
    assert!(body.lines().all(|line| line.len() <= 60));
    let envelope: Value =
        serde_json::from_slice(&BASE64_STANDARD.decode(body.replace('\n', "")).unwrap()).unwrap();
    let enc = envelope["enc"].as_str().unwrap();
    let signature = BASE64_STANDARD.decode(envelope["sig"].as_str().unwrap()).unwrap();
    let key = UnparsedPublicKey::new(&ED25519, public_key(fixture));
    key.verify(format!("{kind}/{enc}").as_bytes(), &signature).unwrap();
    assert_eq!(envelope["alg"], "base64+ed25519");
    serde_json::from_slice(&BASE64_STANDARD.decode(enc).unwrap()).unwrap()
}

#[test]
fn a_machine_file_contains_the_license_that_was_asked_for() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let id = fixture.create_machine(&license, "fp-1").json(201)["data"]["id"].clone();
    let check_out = |meta: &Value| {
        let request = fixture.request("POST", "machines/fp-1/actions/check-out");
        fixture.send(request.bearer(&fixture.token).json(&json!({ "meta": meta })))
    };
    let answer = check_out(&json!({ "include": ["license"] })).json(200);
    let attributes = &answer["data"]["attributes"];
    assert_eq!((&answer["data"]["type"], &attributes["ttl"]), (&json!("machine-files"), &json!(2_629_746)));
    let file = opened(&fixture, attributes["certificate"].as_str().unwrap(), "machine");
    assert_eq!((&file["data"]["id"], &file["included"][0]["id"]), (&id, &json!(license.id)));
    assert_eq!(file["meta"]["expiry"], attributes["expiry"]);

    let endless = check_out(&json!({ "ttl": null })).json(200)["data"]["attributes"].clone();
    assert_eq!((&endless["ttl"], &endless["expiry"]), (&Value::Null, &Value::Null));
    for (meta, code) in [
        (json!({ "ttl": 3599 }), "CHECKOUT_TTL_INVALID"),
        (json!({ "algorithm": "none" }), "CHECKOUT_ALGORITHM_INVALID"),
        (json!({ "include": ["secrets"] }), "CHECKOUT_INCLUDE_INVALID"),
    ] {
        assert_eq!(check_out(&meta).json(400)["errors"][0]["code"], code);
    }
}
