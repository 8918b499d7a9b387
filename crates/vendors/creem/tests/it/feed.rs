//! Deliveries that are asked for instead of received.

use std::path::Path;
use std::sync::Arc;

use anykey_core::adapter::{BuildContext, ProviderSettings};
use anykey_core::{
    Clock, Environment, ErrorKind, EventKind, Result, SecretResolver, SecretString, SignedDuration,
    Timestamp, WebhookFeed, WebhookReceiver,
};
use anykey_creem::{CreemFeed, CreemWebhooks, VENDOR};
use anykey_creem_sim::kit::{Fault, Rule, SimulatedVendor};
use anykey_creem_sim::{DeliveryMode, KeySpec, Mode, WebhookScheme};
use anykey_testkit::transport::{Answer, ScriptedTransport};
use serde_json::{Value, json};

use crate::support::{Fixture, builder, sent};

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const PLACEHOLDER: &str = "https://cli.creem.invalid/";

fn feed(fixture: &Fixture) -> CreemFeed {
    let sim = fixture.sim();
    let endpoint = sim.add_webhook_endpoint_as(DeliveryMode::Cli, Mode::Test, PLACEHOLDER, Some(SECRET));
    fixture.builder().feed(&endpoint.unwrap().id).unwrap()
}

#[tokio::test]
async fn a_delivery_waits_until_it_is_acknowledged() {
    for scheme in [WebhookScheme::Legacy, WebhookScheme::Standard] {
        let fixture = Fixture::new();
        fixture.sim().change_quirks(|quirks| quirks.webhook_scheme = scheme);
        let feed = feed(&fixture);
        assert_eq!(feed.pending().await.unwrap(), []);
        let keys = [(); 2].map(|()| fixture.issue(KeySpec::default()).id);
        let webhooks = CreemWebhooks::new(Environment::Sandbox, [SECRET.into()]).unwrap();
        for left in [2, 1] {
            for _ in 0..2 {
                assert_eq!(feed.pending().await.unwrap().len(), left, "{scheme:?}");
            }
            let delivery = feed.pending().await.unwrap().remove(0);
            let now = fixture.clock.now();
            let event = webhooks.verify(&delivery.headers, &delivery.body, now).unwrap();
            assert_eq!((&event.kind, &*event.id), (&EventKind::Granted, &*delivery.id));
            assert_eq!(event.key_id.unwrap().as_str(), keys[2 - left]);
            feed.acknowledge(&delivery.id).await.unwrap();
            feed.acknowledge(&delivery.id).await.unwrap();
        }
        assert_eq!(feed.pending().await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_delivery_that_waited_is_authentic_however_the_vendor_signs_it() {
    for (scheme, signed_once) in
        [(WebhookScheme::Legacy, true), (WebhookScheme::Standard, true), (WebhookScheme::Standard, false)]
    {
        let fixture = Fixture::new();
        fixture.sim().change_quirks(|quirks| {
            quirks.webhook_scheme = scheme;
            quirks.pending_signed_once = signed_once;
        });
        let feed = feed(&fixture);
        fixture.issue(KeySpec::default());
        fixture.clock.advance(SignedDuration::from_hours(24));
        let delivery = feed.pending().await.unwrap().remove(0);
        let webhooks = CreemWebhooks::new(Environment::Sandbox, [SECRET.into()]).unwrap();
        let at = delivery.received_at(fixture.clock.now());
        assert!(webhooks.verify(&delivery.headers, &delivery.body, at).is_ok(), "{scheme:?} {signed_once}");
        let forged = webhooks.verify(&delivery.headers, b"{}", at).unwrap_err();
        assert!(!forged.is_authentic());
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_acknowledgement_is_sent_again() {
    let fixture = Fixture::new();
    let feed = feed(&fixture);
    fixture.issue(KeySpec::default());
    let delivery = feed.pending().await.unwrap().remove(0);
    fixture.vendor.faults().inject(Rule::next(Fault::AnswerLost));
    feed.acknowledge(&delivery.id).await.unwrap();
    assert_eq!(feed.pending().await.unwrap(), []);
}

#[tokio::test]
async fn what_the_store_does_not_have_is_an_error() {
    let fixture = Fixture::new();
    let feed = feed(&fixture);
    let error = feed.acknowledge("evt_unknown").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let pushed = fixture.sim().add_webhook_endpoint("https://shop.test/", None).unwrap().id;
    let error = fixture.builder().feed(&pushed).unwrap().pending().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = fixture.builder().feed("../licenses").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn the_requests_and_answers_are_those_of_the_official_package() {
    let pending = r#"{"items":[{"id":"evt_1","object":"webhook_pending_event","event_type":"a.type.of.next.year","created_at":"2026-11-28T12:00:00.000Z","body":"{}","headers":{"creem-signature":"ab","not a header":"x"}}]}"#;
    let transport = ScriptedTransport::new()
        .then(Answer::json(200, pending))
        .then(Answer::json(200, r#"{"id":"evt_1","object":"webhook_event_ack","success":true}"#))
        .then(Answer::json(200, r#"{"id":"evt_2","object":"webhook_event_ack","success":true}"#));
    let feed = builder(&transport).feed("wh_1").unwrap();
    let delivery = feed.pending().await.unwrap().remove(0);
    assert_eq!((&*delivery.id, &*delivery.body), ("evt_1", &b"{}"[..]));
    assert_eq!((delivery.headers.len(), &delivery.headers["creem-signature"]), (1, &"ab".parse().unwrap()));
    feed.acknowledge("evt_1").await.unwrap();
    assert_eq!(feed.acknowledge("evt_1").await.unwrap_err().kind(), ErrorKind::Unrecognized);
    let sent = sent(&transport);
    assert!(
        sent[0].starts_with("GET https://api.creem.io/v1/webhooks/wh_1/events/pending?limit=100\n"),
        "{}",
        sent[0]
    );
    assert!(
        sent[1].starts_with("POST https://api.creem.io/v1/webhooks/wh_1/events/evt_1/ack\n"),
        "{}",
        sent[1]
    );
    assert!(
        sent[1].ends_with("\n\n{\"status_code\":200}") && sent[1].contains("x-api-key: creem_planted"),
        "{}",
        sent[1]
    );
}

struct ApiKey;

impl SecretResolver for ApiKey {
    fn env(&self, name: &str) -> Option<SecretString> {
        (name == "TOKEN").then(|| "creem_planted".into())
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

fn configured(transport: &ScriptedTransport, fields: &Value) -> Result<Option<Arc<dyn WebhookFeed>>> {
    let settings = ProviderSettings::new(fields.as_object().unwrap().clone());
    let context = BuildContext::new("main", &ApiKey, Clock::new(Timestamp::now));
    VENDOR.build_feed(&settings, &context.with_transport(Arc::new(transport.clone())))
}

#[tokio::test]
async fn a_configuration_that_names_an_endpoint_has_its_feed() {
    let transport =
        ScriptedTransport::new().then(Answer::json(200, r#"{"items":[]}"#)).then(Answer::new(404));
    let fields = json!({ "token": { "env": "TOKEN" }, "webhook_endpoint": "wh_1" });
    let feed = configured(&transport, &fields).unwrap().unwrap();
    assert_eq!(feed.pending().await.unwrap(), []);
    assert_eq!(feed.pending().await.unwrap_err().provider(), Some("main"));
    assert!(sent(&transport)[0].contains("/v1/webhooks/wh_1/events/pending"));
    let settings = ProviderSettings::new(fields.as_object().unwrap().clone());
    assert!(VENDOR.receives_webhooks(&settings), "the field is one of webhooks");

    let none = configured(&transport, &json!({ "token": { "env": "TOKEN" } })).unwrap();
    assert!(none.is_none());
    for (fields, named) in [
        (json!({ "webhook_endpoint": "wh_1" }), "`token` is missing"),
        (json!({ "token": { "env": "TOKEN" }, "webhook_endpoint": "../x" }), "`webhook_endpoint`"),
    ] {
        let error = configured(&transport, &fields).unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("main")), "{error}");
        assert!(error.to_string().contains(named), "{error}");
    }
}
