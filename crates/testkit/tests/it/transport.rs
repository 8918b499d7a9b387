//! Faults and scripts, as an adapter meets them.

use std::time::Duration;

use anykey_core::{HttpTransport, TransportErrorKind};
use anykey_testkit::transport::{Answer, Fault, FaultyTransport, RetryAfter, Rule, ScriptedTransport};
use bytes::Bytes;
use tokio::time::{Instant, timeout};

const BODY: &str = r#"{"id":"lki_1","name":"laptop"}"#;

fn activate() -> http::Request<Bytes> {
    http::Request::post("https://api.example.com/licenses/activate").body("{}".into()).unwrap()
}

fn vendor() -> ScriptedTransport {
    ScriptedTransport::from_fn(|_| Answer::json(201, BODY))
}

/// What a caller gets, and how much work the vendor did.
async fn under(fault: Fault) -> (Result<http::Response<Bytes>, TransportErrorKind>, usize) {
    let vendor = vendor();
    let faulty = FaultyTransport::new(vendor.clone());
    faulty.inject(Rule::next(fault));
    let answer = faulty.send(activate()).await.map_err(|error| error.kind());
    (answer, vendor.requests().len())
}

#[tokio::test]
async fn failures_tell_whether_the_work_was_done() {
    for (fault, kind, work) in [
        (Fault::ConnectionRefused, TransportErrorKind::Connect, 0),
        (Fault::ResetBeforeWork, TransportErrorKind::Interrupted, 0),
        (Fault::AnswerLost, TransportErrorKind::Interrupted, 1),
    ] {
        let (answer, done) = under(fault.clone()).await;
        assert_eq!((answer.unwrap_err(), done), (kind, work), "{fault:?}");
    }
}

#[tokio::test]
async fn answers_in_the_vendors_place_come_before_or_after_the_work() {
    for (fault, status, work) in [
        (Fault::unavailable(502), 502, 0),
        (Fault::unavailable_after_work(504), 504, 1),
        (Fault::rate_limited(RetryAfter::Absent), 429, 0),
        (Fault::captive_portal(), 200, 0),
        (Fault::AfterWork(Answer::new(204)), 204, 1),
    ] {
        let (answer, done) = under(fault.clone()).await;
        assert_eq!((answer.unwrap().status().as_u16(), done), (status, work), "{fault:?}");
    }
}

#[tokio::test]
async fn a_rate_limit_says_how_long_in_every_way() {
    for (retry_after, header) in [
        (RetryAfter::Absent, None),
        (RetryAfter::Seconds(3), Some("3")),
        (RetryAfter::At("2026-11-21T02:00:00Z".parse().unwrap()), Some("Sat, 21 Nov 2026 02:00:00 GMT")),
        (RetryAfter::Text("soon".into()), Some("soon")),
    ] {
        let (answer, _) = under(Fault::rate_limited(retry_after)).await;
        let answer = answer.unwrap();
        assert_eq!(answer.headers().get("retry-after").map(|value| value.to_str().unwrap()), header);
    }
}

#[tokio::test]
async fn a_spoiled_body_comes_with_the_vendors_status() {
    let body = |fault| async {
        let (answer, done) = under(fault).await;
        let answer = answer.unwrap();
        assert_eq!((answer.status().as_u16(), done), (201, 1));
        answer.into_body()
    };
    let truncated = body(Fault::TruncatedBody).await;
    assert!(BODY.as_bytes().starts_with(&truncated) && truncated.len() == BODY.len() / 2);
    assert_eq!(body(Fault::EmptyBody).await, "");
    let oversized = body(Fault::OversizedBody(9_000_000)).await;
    assert!(oversized.len() == 9_000_000 + BODY.len() && oversized.ends_with(BODY.as_bytes()));
}

#[tokio::test(start_paused = true)]
async fn hanging_lasts_until_the_caller_gives_up() {
    for (fault, work) in [(Fault::HangBeforeWork, 0), (Fault::HangAfterWork, 1)] {
        let vendor = vendor();
        let faulty = FaultyTransport::new(vendor.clone());
        faulty.inject(Rule::next(fault.clone()));
        assert!(timeout(Duration::from_secs(3_600), faulty.send(activate())).await.is_err(), "{fault:?}");
        assert_eq!(vendor.requests().len(), work, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn latency_delays_the_work_and_keeps_the_answer() {
    let before = Instant::now();
    let (answer, done) = under(Fault::Latency(Duration::from_secs(5))).await;
    assert_eq!((answer.unwrap().into_body(), done), (Bytes::from_static(BODY.as_bytes()), 1));
    assert!(before.elapsed() >= Duration::from_secs(5));
}

#[tokio::test]
async fn faults_are_switched_from_any_clone_while_it_is_in_use() {
    let faulty = FaultyTransport::new(vendor());
    let handle = faulty.clone();
    let works = || async { faulty.send(activate()).await.is_ok() };
    assert!(works().await);
    handle.inject(Rule::always(Fault::ConnectionRefused));
    assert!(!works().await && !works().await);
    handle.clear();
    assert!(works().await);
    assert_eq!(handle.injected(), 2);
}

#[tokio::test]
async fn the_first_rule_that_strikes_wins_and_every_rule_counts() {
    let faulty = FaultyTransport::new(vendor());
    faulty.inject(Rule::every(2, Fault::ConnectionRefused).when(|method, _| *method == http::Method::POST));
    faulty.inject(Rule::nth(3, Fault::AnswerLost));
    let mut kinds = Vec::new();
    for _ in 0..4 {
        kinds.push(faulty.send(activate()).await.err().map(|error| error.kind()));
    }
    let (connect, interrupted) = (Some(TransportErrorKind::Connect), Some(TransportErrorKind::Interrupted));
    assert_eq!(kinds, [None, connect, interrupted, connect]);
}

#[tokio::test]
async fn a_request_after_the_end_of_the_script_is_refused_and_noted() {
    let script = ScriptedTransport::new().then(Answer::new(200));
    assert_eq!(script.remaining(), 1);
    script.send(activate()).await.unwrap();
    script.assert_finished();

    let error = script.send(activate()).await.unwrap_err();
    assert!(error.kind().never_sent());
    let note = "POST /licenses/activate: the script has ended";
    assert_eq!(script.unexpected(), [note]);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), note);
    assert!(format!("{script:?}").contains(note));
}

#[tokio::test]
async fn a_request_that_the_script_does_not_expect_is_refused_and_noted() {
    for (method, path) in [("POST", "/licenses/validate"), ("GET", "/licenses/activate")] {
        let script = ScriptedTransport::new().then_on(method, path, Answer::new(200));
        assert_eq!(script.send(activate()).await.unwrap_err().kind(), TransportErrorKind::Refused);
        let note = format!("POST /licenses/activate: the script goes on with {method} {path}");
        assert_eq!(script.unexpected(), [note]);
        assert_eq!(script.requests().len(), 1, "the request is kept for assertions all the same");
    }
}

#[tokio::test]
async fn one_request_too_many_uses_no_step_up() {
    let activation = Answer::json(200, r#"{"seat":"1"}"#);
    let script = ScriptedTransport::new().then_on("POST", "/licenses/validate", Answer::new(200)).then_on(
        "POST",
        "/licenses/activate",
        activation,
    );
    script.send(activate()).await.unwrap_err();
    assert_eq!(script.remaining(), 2);
    let validate = http::Request::post("https://api.example.com/licenses/validate").body(Bytes::new());
    script.send(validate.unwrap()).await.unwrap();
    assert_eq!(script.send(activate()).await.unwrap().body(), r#"{"seat":"1"}"#);
    assert_eq!(script.unexpected().len(), 1, "{script:?}");
}

#[tokio::test]
#[should_panic(expected = "1 steps of the script were not reached")]
async fn an_unfinished_script_is_found() {
    ScriptedTransport::new().then(Answer::new(200)).assert_finished();
}

#[tokio::test]
#[should_panic(expected = "the script did not foresee")]
async fn an_unforeseen_request_is_found_at_the_end() {
    let script = ScriptedTransport::new();
    let _refused = script.send(activate()).await;
    script.assert_finished();
}
