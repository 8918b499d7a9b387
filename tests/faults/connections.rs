//! No whole answer: the connection, the certificate or the time fails.

use anykey::ErrorKind;
use anykey_http::TransportErrorKind;
use anykey_testkit::transport::Fault;

use crate::injected::Injected;
use crate::plane::Case;
use crate::row::{Row, Sends, check};

fn rows() -> Vec<Row> {
    use ErrorKind::{Config, Decode, Timeout, Transport};
    use Sends::{Again, AgainIfHarmless, Once};
    let row =
        |name, injected, kind, transient, sends, open| Row { name, injected, kind, transient, sends, open };
    let fault = Injected::Fault;
    let broken = Injected::Broken;
    vec![
        row("connection refused", fault(Fault::ConnectionRefused), Transport, true, Again, false),
        row("reset before the work", fault(Fault::ResetBeforeWork), Transport, true, AgainIfHarmless, true),
        row("answer lost after the work", fault(Fault::AnswerLost), Transport, true, AgainIfHarmless, true),
        row("silent before the work", fault(Fault::HangBeforeWork), Timeout, true, AgainIfHarmless, true),
        row("silent after the work", fault(Fault::HangAfterWork), Timeout, true, AgainIfHarmless, true),
        row("bad certificate", broken(TransportErrorKind::Tls), Transport, true, Once, false),
        row("plain http refused", broken(TransportErrorKind::Refused), Config, false, Once, false),
        row("answer over the cap", broken(TransportErrorKind::BodyTooLarge), Decode, false, Once, true),
        row(
            "transport's own timeout",
            broken(TransportErrorKind::Timeout),
            Timeout,
            true,
            AgainIfHarmless,
            true,
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn without_a_whole_answer_nothing_is_sent_twice_that_could_count_twice() {
    let cases = check(&rows(), |_, _| None).await;
    println!("connections: {cases} cases");
}

#[tokio::test(start_paused = true)]
async fn without_a_fault_every_call_works_with_few_requests() {
    let cases = Case::all().await;
    for case in &cases {
        assert!((1..=3).contains(&case.sent), "{}: {} requests", case.named("no fault"), case.sent);
    }
    println!("no fault: {} cases", cases.len());
}
