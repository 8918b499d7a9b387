use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::{ErrorKind, Operation};
use anykey_http::{
    ApiClient, ApiRequest, HttpTransport, RetryPolicy, TransportError, TransportErrorKind as Kind,
    async_trait,
};
use bytes::Bytes;

use crate::support::{Script, Step, answer, status};

fn activate() -> ApiRequest {
    ApiRequest::post(Operation::Activate)
}

fn update() -> ApiRequest {
    ApiRequest::patch(Operation::Update).repeatable()
}

fn validate() -> ApiRequest {
    ApiRequest::post(Operation::Validate).read_only()
}

#[tokio::test(start_paused = true)]
async fn gives_back_every_status() {
    for code in [200, 204, 301, 404, 418, 501] {
        let response = Script::new([status(code)]).client().send(validate()).await.unwrap();
        assert_eq!((response.status().as_u16(), response.attempts()), (code, 1));
        assert_eq!(response.is_success(), code < 300);
    }
}

#[tokio::test(start_paused = true)]
async fn repeats_what_may_be_repeated_until_it_works() {
    let script = Script::new([status(503), Step::Fail(Kind::Interrupted), status(200)]);
    let response = script.client().send(validate()).await.unwrap();
    assert_eq!((response.status().as_u16(), response.attempts()), (200, 3));
    assert!(!response.earlier_attempt_open(), "a read leaves nothing open");
}

#[tokio::test(start_paused = true)]
async fn a_final_answer_with_the_status_of_a_failure_is_not_repeated_and_leaves_nothing_open() {
    let is_final = |status: http::StatusCode, body: &[u8]| status == 500 && body == b"no such key";
    for (body, sent, open) in [("no such key", 1, false), ("oops", 3, true)] {
        let script = Script::new((0..3).map(|_| answer(500, &[], body)));
        let client = script.builder().final_answers(is_final).build().unwrap();
        let response = client.send(update()).await.unwrap();
        assert_eq!((script.count(), response.earlier_attempt_open()), (sent, open), "{body}");
        assert_eq!(response.error(ErrorKind::NotFound, "x").may_have_taken_effect(), open, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_answer_is_returned_to_the_adapter() {
    let script = Script::new([status(500), status(502), status(503)]);
    let response = script.client().send(ApiRequest::get(Operation::List)).await.unwrap();
    assert_eq!((response.status().as_u16(), response.attempts()), (503, 3));
}

#[tokio::test(start_paused = true)]
async fn never_repeats_an_activation_that_may_have_arrived() {
    for step in [status(500), status(503), status(408), status(504)] {
        let script = Script::new([step]);
        let response = script.client().send(activate()).await.unwrap();
        assert_eq!(script.count(), 1);
        assert!(response.general_error().may_have_taken_effect());
    }
    for kind in [Kind::Interrupted, Kind::Timeout, Kind::BodyTooLarge] {
        let script = Script::new([Step::Fail(kind)]);
        let error = script.client().send(activate()).await.unwrap_err();
        assert_eq!((script.count(), error.may_have_taken_effect()), (1, true), "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn repeats_an_activation_that_was_certainly_not_done() {
    let script = Script::new([Step::Fail(Kind::Connect), status(429), status(200)]);
    let response = script.client().send(activate()).await.unwrap();
    assert_eq!((response.status().as_u16(), response.attempts()), (200, 3));
    assert!(!response.earlier_attempt_open());
}

#[tokio::test(start_paused = true)]
async fn remembers_that_an_earlier_attempt_may_have_taken_effect() {
    let script = Script::new([Step::Fail(Kind::Interrupted), status(404)]);
    let response = script.client().send(update()).await.unwrap();
    assert!(response.earlier_attempt_open());
    assert!(response.general_error().may_have_taken_effect());

    let steps = [status(500), Step::Fail(Kind::Connect), Step::Fail(Kind::Connect)];
    let error = Script::new(steps).client().send(update()).await.unwrap_err();
    assert_eq!((error.attempts(), error.may_have_taken_effect()), (3, true));

    let steps = [status(429), status(404)];
    let response = Script::new(steps).client().send(update()).await.unwrap();
    assert!(!response.earlier_attempt_open(), "a 429 did nothing");
}

#[tokio::test(start_paused = true)]
async fn transport_failures_become_errors_that_say_enough() {
    let table = [
        (Kind::Refused, ErrorKind::Config, false, false),
        (Kind::Connect, ErrorKind::Transport, true, false),
        (Kind::Tls, ErrorKind::Transport, true, false),
        (Kind::Timeout, ErrorKind::Timeout, true, true),
        (Kind::Interrupted, ErrorKind::Transport, true, true),
        (Kind::BodyTooLarge, ErrorKind::Decode, false, true),
    ];
    for (kind, expected, transient, open) in table {
        for request in [activate(), validate()] {
            let changes_state = request.changes_state();
            let operation = request.operation();
            let script = Script::new([Step::Fail(kind)]);
            let client = script.builder().retry(RetryPolicy::none()).build().unwrap();
            let error = client.send(request).await.unwrap_err();
            assert_eq!(error.kind(), expected, "{kind}");
            assert_eq!(error.is_transient(), transient, "{kind}");
            assert_eq!(error.may_have_taken_effect(), open && changes_state, "{kind}");
            assert_eq!((error.provider(), error.operation()), (Some("acme"), Some(operation)));
            assert_eq!((error.attempts(), error.http_status()), (1, None));
            assert!(error.source().is_none(), "{kind}: its only cause is the error itself");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_cause_is_said_once_and_a_known_reason_first() {
    let client = |failed: fn() -> TransportError| {
        let base = "https://api.acme.test/v1".parse().unwrap();
        ApiClient::builder("acme", base, Arc::new(Failing(failed)))
            .retry(RetryPolicy::none())
            .build()
            .unwrap()
    };
    let broken = client(|| TransportError::new(Kind::Interrupted).with_source("connection reset"));
    let error = broken.send(validate()).await.unwrap_err();
    assert_eq!(error.message(), "the connection broke before the whole answer was read");
    assert_eq!(error.source().unwrap().to_string(), "connection reset");
    let known = client(|| TransportError::new(Kind::Refused).because("HTTPS_PROXY is no URL"));
    let error = known.send(validate()).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Config, "HTTPS_PROXY is no URL"));
    assert!(error.source().is_none());
}

#[derive(Debug)]
struct Failing(fn() -> TransportError);

#[async_trait]
impl HttpTransport for Failing {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        Err((self.0)())
    }
}

#[tokio::test(start_paused = true)]
async fn waits_as_long_as_the_vendor_asks() {
    for code in [429, 503] {
        let wait = answer(code, &[("retry-after", "2")], "");
        let script = Script::new([wait, status(200)]);
        script.client().send(validate()).await.unwrap();
        let times = script.times();
        let waited = times[1] - times[0];
        assert!(waited >= Duration::from_secs(2) && waited < Duration::from_secs(3), "{code}: {waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn reads_a_date_by_the_given_clock() {
    let clock = anykey_core::ManualClock::at("2026-08-30T08:00:00Z".parse().unwrap());
    let wait = answer(503, &[("retry-after", "Sun, 30 Aug 2026 08:00:20 GMT")], "");
    let script = Script::new([wait]);
    let client = script.builder().clock(clock.into()).retry(RetryPolicy::none()).build().unwrap();
    let response = client.send(validate()).await.unwrap();
    assert_eq!(response.retry_after(), Some(Duration::from_secs(20)));
}

#[tokio::test(start_paused = true)]
async fn clones_share_everything() {
    let script = Script::new([status(200), status(200)]);
    let client = script.client();
    assert_eq!((client.provider(), client.base_url().as_str()), ("acme", "https://api.acme.test/v1"));
    let clone = client.clone();
    clone.pacer().back_off(Duration::from_secs(5));
    let start = tokio::time::Instant::now();
    client.send(validate()).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(5));
}
