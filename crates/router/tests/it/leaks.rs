use std::io::Write;
use std::sync::{Arc, Mutex};

use anykey_core::{LicenseProvider, ListQuery};
use tracing_subscriber::fmt::MakeWriter;

use crate::fixture::{activation, chain, request, vendors};

const PLANTED: &str = "PLANTED-1C285B2D-E304DA";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn debug_and_traces_say_where_a_request_went_and_print_no_code() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    let _guard = tracing::subscriber::set_default(subscriber.with_writer(log.clone()).finish());
    // Another test may be registering the place of the trace at this moment, without a subscriber.
    let (first, second) = vendors();
    chain([&first, &second]).validate(request(PLANTED)).await.unwrap();
    tracing::callsite::rebuild_interest_cache();
    let (main, legacy) = vendors();
    legacy.issue(PLANTED);
    let router = chain([&main, &legacy]);
    router.validate(request(PLANTED)).await.unwrap();
    let seat = router.activate(activation(PLANTED)).await.unwrap();
    router.validate(request(PLANTED).activation(seat.id.as_str())).await.unwrap();
    router.list(ListQuery::new()).await.unwrap();
    let printed = format!("{router:?} {router:#?}");
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for text in [
        r#"router="all" provider="main" operation="validate" chosen_by="chain""#,
        r#"router="all" provider="legacy" operation="validate" chosen_by="chain""#,
        r#"router="all" provider="legacy" operation="activate" chosen_by="memory""#,
        r#"router="all" provider="legacy" operation="validate" chosen_by="name""#,
        r#"router="all" provider="main" operation="list" chosen_by="list""#,
    ] {
        assert!(log.contains(text), "{text}: {log}");
    }
    assert!(
        printed.contains("main (asked 2 times)") && printed.contains("legacy (asked 4 times)"),
        "{printed}"
    );
    for secret in ["1C285B2D", "E304DA", "PLANTED"] {
        assert!(!printed.contains(secret) && !log.contains(secret), "{printed} {log}");
    }
}
