//! Deliveries: signed ones with any body, and unsigned ones with any headers.

use anykey::{HeaderMap, SecretString, Timestamp, WebhookError, WebhookReceiver};
use anykey_dodo::DodoWebhooks;
use anykey_polar::PolarWebhooks;
use http::HeaderValue;
use proptest::prelude::*;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use super::json::{body, value};

const SECRET: &str = "whsec_ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2VjcmV0LTAwMDE=";
const SENT_AT: i64 = 1_793_348_142;
const TYPES: &[&str] = &[
    "license_key.created",
    "entitlement_grant.created",
    "entitlement_grant.revoked",
    "subscription.paused",
    "refund.succeeded",
    "dispute.lost",
    "benefit_grant.created",
    "benefit_grant.updated",
    "benefit_grant.revoked",
    "customer.state_changed",
    "benefit.updated",
    "",
];

fn receivers() -> [Box<dyn WebhookReceiver>; 2] {
    let secret = || [SecretString::from(SECRET)];
    [Box::new(DodoWebhooks::new(secret()).unwrap()), Box::new(PolarWebhooks::new(secret()).unwrap())]
}

fn headers(values: [&[u8]; 3]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in ["webhook-id", "webhook-timestamp", "webhook-signature"].into_iter().zip(values) {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    headers
}

/// What the receivers make of an authentic `body`. Its text is in no error.
fn judge_signed(body: &str) {
    let signature = Webhook::new(SECRET).unwrap().sign("msg_1", SENT_AT, body.as_bytes()).unwrap();
    let headers = headers([b"msg_1", SENT_AT.to_string().as_bytes(), signature.as_bytes()]);
    for receiver in receivers() {
        match receiver.verify(&headers, body.as_bytes(), Timestamp::from_second(SENT_AT).unwrap()) {
            Ok(event) => assert_eq!((&*event.id, event.raw.expose()), ("msg_1", body.as_bytes())),
            Err(WebhookError::Unreadable(delivery)) => assert_eq!(delivery.body().expose(), body.as_bytes()),
            Err(error) => assert!(error.is_authentic(), "{error}"),
        }
    }
}

fn envelope() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![9 => prop::sample::select(TYPES).prop_map(Value::from), 1 => value()];
    let at = prop_oneof![9 => Just(json!("2026-11-02T10:00:00.25Z")), 1 => value()];
    (kind, at, value()).prop_map(|(kind, at, data)| json!({"type": kind, "timestamp": at, "data": data}))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_signed_envelope_is_an_event_or_is_kept(envelope in envelope()) {
        judge_signed(&envelope.to_string());
    }

    #[test]
    fn any_signed_text_is_an_event_or_is_kept(body in body()) {
        if let Ok(body) = String::from_utf8(body) {
            judge_signed(&body);
        }
    }

    #[test]
    fn nothing_unsigned_is_authentic(
        id in prop::collection::vec(any::<u8>(), 0..40),
        sent_at in prop_oneof![Just(SENT_AT.to_string()), "[0-9+-]{0,24}"],
        signature in "(v1,[A-Za-z0-9+/]{43}=| |v1a,|v1,){0,4}",
        body in body(),
    ) {
        let headers = headers([&id, sent_at.as_bytes(), signature.as_bytes()]);
        for receiver in receivers() {
            let error = receiver.verify(&headers, &body, Timestamp::from_second(SENT_AT).unwrap()).unwrap_err();
            assert!(!error.is_authentic(), "{error}");
        }
    }
}
