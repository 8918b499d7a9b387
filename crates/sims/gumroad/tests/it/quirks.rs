use anykey_core::SignedDuration;
use anykey_gumroad_sim::SaleSpec;
use serde_json::json;

use crate::fixture::*;

#[test]
fn a_custom_field_replaces_an_earlier_member_or_stands_beside_it() {
    let fixture = Fixture::new();
    let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let custom_fields = vec![named("sale_id", "typed"), named("refunded", "typed")];
    let sold = fixture.sell(SaleSpec { custom_fields, ..SaleSpec::default() });
    let purchase = fixture.verify(&sold.license_key).json(200)["purchase"].clone();
    assert_eq!((&purchase["sale_id"], &purchase["refunded"]), (&json!("typed"), &json!(false)));
    assert_eq!(purchase["id"], json!(sold.sale_id));
    fixture.sim.change_quirks(|quirks| quirks.repeated_members = true);
    let answer = fixture.verify(&sold.license_key);
    let text = answer.text(200);
    let (real, typed) = (format!(r#""sale_id":"{}""#, sold.sale_id), r#""sale_id":"typed""#);
    assert!(text.find(&real) < text.find(typed), "{text}");
    assert!(text.find(r#""refunded":"typed""#) < text.find(r#""refunded":false"#), "{text}");
    assert_eq!(answer.json(200)["uses"], 0);
}

#[test]
fn verifications_are_limited_by_the_minute_and_without_a_body() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    fixture.sim.change_quirks(|quirks| quirks.verifications_per_minute = Some(2));
    for _ in 0..2 {
        fixture.verify(&sold.license_key).json(200);
    }
    assert_eq!(fixture.verify(&sold.license_key).text(429), "");
    fixture.put("disable", &sold).json(200);
    fixture.clock.advance(SignedDuration::from_mins(1));
    fixture.verify(&sold.license_key).says(404, "This license key has been disabled.");
}

#[test]
fn the_server_before_and_what_its_code_leaves_open() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    fixture.verify(&sold.license_key.to_lowercase()).says(404, UNKNOWN);
    fixture.sim.change_quirks(|quirks| {
        quirks.any_letter_case = true;
        quirks.json_false_counts = true;
        quirks.json_token_errors = true;
        quirks.no_rotation = true;
        quirks.former_filters = true;
        quirks.omit_holder = true;
        quirks.product_id_is_optional = true;
        quirks.unknown_members = true;
    });
    let body = fixture.verify(&sold.license_key.to_lowercase()).json(200);
    assert_eq!(body["uses"], 0);
    assert!(body.get("purchase").is_none() && body["unknown_member"].is_object());
    let counted = json!({ "product_id": fixture.product, "license_key": sold.license_key, "increment_uses_count": false });
    assert_eq!(fixture.send(request("POST", "/v2/licenses/verify").json(&counted)).json(200)["uses"], 1);
    assert_eq!(fixture.send(request("GET", "/v2/sales")).json(401)["error"], "invalid_token");
    fixture.put("rotate", &sold).json(404);
    assert_eq!(fixture.get("/v2/sales?license_key=unknown").ids().len(), 1);
    let without_product = fixture.post(&[("license_key", &sold.license_key)]).json(404);
    assert_eq!(without_product["message"], UNKNOWN);
}
