//! The event about a change of the vendor's API.
//!
//! A binary of its own with one test: `tracing` caches for the whole process whether anybody listens, so a call on
//! another thread could switch the event off before this test listens.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anykey_core::{LicenseProvider, ListQuery, ManualClock};
use anykey_dodo::{DodoProvider, LicenseKeysApi};
use anykey_dodo_sim::{ApiKeyScope, DeprecatedCalls, DodoSim, KeySpec};
use anykey_http::RetryPolicy;
use anykey_testkit::transport::{Fault, FaultyTransport, Rule};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_switch_is_logged_once_and_without_a_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);
    let sim = DodoSim::new(ManualClock::at("2026-11-01T12:00:00Z".parse().unwrap()));
    let issued = sim.issue(KeySpec::default()).unwrap();
    sim.change_quirks(|quirks| quirks.deprecated_calls = DeprecatedCalls::Gone);
    let wire = FaultyTransport::new(sim.clone());
    let latency = Fault::Latency(Duration::from_millis(1));
    wire.inject(Rule::every(1, latency).when(|_, path| path == "/entitlements"));
    let provider = DodoProvider::builder()
        .base_url("http://localhost".parse().unwrap())
        .transport(Arc::new(wire))
        .token(sim.api_key(ApiKeyScope::ReadWrite))
        .retry(RetryPolicy::new().with_base(Duration::ZERO))
        .license_keys(LicenseKeysApi::Auto)
        .build()
        .unwrap();
    for _ in 0..3 {
        let clone = provider.clone();
        let (one, other) = (provider.list(ListQuery::new()), clone.list(ListQuery::new()));
        futures_util::future::try_join(one, other).await.unwrap();
        provider.get(&issued.id.as_str().into()).await.unwrap();
    }
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.matches("entitlement grants from now on").count(), 1, "{text}");
    assert!(text.contains("WARN") && !text.contains(&issued.key), "{text}");
}
