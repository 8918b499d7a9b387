use anykey_core::SignedDuration;
use anykey_lemonsqueezy_sim::{KeySpec, Mode};

use crate::fixture::{Fixture, request};

#[test]
fn an_api_key_sees_its_own_merchants_keys_of_its_mode() {
    let fixture = Fixture::new();
    let foreign = fixture.sim.other_merchant().issue(KeySpec::default()).unwrap();
    let live = fixture.issue(KeySpec { mode: Mode::Live, ..KeySpec::default() });
    let own = fixture.issue(KeySpec::default());
    assert_eq!(fixture.get("/v1/license-keys").ids(), [own.id]);
    for key in [foreign, live] {
        fixture.get(&format!("/v1/license-keys/{}", key.id)).is_error(404);
        fixture.patch(&key, &serde_json::json!({ "disabled": true })).is_error(404);
    }
}

#[test]
fn the_main_api_needs_a_valid_api_key() {
    let fixture = Fixture::new();
    let list = || request("GET", "/v1/license-keys");
    let error = fixture.send(list()).is_error(401);
    assert_eq!((&error["title"], &error["detail"]), (&"Unauthorized".into(), &"Unauthenticated.".into()));
    fixture.send(list().bearer("eyJ0.wrong")).is_error(401);
    fixture.send(list().header("authorization", format!("Basic {}", fixture.api_key))).is_error(401);

    let second = fixture.sim.api_key(Mode::Test);
    assert!(fixture.sim.revoke_api_key(&fixture.api_key) && !fixture.sim.revoke_api_key(&fixture.api_key));
    fixture.get("/v1/license-keys").is_error(401);
    assert!(fixture.send(list().bearer(&second)).ids().is_empty());
}

#[test]
fn an_api_key_is_valid_for_a_year() {
    let fixture = Fixture::new();
    fixture.clock.advance(SignedDuration::from_hours(365 * 24) - SignedDuration::from_secs(1));
    fixture.get("/v1/license-keys").json(200);
    fixture.clock.advance(SignedDuration::from_secs(1));
    fixture.get("/v1/license-keys").is_error(401);
}

#[test]
fn an_id_has_one_spelling() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    for id in [format!("{}a", key.id), format!("0{}", key.id), format!("+{}", key.id), "..%2F1".to_owned()] {
        fixture.get(&format!("/v1/license-keys/{id}")).is_error(404);
    }
}
