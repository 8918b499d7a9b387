//! Deliveries: signed ones with any body, and unsigned ones with any headers.

use std::sync::{Arc, LazyLock};

use anykey::{Config, HeaderMap, Registry, Timestamp, WebhookError, WebhookReceiver, sim};
use anykey_tests::{TestSecrets, simulations};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderName, HeaderValue};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::Sha256;
use standardwebhooks::Webhook;

use super::json::{body, value};

/// Of Standard Webhooks, and short enough for vendors that take a text of their own.
const SECRET: &str = "whsec_ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2Vj";
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
    "license_key_created",
    "license_key_updated",
    "order_refunded",
    "subscription_updated",
    "checkout.completed",
    "refund.created",
    "dispute.created",
    "subscription.paid",
    "",
];

/// The receivers of all vendors, with the same secret.
static RECEIVERS: LazyLock<Vec<Arc<dyn WebhookReceiver>>> = LazyLock::new(|| {
    let registry = Registry::builtin().with_secrets(TestSecrets::new(&[("SECRET", SECRET)]));
    let receiver = |simulation: anykey_tests::Simulation| {
        let plane = simulation.device_plane().field("webhook_secrets", json!([{ "env": "SECRET" }]));
        let config: Config = sim::config(&*simulation.vendor, &plane).unwrap();
        registry.webhooks(&config).unwrap()
    };
    simulations().filter(anykey_tests::Simulation::has_webhook_secrets).map(receiver).collect()
});

/// Adds the signature of vendors that sign the body alone.
fn sign_body(headers: &mut HeaderMap, body: &[u8]) {
    let mut code = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    code.update(body);
    let digits: String = code.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let of_vendors = sim::simulators().into_iter().map(|simulator| format!("{}-signature", simulator.vendor));
    for name in of_vendors.chain(["x-signature".to_owned()]) {
        headers.insert(HeaderName::try_from(name).unwrap(), digits.parse().unwrap());
    }
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

/// Verifies an authentic `body` with all receivers. Its text is in no error.
fn verify_signed(body: &str) {
    let signature = Webhook::new(SECRET).unwrap().sign("msg_1", SENT_AT, body.as_bytes()).unwrap();
    let mut headers = headers([b"msg_1", SENT_AT.to_string().as_bytes(), signature.as_bytes()]);
    sign_body(&mut headers, body.as_bytes());
    for receiver in &*RECEIVERS {
        match receiver.verify(&headers, body.as_bytes(), Timestamp::from_second(SENT_AT).unwrap()) {
            Ok(event) => assert_eq!(event.raw.expose(), body.as_bytes()),
            Err(WebhookError::Unreadable(delivery)) => assert_eq!(delivery.body().expose(), body.as_bytes()),
            Err(error) => assert!(error.is_authentic(), "{error}"),
        }
    }
}

/// The envelopes of all vendors in one.
fn envelope() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![9 => prop::sample::select(TYPES).prop_map(Value::from), 1 => value()];
    let at = prop_oneof![9 => Just(json!("2026-11-02T10:00:00.25Z")), 1 => value()];
    (kind, at, value()).prop_map(
        |(kind, at, data)| json!({"type": kind, "timestamp": at, "data": data, "meta": {"event_name": kind}, "object": data}),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_signed_envelope_is_an_event_or_is_kept(envelope in envelope()) {
        verify_signed(&envelope.to_string());
    }

    #[test]
    fn any_signed_text_is_an_event_or_is_kept(body in body()) {
        if let Ok(body) = String::from_utf8(body) {
            verify_signed(&body);
        }
    }

    #[test]
    fn nothing_unsigned_is_authentic(
        id in prop::collection::vec(any::<u8>(), 0..40),
        sent_at in prop_oneof![Just(SENT_AT.to_string()), "[0-9+-]{0,24}"],
        signature in "(v1,[A-Za-z0-9+/]{43}=| |v1a,|v1,){0,4}",
        body in body(),
    ) {
        let mut headers = headers([&id, sent_at.as_bytes(), signature.as_bytes()]);
        sign_body(&mut headers, b"another body");
        for receiver in &*RECEIVERS {
            let error = receiver.verify(&headers, &body, Timestamp::from_second(SENT_AT).unwrap()).unwrap_err();
            assert!(!error.is_authentic(), "{error}");
        }
    }
}
