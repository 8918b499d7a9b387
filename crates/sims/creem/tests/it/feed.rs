use anykey_creem_sim::kit::WebhookSender;
use anykey_creem_sim::{DeliveryMode, KeySpec, Mode};
use serde_json::json;

use crate::fixture::{Fixture, START};

const PLACEHOLDER: &str = "https://cli.creem.invalid/";

#[test]
fn the_events_of_a_cli_endpoint_wait_until_they_are_acknowledged() {
    let fixture = Fixture::new();
    let endpoint =
        fixture.sim.add_webhook_endpoint_as(DeliveryMode::Cli, Mode::Test, PLACEHOLDER, None).unwrap();
    let keys = [(); 3].map(|()| fixture.issue(KeySpec::default()));
    assert_eq!(fixture.sim.undelivered(), 0, "nothing is sent");
    let pending = format!("/v1/webhooks/{}/events/pending", endpoint.id);
    let body = fixture.get(&format!("{pending}?limit=2")).json(200);
    let items = body["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(
        (&items[0]["event_type"], &items[0]["created_at"]),
        (&json!("checkout.completed"), &json!(START))
    );
    assert_eq!(items[0]["headers"]["creem-signature"].as_str().unwrap().len(), 64);
    assert!(items[0]["body"].as_str().unwrap().contains(&keys[0].key), "the oldest event first");

    let first = items[0]["id"].as_str().unwrap();
    let path = format!("/v1/webhooks/{}/events/{first}/ack", endpoint.id);
    let ack = |code: u16| fixture.post(&path, &json!({ "status_code": code })).json(200);
    assert_eq!(ack(503), json!({ "id": first, "object": "webhook_event_ack", "success": false }));
    assert_eq!(ack(200)["success"], false, "only the first acknowledgement counts");
    assert_eq!(fixture.get(&pending).ids().len(), 2);
}

#[test]
fn the_feed_belongs_to_one_endpoint_store_and_mode() {
    let fixture = Fixture::new();
    let add =
        |mode| fixture.sim.add_webhook_endpoint_as(DeliveryMode::Cli, mode, PLACEHOLDER, None).unwrap().id;
    let (test, live) = (add(Mode::Test), add(Mode::Live));
    fixture.issue(KeySpec::default());
    assert_eq!(fixture.get(&format!("/v1/webhooks/{test}/events/pending")).ids().len(), 1);
    assert_eq!(fixture.get(&format!("/v1/webhooks/{live}/events/pending")).status(), 404);
    let http = fixture.sim.add_webhook_endpoint("https://shop.test/", None).unwrap().id;
    assert_eq!(fixture.get(&format!("/v1/webhooks/{http}/events/pending")).status(), 404);
    for limit in ["0", "101", "x"] {
        let refused = fixture.get(&format!("/v1/webhooks/{test}/events/pending?limit={limit}"));
        assert_eq!(refused.status(), 400, "{limit}");
    }
    let ack =
        fixture.post(&format!("/v1/webhooks/{test}/events/evt_unknown/ack"), &json!({ "status_code": 200 }));
    assert_eq!(ack.status(), 404);
    let ack = fixture.post(&format!("/v1/webhooks/{test}/events/evt_unknown/ack"), &json!({}));
    assert_eq!(ack.json(400)["message"], json!(["status_code must be an HTTP status"]));
    assert!(fixture.sim.remove_webhook_endpoint(&test));
    assert_eq!(fixture.get(&format!("/v1/webhooks/{test}/events/pending")).status(), 404);
}
