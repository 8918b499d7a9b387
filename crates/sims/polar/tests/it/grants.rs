use super::*;

fn list(seller: &Seller, query: &str) -> (u16, Value) {
    let scopes = [Scope::BenefitsRead];
    let token = seller.sim.organization_token(seller.sim.organization_id(), scopes).unwrap();
    seller.call("GET", &format!("/v1/benefit-grants/{query}"), &token, "")
}

#[test]
fn grants_name_their_key_and_their_purchase_newest_first() {
    let seller = Seller::new();
    let first = seller.sell(devices(1));
    seller.wait(1);
    let second = seller.sell(devices(1));
    let (status, body) = list(&seller, "?limit=1");
    assert_eq!((status, &body["pagination"]), (200, &json!({"total_count": 2, "max_page": 2})));
    let grant = &body["items"][0];
    assert_eq!(grant["properties"]["license_key_id"], second.id.to_string());
    assert_eq!((&grant["is_granted"], &grant["subscription_id"]), (&json!(true), &Value::Null));
    assert!(grant["order_id"].is_string() && grant["benefit"]["id"].is_string(), "{grant}");
    // Members of a delivery only (OpenAPI of 2026-10).
    assert!(grant.get("previous_properties").is_none() && grant.get("user_id").is_none(), "{grant}");

    seller.sim.end_grant(first.id).unwrap();
    let (_, body) = list(&seller, "?limit=1&page=2");
    let grant = &body["items"][0];
    assert_eq!(grant["properties"]["license_key_id"], first.id.to_string());
    assert_eq!((&grant["is_granted"], &grant["is_revoked"]), (&json!(false), &json!(true)));
}

#[test]
fn grants_are_filtered_by_customer_and_need_their_own_scope() {
    let seller = Seller::new();
    seller.sell(devices(1));
    let nobody = "992fae2a-2a17-4b7a-8d9e-e287cf90131b";
    for (customer, count) in [(seller.customer.to_string(), 1), (nobody.to_owned(), 0)] {
        let (status, body) = list(&seller, &format!("?customer_id={customer}"));
        assert_eq!((status, body["items"].as_array().map(Vec::len)), (200, Some(count)));
    }
    assert_eq!(list(&seller, "?customer_id=nobody").0, 422);
    assert_eq!(seller.call("GET", "/v1/benefit-grants/", &seller.token, "").0, 403);
    assert_eq!(seller.call("GET", "/v1/benefit-grants/", "", "").0, 401);
}
