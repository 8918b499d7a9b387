//! Lists: three ways to page, and their errors.

use anykey_keygen_sim::{LicenseSpec, PolicySpec};
use serde_json::{Value, json};

use crate::fixture::Fixture;

/// Twelve licenses, oldest first.
fn twelve() -> (Fixture, Vec<String>) {
    let fixture = Fixture::new();
    let policy = fixture.sim.add_policy(&fixture.product, PolicySpec::default());
    let issue = |_| {
        fixture.advance_minutes(1);
        fixture.sim.issue(LicenseSpec { policy: Some(policy.clone()), ..LicenseSpec::default() }).unwrap().id
    };
    let ids = (0..12).map(issue).collect();
    (fixture, ids)
}

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// The path of a link, as `Fixture::get` takes it.
fn followed(link: &Value) -> String {
    let (_, path) = link.as_str().unwrap().split_once("/licenses").unwrap();
    format!("licenses{path}")
}

#[test]
fn a_list_has_the_newest_ten_and_does_not_say_whether_there_are_more() {
    let (fixture, mut issued) = twelve();
    issued.reverse();
    let list = fixture.get("licenses").json(200);
    assert_eq!((ids(&list), &list["links"]), (issued[..10].iter().map(String::as_str).collect(), &json!({})));
    assert_eq!(ids(&fixture.get("licenses?limit=2&order=asc").json(200)), [&issued[11], &issued[10]]);
}

#[test]
fn numbered_pages_know_their_number_and_the_count() {
    let (fixture, issued) = twelve();
    let list = fixture.get("licenses?page[number]=2&page[size]=5&suspended=false").json(200);
    assert_eq!(ids(&list), issued[2..7].iter().rev().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(list["links"]["meta"], json!({ "pages": 3, "count": 12 }));
    let last = fixture.get(&followed(&list["links"]["next"])).json(200);
    assert_eq!((ids(&last).len(), &last["links"]["next"]), (2, &Value::Null));
    // Links keep the filters.
    assert!(last["links"]["self"].as_str().unwrap().contains("suspended=false"), "{}", last["links"]);
}

#[test]
fn cursors_go_on_after_the_last_record_even_past_page_100() {
    let (fixture, mut issued) = twelve();
    issued.reverse();
    let mut list = fixture.get("licenses?page[cursor]=&page[size]=5").json(200);
    let mut found: Vec<String> = ids(&list).into_iter().map(str::to_owned).collect();
    while list["links"]["next"].is_string() {
        assert!(!list["links"].as_object().unwrap().contains_key("meta"));
        list = fixture.get(&followed(&list["links"]["next"])).json(200);
        found.extend(ids(&list).into_iter().map(str::to_owned));
    }
    assert_eq!(found, issued);
    let unknown = fixture.get("licenses?page[cursor]=22222222-2222-4222-8222-222222222222&page[size]=5");
    assert_eq!(ids(&unknown.json(200)), [""; 0]);
}

#[test]
fn a_wrong_parameter_is_named() {
    let fixture = Fixture::new();
    for (query, parameter) in [
        ("page[size]=5", "page"),
        ("page[number]=0", "page[number]"),
        ("page[number]=101&page[size]=1", "page[number]"),
        ("page[number]=1&page[size]=0", "page[size]"),
        ("page[number]=1&page[size]=101", "page[size]"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=101", "limit"),
        ("page[cursor]=7&page[size]=5", "page[cursor]"),
    ] {
        let errors = fixture.get(&format!("licenses?{query}")).json(400)["errors"].clone();
        assert_eq!(errors[0]["source"], json!({ "parameter": parameter }), "{query}");
    }
}

#[test]
fn a_list_is_the_sellers() {
    let fixture = Fixture::new();
    let license = fixture.issue(PolicySpec::default());
    fixture.by_license(&license, "GET", "licenses").json(403);
    fixture.send(fixture.request("GET", "licenses")).json(401);
}

#[test]
fn a_list_is_filtered_by_metadata_machines_and_their_number() {
    let fixture = Fixture::new();
    let [plain, marked] = [(); 2].map(|()| fixture.issue(PolicySpec::default()));
    let metadata = json!({ "externalId": "7", "seats": 3, "trial": false });
    let body = json!({ "data": { "type": "licenses", "attributes": { "metadata": metadata } } });
    let change = fixture.request("PATCH", &format!("licenses/{}", marked.id)).bearer(&fixture.token);
    fixture.send(change.json(&body)).json(200);
    let machine = fixture.create_machine(&marked, "machine-1").json(201)["data"]["id"].clone();
    let machine = machine.as_str().unwrap();
    for (query, found) in [
        ("metadata[externalId]=7", vec![&marked.id]),
        ("metadata[external_id]=7&metadata[seats]=3&metadata[trial]=false", vec![&marked.id]),
        ("metadata[externalId]=8", vec![]),
        ("metadata[another]=7", vec![]),
        ("activations[eq]=0", vec![&plain.id]),
        ("activations[gte]=1&activations[lt]=2", vec![&marked.id]),
        ("activations[gt]=1", vec![]),
        (&format!("machine={machine}"), vec![&marked.id]),
        ("machine=22222222-2222-4222-8222-222222222222", vec![]),
    ] {
        assert_eq!(ids(&fixture.get(&format!("licenses?{query}")).json(200)), found, "{query}");
    }
    let machines = |query: &str| fixture.get(&format!("machines?{query}")).json(200);
    assert_eq!(ids(&machines(&format!("key={}&fingerprint=machine-1", marked.key))), [machine]);
    assert_eq!(ids(&machines("metadata[externalId]=7")), [""; 0]);
    assert_eq!(ids(&machines("group=22222222-2222-4222-8222-222222222222")), [""; 0]);
}
