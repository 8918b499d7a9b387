//! `validate-key`: 200 for every key, and the first check that fails is the code.

use anykey_keygen_sim::{ExpirationStrategy, OverageStrategy, PolicySpec};
use serde_json::json;

use crate::fixture::Fixture;

#[test]
fn an_unknown_key_is_no_error() {
    let fixture = Fixture::new();
    let answer = fixture.validate(&json!({ "key": "no-such-key", "nonce": 7 })).json(200);
    assert_eq!(
        answer,
        json!({ "data": null, "meta": {
            "ts": "2026-11-28T12:00:00.000Z", "valid": false, "detail": "does not exist", "code": "NOT_FOUND", "nonce": 7,
        } })
    );
    let blank = json!({
        "title": "Bad request", "detail": "cannot be blank", "source": { "pointer": "/meta/key" },
    });
    fixture.validate(&json!({ "key": "" })).is_error(400, &blank);
}

/// Each step repairs what the step before was refused for.
#[test]
fn the_checks_have_an_order() {
    let fixture = Fixture::new();
    let policy = PolicySpec {
        strict: true,
        max_machines: Some(2),
        duration: Some(3600),
        expiration_strategy: ExpirationStrategy::RevokeAccess,
        require_fingerprint_scope: true,
        ..PolicySpec::default()
    };
    let license = fixture.issue(policy);
    fixture.sim.set_suspended(&license.id, true);
    fixture.advance_minutes(61);
    let no_scope = json!({});
    let product = json!({ "product": fixture.product });
    let refused = |code: &str| (code.to_owned(), false);
    assert_eq!(fixture.verdict(&license, &no_scope), refused("SUSPENDED"));
    fixture.sim.set_suspended(&license.id, false);
    assert_eq!(fixture.verdict(&license, &no_scope), refused("EXPIRED"));
    fixture.sim.set_expiry(&license.id, None);
    let other = json!({ "product": fixture.sim.add_product("Viewer") });
    assert_eq!(fixture.verdict(&license, &other), refused("PRODUCT_SCOPE_MISMATCH"));
    assert_eq!(fixture.verdict(&license, &product), refused("FINGERPRINT_SCOPE_REQUIRED"));
    assert_eq!(fixture.verdict(&license, &json!({ "fingerprint": "fp-1" })), refused("NO_MACHINES"));
    fixture.create_machine(&license, "fp-1").json(201);
    assert_eq!(
        fixture.verdict(&license, &json!({ "fingerprint": "fp-2" })),
        refused("FINGERPRINT_SCOPE_MISMATCH")
    );
    assert_eq!(fixture.verdict(&license, &json!({ "fingerprint": "fp-1" })), ("VALID".to_owned(), true));
    fixture.create_machine(&license, "fp-2").json(201);
    fixture.sim.set_max_machines(&license.id, Some(1));
    assert_eq!(fixture.verdict(&license, &json!({ "fingerprint": "fp-1" })), refused("TOO_MANY_MACHINES"));
}

#[test]
fn a_yes_may_carry_the_code_of_a_no() {
    let fixture = Fixture::new();
    let lenient = PolicySpec {
        duration: Some(3600),
        expiration_strategy: ExpirationStrategy::MaintainAccess,
        ..PolicySpec::default()
    };
    let expired = fixture.issue(lenient);
    let overage = PolicySpec {
        strict: true,
        max_machines: Some(1),
        overage_strategy: OverageStrategy::Always,
        ..PolicySpec::default()
    };
    let crowded = fixture.issue(overage);
    for fingerprint in ["fp-1", "fp-2"] {
        fixture.create_machine(&crowded, fingerprint).json(201);
    }
    fixture.advance_minutes(61);
    assert_eq!(fixture.verdict(&expired, &json!({})), ("EXPIRED".to_owned(), true));
    assert_eq!(fixture.verdict(&crowded, &json!({})), ("TOO_MANY_MACHINES".to_owned(), true));
}

#[test]
fn the_scope_is_repeated_as_it_was_sent() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    for scope in [json!({}), json!({ "product": fixture.product })] {
        let answer = fixture.validate(&json!({ "key": license.key, "scope": scope })).json(200);
        assert_eq!(answer["meta"]["scope"], scope);
    }
    let without = fixture.validate(&json!({ "key": license.key })).json(200);
    assert!(!without["meta"].as_object().unwrap().contains_key("scope"));
}
