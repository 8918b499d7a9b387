//! Sending of events.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use anykey_core::{HttpTransport, Timestamp, TransportError, TransportErrorKind};
use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Response, StatusCode};
use sha2::Sha256;

use super::webhooks::{URL, listen};
use super::*;

const OK: StatusCode = StatusCode::OK;
const BROKEN: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// An endpoint for one type, so that every sale is one event.
fn created_only(seller: &Seller) -> WebhookEndpoint {
    seller.sim.add_webhook_endpoint(EndpointSpec::new(URL).events(["benefit_grant.created"])).unwrap()
}

fn header<'r>(request: &'r Request<Bytes>, name: &str) -> &'r str {
    request.headers()[name].to_str().unwrap()
}

fn signed(key: &[u8], request: &Request<Bytes>) -> String {
    let signed = [header(request, "webhook-id"), header(request, "webhook-timestamp"), ""].join(".");
    let mac = Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(signed);
    format!("v1,{}", BASE64_STANDARD.encode(mac.chain_update(request.body()).finalize().into_bytes()))
}

/// The key of a secret of the current scheme.
fn decoded(secret: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A receiver that records ids, and answers from a list, then always with success.
#[derive(Debug, Default)]
struct Receiver {
    ids: Mutex<Vec<String>>,
    answers: Mutex<Vec<Option<u16>>>,
}

#[async_trait::async_trait]
impl HttpTransport for Receiver {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.ids.lock().unwrap().push(header(&request, "webhook-id").to_owned());
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.is_empty() { Some(200) } else { answers.remove(0) };
        let status = answer.ok_or_else(|| TransportError::new(TransportErrorKind::Interrupted))?;
        Ok(Response::builder().status(status).body(Bytes::new()).unwrap())
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn generated_secrets_depend_on_the_date() {
    for (day, prefix, length, standard) in [
        ("2026-06-28T23:59:59Z", "polar_whs_", 53, false),
        ("2026-06-29T00:00:00Z", "whsec_", 49, false),
        ("2026-09-07T23:59:59Z", "whsec_", 49, false),
        ("2026-09-08T00:00:00Z", "whsec_", 50, true),
    ] {
        let seller = Seller::new();
        seller.clock.set(at(day));
        let endpoint = listen(&seller);
        assert!(endpoint.secret.starts_with(prefix), "{day}");
        assert_eq!(
            (endpoint.secret.len(), endpoint.uses_standard_webhook_signature),
            (length, standard),
            "{day}"
        );
        seller.sell(BenefitSpec::default());
        let request = seller.sim.next_delivery().unwrap().request;
        let key = if standard { decoded(&endpoint.secret) } else { endpoint.secret.into_bytes() };
        assert_eq!(header(&request, "webhook-signature"), signed(&key, &request), "{day}");
    }
}

#[test]
fn a_given_secret_signs_with_its_scheme() {
    let text = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let bytes: Vec<u8> = (0..32).collect();
    for (secret, key) in [
        (WebhookSecret::Standard(text.to_owned()), &*bytes),
        (WebhookSecret::Legacy(text.to_owned()), text.as_bytes()),
    ] {
        let seller = Seller::new();
        let endpoint = seller.sim.add_webhook_endpoint(EndpointSpec::new(URL).secret(secret)).unwrap();
        assert_eq!(endpoint.secret, text);
        seller.sell(BenefitSpec::default());
        let request = seller.sim.next_delivery().unwrap().request;
        assert_eq!(header(&request, "webhook-signature"), signed(key, &request));
    }
}

#[test]
fn invalid_endpoints_are_errors() {
    let seller = Seller::new();
    for (spec, error) in [
        (EndpointSpec::new("/hooks"), SimError::UnusableUrl),
        (EndpointSpec::new("ftp://seller.example"), SimError::UnusableUrl),
        (EndpointSpec::new(URL).secret(WebhookSecret::Legacy("a".repeat(31))), SimError::UnusableSecret),
        (
            EndpointSpec::new(URL).secret(WebhookSecret::Standard("whsec_AAE".to_owned())),
            SimError::UnusableSecret,
        ),
    ] {
        assert_eq!(seller.sim.add_webhook_endpoint(spec).err(), Some(error));
    }
    let short = EndpointSpec::new(URL).secret(WebhookSecret::Legacy("é".repeat(32)));
    assert!(seller.sim.add_webhook_endpoint(short).is_ok());
}

#[test]
fn a_reset_secret_replaces_the_old_one_immediately() {
    let seller = Seller::new();
    let endpoint = created_only(&seller);
    seller.sell(BenefitSpec::default());
    let reset = seller.sim.reset_webhook_secret(endpoint.id).unwrap();
    assert_ne!(reset.secret, endpoint.secret);
    let request = seller.sim.next_delivery().unwrap().request;
    let key = decoded(&reset.secret);
    assert_eq!(header(&request, "webhook-signature"), signed(&key, &request));
    assert_eq!(seller.sim.reset_webhook_secret(seller.customer).err(), Some(SimError::UnknownEndpoint));
}

#[test]
fn an_event_has_ten_attempts_with_doubling_waits() {
    let seller = Seller::new();
    created_only(&seller);
    seller.sell(BenefitSpec::default());
    let (mut waits, mut ids, mut bodies) = (Vec::new(), HashSet::new(), HashSet::new());
    for attempt in 1..=10 {
        let delivery = seller.sim.next_delivery().unwrap();
        assert_eq!(delivery.attempt, attempt);
        assert_eq!(
            header(&delivery.request, "webhook-timestamp"),
            seller.clock.now().as_second().to_string()
        );
        ids.insert(header(&delivery.request, "webhook-id").to_owned());
        bodies.insert(delivery.request.body().clone());
        match seller.sim.answered(delivery.id, Some(StatusCode::TEMPORARY_REDIRECT)) {
            DeliveryOutcome::Retried { at } => {
                waits.push(at.duration_since(seller.clock.now()).as_secs());
                seller.clock.set(at - SignedDuration::from_micros(1));
                assert!(seller.sim.next_delivery().is_none());
                seller.clock.set(at);
            }
            outcome => assert_eq!((outcome, attempt), (DeliveryOutcome::GivenUp, 10)),
        }
    }
    assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 512]);
    assert_eq!((ids.len(), bodies.len(), seller.sim.undelivered()), (1, 1, 0));
}

#[test]
fn a_body_has_the_state_at_its_event() {
    let seller = Seller::new();
    created_only(&seller);
    let key = seller.sell(BenefitSpec::default());
    seller.sim.end_grant(key.id).unwrap();
    seller.wait(30);
    let body: Value = serde_json::from_slice(seller.sim.next_delivery().unwrap().request.body()).unwrap();
    assert_eq!(
        (&body["timestamp"], &body["data"]["is_granted"]),
        (&"2027-01-31T12:00:00Z".into(), &true.into())
    );
}

#[test]
fn ten_lost_events_in_a_row_disable_an_endpoint() {
    let seller = Seller::new();
    let endpoint = created_only(&seller);
    let enabled = || seller.sim.webhook_endpoint_enabled(endpoint.id).unwrap();
    let refuse = |statuses: Vec<Option<u16>>| {
        seller.sell(BenefitSpec::default());
        let receiver = Receiver { answers: Mutex::new(statuses), ..Default::default() };
        run(seller.sim.deliver_all(&receiver, &seller.clock)).given_up
    };
    let lose = || refuse(vec![Some(500); 10]);
    assert_eq!((0..9).map(|_| lose()).sum::<usize>(), 9);
    assert_eq!(refuse(vec![None; 9]), 0, "the tenth attempt succeeds");
    assert_eq!((0..9).map(|_| lose()).sum::<usize>(), 9);
    assert!(enabled());
    seller.sell(BenefitSpec::default());
    lose();
    assert!(enabled(), "another event was delivered in between");
    (0..9).for_each(|_| _ = lose());
    seller.sell(BenefitSpec::default());
    let broken = Receiver { answers: Mutex::new(vec![Some(500); 100]), ..Default::default() };
    run(seller.sim.deliver_all(&broken, &seller.clock));
    assert!(!enabled());
    seller.sell(BenefitSpec::default());
    assert_eq!(seller.sim.undelivered(), 0, "nothing is queued for it");
    seller.sim.enable_webhook_endpoint(endpoint.id).unwrap();
    seller.sell(BenefitSpec::default());
    assert_eq!((enabled(), seller.sim.undelivered()), (true, 1));
    assert_eq!(seller.sim.webhook_endpoint_enabled(seller.customer), None);
    assert_eq!(seller.sim.enable_webhook_endpoint(seller.customer), Err(SimError::UnknownEndpoint));
}

#[test]
fn a_request_times_out_after_ten_seconds() {
    let seller = Seller::new();
    created_only(&seller);
    seller.sell(BenefitSpec::default());
    let late = seller.sim.next_delivery().unwrap();
    assert_eq!(seller.sim.next_delivery_at(), Some(seller.clock.now() + SignedDuration::from_secs(10)));
    seller.wait(10);
    assert_eq!(seller.sim.answered(late.id, Some(OK)), DeliveryOutcome::Unknown);
    assert!(seller.sim.next_delivery().is_none(), "the wait starts at the timeout");
    seller.wait(2);
    let again = seller.sim.next_delivery().unwrap();
    assert_eq!(again.attempt, 2);
    seller.clock.advance(SignedDuration::from_millis(9_999));
    assert_eq!(seller.sim.answered(again.id, Some(OK)), DeliveryOutcome::Delivered);
    assert_eq!(seller.sim.answered(again.id, Some(BROKEN)), DeliveryOutcome::Unknown);
}

#[test]
fn deliver_due_sends_due_events_and_deliver_all_advances_the_clock() {
    let seller = Seller::new();
    listen(&seller);
    seller.sell(BenefitSpec::default());
    let receiver = Receiver { answers: Mutex::new(vec![None, Some(500), Some(204)]), ..Default::default() };
    let report = run(seller.sim.deliver_due(&receiver));
    assert_eq!((report.sent, report.delivered, report.retried), (1, 0, 1));
    let report = run(seller.sim.deliver_all(&receiver, &seller.clock));
    assert_eq!((report.sent, report.delivered, report.retried), (3, 2, 1), "including the customer's state");
    assert_eq!(seller.clock.now(), at("2027-01-31T12:00:15Z"));
    seller.sell(BenefitSpec::default());
    let foreign = ManualClock::at(seller.clock.now());
    assert_eq!(run(seller.sim.deliver_all(&receiver, &foreign)).sent, 1, "it stops at the first wait");
}

/// Sends 300 events: their ids in the order of sending, and how often each was sent.
fn deliver_many(change: impl FnOnce(&mut WebhookQuirks)) -> (Vec<String>, HashMap<String, usize>) {
    let seller = Seller::new();
    created_only(&seller);
    seller.sim.change_webhook_quirks(change);
    let benefit = seller.sim.add_benefit(BenefitSpec::default()).unwrap();
    seller.sim.grant_all(vec![GrantSpec::order(benefit, seller.customer); 300]).unwrap();
    let receiver = Receiver::default();
    run(seller.sim.deliver_all(&receiver, &seller.clock));
    assert_eq!(seller.sim.undelivered(), 0);
    let ids = receiver.ids.into_inner().unwrap();
    let mut times = HashMap::new();
    for id in &ids {
        *times.entry(id.clone()).or_default() += 1;
    }
    (ids, times)
}

/// How often an event directly follows one that comes later in a run without faults.
fn disorder(ids: &[String], order: &[String]) -> usize {
    let place = |id: &String| order.iter().position(|one| one == id).unwrap();
    ids.windows(2).filter(|pair| place(&pair[0]) > place(&pair[1])).count()
}

type Change = fn(&mut WebhookQuirks);

#[test]
fn faults_have_the_configured_frequency_and_are_determined_by_the_seed() {
    let (order, once) = deliver_many(|_| {});
    assert_eq!((order.len(), once.len()), (300, 300));
    let repeating: [Change; 2] = [|quirks| quirks.duplicates = 20, |quirks| quirks.lost_answers = 20];
    for change in repeating {
        let (ids, times) = deliver_many(change);
        assert_eq!(times.len(), 300, "nothing is lost");
        assert!((340..=400).contains(&ids.len()), "{}", ids.len());
        assert_eq!(deliver_many(change).0, ids);
        let reseeded = |quirks: &mut WebhookQuirks| {
            change(quirks);
            quirks.seed = 1;
        };
        assert_ne!(deliver_many(reseeded).0, ids);
    }
    let delay: Change = |quirks| quirks.max_delay = SignedDuration::from_mins(2);
    let reordering: [Change; 2] = [|quirks| quirks.overtaking = 10, delay];
    for change in reordering {
        let (ids, times) = deliver_many(change);
        assert_eq!((ids.len(), times.len()), (300, 300));
        assert!(disorder(&ids, &order) > 50);
        assert_eq!(deliver_many(change).0, ids);
    }
}

#[test]
fn clock_skew_changes_only_the_timestamp() {
    let seller = Seller::new();
    let endpoint = listen(&seller);
    seller.sim.change_webhook_quirks(|quirks| quirks.clock_skew = SignedDuration::from_mins(6));
    seller.sell(BenefitSpec::default());
    let request = seller.sim.next_delivery().unwrap().request;
    assert_eq!(header(&request, "webhook-timestamp"), (seller.clock.now().as_second() + 360).to_string());
    let key = decoded(&endpoint.secret);
    assert_eq!(header(&request, "webhook-signature"), signed(&key, &request));
}

#[test]
fn unknown_events_follow_other_events() {
    let seller = Seller::new();
    listen(&seller);
    seller.sim.change_webhook_quirks(|quirks| quirks.unknown_events = 100);
    seller.sell(BenefitSpec::default());
    let types: Vec<_> = seller.sim.due_deliveries().into_iter().map(|delivery| delivery.event_type).collect();
    assert_eq!(types, ["benefit_grant.created", "license_pool.refilled"]);
}

#[test]
fn webhooks_do_not_change_other_ids_and_debug_prints_no_secret() {
    let sold = |listens: bool| {
        let seller = Seller::new();
        let endpoint = listens.then(|| listen(&seller));
        let key = seller.sell(BenefitSpec::default());
        for delivery in seller.sim.due_deliveries() {
            let printed = format!("{delivery:?} {endpoint:?}");
            assert!(!printed.contains("buyer@example.com") && !printed.contains("whsec_"), "{printed}");
        }
        (key.id, key.key)
    };
    assert_eq!(sold(true), sold(false));
    for secret in [WebhookSecret::Legacy, WebhookSecret::Standard] {
        let spec = EndpointSpec::new(URL).secret(secret("whsec_PLANTED".to_owned()));
        assert!(!format!("{spec:?}").contains("PLANTED"));
    }
}
