use anykey_core::SignedDuration;
use anykey_dodo_sim::KeySpec;
use serde_json::json;

use crate::fixture::{Fixture, START, refusal};

#[test]
fn an_instance_has_five_members() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let id = fixture.activate(&key, "Laptop");
    let record = json!({
        "id": id,
        "business_id": fixture.sim.business_id(),
        "created_at": START,
        "license_key_id": key.id,
        "name": "Laptop",
    });
    fixture.get(&format!("/license_key_instances/{id}")).is(200, &record);
    fixture.get("/license_key_instances").is(200, &json!({ "items": [record] }));
}

#[test]
fn only_the_name_can_be_patched() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let id = fixture.activate(&key, "Laptop");
    let path = format!("/license_key_instances/{id}");
    let patch = json!({ "name": "Büro", "license_key_id": "lic_other", "id": "lki_other" });
    let record = json!({
        "id": id,
        "business_id": fixture.sim.business_id(),
        "created_at": START,
        "license_key_id": key.id,
        "name": "Büro",
    });
    fixture.merchant("PATCH", &path, Some(&patch)).is(200, &record);
    fixture.get(&path).is(200, &record);
    let nameless = refusal(
        "INVALID_REQUEST_BODY",
        "Failed to deserialize the JSON body into the target type: missing field `name`",
    );
    fixture.merchant("PATCH", &path, Some(&json!({}))).is(422, &nameless);
}

#[test]
fn unknown_and_removed_instances_and_those_of_other_businesses_are_404() {
    let fixture = Fixture::new();
    let foreign = fixture.sim.other_business().issue(KeySpec::default()).unwrap();
    let foreign_instance = fixture.activate(&foreign, "Laptop");
    let key = fixture.issue(KeySpec::default());
    let gone = fixture.activate(&key, "Laptop");
    let body = json!({ "license_key": key.key, "license_key_instance_id": gone });
    fixture.post("/licenses/deactivate", &body).is_empty(200);
    let unknown = refusal("NOT_FOUND", "License key instance not found");
    for id in ["lki_unknown", &foreign_instance, &gone] {
        let path = format!("/license_key_instances/{id}");
        fixture.get(&path).is(404, &unknown);
        fixture.merchant("PATCH", &path, Some(&json!({ "name": "Mine" }))).is(404, &unknown);
    }
    assert_eq!(fixture.sim.instances(&foreign.id)[0].name, "Laptop");
    fixture.get("/license_key_instances").is(200, &json!({ "items": [] }));
}

#[test]
fn instance_lists_page_and_filter_by_key() {
    let fixture = Fixture::new();
    let keys = [fixture.issue(KeySpec::default()), fixture.issue(KeySpec::default())];
    let mut newest_first: Vec<_> = (0..12)
        .map(|number| {
            fixture.clock.advance(SignedDuration::from_secs(1));
            fixture.activate(&keys[number % 2], &format!("device {number}"))
        })
        .collect();
    newest_first.reverse();
    let of_second: Vec<_> = newest_first.iter().step_by(2).cloned().collect();
    let foreign = fixture.sim.other_business().issue(KeySpec::default()).unwrap();
    fixture.activate(&foreign, "Laptop");

    let list = |query: String| fixture.get(&format!("/license_key_instances?{query}")).ids();
    assert_eq!(list(String::new()), newest_first[..10]);
    assert_eq!(list("page_number=1".to_owned()), newest_first[10..]);
    assert_eq!(list(format!("license_key_id={}", keys[1].id)), of_second);
    assert_eq!(list(format!("license_key_id={}&page_size=4&page_number=1", keys[1].id)), of_second[4..]);
    for nothing in ["license_key_id=lic_unknown", "license_key_id=", "grant_id=entg_1", "page_number=2"] {
        assert!(list(nothing.to_owned()).is_empty(), "{nothing}");
    }
    assert!(list(format!("license_key_id={}", foreign.id)).is_empty());
    let refused = fixture.get("/license_key_instances?page_size=x").json(400);
    assert_eq!(refused["code"], "INVALID_QUERY_PARAMS");
}

#[test]
fn a_deactivated_instance_leaves_no_gap_in_the_pages() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let stays = fixture.activate(&key, "Laptop");
    let gone = fixture.activate(&key, "Desktop");
    let body = json!({ "license_key": key.key, "license_key_instance_id": gone });
    fixture.post("/licenses/deactivate", &body).is_empty(200);
    for filter in [String::new(), format!("&license_key_id={}", key.id)] {
        let first = fixture.get(&format!("/license_key_instances?page_size=1{filter}")).ids();
        assert_eq!(first, [&*stays]);
    }
}
