use anykey_core::SignedDuration;
use anykey_lemonsqueezy_sim::kit::{DeliveryOutcome, WebhookSender};
use anykey_lemonsqueezy_sim::{BadEndpoint, KeySpec, Mode};
use http::StatusCode;
use serde_json::{Value, json};

use crate::fixture::Fixture;

const URL: &str = "https://shop.test/webhooks";

fn listening() -> Fixture {
    let fixture = Fixture::new();
    fixture.sim.add_webhook_endpoint(URL, Some("ls_signing_secret")).unwrap();
    fixture
}

fn sent(fixture: &Fixture) -> Vec<(String, Value)> {
    let deliveries = fixture.sim.due_deliveries().into_iter();
    deliveries
        .map(|delivery| {
            fixture.sim.answered(delivery.id, Some(StatusCode::OK));
            (delivery.event_type, serde_json::from_slice(delivery.request.body()).unwrap())
        })
        .collect()
}

fn names(fixture: &Fixture) -> Vec<String> {
    sent(fixture).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_purchase_sends_order_and_key() {
    let fixture = listening();
    let key = fixture.issue(KeySpec::default());
    let sent = sent(&fixture);
    let names: Vec<_> = sent.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["order_created", "license_key_created"]);
    let body = &sent[1].1;
    assert_eq!(
        (&body["meta"]["event_name"], &body["meta"]["test_mode"]),
        (&json!("license_key_created"), &json!(true))
    );
    assert_eq!(body["data"], fixture.get(&format!("/v1/license-keys/{}", key.id)).json(200)["data"]);
}

#[test]
fn every_change_of_a_key_is_an_update() {
    let fixture = listening();
    let key = fixture.issue(KeySpec { by_subscription: true, ..KeySpec::default() });
    assert_eq!(names(&fixture), ["order_created", "subscription_created", "license_key_created"]);
    let instance = fixture.activate(&key, "Laptop");
    fixture.license("deactivate", &json!({ "license_key": key.key, "instance_id": instance })).json(200);
    fixture.patch(&key, &json!({ "activation_limit": 9 })).json(200);
    fixture.sim.disable(key.id);
    assert_eq!(names(&fixture), ["license_key_updated"; 4]);
    fixture.sim.end_subscription(key.id);
    assert_eq!(names(&fixture), ["subscription_expired", "license_key_updated"]);
    fixture.sim.refund(key.id);
    let refunded = sent(&fixture);
    assert_eq!(
        (refunded[0].0.as_str(), &refunded[0].1["data"]["id"]),
        ("order_refunded", &json!(key.order_id.to_string()))
    );
    assert_eq!(refunded[1].1["data"]["attributes"]["status"], "disabled");
}

#[test]
fn a_delivery_has_neither_an_id_nor_a_time() {
    let fixture = listening();
    fixture.issue(KeySpec { mode: Mode::Live, ..KeySpec::default() });
    let delivery = fixture.sim.next_delivery().unwrap();
    let mut headers: Vec<_> = delivery.request.headers().keys().map(ToString::to_string).collect();
    headers.sort();
    assert_eq!(headers, ["content-type", "x-event-name", "x-signature"]);
    assert_eq!(delivery.request.headers()["x-event-name"], "order_created");
    let signature = delivery.request.headers()["x-signature"].to_str().unwrap();
    assert!(signature.len() == 64 && signature == signature.to_lowercase());
}

#[test]
fn any_status_but_200_is_retried_three_times_with_the_same_body() {
    let fixture = listening();
    fixture.issue(KeySpec::default());
    fixture.sim.due_deliveries().into_iter().skip(1).for_each(|delivery| {
        let mut delivery = delivery;
        fixture.sim.disable(1);
        for seconds in [5, 25, 125] {
            let body = delivery.request.body().clone();
            let at = fixture.clock.now() + SignedDuration::from_secs(seconds);
            let outcome = fixture.sim.answered(delivery.id, Some(StatusCode::NO_CONTENT));
            assert_eq!(outcome, DeliveryOutcome::Retried { at });
            fixture.clock.set(at);
            delivery = fixture.sim.due_deliveries().pop().unwrap();
            assert_eq!(*delivery.request.body(), body);
        }
        assert_eq!(fixture.sim.answered(delivery.id, None), DeliveryOutcome::GivenUp);
    });
}

#[test]
fn endpoints_belong_to_a_store_and_can_be_removed() {
    let fixture = Fixture::new();
    let endpoint = fixture.sim.add_webhook_endpoint(URL, None).unwrap();
    assert_eq!(endpoint.secret.len(), 32);
    fixture.sim.other_merchant().issue(KeySpec::default()).unwrap();
    assert!(sent(&fixture).is_empty());
    fixture.issue(KeySpec::default());
    assert!(fixture.sim.remove_webhook_endpoint(endpoint.id));
    assert!(fixture.sim.next_delivery().is_none());
    assert_eq!(fixture.sim.add_webhook_endpoint("/no-host", None).unwrap_err(), BadEndpoint::Url);
    assert_eq!(fixture.sim.add_webhook_endpoint(URL, Some("short")).unwrap_err(), BadEndpoint::Secret);
}

#[test]
fn meta_may_have_only_the_name_and_unknown_events_may_follow() {
    let fixture = listening();
    fixture.sim.change_quirks(|quirks| quirks.bare_webhook_meta = true);
    fixture.sim.change_webhook_quirks(|quirks| quirks.unknown_events = 100);
    fixture.sim.announce("license_key_updated", &json!({ "type": "license-keys", "id": "1" }));
    let sent = sent(&fixture);
    assert_eq!(sent[0].1["meta"], json!({ "event_name": "license_key_updated" }));
    assert_eq!(sent[1].0, "license_pool_refilled");
}
