use anykey_gumroad_sim::{SaleSpec, Scope};
use serde_json::json;

use crate::fixture::*;

#[test]
fn a_change_needs_a_token_with_its_scope() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    let put = |token: Option<&str>| {
        let fields = [("product_id", &*sold.product_id), ("license_key", &*sold.license_key)];
        let call = request("PUT", "/v2/licenses/disable").typed(FORM, form(&fields));
        fixture.send(match token {
            Some(token) => call.bearer(token),
            None => call,
        })
    };
    for (token, status, error) in [
        (None, 401, "invalid_token"),
        (Some("unknown"), 401, "invalid_token"),
        (Some(&*fixture.sim.token(&[Scope::ViewSales])), 403, "insufficient_scope"),
        (Some(&*fixture.sim.token(&[Scope::ViewProfile])), 403, "insufficient_scope"),
    ] {
        let answer = put(token);
        assert_eq!(answer.text(status), "");
        assert!(answer.header("www-authenticate").unwrap().contains(error));
    }
    assert_eq!(fixture.sim.is_disabled(&sold.sale_id), Some(false));
    put(Some(&fixture.sim.token(&[Scope::Account]))).json(200);
    assert!(fixture.sim.revoke_token(&fixture.token));
    put(Some(&fixture.token)).text(401);
    let token = fixture.sim.token(&[Scope::EditProducts]);
    let fields =
        [("product_id", &*sold.product_id), ("license_key", &*sold.license_key), ("access_token", &token)];
    fixture.send(request("PUT", "/v2/licenses/enable").typed(FORM, form(&fields))).json(200);
    assert_eq!(fixture.sim.is_disabled(&sold.sale_id), Some(false));
}

#[test]
fn enabling_and_disabling_can_be_repeated_and_no_answer_tells_which() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    let disabled = fixture.put("disable", &sold).json(200);
    assert_eq!(fixture.put("disable", &sold).json(200), disabled);
    assert_eq!(fixture.sim.is_disabled(&sold.sale_id), Some(true));
    assert_eq!(fixture.put("enable", &sold).json(200), disabled);
    assert_eq!(fixture.put("enable", &sold).json(200), disabled);
    assert_eq!(fixture.sim.is_disabled(&sold.sale_id), Some(false));
}

#[test]
fn a_rotation_keeps_uses_and_sale_and_the_old_key_is_unknown() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    assert!(fixture.sim.set_uses(&sold.sale_id, 4));
    let rotated = fixture.put("rotate", &sold).json(200);
    let key = rotated["purchase"]["license_key"].as_str().unwrap();
    assert_ne!(key, sold.license_key);
    assert_eq!((&rotated["uses"], &rotated["purchase"]["id"]), (&json!(4), &json!(sold.sale_id)));
    fixture.put("rotate", &sold).says(404, UNKNOWN);
    fixture.verify(&sold.license_key).says(404, UNKNOWN);
    fixture.verify(key).json(200);
}

#[test]
fn uses_fall_to_zero_and_no_further() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    assert!(fixture.sim.set_uses(&sold.sale_id, 1));
    for _ in 0..2 {
        assert_eq!(fixture.put("decrement_uses_count", &sold).json(200)["uses"], 0);
    }
}

#[test]
fn the_license_is_looked_for_before_its_owner_is() {
    let fixture = Fixture::new();
    let foreign = fixture.sim.other_seller().sell(SaleSpec::default());
    let answer = fixture.put("disable", &foreign).json(404);
    assert_eq!(answer, json!({ "success": false, "error": "Not found" }));
    let mut unknown = foreign.clone();
    unknown.license_key = "85DB562A-C11D4B06-A2335A6B-8C079166".to_owned();
    fixture.put("disable", &unknown).says(404, UNKNOWN);

    let revoked = fixture.sell(SaleSpec::default());
    assert!(fixture.sim.revoke_access(&revoked.sale_id));
    let message = "Access to the purchase associated with this license has expired.";
    fixture.put("enable", &revoked).says(404, message);
}

#[test]
fn a_permalink_stands_for_a_former_product() {
    let fixture = Fixture::new();
    let (former, permalink) = fixture.sim.add_former_product("First Editor");
    let sold = fixture.sell(SaleSpec { product: Some(former), ..SaleSpec::default() });
    let put = |name: &str| {
        let fields = [(name, &*permalink), ("license_key", &*sold.license_key)];
        let call = request("PUT", "/v2/licenses/disable").bearer(&fixture.token);
        fixture.send(call.typed(FORM, form(&fields)))
    };
    put("id").says(404, UNKNOWN);
    put("product_permalink").json(200);
}
