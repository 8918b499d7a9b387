use anykey_core::SignedDuration;
use anykey_creem_sim::kit::{DeliveryOutcome, WebhookSender};
use anykey_creem_sim::{BadEndpoint, DeliveryMode, KeySpec, Mode, WebhookScheme};
use http::StatusCode;
use serde_json::{Value, json};

use crate::fixture::{Fixture, START, at};

fn fixture() -> Fixture {
    let fixture = Fixture::new();
    fixture.sim.add_webhook_endpoint("https://shop.test/creem", None).unwrap();
    fixture
}

/// The types and bodies of all due requests, each answered with 200.
fn delivered(fixture: &Fixture) -> Vec<(String, Value)> {
    let due = fixture.sim.due_deliveries().into_iter();
    due.map(|delivery| {
        fixture.sim.answered(delivery.id, Some(StatusCode::OK));
        (delivery.event_type, serde_json::from_slice(delivery.request.body()).unwrap())
    })
    .collect()
}

#[test]
fn a_completed_checkout_has_its_license_keys() {
    let fixture = fixture();
    let key = fixture.issue(KeySpec { units: 2, ..KeySpec::default() });
    let (event_type, body) = delivered(&fixture).remove(0);
    assert_eq!(
        (event_type.as_str(), &body["eventType"]),
        ("checkout.completed", &json!("checkout.completed"))
    );
    assert!(body["id"].as_str().unwrap().starts_with("evt_"));
    assert_eq!(body["created_at"], at(START).as_millisecond());
    let checkout = &body["object"];
    assert_eq!((&checkout["mode"], &checkout["status"]), (&json!("test"), &json!("completed")));
    assert_eq!(checkout["order"]["id"], json!(key.order_id));
    assert_eq!(checkout["customer"]["id"], json!(fixture.customer));
    let keys = checkout["license_keys"].as_array().unwrap();
    assert_eq!((keys.len(), &keys[0]["key"], &keys[0]["id"]), (2, &json!(key.key), &json!(key.id)));
    assert!(checkout.get("feature").is_none());
}

#[test]
fn refunds_disputes_and_subscriptions_name_the_purchase() {
    let fixture = fixture();
    let key = fixture.issue(KeySpec { by_subscription: true, ..KeySpec::default() });
    fixture.sim.end_subscription(&key.id);
    fixture.sim.dispute(&key.id);
    fixture.sim.refund(&key.id);
    let delivered = delivered(&fixture);
    let types: Vec<_> = delivered.iter().map(|(event_type, _)| event_type.as_str()).collect();
    assert_eq!(
        types,
        [
            "checkout.completed",
            "subscription.active",
            "subscription.expired",
            "dispute.created",
            "refund.created"
        ]
    );
    for (_, body) in &delivered[3..] {
        assert_eq!(body["object"]["order"]["id"], json!(key.order_id));
        assert_eq!(body["object"]["subscription"]["id"], json!(key.subscription_id));
    }
    assert_eq!(delivered[2].1["object"]["id"], json!(key.subscription_id));
}

#[test]
fn the_alternatives_of_a_payload() {
    let fixture = fixture();
    fixture.sim.change_quirks(|quirks| {
        quirks.standard_envelope = true;
        quirks.deprecated_feature = true;
        quirks.bare_references = true;
    });
    let key = fixture.issue(KeySpec::default());
    let (_, body) = delivered(&fixture).remove(0);
    assert_eq!(body["type"], "checkout.completed");
    assert!(body.get("eventType").is_none() && body["data"].get("license_keys").is_none());
    assert_eq!(body["data"]["feature"][0]["license"]["id"], json!(key.id));
    assert_eq!(body["data"]["customer"], json!(fixture.customer));
}

#[test]
fn a_scheme_decides_the_headers() {
    let fixture = fixture();
    for (scheme, legacy, standard) in [
        (WebhookScheme::Legacy, true, false),
        (WebhookScheme::Standard, false, true),
        (WebhookScheme::Both, true, true),
    ] {
        fixture.sim.change_quirks(|quirks| quirks.webhook_scheme = scheme);
        fixture.issue(KeySpec::default());
        let delivery = fixture.sim.next_delivery().unwrap();
        let headers = delivery.request.headers();
        assert_eq!(headers.contains_key("creem-signature"), legacy, "{scheme:?}");
        assert_eq!(headers.contains_key("webhook-signature"), standard, "{scheme:?}");
        fixture.sim.answered(delivery.id, Some(StatusCode::OK));
    }
}

#[test]
fn a_failed_delivery_is_sent_five_times() {
    let fixture = fixture();
    fixture.issue(KeySpec::default());
    let mut waits = Vec::new();
    loop {
        let delivery = fixture.sim.next_delivery().unwrap();
        let sent_at = fixture.clock.now();
        match fixture.sim.answered(delivery.id, Some(StatusCode::BAD_GATEWAY)) {
            DeliveryOutcome::Retried { at } => {
                waits.push(at.duration_since(sent_at).as_secs());
                fixture.clock.set(at);
            }
            outcome => {
                assert_eq!(outcome, DeliveryOutcome::GivenUp);
                break;
            }
        }
    }
    assert_eq!(waits, [30, 300, 1_800, 21_600]);
}

#[test]
fn an_endpoint_receives_the_events_of_its_store_and_mode() {
    let fixture = fixture();
    fixture.issue(KeySpec { mode: Mode::Live, ..KeySpec::default() });
    fixture.sim.other_store().issue(KeySpec::default()).unwrap();
    assert_eq!(fixture.sim.undelivered(), 0);
    let sim = &fixture.sim;
    let url = "https://shop.test/live";
    let live = sim.add_webhook_endpoint_as(DeliveryMode::Http, Mode::Live, url, None).unwrap();
    fixture.issue(KeySpec { mode: Mode::Live, ..KeySpec::default() });
    assert_eq!(sim.undelivered(), 1);
    assert!(sim.remove_webhook_endpoint(&live.id) && !sim.remove_webhook_endpoint(&live.id));
    assert_eq!(sim.undelivered(), 0);
    assert_eq!(sim.add_webhook_endpoint("nowhere", None).unwrap_err(), BadEndpoint::Url);
    assert_eq!(sim.add_webhook_endpoint(url, Some("")).unwrap_err(), BadEndpoint::Secret);
    fixture.clock.advance(SignedDuration::from_secs(1));
    assert!(sim.next_delivery().is_none());
}
