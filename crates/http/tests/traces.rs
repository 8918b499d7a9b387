//! Traces, alone in their process: tracing decides once per process whether somebody listens to a place.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use anykey_core::Operation;
use anykey_http::{
    ApiClient, ApiRequest, BearerToken, HttpTransport, PathSegment, TransportError, TransportErrorKind,
    async_trait,
};
use bytes::Bytes;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const SECRET: &str = "SECRET0KEY";

/// Loses the first answer, fails with the second, answers with the third.
#[derive(Debug, Default)]
struct Flaky(Mutex<u32>);

#[async_trait]
impl HttpTransport for Flaky {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let mut attempt = self.0.lock().unwrap();
        *attempt += 1;
        if *attempt == 1 {
            return Err(TransportError::new(TransportErrorKind::Interrupted));
        }
        let response = http::Response::builder().header("set-cookie", SECRET);
        let response = response.status(if *attempt == 2 { 503 } else { 200 });
        Ok(response.body(Bytes::from_static(SECRET.as_bytes())).unwrap())
    }
}

#[tokio::test(start_paused = true)]
async fn traces_say_what_happened_and_no_secret() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let base = "https://api.acme.test/v1".parse().unwrap();
    let client = ApiClient::builder("acme", base, Arc::new(Flaky::default()))
        .bearer(BearerToken::new(SECRET).unwrap())
        .build()
        .unwrap();
    let request = ApiRequest::post(Operation::Validate)
        .segment(PathSegment::new("license key id", SECRET).unwrap())
        .query("key", SECRET)
        .json(&SECRET)
        .header(http::HeaderName::from_static("x-key"), SECRET.parse().unwrap())
        .read_only();
    client.send(request).await.unwrap();
    let log = log.0.lock().unwrap().clone();
    assert!(!log.contains(SECRET), "{log}");
    assert!(!log.contains("api.acme.test"), "{log}");
    for part in ["provider=\"acme\"", "operation=\"validate\"", "status=200", "attempts=3"] {
        assert!(log.contains(part), "{part} is missing in {log}");
    }
    assert_eq!(log.matches("attempt ended").count(), 3, "{log}");
}

#[tokio::test]
async fn an_unrecognized_answer_is_warned_of_once() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let base: url::Url = "https://api.acme.test/v1".parse().unwrap();
    let client = |name| ApiClient::builder(name, base.clone(), Arc::new(Stranger)).build().unwrap();
    let warnings = || log.0.lock().unwrap().matches("not in the vendor's vocabulary").count();
    for _ in 0..3 {
        let request = ApiRequest::post(Operation::Activate);
        let _error = client("stranger").send(request).await.unwrap().unrecognized();
    }
    assert_eq!(warnings(), 1);
    let request = ApiRequest::post(Operation::Deactivate);
    let _error = client("stranger").send(request).await.unwrap().unrecognized();
    assert_eq!(warnings(), 2, "another operation");
    let request = ApiRequest::post(Operation::Activate);
    let _error = client("other").send(request).await.unwrap().unrecognized();
    assert_eq!(warnings(), 3, "another provider");
    let log = log.0.lock().unwrap().clone();
    assert!(!log.contains(SECRET), "{log}");
    assert!(log.contains("status=403") && log.contains("bytes=10"), "{log}");
}

/// Answers every request with somebody else's words.
#[derive(Debug)]
struct Stranger;

#[async_trait]
impl HttpTransport for Stranger {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        Ok(http::Response::builder().status(403).body(Bytes::from_static(SECRET.as_bytes())).unwrap())
    }
}

/// Writes every span, record and event down.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Writer<'a>(&'a mut String);

impl Visit for Writer<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("anykey_http")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Writer(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Writer(&mut self.0.lock().unwrap()));
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Writer(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
