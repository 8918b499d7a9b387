//! Runs one case and sees to it that it neither hangs, panics nor prints a secret.

use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use anykey_test_calls::{Call, Observed};
use futures_util::FutureExt;
use tracing_subscriber::fmt::MakeWriter;

use crate::plane::Fixture;

/// Longer than any operation may take: its deadline is 30 s, and an operation asks at most three times.
const FOR_EVER: Duration = Duration::from_secs(100);

/// Keeps every trace of a case, down to the finest.
pub(crate) struct Watch(());

impl Watch {
    pub(crate) fn start() -> Self {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_ansi(false)
                .with_writer(TraceOfTheCase)
                .finish();
            tracing::subscriber::set_global_default(subscriber).unwrap();
        });
        Self(())
    }

    /// Runs `call`; `name` says in a failure which case it was.
    pub(crate) async fn run(&self, name: &str, call: Call, fixture: &Fixture) -> Observed {
        let trace = Trace::default();
        let traced = TRACE.scope(trace.clone(), call.run(&*fixture.provider, &fixture.about));
        let guarded = AssertUnwindSafe(tokio::time::timeout(FOR_EVER, traced)).catch_unwind();
        let observed = guarded
            .await
            .unwrap_or_else(|_| panic!("{name}: it panicked"))
            .unwrap_or_else(|_| panic!("{name}: it hung"));
        let trace = trace.0.lock().unwrap();
        let trace = String::from_utf8_lossy(&trace);
        assert!(trace.contains("license_request") || fixture.sent() == 0, "{name}: no trace of it");
        for secret in &fixture.secrets {
            for (place, text) in [("the answer", observed.printed.as_str()), ("a trace", &*trace)] {
                assert!(!text.contains(secret.as_str()), "{name}: {place} prints a secret: {text}");
            }
        }
        observed
    }
}

tokio::task_local! {
    static TRACE: Trace;
}

#[derive(Clone, Default)]
struct Trace(Arc<Mutex<Vec<u8>>>);

/// Writes to the trace of the case that runs at this moment.
struct TraceOfTheCase;

impl io::Write for TraceOfTheCase {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _outside_of_a_case = TRACE.try_with(|trace| trace.0.lock().unwrap().extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for TraceOfTheCase {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}
