//! Deliveries that Polar's own server posted, with the signatures that it made.

use anykey_core::{EventKind, HeaderMap, LicenseEvent, WebhookError, WebhookReceiver};
use http::{HeaderName, HeaderValue};
use serde_json::Value;

use super::signed::{at, receiver};

fn replayed(name: &str) -> Result<LicenseEvent, WebhookError> {
    let file = format!("{}/../../sims/polar/tests/fixtures/webhooks/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let recorded: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let mut headers = HeaderMap::new();
    for header in recorded["headers"].as_array().unwrap() {
        let name = HeaderName::from_bytes(header[0].as_str().unwrap().as_bytes()).unwrap();
        headers.insert(name, HeaderValue::from_str(header[1].as_str().unwrap()).unwrap());
    }
    let sent_at = headers["webhook-timestamp"].to_str().unwrap().parse().unwrap();
    let body = recorded["body_text"].as_str().unwrap();
    receiver(&[recorded["secret"].as_str().unwrap()]).verify(&headers, body.as_bytes(), at(sent_at))
}

#[test]
fn an_order_grants_a_key() {
    let event = replayed("benefit_grant.created-order").unwrap();
    assert_eq!((&*event.provider, &*event.id), ("polar", "aa79ae05-f251-4db3-9d54-08843a4dfe06"));
    assert_eq!((&event.kind, &*event.raw_type), (&EventKind::Granted, "benefit_grant.created"));
    assert_eq!(event.occurred_at.to_string(), "2026-11-21T00:30:28.277056Z");
    assert_eq!(event.as_of.to_string(), "2026-11-21T00:30:28.264075Z");
    assert_eq!(event.sent_at, at(1_795_221_041));
    assert_eq!(event.key_id, Some("aea5a07c-585c-45d4-bd1c-86438248ec21".into()));
    assert_eq!(event.customer, Some("993f9c2c-9d3f-4f9b-9982-cd6a55225b7d".into()));
    assert_eq!(event.product, Some("e658a6f0-1c15-4a96-a1ed-d92911dbc85c".into()));
    assert_eq!(event.origin.order.as_deref(), Some("6093ee44-c78c-43cf-bb10-cb9ceca93f3f"));
    assert_eq!(event.origin.grant.as_deref(), Some("6b53851c-fcca-4f1b-9bfc-c1b0cc7d3449"));
    assert_eq!(event.origin.seller.as_deref(), Some("57a10a51-653a-449f-a259-1c70a3bbc826"));
    assert_eq!((&event.key, &event.granted_keys, &event.reason), (&None, &None, &None));
    assert_eq!(event.raw.expose().len(), 1911);
}

#[test]
fn a_benefit_that_changes_updates_each_of_its_keys() {
    let event = replayed("benefit_grant.updated").unwrap();
    assert_eq!(event.kind, EventKind::Updated, "the code is the same as before");
    assert_eq!(event.key_id, Some("aea5a07c-585c-45d4-bd1c-86438248ec21".into()));
    let benefit = replayed("benefit.updated").unwrap_err();
    assert!(matches!(&benefit, WebhookError::NotOfInterest(it) if it.raw_type() == "benefit.updated"));
}

#[test]
fn a_key_is_revoked_by_the_seller_or_with_its_subscription() {
    let event = replayed("benefit_grant.revoked").unwrap();
    assert_eq!(event.kind, EventKind::Revoked);
    assert_eq!(event.key_id, Some("c47188c5-723b-4f07-807f-e810143ec3b8".into()));
    assert_eq!(event.as_of.to_string(), "2026-11-21T00:32:19.388923Z");
    let event = replayed("benefit_grant.revoked-subscription").unwrap();
    assert_eq!(event.kind, EventKind::Revoked);
    assert_eq!(event.origin.subscription.as_deref(), Some("b789e523-1917-4c96-be7e-bfc8998da2e7"));
}

#[test]
fn a_customers_state_lists_every_key_in_force() {
    let event = replayed("customer.state_changed").unwrap();
    assert_eq!((&event.kind, &event.key_id), (&EventKind::Updated, &None));
    assert_eq!(event.customer, Some("993f9c2c-9d3f-4f9b-9982-cd6a55225b7d".into()));
    assert_eq!(event.as_of, event.occurred_at);
    assert_eq!(event.key_ids().count(), 3);
    let keys = event.granted_keys.unwrap();
    assert_eq!(keys[0].id, "c47188c5-723b-4f07-807f-e810143ec3b8".into());
    assert_eq!(keys[0].product, Some("7183f51f-532f-41f6-b49d-61c36cfde73d".into()));
    assert_eq!(keys[0].grant.as_deref(), Some("d9e3dc39-c915-4ea1-85f7-b3458f558cb5"));
    assert_eq!(keys[0].as_of.to_string(), "2026-11-21T00:30:28.286816Z");
}

#[test]
fn nothing_personal_is_printed() {
    for name in ["benefit_grant.created-order", "customer.state_changed"] {
        let printed = format!("{:?}", replayed(name).unwrap());
        for planted in ["alice", "Alice", "Paris", "9BCF99", "8CB08E"] {
            assert!(!printed.contains(planted), "{name} prints {planted}: {printed}");
        }
    }
}
