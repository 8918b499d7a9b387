use anykey_core::SignedDuration;
use anykey_creem_sim::{IssuedKey, KeySpec, OversizedPage, SortOrder};
use serde_json::{Value, json};

use crate::fixture::Fixture;

fn sell(fixture: &Fixture, count: usize) -> Vec<IssuedKey> {
    let sell = |_| {
        fixture.clock.advance(SignedDuration::from_secs(1));
        fixture.issue(KeySpec::default())
    };
    (0..count).map(sell).collect()
}

#[test]
fn a_customers_licenses_come_in_pages() {
    let fixture = Fixture::new();
    let sold = sell(&fixture, 5);
    fixture.issue(KeySpec {
        customer: Some(fixture.sim.add_customer("Grace", "g@example.com")),
        ..KeySpec::default()
    });
    let path = format!("/v1/customers/{}/licenses", fixture.customer);
    let page = fixture.get(&format!("{path}?page_number=2&page_size=2"));
    let body = page.json(200);
    assert_eq!(
        body["pagination"],
        json!({ "total_records": 5, "total_pages": 3, "current_page": 2, "next_page": 3, "prev_page": 1 })
    );
    assert_eq!(page.ids(), [&*sold[2].id, &*sold[1].id]);
    let license = &body["items"][0];
    assert_eq!((&license["key"], &license["instance"]), (&json!(sold[2].key), &Value::Null));
    let last = fixture.get(&format!("{path}?page_number=3&page_size=2")).json(200);
    assert_eq!(
        (&last["pagination"]["next_page"], last["items"].as_array().unwrap().len()),
        (&Value::Null, 1)
    );
    assert_eq!(fixture.get(&path).ids().len(), 5);
    fixture.sim.change_quirks(|quirks| quirks.sort_order = SortOrder::OldestFirst);
    assert_eq!(fixture.get(&path).ids()[0], sold[0].id);
}

#[test]
fn a_customer_without_licenses_has_an_empty_list() {
    let fixture = Fixture::new();
    let body = fixture.get(&format!("/v1/customers/{}/licenses", fixture.customer)).json(200);
    assert_eq!(
        body,
        json!({
            "items": [],
            "pagination": { "total_records": 0, "total_pages": 0, "current_page": 1, "next_page": null, "prev_page": null },
        })
    );
    let unknown = fixture.get("/v1/customers/cust_unknown/licenses");
    unknown.is_error(404, "Not Found", &json!(["Customer not found"]));
}

#[test]
fn the_instances_of_a_license_are_listed_with_their_status() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let (first, second) = (fixture.activate(&key, "Laptop"), fixture.activate(&key, "Phone"));
    fixture.about("deactivate", &key, &first).json(200);
    let path = format!("/v1/licenses/{}/instances", key.id);
    let body = fixture.get(&path).json(200);
    let status = |index: usize| body["items"][index]["status"].as_str().unwrap();
    assert_eq!((status(0), status(1)), ("active", "deactivated"));
    assert_eq!(body["items"][0]["object"], "license-instance");
    fixture.sim.change_quirks(|quirks| quirks.list_only_active = true);
    assert_eq!(fixture.get(&path).ids(), [second]);
    assert_eq!(fixture.get("/v1/licenses/lk_unknown/instances").status(), 404);
}

#[test]
fn a_page_of_another_size_is_clamped_or_refused() {
    let fixture = Fixture::new();
    sell(&fixture, 12);
    let path = format!("/v1/customers/{}/licenses", fixture.customer);
    assert_eq!(fixture.get(&path).ids().len(), 10);
    fixture.sim.change_quirks(|quirks| quirks.max_page_size = 5);
    assert_eq!(fixture.get(&format!("{path}?page_size=100")).ids().len(), 5);
    fixture.sim.change_quirks(|quirks| quirks.oversized_page = OversizedPage::Refuse);
    let refused = fixture.get(&format!("{path}?page_size=100"));
    assert_eq!(refused.json(400)["message"], json!(["page_size must not be greater than 5"]));
    for query in ["page_number=0", "page_size=0", "page_number=x"] {
        assert_eq!(fixture.get(&format!("{path}?{query}")).status(), 400, "{query}");
    }
}
