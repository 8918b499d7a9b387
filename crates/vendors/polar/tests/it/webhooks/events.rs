//! What each type of delivery means, and odd ones.

use std::sync::Arc;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    CreateRequest, EventKind, InMemoryProvider, KeyCode, LicenseProvider, Timestamp, WebhookError,
};
use serde_json::{Value, json};

use super::signed::{grant, received};

fn kind(raw_type: &str, change: impl FnOnce(&mut Value)) -> EventKind {
    grant(raw_type, |body| change(&mut body["data"])).unwrap().kind
}

#[test]
fn the_type_and_the_grant_say_what_happened() {
    assert_eq!(kind("benefit_grant.created", |_| {}), EventKind::Granted);
    assert_eq!(kind("benefit_grant.created", |data| data["is_granted"] = json!(false)), EventKind::Failed);
    assert_eq!(kind("benefit_grant.cycled", |_| {}), EventKind::Renewed);
    assert_eq!(kind("benefit_grant.revoked", |data| data["properties"] = json!({})), EventKind::Revoked);
    let unknown = kind("benefit_grant.paused", |_| {});
    assert_eq!(unknown, EventKind::Other("benefit_grant.paused".into()));
}

#[test]
fn another_display_key_is_another_code() {
    let after =
        |previous: Value| kind("benefit_grant.updated", |data| data["previous_properties"] = previous);
    assert_eq!(after(json!({ "display_key": "****-0000AA" })), EventKind::Rotated);
    assert_eq!(after(json!({ "display_key": "****-E304DA" })), EventKind::Updated);
    assert_eq!(after(json!({})), EventKind::Updated);
    assert_eq!(after(Value::Null), EventKind::Updated);
}

#[test]
fn a_failed_grant_says_why_in_polars_word_only() {
    let error =
        json!({ "message": "planted@example.com", "type": "BenefitPreconditionError", "timestamp": "x" });
    let event = grant("benefit_grant.created", |body| {
        body["data"]["error"] = error;
        body["data"]["properties"] = json!({});
    });
    let event = event.unwrap();
    assert_eq!((&event.kind, &event.key_id), (&EventKind::Failed, &None));
    assert_eq!(event.reason.as_deref(), Some("BenefitPreconditionError"));
    assert!(!format!("{event:?}").contains("planted"));
}

#[test]
fn without_a_change_the_state_is_that_of_the_beginning() {
    let event = grant("benefit_grant.created", |_| {}).unwrap();
    assert_eq!(event.as_of.to_string(), "2026-10-02T13:33:19.9Z");
    let event = grant("benefit_grant.created", |body| body["data"]["created_at"] = json!("soon")).unwrap();
    assert_eq!(event.as_of, event.occurred_at);
    let event = grant("benefit_grant.created", |body| {
        body["timestamp"] = json!(1);
        body["data"]["created_at"] = Value::Null;
    });
    let event = event.unwrap();
    assert_eq!((event.as_of, event.occurred_at), (event.sent_at, event.sent_at));
}

#[test]
fn other_benefits_are_of_no_interest() {
    for benefit_type in ["discord", "downloadables", "license_keys_of_tomorrow"] {
        let error =
            grant("benefit_grant.created", |body| body["data"]["benefit"]["type"] = json!(benefit_type));
        assert!(matches!(error, Err(WebhookError::NotOfInterest(_))), "{benefit_type}");
    }
    let unknown = received(r#"{"type":"order.paid","timestamp":"2026-10-02T13:33:20Z","data":{}}"#);
    assert_eq!(unknown.unwrap_err().status_hint(), 200);
}

#[test]
fn odd_members_do_not_lose_an_event() {
    let event = grant("benefit_grant.created", |body| {
        let data = &mut body["data"];
        data["is_granted"] = json!("true");
        data["order_id"] = json!(57);
        data["customer"] = json!("gone");
        data["benefit"] = Value::Null;
        data["previous_properties"] = json!([1]);
        data["properties"]["display_key"] = json!({});
        data["error"] = Value::Null;
        data["a_member_of_tomorrow"] = json!([{}]);
    });
    let event = event.unwrap();
    assert_eq!((&event.kind, event.origin.order.as_deref()), (&EventKind::Granted, Some("57")));
    assert_eq!(event.key_id, Some("508176f7-065a-4b5d-b524-4e9c8a11ed63".into()));
}

fn state(benefits: &Value) -> String {
    json!({ "type": "customer.state_changed", "timestamp": "2026-10-02T13:33:20Z",
        "data": { "id": "cus", "granted_benefits": benefits } })
    .to_string()
}

#[test]
fn a_list_of_keys_is_complete_or_none() {
    let key = json!({ "benefit_type": "license_keys", "properties": { "license_key_id": "a" } });
    let chat = json!({ "benefit_type": "discord", "properties": { "guild": 1 } });
    let nameless = json!({ "benefit_type": "license_keys", "properties": {} });
    let listed = |benefits: Value| {
        let event = received(&state(&benefits)).unwrap();
        event.granted_keys.map(|keys| keys.into_iter().map(|key| key.id.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(listed(json!([key, chat])), Some(vec!["a".to_owned()]));
    assert_eq!(listed(json!([chat])), Some(vec![]));
    assert_eq!(listed(json!([])), Some(vec![]));
    assert_eq!(listed(json!([key, nameless])), None);
    assert_eq!(listed(Value::Null), None);
    assert!(matches!(received(&state(&json!([key, null]))), Err(WebhookError::Unreadable(_))));
}

#[tokio::test]
async fn the_key_itself_is_read_from_the_provider() {
    let memory = InMemoryProvider::new(Timestamp::now);
    let key = memory.create(CreateRequest::new(KeyCode::verbatim("AAAA-BBBB"), "cus", "ben")).await.unwrap();
    let provider: Arc<dyn LicenseProvider> = Arc::new(memory);
    let event = grant("benefit_grant.created", |body| {
        body["data"]["properties"]["license_key_id"] = json!(key.id.as_str());
    });
    assert_eq!(event.unwrap().read_key(&provider).await.unwrap(), Some(key));
}

#[test]
fn a_refunded_order_names_what_its_keys_are_found_by() {
    let order = |change: fn(&mut Value)| {
        let mut data = json!({
            "id": "57107b74-8400-4d80-a2fc-54c2b4239cb3", "modified_at": "2026-10-05T08:00:00Z", "status": "refunded",
            "customer_id": "992fae2a-2a17-4b7a-8d9e-e287cf90131b", "subscription_id": null,
            "product_id": "8ac26ca5-2c6c-4f0a-9a77-1b0d6e3c2f11", "refunded_amount": 1900,
            "customer": {
                "email": "planted@example.com", "organization_id": "fda84e25-7b55-4d67-916d-60ead04ff61f"
            }
        });
        change(&mut data);
        let body = json!({"type": "order.refunded", "timestamp": "2026-10-05T08:00:01Z", "data": data});
        received(&body.to_string())
    };
    let event = order(|_| {}).unwrap();
    assert_eq!((&event.kind, &event.key_id, &event.product), (&EventKind::Updated, &None, &None));
    assert_eq!(event.origin.order.as_deref(), Some("57107b74-8400-4d80-a2fc-54c2b4239cb3"));
    assert_eq!(event.origin.seller.as_deref(), Some("fda84e25-7b55-4d67-916d-60ead04ff61f"));
    assert_eq!(event.customer, Some("992fae2a-2a17-4b7a-8d9e-e287cf90131b".into()));
    assert_eq!(event.sold_product, Some("8ac26ca5-2c6c-4f0a-9a77-1b0d6e3c2f11".into()));
    assert_eq!(event.as_of.to_string(), "2026-10-05T08:00:00Z");
    assert!(!format!("{event:?}").contains("planted"));

    let renewal =
        order(|data| data["subscription_id"] = json!("5f0d8f5b-4a1c-4d6f-9f62-7a1f7a0c9d10")).unwrap();
    assert_eq!(renewal.origin.subscription.as_deref(), Some("5f0d8f5b-4a1c-4d6f-9f62-7a1f7a0c9d10"));
    let odd = order(|data| data["customer"] = json!("nobody")).unwrap();
    assert_eq!((odd.origin.seller, odd.customer.is_some()), (None, true));
    let nameless = order(|data| data["id"] = Value::Null).unwrap_err();
    assert!(matches!(nameless, WebhookError::Unreadable(_)));
}
