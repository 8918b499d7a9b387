use anykey_core::SignedDuration;
use anykey_gumroad_sim::SaleSpec;
use serde_json::{Value, json};

use crate::fixture::*;

fn member() -> SaleSpec {
    SaleSpec { membership: true, ..SaleSpec::default() }
}

#[test]
fn a_membership_has_three_ends_and_no_chargeback() {
    let fixture = Fixture::new();
    let sold = fixture.sell(member());
    let ends = || {
        let purchase = fixture.verify(&sold.license_key).json(200)["purchase"].clone();
        assert!(purchase.get("chargebacked").is_none());
        ["subscription_cancelled_at", "subscription_ended_at", "subscription_failed_at"]
            .map(|name| purchase[name].clone())
    };
    let none = Value::Null;
    assert_eq!(ends(), [none.clone(), none.clone(), none.clone()]);
    let later = "2026-12-28T05:36:38Z";
    assert!(fixture.sim.cancel(&sold.sale_id, at(later)));
    assert_eq!(ends(), [json!(later), none.clone(), none.clone()]);
    assert!(fixture.sim.restart(&sold.sale_id) && fixture.sim.fail_payment(&sold.sale_id));
    assert_eq!(ends(), [none.clone(), none.clone(), json!(START)]);
    assert!(fixture.sim.restart(&sold.sale_id) && fixture.sim.end(&sold.sale_id));
    assert_eq!(ends(), [none.clone(), json!(START), none]);
    let single = fixture.sell(SaleSpec::default());
    assert!(!fixture.sim.cancel(&single.sale_id, at(later)));
}

#[test]
fn a_renewal_is_a_sale_of_its_own_with_the_same_key() {
    let fixture = Fixture::new();
    let sold = fixture.sell(member());
    fixture.clock.advance(SignedDuration::from_hours(30 * 24));
    let renewal = fixture.sim.renew(&sold.sale_id).unwrap();
    assert_eq!(fixture.get("/v2/sales").ids(), [renewal.clone(), sold.sale_id.clone()]);
    let sale = |id: &str| fixture.get(&format!("/v2/sales/{id}")).json(200)["sale"].clone();
    let (first, later) = (sale(&sold.sale_id), sale(&renewal));
    assert_eq!((&first["recurring_charge"], &later["recurring_charge"]), (&json!(false), &json!(true)));
    assert_eq!(first["license_key"], later["license_key"]);
    assert_eq!(fixture.verify(&sold.license_key).json(200)["purchase"]["id"], json!(sold.sale_id));
    let by_key = format!("/v2/sales?license_key={}", sold.license_key.to_lowercase());
    assert_eq!(fixture.get(&by_key).ids(), std::slice::from_ref(&sold.sale_id));
    assert!(fixture.sim.fail_payment(&sold.sale_id));
    assert_eq!(fixture.sim.renew(&sold.sale_id), None);
}

#[test]
fn a_sale_shows_its_membership_as_flags() {
    let fixture = Fixture::new();
    let sold = fixture.sell(SaleSpec { seats: 5, ..member() });
    let flags = || {
        let sale = fixture.get(&format!("/v2/sales/{}", sold.sale_id)).json(200)["sale"].clone();
        assert_eq!((&sale["is_multiseat_license"], &sale["quantity"]), (&json!(true), &json!(5)));
        ["cancelled", "dead", "ended"].map(|name| sale[name].as_bool().unwrap())
    };
    assert_eq!(flags(), [false, false, false]);
    assert!(fixture.sim.cancel(&sold.sale_id, at("2026-11-29T00:00:00Z")));
    assert_eq!(flags(), [true, false, false]);
    fixture.clock.set(at("2026-11-29T00:00:00Z"));
    assert_eq!(flags(), [true, true, false]);
    assert!(fixture.sim.restart(&sold.sale_id) && fixture.sim.end(&sold.sale_id));
    assert_eq!(flags(), [false, true, true]);
}

#[test]
fn subscribers_have_a_status() {
    let fixture = Fixture::new();
    let sold = fixture.sell(member());
    let id = sold.subscription_id.clone().unwrap();
    let subscriber = || fixture.get(&format!("/v2/subscribers/{id}")).json(200)["subscriber"].clone();
    assert_eq!(
        (&subscriber()["status"], &subscriber()["license_key"]),
        (&json!("alive"), &json!(sold.license_key))
    );
    assert_eq!(subscriber()["purchase_ids"], json!([sold.sale_id]));
    assert!(fixture.sim.cancel(&sold.sale_id, at("2026-11-29T00:00:00Z")));
    assert_eq!(subscriber()["status"], "pending_cancellation");
    fixture.clock.set(at("2026-11-29T00:00:00Z"));
    assert_eq!(subscriber()["status"], "cancelled");
    assert!(fixture.sim.fail_payment(&sold.sale_id));
    assert_eq!(subscriber()["status"], "failed_payment");
    let listed = fixture.get(&format!("/v2/products/{}/subscribers", fixture.product)).json(200);
    assert_eq!(listed["subscribers"], json!([subscriber()]));
    assert_eq!(fixture.get("/v2/subscribers/x").json(200)["success"], false);
}
