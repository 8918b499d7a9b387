//! What the simulator sends is what the receiver reads.

use std::sync::Arc;

use anykey_core::{
    EventKind, LicenseEvent, LicenseStatus, ManualClock, SecretString, SignedDuration, WebhookReceiver,
};
use anykey_dodo::{DodoProvider, DodoWebhooks};
use anykey_dodo_sim::kit::WebhookSender;
use anykey_dodo_sim::{ApiKeyScope, DisputeState, DodoSim, EndpointSpec, KeySpec, Purchase};
use anykey_http::Pacer;
use http::StatusCode;

use super::signed::at;

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
            self.sim.answered(delivery.id, Some(StatusCode::OK));
        }
        self.clock.advance(SignedDuration::from_secs(1));
        events
    }
}

#[test]
fn a_key_is_followed_from_its_purchase_to_its_end() {
    let shop = Shop::open();
    let endpoint = shop.sim.add_webhook_endpoint(EndpointSpec::new("https://example.com/hook")).unwrap();
    shop.sim.change_event_quirks(|quirks| quirks.disabling_has_events = true);
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

#[tokio::test]
async fn a_refund_and_a_dispute_lead_to_their_keys() {
    let shop = Shop::open();
    let endpoint = shop.sim.add_webhook_endpoint(EndpointSpec::new("https://example.com/hook")).unwrap();
    let provider = DodoProvider::builder()
        .base_url("http://localhost".parse().unwrap())
        .transport(Arc::new(shop.sim.clone()))
        .management_pacer(Pacer::unlimited())
        .token(shop.sim.api_key(ApiKeyScope::ReadOnly))
        .build()
        .unwrap();
    let sell = |customer: &str, purchase| {
        let customer = Some(customer.to_owned());
        shop.sim.issue(KeySpec { customer, purchase, ..KeySpec::default() }).unwrap()
    };
    let [refunded, _kept, disputed] = [(); 3].map(|()| sell("cus_1", Purchase::OneTime));
    let subscribed = sell("cus_1", Purchase::Subscription);
    sell("cus_2", Purchase::Subscription);
    shop.receive(&[&endpoint.secret]);

    assert!(shop.sim.refund(refunded.payment_id.as_ref().unwrap()));
    assert!(shop.sim.dispute(disputed.payment_id.as_ref().unwrap(), DisputeState::Lost));
    let events = shop.receive(&[&endpoint.secret]);
    // A refund names its customer, a dispute does not.
    let later = [&*subscribed.id];
    for (raw_type, key, possible) in
        [("refund.succeeded", &refunded, &later[..]), ("dispute.lost", &disputed, &[])]
    {
        let event = events.iter().find(|event| &*event.raw_type == raw_type).unwrap();
        let keys = event.find_keys(&provider, 1_000).await.unwrap();
        assert!(keys.is_complete);
        assert_eq!(keys.found.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), [&*key.id]);
        // It could be a later payment of the subscription, which its key does not name.
        assert_eq!(keys.possible.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), possible);
    }
}
