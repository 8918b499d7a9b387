//! Verified and parsed deliveries of the simulator.

use anykey_core::{
    Environment, ErrorKind, EventKind, HeaderMap, LicenseEvent, LicenseStatus, NotAuthentic, Timestamp,
    WebhookError, WebhookReceiver,
};
use anykey_lemonsqueezy::LemonSqueezyWebhooks;
use anykey_lemonsqueezy_sim::kit::WebhookSender;
use anykey_lemonsqueezy_sim::{KeySpec, Mode};
use http::StatusCode;

use crate::support::Fixture;

const SECRET: &str = "ls_signing_secret";

struct Receiving {
    fixture: Fixture,
    receiver: LemonSqueezyWebhooks,
}

impl Receiving {
    fn new() -> Self {
        let fixture = Fixture::new();
        fixture.sim().add_webhook_endpoint("https://shop.test/lemonsqueezy", Some(SECRET)).unwrap();
        let store = fixture.sim().store_id().to_string();
        let secrets = ["a-secret-that-is-being-replaced", SECRET].map(Into::into);
        let receiver = LemonSqueezyWebhooks::new(store, Environment::Sandbox, secrets).unwrap();
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
fn each_event_of_a_key_contains_the_key() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    let issued = sim.issue(KeySpec { activation_limit: Some(3), ..KeySpec::default() }).unwrap();
    let events = receiving.receive();
    assert_eq!(events[0].0, "order_created");
    assert!(matches!(events[0].1, Err(WebhookError::NotOfInterest(_))));
    let created = events[1].1.as_ref().unwrap();
    assert_eq!((&created.kind, &*created.raw_type), (&EventKind::Granted, "license_key_created"));
    assert_eq!(created.key_id.as_ref().unwrap().as_str(), issued.id.to_string());
    assert_eq!(created.as_of, receiving.fixture.clock.now());
    let key = created.key.as_ref().unwrap();
    assert_eq!((key.code.expose(), &key.status), (issued.key.as_str(), &LicenseStatus::Inactive));
    assert_eq!(created.origin.order.as_deref(), Some(&*issued.order_id.to_string()));

    sim.disable(issued.id);
    let updated = receiving.receive().remove(0).1.unwrap();
    assert_eq!((updated.kind, updated.key.unwrap().status), (EventKind::Updated, LicenseStatus::Disabled));
}

#[test]
fn events_of_a_purchase_name_order_and_subscription() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    let issued = sim.issue(KeySpec { by_subscription: true, ..KeySpec::default() }).unwrap();
    receiving.receive();
    sim.end_subscription(issued.id);
    let ended = receiving.receive().remove(0).1.unwrap();
    assert_eq!((ended.kind, ended.reason.as_deref()), (EventKind::Updated, Some("expired")));
    assert_eq!(ended.origin.subscription, issued.subscription_id.map(|id| id.to_string().into()));
    sim.refund(issued.id);
    let refunded = receiving.receive().remove(0).1.unwrap();
    assert_eq!(refunded.origin.order.as_deref(), Some(&*issued.order_id.to_string()));
    assert_eq!((refunded.reason.as_deref(), refunded.key_id), (Some("refunded"), None));
    assert_eq!(refunded.product, Some(issued.product_id.to_string().into()));
}

#[test]
fn a_retried_delivery_has_the_same_id_and_another_event_a_different_one() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    let issued = sim.issue(KeySpec::default()).unwrap();
    receiving.receive();
    let mut ids = Vec::new();
    for change in 0..3 {
        receiving.fixture.clock.advance(anykey_core::SignedDuration::from_secs(1));
        if change < 2 {
            sim.disable(issued.id);
        }
        if let Some(delivery) = sim.next_delivery() {
            let (parts, body) = delivery.request.into_parts();
            let verify = |at: Timestamp| receiving.receiver.verify(&parts.headers, &body, at).unwrap().id;
            let now = receiving.fixture.clock.now();
            assert_eq!(verify(now), verify(now + anykey_core::SignedDuration::from_hours(1)));
            ids.push(verify(now));
            sim.answered(delivery.id, Some(StatusCode::OK));
        }
    }
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn the_other_mode_and_other_stores_are_not_of_interest() {
    let receiving = Receiving::new();
    receiving.fixture.sim().issue(KeySpec { mode: Mode::Live, ..KeySpec::default() }).unwrap();
    for (name, event) in receiving.receive() {
        assert!(matches!(event, Err(WebhookError::NotOfInterest(_))), "{name}");
    }
    let elsewhere = LemonSqueezyWebhooks::new("1", Environment::Sandbox, [SECRET.into()]).unwrap();
    receiving.fixture.sim().issue(KeySpec::default()).unwrap();
    for delivery in receiving.fixture.sim().due_deliveries() {
        let event =
            elsewhere.verify(delivery.request.headers(), delivery.request.body(), Timestamp::UNIX_EPOCH);
        assert!(matches!(event, Err(WebhookError::NotOfInterest(_))));
    }
}

/// The signature was computed with another implementation.
#[test]
fn the_worked_example_is_authentic_and_has_no_key() {
    const BODY: &str = r#"{"meta":{"event_name":"license_key_updated"},"data":{"type":"license-keys","id":"1","attributes":{"status":"active"}}}"#;
    let receiver = LemonSqueezyWebhooks::new("1", Environment::Live, [SECRET.into()]).unwrap();
    let mut headers = HeaderMap::new();
    let error = receiver.verify(&headers, BODY.as_bytes(), Timestamp::UNIX_EPOCH).unwrap_err();
    assert_eq!(error, NotAuthentic::MissingHeader("x-signature").into());
    let signature = "a09e005681b1463788b206db2efd5a898c484a48cab09a4994d3430fe6e40e37";
    headers.insert("x-signature", signature.parse().unwrap());
    let error = receiver.verify(&headers, BODY.as_bytes(), Timestamp::UNIX_EPOCH).unwrap_err();
    let WebhookError::Unreadable(delivery) = error else { panic!("{error}") };
    assert!(delivery.cause().contains("attributes"), "{}", delivery.cause());
    let forged = receiver.verify(&headers, b"{}", Timestamp::UNIX_EPOCH).unwrap_err();
    assert_eq!(forged, NotAuthentic::SignatureMismatch.into());
}

#[test]
fn a_text_that_is_not_a_signing_secret_is_refused_and_not_printed() {
    for secret in [
        "planted",
        "planted-planted-planted\n",
        " planted-planted",
        "https://planted.example",
        &"planted".repeat(6),
    ] {
        let error = LemonSqueezyWebhooks::new("1", Environment::Live, [secret.into()]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{secret:?}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
    assert!(LemonSqueezyWebhooks::new("1", Environment::Live, []).is_err());
    assert!(LemonSqueezyWebhooks::new("shop", Environment::Live, [SECRET.into()]).is_err());
}
