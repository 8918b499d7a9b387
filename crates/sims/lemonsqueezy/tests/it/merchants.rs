use anykey_core::SignedDuration;
use anykey_lemonsqueezy_sim::{KeySpec, Mode};

use crate::bench::{Bench, request};

#[test]
fn an_api_key_sees_its_own_merchants_keys_of_its_mode() {
    let bench = Bench::new();
    let foreign = bench.sim.other_merchant().issue(KeySpec::default()).unwrap();
    let live = bench.issue(KeySpec { mode: Mode::Live, ..KeySpec::default() });
    let own = bench.issue(KeySpec::default());
    assert_eq!(bench.get("/v1/license-keys").ids(), [own.id]);
    for key in [foreign, live] {
        bench.get(&format!("/v1/license-keys/{}", key.id)).is_error(404);
        bench.patch(&key, &serde_json::json!({ "disabled": true })).is_error(404);
    }
}

#[test]
fn without_an_api_key_in_force_there_is_nothing() {
    let bench = Bench::new();
    let list = || request("GET", "/v1/license-keys");
    let error = bench.send(list()).is_error(401);
    assert_eq!((&error["title"], &error["detail"]), (&"Unauthorized".into(), &"Unauthenticated.".into()));
    bench.send(list().bearer("eyJ0.wrong")).is_error(401);
    bench.send(list().header("authorization", &format!("Basic {}", bench.api_key))).is_error(401);

    let second = bench.sim.api_key(Mode::Test);
    assert!(bench.sim.revoke_api_key(&bench.api_key) && !bench.sim.revoke_api_key(&bench.api_key));
    bench.get("/v1/license-keys").is_error(401);
    assert!(bench.send(list().bearer(&second)).ids().is_empty());
}

#[test]
fn an_api_key_lives_for_a_year() {
    let bench = Bench::new();
    bench.clock.advance(SignedDuration::from_hours(365 * 24) - SignedDuration::from_secs(1));
    bench.get("/v1/license-keys").json(200);
    bench.clock.advance(SignedDuration::from_secs(1));
    bench.get("/v1/license-keys").is_error(401);
}

#[test]
fn an_id_has_one_spelling() {
    let bench = Bench::new();
    let key = bench.issue(KeySpec::default());
    for id in [format!("{}a", key.id), format!("0{}", key.id), format!("+{}", key.id), "..%2F1".to_owned()] {
        bench.get(&format!("/v1/license-keys/{id}")).is_error(404);
    }
}
