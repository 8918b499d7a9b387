//! Answers without the vendor's own error body: from a proxy, a gateway, a load balancer.

use anykey::ErrorKind;
use anykey_test_calls::{Expected, Outcome};
use anykey_testkit::transport::Answer;

use crate::injected::Injected;
use crate::plane::CODE;
use crate::row::{Row, Sends, check};

fn page(status: u16) -> Answer {
    Answer::html(status, format!("<html><h1>{status}</h1>License key {CODE} has expired.</html>"))
}

fn rows() -> Vec<Row> {
    use ErrorKind::{Config, Timeout, Unauthenticated, Unavailable, Unrecognized};
    use Sends::{AgainIfHarmless, Once, OnceThenReads};
    let row = |name, answer, kind, transient, sends, open| {
        let injected = Injected::answer(answer);
        Row { name, injected, kind, transient, sends, open }
    };
    let final_row = |name, answer, kind| row(name, answer, kind, false, Once, false);
    let foreign = |name, answer| row(name, answer, Unrecognized, true, Once, false);
    let not_found = |name, answer| row(name, answer, Unrecognized, true, OnceThenReads, false);
    let failing = |name, answer| row(name, answer, Unavailable, true, AgainIfHarmless, true);
    let away = || Answer::new(302).header("location", "https://thief.example/keys");
    vec![
        row("302 to another host", away(), Unrecognized, true, Once, true),
        row(
            "307 to another host",
            Answer::new(307).header("location", "https://thief.example/"),
            Unrecognized,
            true,
            Once,
            true,
        ),
        row("308 without location", Answer::new(308), Config, false, Once, true),
        row("304", Answer::new(304), Unrecognized, true, Once, true),
        foreign("400 page", page(400)),
        final_row("401 page", page(401), Unauthenticated),
        foreign("402 page", page(402)),
        foreign("403 page", page(403)),
        foreign("403 empty", Answer::new(403)),
        not_found("404 page", page(404)),
        not_found("404 empty", Answer::new(404)),
        foreign("405 page", page(405)),
        final_row("407 page", page(407), Config),
        row("408 page", page(408), Timeout, true, AgainIfHarmless, true),
        foreign("409 page", page(409)),
        not_found("410 page", page(410)),
        foreign("411 page", page(411)),
        foreign("413 page", page(413)),
        foreign("415 page", page(415)),
        foreign("422 page", page(422)),
        foreign("451 page", page(451)),
        failing("500 page", page(500)),
        failing("500 text", Answer::new(500).body("Internal Server Error")),
        row("501 page", page(501), Unavailable, true, Once, true),
        failing("502 page", page(502)),
        failing("503 page", page(503)),
        failing("503 after a while", page(503).header("retry-after", "1")),
        failing("504 page", page(504)),
        row("520 of a CDN", page(520), Unavailable, true, Once, true),
        row("101", Answer::new(101), Unrecognized, true, Once, true),
        row("999", Answer::new(999), Unrecognized, true, Once, true),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_page_of_something_in_between_is_never_a_verdict() {
    let cases = check(&rows(), |row, case| {
        let outcome = Outcome::Failed(ErrorKind::Unrecognized);
        (row.name == "401 page" && case.call.is_of_the_device_plane()).then(|| Expected {
            outcome,
            transient: true,
            ..row.expected(case)
        })
    })
    .await;
    println!("answers without the vendor's body: {cases} cases");
}
