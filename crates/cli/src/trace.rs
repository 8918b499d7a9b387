use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::prelude::*;

/// Prints the library's spans to stderr. Other crates' traces stay out: they may show headers.
pub(crate) fn start() {
    let spans = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .with_span_events(FmtSpan::CLOSE);
    // As a prefix: every crate of this library.
    let ours = Targets::new().with_target("anykey", Level::DEBUG);
    tracing_subscriber::registry().with(spans.with_filter(ours)).init();
}
