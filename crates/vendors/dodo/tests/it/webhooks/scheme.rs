//! Standard Webhooks, and nothing else.

use std::path::Path;

use anykey_core::adapter::{BuildContext, ProviderSettings};
use anykey_core::{
    Clock, ErrorKind, EventKind, NotAuthentic, SecretResolver, SecretString, Timestamp, WebhookError,
    WebhookReceiver,
};
use anykey_dodo::{DodoWebhooks, VENDOR};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use super::signed::{ID, SECRET, SENT_AT, at, headers, received, receiver};

const BODY: &str = r#"{"business_id":"bus_example0000000000001","type":"license_key.created","timestamp":"2026-10-30T08:15:42.513207Z","data":{"payload_type":"LicenseKey","id":"lic_example0000000000001","business_id":"bus_example0000000000001","brand_id":"bus_example0000000000001","customer_id":"cus_example0000000000001","product_id":"pdt_example0000000000001","key":"6f1c0a52-3b7e-4d0c-9a44-0c2e5d1f7b90","status":"active","source":"auto","activations_limit":3,"instances_count":0,"payment_id":"pay_example0000000000001","subscription_id":null,"created_at":"2026-10-30T08:15:41.998120Z","expires_at":null}}"#;

/// Made once with another implementation.
const SIGNATURE: &str = "v1,IicZ0ABV9CTiMGuXMN7Zvhb0puvqqpvO26R41+wk54M=";

#[test]
fn the_contracts_vector_is_a_new_key() {
    let event = receiver(&[SECRET]).verify(&headers(SIGNATURE), BODY.as_bytes(), at(SENT_AT)).unwrap();
    assert_eq!((&*event.provider, &*event.id, &event.kind), ("dodo", ID, &EventKind::Granted));
    assert_eq!(event.occurred_at.to_string(), "2026-10-30T08:15:42.513207Z");
    assert_eq!(event.as_of.to_string(), "2026-10-30T08:15:41.99812Z");
    assert_eq!(event.key_id, Some("lic_example0000000000001".into()));
    assert_eq!(event.customer, Some("cus_example0000000000001".into()));
    assert_eq!(event.product, Some("pdt_example0000000000001".into()));
    assert_eq!(event.origin.payment.as_deref(), Some("pay_example0000000000001"));
    let key = event.key.as_ref().unwrap();
    assert_eq!(key.code.expose(), "6f1c0a52-3b7e-4d0c-9a44-0c2e5d1f7b90");
    assert_eq!(event.raw.expose(), BODY.as_bytes());
    assert!(!format!("{event:?}").contains("6f1c0a52"));
}

#[test]
fn the_text_of_the_secret_is_not_the_key() {
    let literal = Webhook::from_bytes(SECRET.as_bytes().to_vec()).unwrap();
    let signature = literal.sign(ID, SENT_AT, BODY.as_bytes()).unwrap();
    let refused = receiver(&[SECRET]).verify(&headers(&signature), BODY.as_bytes(), at(SENT_AT));
    assert_eq!(refused, Err(NotAuthentic::SignatureMismatch.into()));
}

#[test]
fn what_is_authentic_but_unreadable_keeps_its_bytes() {
    for body in [
        "",
        "no json",
        r#"{"type":"license_key.created"}"#,
        r#"{"type":"license_key.created","data":{"id":"lic_1"}}"#,
        r#"{"type":"entitlement_grant.revoked","data":[]}"#,
        r#"{"type":"entitlement_grant.revoked","data":{}}"#,
        r#"{"type":"subscription.active","data":{"status":"active"}}"#,
    ] {
        let Err(WebhookError::Unreadable(delivery)) = received(body) else { panic!("{body}") };
        assert_eq!((delivery.id(), delivery.body().expose()), (ID, body.as_bytes()));
    }
}

struct Secrets;

impl SecretResolver for Secrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        match name {
            "OLD" => Some("whsec_b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQ=".into()),
            "NEW" => Some(SECRET.into()),
            "BROKEN" => Some("whsec_planted".into()),
            _ => None,
        }
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Ok(format!("{SECRET}\n").into())
    }
}

#[test]
fn a_configuration_names_one_secret_or_several() {
    let build = |secrets: Value| {
        let Value::Object(fields) = json!({ "webhook_secrets": secrets }) else { panic!() };
        let context = BuildContext::new("dodo", &Secrets, Clock::new(Timestamp::now));
        VENDOR.build_receiver(&ProviderSettings::new(fields), &context)
    };
    for secrets in [json!([{"env": "OLD"}, {"env": "NEW"}]), json!([{"file": "/run/secrets/dodo"}])] {
        let receiver = build(secrets).unwrap();
        assert_eq!(receiver.provider(), "dodo");
        assert!(receiver.verify(&headers(SIGNATURE), BODY.as_bytes(), at(SENT_AT)).is_ok());
    }
    for (secrets, named) in [
        (json!([]), "`webhook_secrets` is missing"),
        (
            json!([{"env": "NEW"}, {"env": "NOWHERE"}]),
            "`webhook_secrets[1]`: the environment variable NOWHERE is not set",
        ),
        (json!([{"env": "BROKEN"}]), "`webhook_secrets`: the webhook secret is not base64"),
        (json!(["whsec_planted"]), "webhook_secrets[0]"),
        (json!("whsec_planted"), "webhook_secrets"),
    ] {
        let error = build(secrets).unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("dodo")));
        assert!(error.message().contains(named), "{error}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
    assert_eq!(DodoWebhooks::new([]).unwrap_err().kind(), ErrorKind::Config);
}
