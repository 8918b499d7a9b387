use anykey_gumroad_sim::SaleSpec;
use serde_json::{Value, json};

use crate::fixture::*;

#[test]
fn a_verification_counts_a_use_unless_it_is_told_not_to() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    let fields = |flag: &'static str| {
        [("product_id", sold.product_id.clone()), ("license_key", sold.license_key.clone())]
            .into_iter()
            .chain((!flag.is_empty()).then(|| ("increment_uses_count", flag.to_owned())))
            .collect::<Vec<_>>()
    };
    let uses = |flag| {
        let fields = fields(flag);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fixture.post(&fields).json(200)["uses"].clone()
    };
    assert_eq!(uses("false"), 0);
    for (count, flag) in ["", "true", "0", "no", "False", "null"].into_iter().enumerate() {
        assert_eq!(uses(flag), count + 1, "{flag}");
    }
    assert_eq!(uses("false"), 6);
    let json = |flag: Value| {
        let body = json!({ "product_id": sold.product_id, "license_key": sold.license_key, "increment_uses_count": flag });
        fixture.send(request("POST", "/v2/licenses/verify").json(&body)).json(200)["uses"].clone()
    };
    assert_eq!((json(json!(false)), json(Value::Null), json(json!(true))), (json!(6), json!(7), json!(8)));
}

#[test]
fn a_purchase_has_the_members_of_the_servers_code() {
    let fixture = Fixture::new();
    let spec = SaleSpec {
        variant: Some("Large".to_owned()),
        custom_fields: vec![("Company".to_owned(), "Example Ltd".to_owned())],
        ..SaleSpec::default()
    };
    let sold = fixture.sell(spec);
    let body = fixture.verify(&sold.license_key).json(200);
    assert_eq!((&body["success"], &body["uses"]), (&json!(true), &json!(0)));
    let purchase = &body["purchase"];
    for (name, expected) in [
        ("product_id", json!(fixture.product)),
        ("product_name", json!("Editor Pro")),
        ("email", json!("ada@example.com")),
        ("full_name", json!("Ada Example")),
        ("purchaser_id", json!(fixture.buyer)),
        ("sale_id", json!(sold.sale_id)),
        ("id", json!(sold.sale_id)),
        ("license_key", json!(sold.license_key)),
        ("created_at", json!(START)),
        ("sale_timestamp", json!(START)),
        ("refunded", json!(false)),
        ("disputed", json!(false)),
        ("dispute_won", json!(false)),
        ("chargebacked", json!(false)),
        ("variants", json!("(Large)")),
        ("custom_fields", json!(["Company: Example Ltd"])),
        ("Company", json!("Example Ltd")),
        ("quantity", json!(1)),
        ("can_contact", json!(true)),
    ] {
        assert_eq!(purchase[name], expected, "{name}");
    }
    for absent in ["subscription_ended_at", "subscription_id", "test", "is_multiseat_license", "recurrence"] {
        assert!(purchase.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn a_wrong_product_and_a_wrong_key_are_the_same() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    let other = fixture.sim.add_product("Viewer");
    let foreign = fixture.sim.other_seller().sell(SaleSpec::default());
    let key = sold.license_key.as_str();
    fixture.verify("85DB562A-C11D4B06-A2335A6B-8C079166").says(404, UNKNOWN);
    fixture.verify(&foreign.license_key).says(404, UNKNOWN);
    fixture.post(&[("product_id", &other), ("license_key", key)]).says(404, UNKNOWN);
    fixture.post(&[("product_id", "no-id"), ("license_key", key)]).says(404, UNKNOWN);
    fixture.post(&[("product_id", &fixture.product)]).says(404, UNKNOWN);
    assert_eq!(fixture.sim.uses(&sold.sale_id), Some(0));
}

#[test]
fn without_a_product_id_a_recent_product_is_a_500_and_a_former_one_needs_its_permalink() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    let missing = format!(
        "The 'product_id' parameter is required to verify the license for this product. Please set 'product_id' to \
         '{}' in the request.",
        fixture.product
    );
    fixture.post(&[("license_key", &sold.license_key)]).says(500, &missing);
    fixture.post(&[("license_key", "unknown")]).says(404, UNKNOWN);

    let (former, permalink) = fixture.sim.add_former_product("First Editor");
    let sold = fixture.sell(SaleSpec { product: Some(former.clone()), ..SaleSpec::default() });
    let key = sold.license_key.as_str();
    fixture.post(&[("license_key", key)]).says(404, UNKNOWN);
    fixture.post(&[("license_key", key), ("product_permalink", "other")]).says(404, UNKNOWN);
    let shouted = permalink.to_uppercase();
    for name in ["product_permalink", "id", "link_id"] {
        fixture.post(&[("license_key", key), (name, &shouted)]).json(200);
    }
    fixture
        .post(&[("license_key", key), ("product_permalink", &permalink), ("id", "other")])
        .says(404, UNKNOWN);
    assert!(fixture.sim.set_custom_permalink(&former, "Editor"));
    fixture.post(&[("license_key", key), ("product_permalink", "editor")]).json(200);
}

#[test]
fn parameters_have_to_be_texts_and_are_checked_in_order() {
    let fixture = Fixture::new();
    for name in ["license_key", "product_id", "product_permalink", "id", "link_id"] {
        let message = format!("The '{name}' parameter must be a string.");
        fixture.post(&[(&format!("{name}[x]"), "1")]).says(400, &message);
        let body = json!({ name: ["x"] });
        fixture.send(request("POST", "/v2/licenses/verify").json(&body)).says(400, &message);
    }
    let both = json!({ "product_id": 1, "license_key": { "x": 1 } });
    fixture
        .send(request("POST", "/v2/licenses/verify").json(&both))
        .says(400, "The 'license_key' parameter must be a string.");
    let blank = json!({ "product_id": [], "license_key": null });
    fixture.send(request("POST", "/v2/licenses/verify").json(&blank)).says(404, UNKNOWN);
}

#[test]
fn a_revoked_access_comes_before_a_disabled_key_and_flags_are_successes() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    let (sim, sale) = (&fixture.sim, sold.sale_id.as_str());
    assert!(sim.disable(sale));
    fixture.verify(&sold.license_key).says(404, "This license key has been disabled.");
    assert!(sim.revoke_access(sale));
    let revoked = "Access to the purchase associated with this license has expired.";
    fixture.verify(&sold.license_key).says(404, revoked);
    assert!(sim.restore_access(sale) && sim.enable(sale));

    assert!(sim.refund(sale) && sim.dispute(sale));
    let purchase = fixture.verify(&sold.license_key).json(200)["purchase"].clone();
    assert_eq!((&purchase["refunded"], &purchase["chargebacked"]), (&json!(true), &json!(true)));
    assert!(sim.win_dispute(sale));
    let purchase = fixture.verify(&sold.license_key).json(200)["purchase"].clone();
    assert_eq!((&purchase["disputed"], &purchase["dispute_won"]), (&json!(true), &json!(true)));
    assert_eq!(purchase["chargebacked"], false);
}

#[test]
fn an_imported_customer_has_a_license_without_a_purchase() {
    let fixture = Fixture::new();
    let (id, key) = fixture.sim.import_customer(&fixture.product, "old@example.com").unwrap();
    fixture.clock.advance(anykey_core::SignedDuration::from_hours(3 * 24));
    let body = fixture.verify(&key).json(200);
    assert!(body.get("purchase").is_none());
    assert_eq!(
        body["imported_customer"],
        json!({
            "email": "old@example.com", "created_at": START, "timestamp": "3 days ago", "link_name": "Editor Pro",
            "product_name": "Editor Pro", "price": null, "is_imported_customer": true,
            "purchase_email": "old@example.com", "id": id, "can_update": null,
        })
    );
}

#[test]
fn both_hosts_paths_and_unknown_ones() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec::default());
    let fields = [("product_id", &*sold.product_id), ("license_key", &*sold.license_key)];
    fixture.send(request("POST", "/api/v2/licenses/verify").typed(FORM, form(&fields))).json(200);
    let query = format!("/v2/licenses/verify?{}", form(&fields));
    fixture.send(request("POST", &query)).json(200);
    for (method, path) in [("GET", "/v2/licenses/verify"), ("POST", "/v2/licenses"), ("PUT", "/v2/sales")] {
        let answer = fixture.send(request(method, path)).json(404);
        assert_eq!(answer, json!({ "success": false, "error": "Not found" }));
    }
}
