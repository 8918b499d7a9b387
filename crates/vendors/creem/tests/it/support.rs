//! Scripted answers, providers that use them, and requests as text.

use std::sync::Arc;

use anykey_core::{Environment, KeyCode, ManualClock};
use anykey_creem::{CreemBuilder, CreemProvider};
use anykey_creem_sim::kit::SimulatedVendor;
use anykey_creem_sim::{CreemSim, IssuedKey, KeySpec, Mode, SimulatedCreem};
use anykey_http::Pacer;
use anykey_testkit::transport::{Answer, RecordedRequest, ScriptedTransport};

pub(crate) const CODE: &str = "ABCDE-FGHIJ-KLMNO-PQRST-UVWXY";
pub(crate) const SEAT: &str = "inst_1";
/// A server's time, one minute before the ends in the answers.
pub(crate) const DATE: &str = "Sat, 28 Nov 2026 12:00:00 GMT";

/// A live provider, without pacing.
pub(crate) fn builder(transport: &ScriptedTransport) -> CreemBuilder {
    CreemProvider::builder("creem_planted").transport(Arc::new(transport.clone())).pacer(Pacer::unlimited())
}

pub(crate) fn provider(transport: &ScriptedTransport) -> CreemProvider {
    builder(transport).build().unwrap()
}

pub(crate) fn code() -> KeyCode {
    KeyCode::parse(CODE).unwrap()
}

/// A license of the product `prod_1` with the instance `inst_1`, with these members replaced.
pub(crate) fn license(replaced: &[(&str, &str)]) -> Answer {
    let text = format!(
        r#"{{"id":"lk_1","mode":"prod","object":"license","product_id":"prod_1","status":"active","key":"{CODE}","activation":1,"activation_limit":5,"expires_at":null,"created_at":"2026-01-31T10:20:30.456Z","instance":{}}}"#,
        instance()
    );
    Answer::json(
        200,
        replaced.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        }),
    )
    .header("date", DATE)
}

pub(crate) fn instance() -> String {
    format!(
        r#"{{"id":"{SEAT}","mode":"prod","object":"license-instance","name":"Laptop","status":"active","created_at":"2026-02-01T00:00:00.000Z"}}"#
    )
}

/// An error in the documented form. `message` is JSON.
pub(crate) fn error(status: u16, message: &str) -> Answer {
    let body = format!(
        r#"{{"trace_id":"550e8400-e29b-41d4-a716-446655440000","status":{status},"error":"Error","message":{message},"timestamp":1706889600000}}"#
    );
    Answer::json(status, body)
}

/// The requests that were sent.
pub(crate) fn sent(transport: &ScriptedTransport) -> Vec<String> {
    transport.assert_finished();
    transport.requests().iter().map(RecordedRequest::to_text).collect()
}

/// A simulated vendor, and builders of providers for it.
pub(crate) struct Fixture {
    pub(crate) clock: ManualClock,
    pub(crate) vendor: SimulatedCreem,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at("2026-11-28T12:00:00Z".parse().unwrap());
        let vendor = SimulatedCreem::new(CreemSim::new(clock.clone()));
        Self { clock, vendor }
    }

    pub(crate) fn sim(&self) -> &CreemSim {
        self.vendor.sim()
    }

    pub(crate) fn issue(&self, spec: KeySpec) -> IssuedKey {
        self.sim().issue(spec).unwrap()
    }

    /// A provider for the simulated store in test mode.
    pub(crate) fn builder(&self) -> CreemBuilder {
        CreemProvider::builder(self.sim().api_key(Mode::Test))
            .environment(Environment::Sandbox)
            .transport(self.vendor.transport())
            .pacer(Pacer::unlimited())
    }

    pub(crate) fn provider(&self) -> CreemProvider {
        self.builder().build().unwrap()
    }

    /// The names of the instances that take a seat.
    pub(crate) fn seats(&self, key: &IssuedKey) -> Vec<String> {
        let active = self.sim().instances(&key.id).into_iter().filter(|instance| instance.active);
        active.map(|instance| instance.name).collect()
    }
}

pub(crate) fn typed(key: &IssuedKey) -> KeyCode {
    KeyCode::parse(&key.key).unwrap()
}
