//! Sending of webhook messages.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use anykey_core::SignedDuration;
use anykey_core::{HttpTransport, TransportError, TransportErrorKind};
use anykey_dodo_sim::kit::{DeliveryOutcome, WebhookQuirks, WebhookSender};
use anykey_dodo_sim::{DodoSim, EndpointSpec, KeySpec};
use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{Request, Response, StatusCode};
use sha2::Sha256;

use crate::fixture::{Fixture, START, at};
use crate::webhooks::{URL, listen};

fn issue(fixture: &Fixture, count: usize) {
    fixture.sim.issue_many(count, &KeySpec::default()).unwrap();
}

fn only(fixture: &Fixture, event_type: &str) {
    fixture.sim.add_webhook_endpoint(EndpointSpec::new(URL).events([event_type])).unwrap();
}

fn header<'r>(request: &'r Request<Bytes>, name: &str) -> &'r str {
    request.headers()[name].to_str().unwrap()
}

fn signed(secret: &str, request: &Request<Bytes>) -> String {
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let signed = [header(request, "webhook-id"), header(request, "webhook-timestamp"), ""].join(".");
    let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(signed);
    format!("v1,{}", BASE64_STANDARD.encode(mac.chain_update(request.body()).finalize().into_bytes()))
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
        let status = answer.ok_or_else(|| TransportError::new(TransportErrorKind::Timeout))?;
        Ok(Response::builder().status(status).body(Bytes::new()).unwrap())
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn a_request_is_signed_when_it_is_sent() {
    let fixture = Fixture::new();
    let endpoint = listen(&fixture);
    issue(&fixture, 1);
    let first = fixture.sim.next_delivery().unwrap();
    assert_eq!((first.request.method().as_str(), first.request.uri().to_string()), ("POST", URL.to_owned()));
    assert_eq!(header(&first.request, "content-type"), "application/json");
    assert_eq!(header(&first.request, "webhook-timestamp"), at(START).as_second().to_string());
    assert_eq!(header(&first.request, "webhook-signature"), signed(&endpoint.secret, &first.request));
    fixture.sim.answered(first.id, Some(StatusCode::INTERNAL_SERVER_ERROR));
    fixture.sim.answered(fixture.sim.due_deliveries().last().unwrap().id, None);
    fixture.clock.advance(SignedDuration::from_secs(5));
    let again = fixture.sim.next_delivery().unwrap();
    assert_eq!(header(&again.request, "webhook-id"), header(&first.request, "webhook-id"));
    assert_eq!(header(&again.request, "webhook-timestamp"), (at(START).as_second() + 5).to_string());
    assert_eq!(header(&again.request, "webhook-signature"), signed(&endpoint.secret, &again.request));
    assert_eq!((first.attempt, again.attempt), (1, 3));
}

#[test]
fn a_given_secret_signs_and_a_rotated_one_for_another_day() {
    let fixture = Fixture::new();
    let old = "whsec_ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2VjcmV0LTAwMDE=";
    let endpoint = fixture.sim.add_webhook_endpoint(EndpointSpec::new(URL).secret(old)).unwrap();
    assert_eq!(endpoint.secret, old);
    let new = fixture.sim.rotate_webhook_secret(&endpoint.id).unwrap();
    let signature = || {
        issue(&fixture, 1);
        let request = fixture.sim.due_deliveries().remove(0).request;
        let both = [signed(&new, &request), signed(old, &request)];
        (header(&request, "webhook-signature").to_owned(), both)
    };
    fixture.clock.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    let (sent, both) = signature();
    assert_eq!(sent, both.join(" "));
    fixture.clock.advance(SignedDuration::from_mins(5));
    let (sent, [current, _]) = signature();
    assert_eq!(sent, current);
    assert_eq!(fixture.sim.rotate_webhook_secret("ep_unknown"), None);
}

#[test]
fn a_failing_endpoint_gets_nine_attempts_within_28_hours() {
    let fixture = Fixture::new();
    only(&fixture, "license_key.created");
    issue(&fixture, 1);
    let mut waits = Vec::new();
    let statuses = [301, 404, 500, 302, 199, 300, 429, 503, 400];
    for (number, status) in statuses.into_iter().enumerate() {
        let delivery = fixture.sim.next_delivery().unwrap();
        assert_eq!(delivery.attempt, u32::try_from(number).unwrap() + 1);
        match fixture.sim.answered(delivery.id, StatusCode::from_u16(status).ok()) {
            DeliveryOutcome::Retried { at } => {
                waits.push(at.duration_since(fixture.clock.now()).as_secs());
                fixture.clock.set(at - SignedDuration::from_micros(1));
                assert!(fixture.sim.next_delivery().is_none() || waits == [0]);
                fixture.clock.set(at);
            }
            outcome => assert_eq!((outcome, number), (DeliveryOutcome::GivenUp, 8)),
        }
    }
    assert_eq!(waits, [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]);
    assert_eq!((fixture.sim.undelivered(), fixture.sim.next_delivery_at()), (0, None));
}

#[test]
fn any_2xx_delivers_a_message_and_a_second_answer_is_unknown() {
    let fixture = Fixture::new();
    only(&fixture, "license_key.created");
    for status in [200, 201, 204, 299] {
        issue(&fixture, 1);
        let delivery = fixture.sim.next_delivery().unwrap();
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(fixture.sim.answered(delivery.id, Some(status)), DeliveryOutcome::Delivered);
        assert_eq!(fixture.sim.answered(delivery.id, Some(status)), DeliveryOutcome::Unknown);
    }
    assert_eq!(fixture.sim.undelivered(), 0);
}

#[test]
fn a_request_times_out_after_fifteen_seconds() {
    let fixture = Fixture::new();
    only(&fixture, "license_key.created");
    issue(&fixture, 1);
    let late = fixture.sim.next_delivery().unwrap();
    assert_eq!(fixture.sim.next_delivery_at(), Some(at(START) + SignedDuration::from_secs(15)));
    fixture.clock.advance(SignedDuration::from_secs(15));
    assert_eq!(fixture.sim.answered(late.id, Some(StatusCode::OK)), DeliveryOutcome::Unknown);
    let again = fixture.sim.next_delivery().unwrap();
    assert_eq!(again.attempt, 2);
    fixture.clock.advance(SignedDuration::from_millis(14_999));
    assert_eq!(fixture.sim.answered(again.id, Some(StatusCode::OK)), DeliveryOutcome::Delivered);
}

#[test]
fn deliver_due_sends_due_messages_and_deliver_all_advances_the_clock() {
    let fixture = Fixture::new();
    only(&fixture, "license_key.created");
    issue(&fixture, 2);
    let receiver =
        Receiver { answers: Mutex::new(vec![None, Some(500), None, Some(204)]), ..Receiver::default() };
    let report = run(fixture.sim.deliver_due(&receiver));
    assert_eq!((report.sent, report.delivered, report.retried, report.given_up), (4, 1, 3, 0));
    let report = run(fixture.sim.deliver_all(&receiver, &fixture.clock));
    assert_eq!((report.sent, report.delivered), (1, 1));
    assert_eq!(fixture.clock.now(), at(START) + SignedDuration::from_secs(5));
    let ids: HashSet<_> = receiver.ids.into_inner().unwrap().into_iter().collect();
    assert_eq!(ids.len(), 2);
}

#[test]
fn deliver_all_with_another_clock_stops_at_the_first_wait() {
    let fixture = Fixture::new();
    only(&fixture, "license_key.created");
    issue(&fixture, 1);
    let receiver = Receiver { answers: Mutex::new(vec![None, None]), ..Receiver::default() };
    let foreign = anykey_core::ManualClock::at(at(START));
    assert_eq!(run(fixture.sim.deliver_all(&receiver, &foreign)).sent, 2);
    assert_eq!(fixture.sim.undelivered(), 1);
}

/// Sends 300 messages: their ids in the order of sending, and how often each was sent.
fn deliver_many(change: impl FnOnce(&mut WebhookQuirks)) -> (Vec<String>, HashMap<String, usize>) {
    let fixture = Fixture::new();
    only(&fixture, "license_key.created");
    fixture.sim.change_webhook_quirks(change);
    issue(&fixture, 300);
    let receiver = Receiver::default();
    run(fixture.sim.deliver_all(&receiver, &fixture.clock));
    assert_eq!(fixture.sim.undelivered(), 0);
    let ids = receiver.ids.into_inner().unwrap();
    let mut times = HashMap::new();
    for id in &ids {
        *times.entry(id.clone()).or_default() += 1;
    }
    (ids, times)
}

/// How many messages are followed by one that precedes it in a run without faults.
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
        assert!(times.values().all(|times| *times <= 9));
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
fn a_message_overtakes_at_most_the_configured_number() {
    let (order, _) = deliver_many(|_| {});
    let (ids, _) = deliver_many(|quirks| quirks.overtaking = 3);
    let sent_early = ids
        .iter()
        .enumerate()
        .map(|(place, id)| order.iter().position(|one| one == id).unwrap().saturating_sub(place));
    assert_eq!(sent_early.max(), Some(3));
}

#[test]
fn clock_skew_changes_only_the_timestamp() {
    let fixture = Fixture::new();
    let endpoint = listen(&fixture);
    fixture.sim.change_webhook_quirks(|quirks| quirks.clock_skew = SignedDuration::from_mins(-6));
    issue(&fixture, 1);
    let request = fixture.sim.next_delivery().unwrap().request;
    assert_eq!(header(&request, "webhook-timestamp"), (at(START).as_second() - 360).to_string());
    assert_eq!(header(&request, "webhook-signature"), signed(&endpoint.secret, &request));
    assert!(std::str::from_utf8(request.body()).unwrap().contains(START));
}

#[test]
fn unknown_events_follow_other_events() {
    let fixture = Fixture::new();
    listen(&fixture);
    fixture.sim.change_webhook_quirks(|quirks| quirks.unknown_events = 100);
    issue(&fixture, 1);
    let types: Vec<_> =
        fixture.sim.due_deliveries().into_iter().map(|delivery| delivery.event_type).collect();
    assert_eq!((types.len(), types.iter().filter(|one| *one == "license_pool.refilled").count()), (6, 3));
}

#[test]
fn every_endpoint_gets_the_same_message_with_its_own_signature() {
    let fixture = Fixture::new();
    let endpoints = [listen(&fixture), listen(&fixture)];
    issue(&fixture, 1);
    let deliveries = fixture.sim.due_deliveries();
    let [first, second] = &deliveries[..2] else { panic!("two endpoints") };
    assert_eq!(header(&first.request, "webhook-id"), header(&second.request, "webhook-id"));
    for (endpoint, delivery) in endpoints.iter().zip([first, second]) {
        assert_eq!(delivery.endpoint_id, endpoint.id);
        assert_eq!(
            header(&delivery.request, "webhook-signature"),
            signed(&endpoint.secret, &delivery.request)
        );
    }
    assert_ne!(endpoints[0].secret, endpoints[1].secret);
}

#[test]
fn webhooks_do_not_change_other_ids_and_debug_prints_no_secret() {
    let ids = |listens: bool| {
        let sim = DodoSim::new(Fixture::new().clock);
        let endpoint = listens.then(|| sim.add_webhook_endpoint(EndpointSpec::new(URL)).unwrap());
        let key = sim.issue(KeySpec::default()).unwrap();
        for delivery in sim.due_deliveries() {
            let printed = format!("{delivery:?} {endpoint:?}");
            assert!(!printed.contains(&key.key) && !printed.contains("whsec_"), "{printed}");
        }
        (key.id, key.key)
    };
    assert_eq!(ids(true), ids(false));
    let spec = EndpointSpec::new(URL).secret("whsec_PLANTED");
    assert!(!format!("{spec:?}").contains("PLANTED"));
}
