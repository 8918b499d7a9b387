//! What the simulator sends is what the receiver reads.

use anykey_core::{
    EventKind, LicenseEvent, LicenseStatus, ManualClock, SecretString, SignedDuration, WebhookReceiver,
};
use anykey_dodo::DodoWebhooks;
use anykey_dodo_sim::{DodoSim, EndpointSpec, KeySpec};
use http::StatusCode;

use crate::signed::at;

struct Shop {
    sim: DodoSim,
    clock: ManualClock,
}

impl Shop {
    fn open() -> Self {
        let clock = ManualClock::at(at(1_793_348_142));
        Self { sim: DodoSim::new(clock.clone()), clock }
    }

    /// Everything that is under way, verified with any of `secrets`.
    fn receive(&self, secrets: &[&str]) -> Vec<LicenseEvent> {
        let receiver = DodoWebhooks::new(secrets.iter().map(|secret| SecretString::from(*secret))).unwrap();
        let mut events = Vec::new();
        while let Some(delivery) = self.sim.next_delivery() {
            let (parts, body) = delivery.request.into_parts();
            match receiver.verify(&parts.headers, &body, self.clock.now()) {
                Ok(event) => events.push(event),
                Err(error) => assert_eq!(error.status_hint(), 200, "{}: {error}", delivery.event_type),
            }
            self.sim.answered(delivery.id, StatusCode::OK);
        }
        self.clock.advance(SignedDuration::from_secs(1));
        events
    }
}

#[test]
fn a_key_is_followed_from_its_purchase_to_its_end() {
    let shop = Shop::open();
    let endpoint = shop.sim.add_webhook_endpoint(EndpointSpec::new("https://example.com/hook")).unwrap();
    shop.sim.change_webhook_quirks(|quirks| quirks.disabling_has_events = true);
    let key_id = shop.sim.issue(KeySpec::default()).unwrap().id;

    let bought = shop.receive(&[&endpoint.secret]);
    assert!(bought.iter().any(|event| event.kind == EventKind::Granted), "{bought:?}");
    assert!(bought.iter().all(|event| event.key_ids().all(|id| id.as_str() == key_id)));

    assert!(shop.sim.disable(&key_id));
    let replaced = shop.sim.rotate_webhook_secret(&endpoint.id).unwrap();
    for secrets in [&[&*endpoint.secret][..], &[&*replaced], &[&*endpoint.secret, &*replaced]] {
        let gone = shop.receive(secrets);
        let last = gone.last().unwrap();
        assert_eq!((&last.kind, last.key_id.as_ref().unwrap().as_str()), (&EventKind::Revoked, &*key_id));
        assert_eq!(last.key.as_ref().unwrap().status, LicenseStatus::Disabled);
        assert!(gone.iter().all(|event| bought.iter().all(|before| before.as_of <= event.as_of)));
        assert!(shop.sim.enable(&key_id));
        let again = shop.receive(secrets);
        assert!(again.iter().all(|event| event.kind == EventKind::Granted), "{again:?}");
        assert!(shop.sim.disable(&key_id));
    }
}
