use std::collections::BTreeMap;

use anykey_core::SignedDuration;
use anykey_gumroad_sim::kit::{Delivery, DeliveryOutcome, WebhookSender};
use anykey_gumroad_sim::{PingEvent, SaleSpec};
use http::StatusCode;
use serde_json::json;

use crate::fixture::*;

const URL: &str = "https://seller.example/pings/secret";

fn fields(delivery: &Delivery) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(delivery.request.body()).into_owned().collect()
}

#[test]
fn a_sale_is_a_form_without_a_signature() {
    let fixture = Fixture::new();
    assert!(fixture.sim.set_ping_url(URL));
    let custom_fields = vec![("Company [old]".to_owned(), "Example".to_owned())];
    let sold =
        fixture.sell(SaleSpec { custom_fields, variant: Some("Large".to_owned()), ..SaleSpec::default() });
    let delivery = fixture.sim.next_delivery().unwrap();
    assert_eq!((delivery.event_type.as_str(), delivery.request.uri().to_string().as_str()), ("sale", URL));
    let headers = delivery.request.headers();
    assert_eq!((headers.len(), &headers["content-type"]), (1, &FORM.parse().unwrap()));
    let fields = fields(&delivery);
    for (name, expected) in [
        ("sale_id", &*sold.sale_id),
        ("product_id", &fixture.product),
        ("license_key", &sold.license_key),
        ("resource_name", "sale"),
        ("refunded", "false"),
        ("card[visual]", "**** **** **** 4242"),
        ("card[bin]", ""),
        ("variants[Version]", "Large"),
        ("custom_fields[Company %5Bold%5D]", "Example"),
    ] {
        assert_eq!(fields.get(name).map(String::as_str), Some(expected), "{name}");
    }
    assert!(!fields.contains_key("retry_count"));
}

#[test]
fn each_event_is_sent_to_its_addresses_only() {
    let fixture = Fixture::new();
    let all =
        ["cancellation", "subscription_ended", "subscription_restarted", "refund", "dispute", "dispute_won"];
    for name in all {
        let put = form(&[("resource_name", name), ("post_url", URL)]);
        let call = request("PUT", "/v2/resource_subscriptions").bearer(&fixture.token).typed(FORM, put);
        assert_eq!(fixture.send(call).json(200)["resource_subscription"]["resource_name"], name);
    }
    let sold = fixture.sell(SaleSpec { membership: true, ..SaleSpec::default() });
    let (sim, sale) = (&fixture.sim, sold.sale_id.as_str());
    sim.cancel(sale, at("2026-12-28T00:00:00Z"));
    sim.restart(sale);
    sim.fail_payment(sale);
    sim.refund(sale);
    sim.dispute(sale);
    sim.win_dispute(sale);
    let sent: Vec<_> = sim.due_deliveries();
    let types: Vec<_> = sent.iter().map(|delivery| delivery.event_type.as_str()).collect();
    assert_eq!(
        types,
        ["cancellation", "subscription_restarted", "subscription_ended", "refund", "dispute", "dispute_won"]
    );
    let cancelled = fields(&sent[0]);
    assert_eq!((&*cancelled["purchase_ids[]"], &*cancelled["cancelled"]), (sale, "true"));
    assert_eq!(cancelled["cancelled_at"], "2026-12-28T00:00:00Z");
    assert_eq!(fields(&sent[2])["ended_reason"], "failed_payment");
    assert_eq!(fields(&sent[4])["disputed"], "true");
}

#[test]
fn only_some_statuses_are_retried_and_a_retry_says_so() {
    let fixture = Fixture::new();
    assert!(fixture.sim.set_ping_url(URL));
    fixture.sell(SaleSpec::default());
    for (attempt, wait) in [(1, Some(60)), (2, Some(180)), (3, Some(600)), (4, None)] {
        let delivery = fixture.sim.next_delivery().unwrap();
        let count = (attempt > 1).then(|| (attempt - 1).to_string());
        assert_eq!(fields(&delivery).get("retry_count"), count.as_ref());
        let outcome = fixture.sim.answered(delivery.id, StatusCode::from_u16(499).ok());
        let Some(wait) = wait else {
            assert_eq!(outcome, DeliveryOutcome::GivenUp);
            break;
        };
        fixture.clock.advance(SignedDuration::from_secs(wait));
        assert_eq!(outcome, DeliveryOutcome::Retried { at: fixture.clock.now() });
    }
    for status in [Some(StatusCode::NOT_FOUND), Some(StatusCode::NOT_IMPLEMENTED), None] {
        fixture.sell(SaleSpec::default());
        let delivery = fixture.sim.next_delivery().unwrap();
        assert_eq!(fixture.sim.answered(delivery.id, status), DeliveryOutcome::GivenUp);
        assert_eq!(fixture.sim.undelivered(), 0);
    }
}

#[test]
fn addresses_are_added_listed_and_removed() {
    let fixture = Fixture::new();
    let put = |name: &str, url: &str| {
        let call = request("PUT", "/v2/resource_subscriptions").bearer(&fixture.token);
        fixture.send(call.typed(FORM, form(&[("resource_name", name), ("post_url", url)])))
    };
    put("", URL).says(200, "Unable to subscribe to ''.");
    for url in [
        "http://localhost/x",
        "http://127.0.0.1/x",
        "http://0.0.0.0",
        "http://10.0.0.1/",
        "http://[::1]/",
        "x",
    ] {
        put("refund", url).says(200, &format!("Invalid post URL '{url}'"));
    }
    let added = put("refund", URL).json(200)["resource_subscription"].clone();
    fixture.get("/v2/resource_subscriptions").says(200, "Valid resource_name parameter required");
    let listed = fixture.get("/v2/resource_subscriptions?resource_name=refund").json(200);
    assert_eq!(listed["resource_subscriptions"], json!([added]));
    let path = format!("/v2/resource_subscriptions/{}", added["id"].as_str().unwrap());
    let delete = || fixture.send(request("DELETE", &path).bearer(&fixture.token));
    assert_eq!(delete().json(200)["message"], "The resource_subscription was deleted successfully.");
    delete().says(200, "The resource_subscription was not found.");
    assert_eq!(PingEvent::Refund.word(), "refund");
}
