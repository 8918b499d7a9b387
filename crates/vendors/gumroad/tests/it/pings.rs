//! Pings of the simulator, of forgers, and what Gumroad says about them.

use std::error::Error as _;

use anykey_core::{Error, ErrorKind, EventKind, LicenseEvent, LicenseStatus};
use anykey_gumroad::{GumroadPings, PingError};
use anykey_gumroad_sim::kit::{Fault, Rule, SimulatedVendor, WebhookSender};
use anykey_gumroad_sim::{PingEvent, SaleSpec};

use crate::support::*;

const SECRET: &str = "an-unguessable-segment-7d1f";

struct Receiving {
    fixture: Fixture,
    pings: GumroadPings,
}

impl Receiving {
    fn new() -> Self {
        let fixture = Fixture::new();
        let secrets = ["the-segment-being-replaced", SECRET].map(Into::into);
        let pings = GumroadPings::new(&fixture.management(), secrets).unwrap();
        for event in [
            PingEvent::Sale,
            PingEvent::Refund,
            PingEvent::Cancellation,
            PingEvent::SubscriptionEnded,
            PingEvent::SubscriptionRestarted,
        ] {
            fixture.sim().subscribe(event, &format!("https://shop.test/gumroad/{SECRET}")).unwrap();
        }
        Self { fixture, pings }
    }

    /// What the due pings come to.
    async fn receive(&self) -> Vec<Result<LicenseEvent, PingError>> {
        let mut events = Vec::new();
        for delivery in self.fixture.sim().due_deliveries() {
            let (parts, body) = delivery.request.into_parts();
            events.push(self.pings.receive(parts.uri.path(), &body, self.fixture.clock.now()).await);
        }
        events
    }

    async fn forged(&self, body: &str) -> PingError {
        let path = format!("/gumroad/{SECRET}");
        self.pings.receive(&path, body.as_bytes(), self.fixture.clock.now()).await.unwrap_err()
    }
}

#[tokio::test]
async fn an_event_has_the_key_as_gumroad_has_it_now() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    let sold = receiving.fixture.sell(SaleSpec::default());
    let granted = receiving.receive().await.remove(0).unwrap();
    assert_eq!((&granted.kind, &*granted.raw_type), (&EventKind::Granted, "sale"));
    assert_eq!(granted.key_id.as_ref().unwrap().as_str(), sold.sale_id);
    assert_eq!(granted.key.as_ref().unwrap().code.expose(), sold.license_key);
    assert_eq!(granted.as_of, receiving.fixture.clock.now());
    assert!(!granted.raw.expose().is_empty());

    assert!(sim.refund(&sold.sale_id));
    let refunded = receiving.receive().await.remove(0).unwrap();
    assert_eq!((&refunded.kind, refunded.reason.as_deref()), (&EventKind::Revoked, Some("refunded")));
    assert_eq!(refunded.key.unwrap().status, LicenseStatus::Revoked);
    assert_ne!(refunded.id, granted.id);
    assert_eq!(sim.uses(&sold.sale_id), Some(0));
}

#[tokio::test]
async fn a_ping_of_a_membership_is_about_the_key_of_its_first_payment() {
    let receiving = Receiving::new();
    let sim = receiving.fixture.sim();
    let sold = receiving.fixture.sell(SaleSpec { membership: true, ..SaleSpec::default() });
    receiving.receive().await;
    sim.renew(&sold.sale_id).unwrap();
    let renewed = receiving.receive().await.remove(0).unwrap();
    assert_eq!((renewed.kind, renewed.key_id), (EventKind::Renewed, None));
    assert_eq!(renewed.origin.subscription.as_deref(), sold.subscription_id.as_deref());
    sim.fail_payment(&sold.sale_id);
    let ended = receiving.receive().await.remove(0).unwrap();
    assert_eq!((ended.kind, ended.key_id.unwrap().as_str()), (EventKind::Revoked, sold.sale_id.as_str()));
    sim.restart(&sold.sale_id);
    assert_eq!(receiving.receive().await.remove(0).unwrap().kind, EventKind::Granted);
}

#[tokio::test]
async fn a_forged_ping_gives_nothing_that_gumroad_does_not_confirm() {
    let receiving = Receiving::new();
    let sold = receiving.fixture.sell(SaleSpec::default());
    receiving.receive().await;
    let id = form_encoded(&sold.sale_id);
    // A refund that never was, with another key and another customer.
    let body =
        format!("sale_id={id}&refunded=true&resource_name=refund&license_key=FORGED&purchaser_id=forger");
    let path = format!("/gumroad/{SECRET}/?source=forger");
    let event = receiving.pings.receive(&path, body.as_bytes(), receiving.fixture.clock.now()).await.unwrap();
    assert_eq!((&event.kind, &*event.raw_type), (&EventKind::Granted, "refund"));
    assert_eq!(event.key.unwrap().code.expose(), sold.license_key);
    assert_eq!(event.customer, None);

    let foreign = receiving.fixture.sim().other_seller().sell(SaleSpec::default());
    for unknown in [form_encoded(&foreign.sale_id), "FO8TXN-dvaYbBbahG97a-Q%3D%3D".to_owned()] {
        let error = receiving.forged(&format!("sale_id={unknown}&refunded=true")).await;
        assert_eq!(error.status_hint(), 404);
        let PingError::Unconfirmed(error) = error else { panic!("{error}") };
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
    for body in ["", "sale_id=", "sale_id=../x", "refunded=true", "\u{0}", "{\"sale_id\":\"x\"}"] {
        let error = receiving.forged(body).await;
        assert!(matches!(error, PingError::Unreadable(_)), "{body}: {error}");
        assert_eq!(error.status_hint(), 400);
    }
}

#[tokio::test]
async fn nobody_is_asked_about_a_ping_at_another_path() {
    let receiving = Receiving::new();
    receiving.fixture.vendor.faults().inject(Rule::always(Fault::ConnectionRefused));
    for path in [
        "",
        "/",
        "/gumroad",
        "/gumroad/an-unguessable-segment-7d1",
        "/an-unguessable-segment-7d1f/x",
        "/?an-unguessable-segment-7d1f",
    ] {
        let answer = receiving.pings.receive(path, b"sale_id=x", receiving.fixture.clock.now()).await;
        let error = answer.unwrap_err();
        assert!(matches!(error, PingError::WrongPath), "{path}");
        assert!(error.source().is_none());
        assert_eq!(error.status_hint(), 404);
    }
    assert_eq!(receiving.fixture.vendor.faults().injected(), 0);
}

#[tokio::test]
async fn an_outage_of_gumroad_lets_it_send_the_ping_again() {
    let receiving = Receiving::new();
    receiving.fixture.sell(SaleSpec::default());
    receiving.fixture.vendor.faults().inject(Rule::always(Fault::unavailable(400)));
    let delivery = receiving.fixture.sim().next_delivery().unwrap();
    let path = delivery.request.uri().path().to_owned();
    let now = receiving.fixture.clock.now();
    let error = receiving.pings.receive(&path, delivery.request.body(), now).await.unwrap_err();
    assert_eq!(error.status_hint(), 503);
    assert_eq!(error.to_string(), "the sale of the ping is not confirmed");
    let cause = error.source().and_then(|cause| cause.downcast_ref::<Error>()).unwrap();
    assert_eq!(cause.kind(), ErrorKind::Unrecognized);
    let status = http::StatusCode::from_u16(error.status_hint()).ok();
    receiving.fixture.sim().answered(delivery.id, status);
    receiving.fixture.vendor.faults().clear();
    receiving.fixture.clock.advance(anykey_core::SignedDuration::from_secs(60));
    let again = receiving.receive().await.remove(0).unwrap();
    let first = receiving.pings.receive(&path, delivery.request.body(), now).await.unwrap();
    assert_eq!(again.id, first.id, "a ping that is sent again has the same id");
}

#[test]
fn a_receiver_needs_a_token_and_a_secret_that_cannot_be_guessed() {
    let fixture = Fixture::new();
    let without_token = fixture.builder().build().unwrap();
    assert!(GumroadPings::new(&without_token, [SECRET.into()]).is_err());
    let provider = fixture.management();
    assert!(GumroadPings::new(&provider, []).is_err());
    for secret in ["planted", "planted/planted/planted", "planted planted planted", "planted-planted%41"] {
        let error = GumroadPings::new(&provider, [secret.into()]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
    let pings = GumroadPings::new(&provider, ["planted-planted-planted".into()]).unwrap();
    assert!(!format!("{pings:?}").contains("planted"));
}

fn form_encoded(text: &str) -> String {
    text.replace('=', "%3D")
}
