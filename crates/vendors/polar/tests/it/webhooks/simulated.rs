//! What the simulator sends is what the receiver reads.

use std::sync::Arc;

use anykey_core::{
    EventKind, LicenseEvent, LicenseProvider, LicenseStatus, ManualClock, SecretString, SignedDuration,
    WebhookReceiver,
};
use anykey_polar::{PolarProvider, PolarWebhooks};
use anykey_polar_sim::kit::WebhookSender;
use anykey_polar_sim::{CustomerSpec, EndpointSpec, GrantSpec, PolarSim, Release, Scope, WebhookSecret};
use http::StatusCode;

use super::signed::at;

struct Shop {
    sim: PolarSim,
    clock: ManualClock,
    receiver: PolarWebhooks,
}

impl Shop {
    fn open(secret: WebhookSecret, second: i64) -> Self {
        let clock = ManualClock::at(at(second));
        let sim = PolarSim::builder(clock.clone()).release(Release::October2026).build();
        let endpoint = EndpointSpec::new("https://example.com/hook").secret(secret);
        let endpoint = sim.add_webhook_endpoint(endpoint).unwrap();
        let receiver = PolarWebhooks::new([SecretString::from(endpoint.secret)]).unwrap();
        Self { sim, clock, receiver }
    }

    fn provider(&self) -> PolarProvider {
        let token = self
            .sim
            .organization_token(
                self.sim.organization_id(),
                [Scope::LicenseKeysRead, Scope::LicenseKeysWrite, Scope::BenefitsRead],
            )
            .unwrap();
        let provider = PolarProvider::builder(self.sim.organization_id().to_string());
        provider.token(token).transport(Arc::new(self.sim.clone())).build().unwrap()
    }

    fn receive(&self) -> Vec<LicenseEvent> {
        self.clock.advance(SignedDuration::from_mins(1));
        self.sim.run_jobs();
        let mut events = Vec::new();
        while let Some(delivery) = self.sim.next_delivery() {
            let (parts, body) = delivery.request.into_parts();
            match self.receiver.verify(&parts.headers, &body, self.clock.now()) {
                Ok(event) => events.push(event),
                Err(error) => assert_eq!(error.status_hint(), 200, "{}: {error}", delivery.event_type),
            }
            self.sim.answered(delivery.id, Some(StatusCode::OK));
        }
        events
    }
}

fn kinds(events: &[LicenseEvent]) -> Vec<&EventKind> {
    events.iter().filter(|event| event.granted_keys.is_none()).map(|event| &event.kind).collect()
}

#[tokio::test]
async fn a_key_is_followed_under_either_scheme_from_its_purchase_to_its_end() {
    let own = "a text of the seller's own, long enough".to_owned();
    let standard = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned();
    for (secret, second) in [
        (WebhookSecret::Generated, 1_782_000_000),
        (WebhookSecret::Generated, 1_788_000_000),
        (WebhookSecret::Generated, 1_795_000_000),
        (WebhookSecret::Legacy(own), 1_795_000_000),
        (WebhookSecret::Legacy(standard.clone()), 1_795_000_000),
        (WebhookSecret::Standard(standard), 1_795_000_000),
    ] {
        let shop = Shop::open(secret, second);
        let provider = shop.provider();
        let customer = shop.sim.add_customer(CustomerSpec::default()).unwrap();
        let benefit = shop.sim.add_benefit(Default::default()).unwrap();
        let key = shop.sim.grant(GrantSpec::order(benefit, customer)).unwrap();

        let bought = shop.receive();
        assert_eq!(kinds(&bought), [&EventKind::Granted], "{bought:?}");
        let granted = bought.iter().find(|event| event.kind == EventKind::Granted).unwrap();
        let read = granted.read_key(&provider).await.unwrap().unwrap();
        assert_eq!((read.id.to_string(), &read.status), (key.id.to_string(), &LicenseStatus::Active));
        let state = bought.iter().find_map(|event| event.granted_keys.as_ref()).unwrap();
        assert_eq!(state.iter().map(|key| &key.id).collect::<Vec<_>>(), [&read.id]);

        provider.rotate(&read.id).await.unwrap();
        let rotated = shop.receive();
        assert_eq!(kinds(&rotated), [&EventKind::Rotated], "{rotated:?}");

        shop.sim.end_grant(key.id).unwrap();
        let ended = shop.receive();
        assert_eq!(kinds(&ended), [&EventKind::Revoked], "{ended:?}");
        let revoked = ended.iter().find(|event| event.kind == EventKind::Revoked).unwrap();
        assert!(revoked.as_of > granted.as_of);
        let read = revoked.read_key(&provider).await.unwrap().unwrap();
        assert_eq!(read.status, LicenseStatus::Revoked);
        let state = ended.iter().find_map(|event| event.granted_keys.as_ref()).unwrap();
        assert!(state.is_empty());
    }
}

#[tokio::test]
async fn the_purchase_of_a_delivery_leads_to_its_keys_and_to_no_others() {
    let shop = Shop::open(WebhookSecret::Generated, 1_795_000_000);
    let provider = shop.provider();
    let customer = shop.sim.add_customer(CustomerSpec::default()).unwrap();
    let benefit = shop.sim.add_benefit(Default::default()).unwrap();
    shop.sim.grant(GrantSpec::order(benefit, customer)).unwrap();
    shop.receive();
    let key = shop.sim.grant(GrantSpec::order(benefit, customer)).unwrap();
    let bought = shop.receive();
    let granted = bought.iter().find(|event| event.kind == EventKind::Granted).unwrap();
    shop.sim.end_grant(key.id).unwrap();
    let buyer = granted.customer.as_ref().unwrap();
    let keys = provider.granted_keys(buyer, &granted.origin).await.unwrap();
    assert_eq!(keys, [key.id.to_string().into()], "revoked ones included");
}
