//! Machines that have to show signs of life.

use anykey_keygen_sim::{CullStrategy, PolicySpec};
use serde_json::json;

use crate::fixture::Fixture;

fn policy(cull: CullStrategy) -> PolicySpec {
    PolicySpec { require_heartbeat: true, heartbeat_cull_strategy: cull, ..PolicySpec::default() }
}

#[test]
fn a_machine_without_heartbeats_is_deleted_30_seconds_after_its_death() {
    let fixture = Fixture::new();
    let license = fixture.issue(policy(CullStrategy::DeactivateDead));
    let machine = fixture.create_machine(&license, "fp-1").json(201);
    assert_eq!(machine["data"]["attributes"]["heartbeatStatus"], "NOT_STARTED");
    assert_eq!(machine["data"]["attributes"]["heartbeatDuration"], 600);
    let scope = json!({ "fingerprint": "fp-1" });
    assert_eq!(fixture.verdict(&license, &scope), ("HEARTBEAT_NOT_STARTED".to_owned(), false));
    let pinged = fixture.by_license(&license, "POST", "machines/fp-1/actions/ping").json(200);
    assert_eq!(pinged["data"]["attributes"]["heartbeatStatus"], "ALIVE");
    assert_eq!(pinged["data"]["attributes"]["nextHeartbeat"], "2026-11-28T12:10:00.000Z");
    assert_eq!(fixture.verdict(&license, &scope), ("VALID".to_owned(), true));
    fixture.advance_minutes(10);
    fixture.clock.advance(anykey_core::SignedDuration::from_secs(29));
    assert_eq!(fixture.sim.machines(&license.id).len(), 1);
    fixture.clock.advance(anykey_core::SignedDuration::from_secs(2));
    assert_eq!(fixture.verdict(&license, &scope), ("NO_MACHINES".to_owned(), false));
    assert!(fixture.sim.machines(&license.id).is_empty());
    fixture.by_license(&license, "POST", "machines/fp-1/actions/ping").json(404);
}

#[test]
fn a_policy_that_keeps_dead_machines_refuses_their_heartbeats() {
    let fixture = Fixture::new();
    let license = fixture.issue(policy(CullStrategy::KeepDead));
    fixture.create_machine(&license, "fp-1").json(201);
    fixture.by_license(&license, "POST", "machines/fp-1/actions/ping").json(200);
    fixture.advance_minutes(11);
    assert_eq!(
        fixture.verdict(&license, &json!({ "fingerprint": "fp-1" })),
        ("HEARTBEAT_DEAD".to_owned(), false)
    );
    let error =
        json!({ "title": "Unprocessable entity", "detail": "is dead", "code": "MACHINE_HEARTBEAT_DEAD" });
    fixture.by_license(&license, "POST", "machines/fp-1/actions/ping").is_error(422, &error);
    assert_eq!(fixture.sim.machines(&license.id).len(), 1);
}

#[test]
fn a_heartbeat_of_a_machine_that_needs_none_makes_it_need_more() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    let created = fixture.create_machine(&license, "fp-1").json(201);
    assert_eq!(created["data"]["attributes"]["requireHeartbeat"], false);
    let pinged = fixture.by_license(&license, "POST", "machines/fp-1/actions/ping").json(200);
    assert_eq!(pinged["data"]["attributes"]["requireHeartbeat"], true);
}
