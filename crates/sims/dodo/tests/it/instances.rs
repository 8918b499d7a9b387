use anykey_core::SignedDuration;
use anykey_dodo_sim::KeySpec;
use serde_json::json;

use crate::bench::{Bench, START, refusal};

#[test]
fn an_instance_has_five_members() {
    let bench = Bench::new();
    let key = bench.issue(KeySpec::default());
    let id = bench.activate(&key, "Laptop");
    let record = json!({
        "id": id,
        "business_id": bench.sim.business_id(),
        "created_at": START,
        "license_key_id": key.id,
        "name": "Laptop",
    });
    bench.get(&format!("/license_key_instances/{id}")).is(200, &record);
    bench.get("/license_key_instances").is(200, &json!({ "items": [record] }));
}

#[test]
fn the_name_is_all_that_can_be_patched() {
    let bench = Bench::new();
    let key = bench.issue(KeySpec::default());
    let id = bench.activate(&key, "Laptop");
    let path = format!("/license_key_instances/{id}");
    let patch = json!({ "name": "Büro", "license_key_id": "lic_other", "id": "lki_other" });
    let record = json!({
        "id": id,
        "business_id": bench.sim.business_id(),
        "created_at": START,
        "license_key_id": key.id,
        "name": "Büro",
    });
    bench.merchant("PATCH", &path, Some(&patch)).is(200, &record);
    bench.get(&path).is(200, &record);
    let nameless = refusal(
        "INVALID_REQUEST_BODY",
        "Failed to deserialize the JSON body into the target type: missing field `name`",
    );
    bench.merchant("PATCH", &path, Some(&json!({}))).is(422, &nameless);
}

#[test]
fn instances_of_nobody_of_other_businesses_and_gone_ones_are_404() {
    let bench = Bench::new();
    let foreign = bench.sim.other_business().issue(KeySpec::default()).unwrap();
    let foreign_instance = bench.activate(&foreign, "Laptop");
    let key = bench.issue(KeySpec::default());
    let gone = bench.activate(&key, "Laptop");
    let body = json!({ "license_key": key.key, "license_key_instance_id": gone });
    bench.post("/licenses/deactivate", &body).is_empty(200);
    let unknown = refusal("NOT_FOUND", "License key instance not found");
    for id in ["lki_nobody", &foreign_instance, &gone] {
        let path = format!("/license_key_instances/{id}");
        bench.get(&path).is(404, &unknown);
        bench.merchant("PATCH", &path, Some(&json!({ "name": "Mine" }))).is(404, &unknown);
    }
    assert_eq!(bench.sim.instances(&foreign.id)[0].name, "Laptop");
    bench.get("/license_key_instances").is(200, &json!({ "items": [] }));
}

#[test]
fn instance_lists_page_and_filter_by_key() {
    let bench = Bench::new();
    let keys = [bench.issue(KeySpec::default()), bench.issue(KeySpec::default())];
    let mut newest_first: Vec<_> = (0..12)
        .map(|number| {
            bench.clock.advance(SignedDuration::from_secs(1));
            bench.activate(&keys[number % 2], &format!("device {number}"))
        })
        .collect();
    newest_first.reverse();
    let of_second: Vec<_> = newest_first.iter().step_by(2).cloned().collect();
    let foreign = bench.sim.other_business().issue(KeySpec::default()).unwrap();
    bench.activate(&foreign, "Laptop");

    let list = |query: String| bench.get(&format!("/license_key_instances?{query}")).ids();
    assert_eq!(list(String::new()), newest_first[..10]);
    assert_eq!(list("page_number=1".to_owned()), newest_first[10..]);
    assert_eq!(list(format!("license_key_id={}", keys[1].id)), of_second);
    assert_eq!(list(format!("license_key_id={}&page_size=4&page_number=1", keys[1].id)), of_second[4..]);
    for nothing in ["license_key_id=lic_nobody", "license_key_id=", "grant_id=entg_1", "page_number=2"] {
        assert!(list(nothing.to_owned()).is_empty(), "{nothing}");
    }
    assert!(list(format!("license_key_id={}", foreign.id)).is_empty());
    let refused = bench.get("/license_key_instances?page_size=x").json(400);
    assert_eq!(refused["code"], "INVALID_QUERY_PARAMS");
}

#[test]
fn a_deactivated_instance_leaves_no_gap_in_the_pages() {
    let bench = Bench::new();
    let key = bench.issue(KeySpec::default());
    let stays = bench.activate(&key, "Laptop");
    let gone = bench.activate(&key, "Desktop");
    let body = json!({ "license_key": key.key, "license_key_instance_id": gone });
    bench.post("/licenses/deactivate", &body).is_empty(200);
    for filter in [String::new(), format!("&license_key_id={}", key.id)] {
        let first = bench.get(&format!("/license_key_instances?page_size=1{filter}")).ids();
        assert_eq!(first, [&*stays]);
    }
}
