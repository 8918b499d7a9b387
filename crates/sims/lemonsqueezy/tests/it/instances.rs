use anykey_lemonsqueezy_sim::KeySpec;
use serde_json::json;

use crate::fixture::{Fixture, START};

#[test]
fn an_instance_has_a_record_id_and_the_identifier_of_the_license_api() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let identifier = fixture.activate(&key, "Laptop");
    let id = fixture.sim.instances(key.id)[0].id;
    let body = fixture.get(&format!("/v1/license-key-instances/{id}")).json(200);
    assert_eq!(body["data"]["id"], id.to_string());
    assert_eq!(
        body["data"]["attributes"],
        json!({
            "license_key_id": key.id, "identifier": identifier, "name": "Laptop",
            "created_at": START, "updated_at": START,
        })
    );
    assert_eq!(body["data"]["relationships"].as_object().unwrap().len(), 1);
    fixture.get(&format!("/v1/license-key-instances/{identifier}")).is_error(404);
}

#[test]
fn instances_are_filtered_by_key() {
    let fixture = Fixture::new();
    let (key, other) = (fixture.issue(KeySpec::default()), fixture.issue(KeySpec::default()));
    for name in ["a", "b"] {
        fixture.activate(&key, name);
        fixture.activate(&other, name);
    }
    let own: Vec<_> = fixture.sim.instances(key.id).iter().rev().map(|instance| instance.id).collect();
    let list = |query: &str| fixture.get(&format!("/v1/license-key-instances?{query}"));
    assert_eq!(list(&format!("filter[license_key_id]={}", key.id)).ids(), own);
    assert_eq!(list("filter[license_key_id]=1").ids(), [0; 0]);
    let body = list("include=license-key").json(200);
    assert_eq!(body["data"].as_array().unwrap().len(), 4);
    assert_eq!(body["included"].as_array().unwrap().len(), 2);
}
