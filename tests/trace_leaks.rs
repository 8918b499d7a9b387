//! Errors and traces about answers that repeat secrets.
//!
//! A binary of its own with one test: `tracing` caches for the whole process whether anybody listens, so a call on
//! another thread could switch the events off before this test listens.
#![allow(clippy::unwrap_used)]

use std::error::Error as _;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use anykey::{
    ActivateRequest, CreateRequest, DeactivateRequest, HttpTransport, KeyCode, LicensePatch, LicenseProvider,
    ListQuery, ValidateRequest,
};
use anykey_testkit::transport::{Answer, ScriptedTransport};
use anykey_tests::secret::{self, PLANTED, assert_debug_silent, assert_error_silent, assert_silent};
use anykey_tests::{Simulation, simulations};
use tracing_subscriber::fmt::MakeWriter;

/// Every vendor's every answer repeats the key, the token and an e-mail address; no error and no trace may.
#[tokio::test(start_paused = true)]
async fn no_error_and_no_trace_repeats_a_secret() {
    let traces = Traces::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(traces.clone());
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    let echo = format!("no key {PLANTED}, token {PLANTED}, customer {PLANTED}@example.com");
    let bodies = [
        serde_json::json!({ "code": PLANTED, "message": echo }),
        serde_json::json!({ "error": "ResourceNotFound", "detail": echo }),
        serde_json::json!({ "error": "RequestValidationError", "detail": [
            { "type": "missing", "loc": ["body", PLANTED], "msg": echo, "input": { "key": PLANTED } }
        ] }),
        serde_json::json!({ "error": PLANTED, "error_description": echo }),
        serde_json::json!({ "items": [{ "id": [PLANTED], "key": PLANTED, "status": 7 }] }),
        serde_json::json!({ PLANTED: echo }),
    ];
    for status in [200, 400, 401, 403, 404, 409, 422, 500] {
        for body in &bodies {
            for provider in vendors(&Answer::json(status, body.to_string())) {
                provoke_every_operation(&*provider).await;
            }
        }
    }
    let traces = String::from_utf8(traces.0.lock().unwrap().clone()).unwrap();
    assert!(traces.contains("license_request") && traces.contains("attempt ended"), "{traces}");
    assert_silent("a trace", &traces);
}

/// Everything that is traced in this process.
#[derive(Clone, Default)]
struct Traces(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Traces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Traces {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn code() -> KeyCode {
    KeyCode::parse(PLANTED).unwrap()
}

/// The seller's providers, with the secret in their credentials.
fn vendors(answer: &Answer) -> Vec<Arc<dyn LicenseProvider>> {
    let answer = answer.clone().header("x-request-id", "req_1");
    let transport: Arc<dyn HttpTransport> = Arc::new(ScriptedTransport::from_fn(move |_| answer.clone()));
    let provider = |simulation: Simulation| {
        let plane = secret::plant(simulation.seller_plane());
        simulation.provider_with(&plane, transport.clone())
    };
    simulations().map(provider).collect()
}

async fn provoke_every_operation(provider: &dyn LicenseProvider) {
    let id = "508176f7-065a-4b5d-b524-4e9c8a11ed63".into();
    let seat = "b6724bc8-7ad9-4ca0-b143-7c896fcbb6fe";
    silent(provider.list(ListQuery::new()).await);
    silent(provider.get(&id).await);
    silent(provider.create(CreateRequest::new(code(), "cus_1", "pdt_1")).await);
    silent(provider.update(&id, LicensePatch::new().clear_expiry()).await);
    silent(provider.rotate(&id).await);
    silent(provider.activations(&id).await);
    silent(provider.validate(ValidateRequest::new(code()).activation(seat)).await);
    silent(provider.activate(ActivateRequest::new(code(), "laptop")).await);
    silent(provider.deactivate(DeactivateRequest::new(code(), seat)).await);
}

#[track_caller]
fn silent<T: Debug>(answer: anykey::Result<T>) {
    match answer {
        Ok(value) => assert_debug_silent(&value),
        Err(error) => {
            assert_error_silent(&error);
            assert!(error.source().is_none_or(|cause| !cause.to_string().contains(PLANTED)));
        }
    }
}
