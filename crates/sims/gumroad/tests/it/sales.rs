use anykey_core::SignedDuration;
use anykey_gumroad_sim::{SaleSpec, Sold};
use serde_json::json;

use crate::fixture::*;

fn sell(fixture: &Fixture, count: usize) -> Vec<Sold> {
    (0..count).map(|_| fixture.sell(SaleSpec::default())).collect()
}

#[test]
fn a_sale_shows_the_license_and_whether_it_is_disabled() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    assert!(fixture.sim.disable(&sold.sale_id));
    let body = fixture.get(&format!("/v2/sales/{}", sold.sale_id)).json(200);
    let sale = &body["sale"];
    for (name, expected) in [
        ("id", json!(sold.sale_id)),
        ("license_key", json!(sold.license_key)),
        ("license_disabled", json!(true)),
        ("is_multiseat_license", json!(false)),
        ("product_id", json!(fixture.product)),
        ("purchaser_id", json!(fixture.buyer)),
        ("created_at", json!(START)),
        ("refunded", json!(false)),
        ("chargedback", json!(false)),
        ("disputed", json!(false)),
        ("quantity", json!(1)),
        ("custom_fields", json!({})),
        ("product_rating", json!(null)),
    ] {
        assert_eq!(sale[name], expected, "{name}");
    }
    assert!(
        sale.get("uses").is_none() && sale.get("variants").is_none() && sale.get("subscription_id").is_none()
    );
    assert!(sale["order_id"].is_u64() && sale["license_id"].is_string());
}

#[test]
fn a_missing_or_foreign_sale_is_a_200_without_success() {
    let fixture = Fixture::new();
    let foreign = fixture.sim.other_seller().sell(SaleSpec::default());
    for id in [foreign.sale_id.as_str(), "FO8TXN-dvaYbBbahG97a-Q==", "x"] {
        fixture.get(&format!("/v2/sales/{id}")).says(200, "The sale was not found.");
    }
    fixture.send(request("GET", "/v2/sales")).text(401);
}

#[test]
fn pages_have_ten_sales_and_the_last_one_no_key() {
    let fixture = Fixture::new();
    let sold = sell(&fixture, 21);
    let newest: Vec<_> = sold.iter().rev().map(|sold| sold.sale_id.clone()).collect();
    let mut path = "/v2/sales".to_owned();
    for page in newest.chunks(10) {
        let answer = fixture.get(&path);
        assert_eq!(answer.ids(), page);
        let body = answer.json(200);
        match body["next_page_url"].as_str() {
            Some(url) => {
                assert_eq!(url, format!("/v2/sales?page_key={}", body["next_page_key"].as_str().unwrap()));
                assert!(url.starts_with("/v2/sales?page_key=20261128053638000000-"), "{url}");
                url.clone_into(&mut path);
            }
            None => assert_eq!(page.len(), 1),
        }
    }
    assert_eq!(fixture.get("/v2/sales?page=3").ids(), newest[20..]);
    assert_eq!(fixture.get("/v2/sales?page=4").ids(), [""; 0]);
}

#[test]
fn a_page_key_is_not_moved_by_new_sales() {
    let fixture = Fixture::new();
    let sold = sell(&fixture, 12);
    let key = fixture.get("/v2/sales").json(200)["next_page_key"].as_str().unwrap().to_owned();
    sell(&fixture, 3);
    let rest = fixture.get(&format!("/v2/sales?page_key={key}")).ids();
    assert_eq!(rest, [sold[1].sale_id.clone(), sold[0].sale_id.clone()]);
}

#[test]
fn filters_combine() {
    let fixture = Fixture::new();
    let first = fixture.sell(SaleSpec::default());
    fixture.clock.advance(SignedDuration::from_hours(24));
    let viewer = fixture.sim.add_product("Viewer");
    let second = fixture.sell(SaleSpec { product: Some(viewer.clone()), ..SaleSpec::default() });
    fixture.sim.other_seller().sell(SaleSpec::default());
    let guest =
        fixture.sim.sell(SaleSpec { email: Some("guest@example.com".to_owned()), ..SaleSpec::default() });
    let list = |query: &str| fixture.get(&format!("/v2/sales?{query}")).ids();
    let ids = |sold: &[&Sold]| sold.iter().map(|sold| sold.sale_id.clone()).collect::<Vec<_>>();
    assert_eq!(list(""), ids(&[&guest, &second, &first]));
    assert_eq!(list(&form(&[("product_id", &viewer)])), ids(&[&second]));
    assert_eq!(list("email=%20ada@example.com%20"), ids(&[&second, &first]));
    assert_eq!(list("after=2026-11-29"), ids(&[&guest, &second]));
    assert_eq!(list("before=2026-11-29"), ids(&[&first]));
    assert_eq!(list("name=ada&after=2026-11-29"), ids(&[&second]));
    assert_eq!(list("license_key=unknown"), [""; 0]);
    let order = fixture.get(&format!("/v2/sales/{}", first.sale_id)).json(200)["sale"]["order_id"].clone();
    assert_eq!(list(&format!("order_id={order}")), ids(&[&first]));
}

#[test]
fn what_cannot_be_read_is_a_400() {
    let fixture = Fixture::new();
    for (query, error) in [
        ("page_key=x", "Invalid page_key."),
        ("page_key=2023-1", "Invalid page_key."),
        (
            "after=yesterday",
            "Invalid date format provided in field 'after'. Dates must be in the format YYYY-MM-DD.",
        ),
        (
            "before=1.1.26",
            "Invalid date format provided in field 'before'. Dates must be in the format YYYY-MM-DD.",
        ),
        ("product_id=editor", "Invalid product ID."),
        ("order_id=1x", "Invalid order ID."),
        ("page=0", "Invalid page number. Page numbers start at 1."),
    ] {
        let answer = fixture.get(&format!("/v2/sales?{query}")).json(400);
        assert_eq!(answer, json!({ "status": 400, "error": error }), "{query}");
    }
}

#[test]
fn a_test_purchase_is_verified_and_read_and_not_listed() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec { test: true, ..SaleSpec::default() });
    assert_eq!(fixture.verify(&sold.license_key).json(200)["purchase"]["test"], true);
    assert_eq!(fixture.get("/v2/sales").ids(), [""; 0]);
    fixture.get(&format!("/v2/sales/{}", sold.sale_id)).json(200);
}
