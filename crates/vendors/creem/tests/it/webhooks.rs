//! Verified and parsed deliveries of the simulator, in both schemes.

use anykey_core::{
    Environment, ErrorKind, EventKind, HeaderMap, LicenseEvent, LicenseStatus, NotAuthentic, SignedDuration,
    Timestamp, WebhookError, WebhookReceiver,
};
use anykey_creem::{CreemConfig, CreemWebhooks};
use anykey_creem_sim::kit::WebhookSender;
use anykey_creem_sim::{KeySpec, Mode, WebhookScheme};
use http::StatusCode;

use crate::support::Fixture;

/// A secret for both schemes.
const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
/// A secret that is not base64.
const TEXT: &str = "whsec_creem_test_secret";
/// 112 bytes.
const BODY: &[u8] = br#"{"id":"evt_1","eventType":"refund.created","created_at":1728734325927,"object":{"id":"ref_1","object":"refund"}}"#;

struct Receiving {
    fixture: Fixture,
    receiver: CreemWebhooks,
}

impl Receiving {
    fn new() -> Self {
        let fixture = Fixture::new();
        fixture.sim().add_webhook_endpoint("https://shop.test/creem", Some(SECRET)).unwrap();
        let secrets = ["a-secret-that-is-being-replaced", SECRET].map(Into::into);
        let receiver = CreemWebhooks::new(Environment::Sandbox, secrets).unwrap();
        Self { fixture, receiver }
    }

    /// The due events, with the type of each delivery.
    fn receive(&self) -> Vec<(String, Result<LicenseEvent, WebhookError>)> {
        let deliveries = self.fixture.sim().due_deliveries().into_iter();
        deliveries
            .map(|delivery| {
                self.fixture.sim().answered(delivery.id, Some(StatusCode::OK));
                let (parts, body) = delivery.request.into_parts();
                (delivery.event_type, self.receiver.verify(&parts.headers, &body, self.fixture.clock.now()))
            })
            .collect()
    }
}

#[test]
fn a_checkout_contains_the_key() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    let issued = sim.issue(KeySpec { activation_limit: Some(3), ..KeySpec::default() }).unwrap();
    let (raw_type, event) = receiving.receive().remove(0);
    let event = event.unwrap();
    assert_eq!(
        (&event.kind, &*event.raw_type, &*raw_type),
        (&EventKind::Granted, "checkout.completed", "checkout.completed")
    );
    assert!(event.id.starts_with("evt_"), "{}", event.id);
    assert_eq!(event.as_of, receiving.fixture.clock.now());
    assert_eq!(event.key_id.as_ref().unwrap().as_str(), issued.id);
    let key = event.key.as_ref().unwrap();
    assert_eq!((key.code.expose(), &key.status), (issued.key.as_str(), &LicenseStatus::Inactive));
    assert_eq!(key.customer.as_ref().unwrap().as_str(), issued.customer_id);
    assert_eq!(event.origin.order.as_deref(), Some(&*issued.order_id));
    assert_eq!(key.origin, event.origin);
    assert!(event.further_keys.is_empty());
}

#[test]
fn a_checkout_of_several_units_contains_every_key() {
    let receiving = Receiving::new();
    for (deprecated_feature, bare_references) in [(false, false), (true, true)] {
        receiving.fixture.sim().change_quirks(|quirks| {
            quirks.deprecated_feature = deprecated_feature;
            quirks.bare_references = bare_references;
            quirks.standard_envelope = deprecated_feature;
        });
        let spec = KeySpec { units: 3, by_subscription: true, ..KeySpec::default() };
        let issued = receiving.fixture.sim().issue(spec).unwrap();
        let event = receiving.receive().remove(0).1.unwrap();
        assert_eq!(event.key_ids().count(), 3);
        assert_eq!(event.key.as_ref().unwrap().code.expose(), issued.key);
        for key in &event.further_keys {
            assert_eq!(key.origin.order.as_deref(), Some(&*issued.order_id));
            assert_eq!(key.origin.subscription, issued.subscription_id.as_deref().map(Into::into));
            assert_eq!(key.customer, event.customer);
        }
    }
}

#[test]
fn events_of_a_purchase_name_order_customer_and_subscription() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    let issued = sim.issue(KeySpec { by_subscription: true, ..KeySpec::default() }).unwrap();
    receiving.receive();
    for bare in [false, true] {
        sim.change_quirks(|quirks| quirks.bare_references = bare);
        sim.end_subscription(&issued.id);
        let ended = receiving.receive().remove(0).1.unwrap();
        assert_eq!((&ended.kind, ended.reason.as_deref()), (&EventKind::Updated, Some("canceled")));
        assert_eq!(ended.origin.subscription.as_deref(), issued.subscription_id.as_deref());
        assert_eq!(ended.product.unwrap().as_str(), issued.product_id);
        sim.dispute(&issued.id);
        sim.refund(&issued.id);
        for (name, event) in receiving.receive() {
            let event = event.unwrap();
            assert_eq!((event.kind, event.key_id), (EventKind::Updated, None), "{name}");
            assert_eq!(event.origin.order.as_deref(), Some(&*issued.order_id), "{name}");
            assert_eq!(event.customer.unwrap().as_str(), issued.customer_id, "{name}");
        }
    }
    sim.announce("subscription.paid", &serde_json::json!({ "id": "sub_1", "mode": "test" }));
    assert_eq!(receiving.receive().remove(0).1.unwrap().kind, EventKind::Renewed);
}

#[test]
fn both_schemes_are_authentic_and_have_the_same_event_id() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    sim.issue(KeySpec::default()).unwrap();
    let mut ids = Vec::new();
    for scheme in [WebhookScheme::Legacy, WebhookScheme::Standard, WebhookScheme::Both] {
        sim.change_quirks(|quirks| quirks.webhook_scheme = scheme);
        let delivery = sim.next_delivery().unwrap();
        let (parts, body) = delivery.request.into_parts();
        let now = receiving.fixture.clock.now();
        ids.push(receiving.receiver.verify(&parts.headers, &body, now).unwrap().id);
        // Standard Webhooks signs the time; the other scheme does not.
        let later = receiving.receiver.verify(&parts.headers, &body, now + SignedDuration::from_mins(6));
        assert_eq!(later.is_ok(), scheme == WebhookScheme::Legacy, "{scheme:?}");
        sim.answered(delivery.id, None);
        receiving.fixture.clock.set(sim.next_delivery_at().unwrap());
    }
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[test]
fn a_delivery_with_the_standard_headers_is_not_accepted_by_the_other_signature() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    sim.change_quirks(|quirks| quirks.webhook_scheme = WebhookScheme::Both);
    sim.issue(KeySpec::default()).unwrap();
    let (mut parts, body) = sim.next_delivery().unwrap().request.into_parts();
    parts.headers.insert("webhook-signature", "v1,AAAA".parse().unwrap());
    let now = receiving.fixture.clock.now();
    let error = receiving.receiver.verify(&parts.headers, &body, now).unwrap_err();
    assert_eq!(error, NotAuthentic::SignatureMismatch.into());
    parts.headers.remove("webhook-signature");
    assert!(receiving.receiver.verify(&parts.headers, &body, now).is_ok());
}

/// The signatures were computed with two other implementations.
#[test]
fn the_worked_examples_are_authentic() {
    assert_eq!(BODY.len(), 112);
    let sent_at = Timestamp::from_second(1_728_734_325).unwrap();
    let text = CreemWebhooks::new(Environment::Live, [TEXT.into()]).unwrap();
    let mut headers = HeaderMap::new();
    let error = text.verify(&headers, BODY, sent_at).unwrap_err();
    assert_eq!(error, NotAuthentic::MissingHeader("creem-signature").into());
    let signature = "858748018132aa94dbaabf7d54fe8d21c9e3f969254a3c14801513433b364df2";
    headers.insert("creem-signature", signature.parse().unwrap());
    let event = text.verify(&headers, BODY, sent_at).unwrap();
    assert_eq!(
        (&*event.id, event.occurred_at),
        ("evt_1", Timestamp::from_millisecond(1_728_734_325_927).unwrap())
    );
    assert_eq!(text.verify(&headers, b"{}", sent_at).unwrap_err(), NotAuthentic::SignatureMismatch.into());

    let standard = CreemWebhooks::new(Environment::Live, [SECRET.into()]).unwrap();
    let signature = "v1,FRUTXEAcLWryK+FfH5GwhHQ3I2CJYdH+iynqreFxglw=";
    for (name, value) in
        [("webhook-id", "msg_1"), ("webhook-timestamp", "1728734325"), ("webhook-signature", signature)]
    {
        headers.insert(name, value.parse().unwrap());
    }
    assert_eq!(&*standard.verify(&headers, BODY, sent_at).unwrap().id, "evt_1");
    // A secret that is not base64 has no key of this scheme.
    assert_eq!(text.verify(&headers, BODY, sent_at).unwrap_err(), NotAuthentic::SignatureMismatch.into());
}

#[test]
fn the_other_mode_and_other_events_are_not_of_interest() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    sim.change_quirks(|quirks| quirks.mode_word = Some("prod"));
    sim.issue(KeySpec { mode: Mode::Test, ..KeySpec::default() }).unwrap();
    sim.announce("credits.granted", &serde_json::json!({ "id": "cre_1" }));
    sim.announce("checkout.completed", &serde_json::json!({ "id": "ch_1", "mode": "test" }));
    sim.announce(
        "checkout.completed",
        &serde_json::json!({ "id": "ch_1", "mode": "test", "license_keys": [] }),
    );
    for (name, event) in receiving.receive() {
        assert!(matches!(event, Err(WebhookError::NotOfInterest(_))), "{name}");
    }
}

#[test]
fn an_unreadable_event_keeps_its_id_and_names_the_member() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    sim.announce(
        "checkout.completed",
        &serde_json::json!({ "license_keys": [{ "id": "lk_1", "key": "planted" }] }),
    );
    sim.announce("subscription.paid", &serde_json::json!({ "mode": "test" }));
    for (name, event) in receiving.receive() {
        let Err(WebhookError::Unreadable(delivery)) = event else { panic!("{name}") };
        assert!(delivery.id().starts_with("evt_"), "{name}");
        assert!(!delivery.cause().contains("planted"), "{}", delivery.cause());
    }
}

#[test]
fn a_text_that_is_not_a_signing_secret_is_refused_and_not_printed() {
    for secret in [
        "planted",
        "planted-planted-planted\n",
        " planted-planted",
        "https://planted.example",
        "creem_test_planted",
    ] {
        let error = CreemWebhooks::new(Environment::Live, [secret.into()]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{secret:?}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
    assert!(CreemWebhooks::new(Environment::Live, []).is_err());
}

/// The token is not needed to receive.
#[test]
fn a_receiver_needs_no_token() {
    struct Webhook;

    impl anykey_core::SecretResolver for Webhook {
        fn env(&self, _: &str) -> Option<anykey_core::SecretString> {
            Some(SECRET.into())
        }

        fn file(&self, _: &std::path::Path) -> std::io::Result<anykey_core::SecretString> {
            Err(std::io::ErrorKind::NotFound.into())
        }
    }

    let config = serde_json::json!({ "webhook_secrets": [{ "env": "WEBHOOK" }] });
    let config: CreemConfig = serde_json::from_value(config).unwrap();
    assert_eq!(config.webhooks(&Webhook).unwrap().provider(), "creem");
    assert!(CreemConfig::default().webhooks(&Webhook).is_err());
}
