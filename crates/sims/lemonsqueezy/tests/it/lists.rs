use anykey_lemonsqueezy_sim::{IssuedKey, KeySpec};
use serde_json::{Value, json};

use crate::fixture::{Fixture, START};

fn issue(fixture: &Fixture, count: usize) -> Vec<IssuedKey> {
    (0..count).map(|_| fixture.issue(KeySpec::default())).collect()
}

#[test]
fn a_key_has_the_documented_members() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec { activation_limit: Some(3), ..KeySpec::default() });
    let answer = fixture.get(&format!("/v1/license-keys/{}", key.id));
    let body = answer.json(200);
    let attributes = &body["data"]["attributes"];
    let short = format!("XXXX-{}", key.key.rsplit('-').next().unwrap());
    assert_eq!(
        *attributes,
        json!({
            "store_id": fixture.sim.store_id(), "customer_id": fixture.customer, "order_id": key.order_id,
            "order_item_id": attributes["order_item_id"], "product_id": fixture.product,
            "user_name": "Ada Example", "user_email": "ada@example.com",
            "key": key.key, "key_short": short,
            "activation_limit": 3, "instances_count": 0, "disabled": false,
            "status": "inactive", "status_formatted": "Inactive",
            "expires_at": null, "created_at": START, "updated_at": START, "test_mode": true,
        })
    );
    assert_eq!(attributes.as_object().unwrap().len(), 18);
    assert_eq!(body["data"]["relationships"].as_object().unwrap().len(), 6);
    let link = format!("https://api.lemonsqueezy.com/v1/license-keys/{}", key.id);
    assert_eq!(body["links"], json!({ "self": link }));
    assert_eq!(body["jsonapi"], json!({ "version": "1.0" }));
    assert_eq!(answer.header("content-type"), Some("application/vnd.api+json"));
}

#[test]
fn pages_start_at_one_and_the_last_has_no_next() {
    let fixture = Fixture::new();
    let keys = issue(&fixture, 12);
    let newest: Vec<_> = keys.iter().rev().map(|key| key.id).collect();
    let first = fixture.get("/v1/license-keys");
    assert_eq!(first.ids(), newest[..10]);
    let first = first.json(200);
    assert_eq!(
        first["meta"]["page"],
        json!({ "currentPage": 1, "from": 1, "lastPage": 2, "perPage": 10, "to": 10, "total": 12 })
    );
    let next = first["links"]["next"].as_str().unwrap();
    assert_eq!(next, "https://api.lemonsqueezy.com/v1/license-keys?page%5Bnumber%5D=2&page%5Bsize%5D=10");
    let second = fixture.get(next.strip_prefix("https://api.lemonsqueezy.com").unwrap());
    assert_eq!(second.ids(), newest[10..]);
    let second = second.json(200);
    assert!(second["links"].get("next").is_none() && second["links"]["prev"].is_string());
    assert_eq!(second["meta"]["page"]["to"], 12);
}

#[test]
fn an_empty_list_and_a_page_past_the_end_have_no_bounds() {
    let fixture = Fixture::new();
    let empty = fixture.get("/v1/license-keys").json(200);
    assert_eq!(
        empty["meta"]["page"],
        json!({ "currentPage": 1, "from": null, "lastPage": 1, "perPage": 10, "to": null, "total": 0 })
    );
    issue(&fixture, 3);
    let past = fixture.get("/v1/license-keys?page[number]=7&page[size]=2").json(200);
    assert_eq!(past["data"], json!([]));
    assert_eq!((&past["meta"]["page"]["from"], &past["meta"]["page"]["total"]), (&Value::Null, &json!(3)));
    assert!(past["links"].get("next").is_none());
}

#[test]
fn a_page_has_one_hundred_keys_at_most_and_at_least_one() {
    let fixture = Fixture::new();
    issue(&fixture, 101);
    assert_eq!(fixture.get("/v1/license-keys?page[size]=1000").ids().len(), 100);
    fixture.get("/v1/license-keys?page[size]=0").is_error(422);
    fixture.get("/v1/license-keys?page[number]=-1").is_error(422);
}

#[test]
fn filters_combine_and_an_unknown_value_matches_nothing() {
    let fixture = Fixture::new();
    let second = fixture.sim.second_store();
    let elsewhere = second.issue(KeySpec::default()).unwrap();
    let key = fixture.issue(KeySpec::default());
    fixture.activate(&key, "Laptop");
    let other =
        fixture.issue(KeySpec { product: Some(fixture.sim.add_product("Viewer")), ..KeySpec::default() });
    let list = |query: String| fixture.get(&format!("/v1/license-keys?{query}")).ids();
    assert_eq!(list(String::new()), [other.id, key.id, elsewhere.id]);
    assert_eq!(list(format!("filter[store_id]={}", second.store_id())), [elsewhere.id]);
    assert_eq!(list(format!("filter[store_id]={}&include=", fixture.sim.store_id())), [other.id, key.id]);
    assert_eq!(list(format!("filter[product_id]={}", fixture.product)), [key.id]);
    assert_eq!(list(format!("filter%5Border_id%5D={}", other.order_id)), [other.id]);
    assert_eq!(list("filter[status]=active".to_owned()), [key.id]);
    assert_eq!(list(format!("filter[status]=active&filter[product_id]={}", other.product_id)), [0; 0]);
    assert_eq!(list("filter[order_id]=1".to_owned()), [0; 0]);
}

#[test]
fn included_instances_are_in_the_document() {
    let fixture = Fixture::new();
    let key = fixture.issue(KeySpec::default());
    let instance = fixture.activate(&key, "Laptop");
    for path in ["/v1/license-keys".to_owned(), format!("/v1/license-keys/{}", key.id)] {
        let body = fixture.get(&format!("{path}?include=license-key-instances")).json(200);
        assert_eq!(body["included"][0]["attributes"]["identifier"], instance);
    }
}

#[test]
fn orders_are_listed_by_address_newest_first_and_show_a_refund() {
    let fixture = Fixture::new();
    let [first, second] = [(); 2].map(|()| fixture.issue(KeySpec::default()));
    assert!(fixture.sim.refund(first.id));
    let list = fixture.get("/v1/orders?filter%5Buser_email%5D=Ada%40Example.com");
    assert_eq!(list.ids(), [second.order_id, first.order_id]);
    let attributes = |at: usize| list.json(200)["data"][at]["attributes"].clone();
    assert_eq!((&attributes(0)["status"], &attributes(0)["refunded_at"]), (&json!("paid"), &json!(null)));
    assert_eq!(
        (&attributes(1)["status"], &attributes(1)["refunded_at"]),
        (&json!("refunded"), &json!(START))
    );
    assert_eq!(fixture.get("/v1/orders?filter%5Buser_email%5D=eve%40example.com").ids(), [0; 0]);
}
