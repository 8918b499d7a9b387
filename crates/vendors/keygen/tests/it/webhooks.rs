//! Verified and parsed deliveries of the simulator.

use anykey_core::{
    ErrorKind, EventKind, LicenseEvent, LicenseStatus, NotAuthentic, SignedDuration, WebhookError,
    WebhookReceiver,
};
use anykey_keygen::KeygenWebhooks;
use anykey_keygen_sim::LicenseSpec;
use anykey_keygen_sim::kit::WebhookSender;
use http::StatusCode;

use crate::support::Fixture;

const URL: &str = "https://shop.test/keygen?source=1";

struct Receiving {
    fixture: Fixture,
    receiver: KeygenWebhooks,
}

impl Receiving {
    fn new() -> Self {
        let fixture = Fixture::new();
        fixture.sim().add_webhook_endpoint(URL).unwrap();
        let receiver = KeygenWebhooks::new(&fixture.sim().public_key(), URL).unwrap();
        Self { fixture, receiver }
    }

    /// The due events.
    fn receive(&self) -> Vec<Result<LicenseEvent, WebhookError>> {
        let deliveries = self.fixture.sim().due_deliveries().into_iter();
        deliveries
            .map(|delivery| {
                self.fixture.sim().answered(delivery.id, Some(StatusCode::OK));
                let (parts, body) = delivery.request.into_parts();
                self.receiver.verify(&parts.headers, &body, self.fixture.clock.now())
            })
            .collect()
    }
}

#[test]
fn each_event_of_a_license_contains_the_key() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    let license = sim.issue(LicenseSpec::default()).unwrap();
    sim.set_suspended(&license.id, true);
    sim.set_suspended(&license.id, false);
    sim.revoke(&license.id);
    let events: Vec<_> = receiving.receive().into_iter().map(Result::unwrap).collect();
    let kinds: Vec<_> = events.iter().map(|event| (&*event.raw_type, event.kind.clone())).collect();
    assert_eq!(
        kinds,
        [
            ("license.created", EventKind::Granted),
            ("license.suspended", EventKind::Revoked),
            ("license.reinstated", EventKind::Granted),
            ("license.revoked", EventKind::Revoked),
        ]
    );
    let statuses: Vec<_> = events.iter().map(|event| event.key.as_ref().unwrap().status.clone()).collect();
    use LicenseStatus::{Active, Disabled, Revoked};
    assert_eq!(statuses, [Active, Disabled, Active, Revoked]);
    let ids: std::collections::HashSet<_> = events.iter().map(|event| &event.id).collect();
    assert_eq!(ids.len(), 4);
    assert!(events.iter().all(|event| event.key_id.as_ref().unwrap().as_str() == license.id));
}

#[test]
fn events_of_machines_name_the_key_and_those_of_checks_are_not_of_interest() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    let license = sim.issue(LicenseSpec::default()).unwrap();
    receiving.receive();
    sim.activate(&license.id, "laptop").unwrap();
    let event = receiving.receive().remove(0).unwrap();
    assert_eq!((event.kind, &*event.raw_type), (EventKind::Updated, "machine.created"));
    assert_eq!(event.key_id.unwrap().as_str(), license.id);
    for name in ["license.validation.failed", "machine.heartbeat.ping", "user.created"] {
        sim.announce(name, &serde_json::json!({ "id": "x" }));
        assert!(matches!(receiving.receive().remove(0), Err(WebhookError::NotOfInterest(_))), "{name}");
    }
    sim.announce("license.updated", &serde_json::json!({ "id": "x" }));
    assert!(matches!(receiving.receive().remove(0), Err(WebhookError::Unreadable(_))));
}

#[test]
fn a_delivery_belongs_to_one_address_one_account_and_five_minutes() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    sim.issue(LicenseSpec::default()).unwrap();
    let delivery = sim.next_delivery().unwrap();
    let (parts, body) = delivery.request.into_parts();
    let now = receiving.fixture.clock.now();
    let verify = |receiver: &KeygenWebhooks, by: SignedDuration| {
        receiver.verify(&parts.headers, &body, now + by).map(|event| event.id)
    };
    let none = SignedDuration::ZERO;
    let id = verify(&receiving.receiver, none).unwrap();
    assert_eq!(verify(&receiving.receiver, SignedDuration::from_mins(5)).unwrap(), id);
    let old = verify(&receiving.receiver, SignedDuration::from_mins(6)).unwrap_err();
    assert_eq!(old, NotAuthentic::TooOld.into());
    let new = verify(&receiving.receiver, SignedDuration::from_mins(-6)).unwrap_err();
    assert_eq!(new, NotAuthentic::TooNew.into());
    let key = sim.public_key();
    let other_account = sim.other_account().unwrap().public_key();
    for receiver in [
        KeygenWebhooks::new(&key, "https://shop.test/keygen").unwrap(),
        KeygenWebhooks::new(&key, "https://other.test/keygen?source=1").unwrap(),
        KeygenWebhooks::new(&other_account, URL).unwrap(),
    ] {
        assert_eq!(verify(&receiver, none).unwrap_err(), NotAuthentic::SignatureMismatch.into());
    }
    let ported = KeygenWebhooks::new(&key, "https://shop.test:8443/keygen?source=1").unwrap();
    assert_eq!(verify(&ported, none).unwrap(), id);
    let forged = receiving.receiver.verify(&parts.headers, b"{}", now).unwrap_err();
    assert_eq!(forged, NotAuthentic::SignatureMismatch.into());
    for (key, url) in [("planted", URL), (key.as_str(), "planted"), (key.as_str(), "mailto:planted")] {
        let error = KeygenWebhooks::new(key, url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("planted"), "{error}");
    }
}
