//! Success that cannot be read.

use anykey::ErrorKind;
use anykey_test_calls::{Expected, Outcome};
use anykey_testkit::transport::{Answer, Fault};

use crate::injected::Injected;
use crate::plane::{CODE, Case};
use crate::row::{Row, Sends, check};

fn rows() -> Vec<Row> {
    let row = |name, injected, transient| Row {
        name,
        injected,
        kind: if transient { ErrorKind::Unrecognized } else { ErrorKind::Decode },
        transient,
        sends: Sends::Once,
        open: true,
    };
    let json = |name, body: Vec<u8>| row(name, Injected::answer(Answer::json(200, body)), false);
    let nested =
        |open: &str, close: &str| [open.repeat(100_000), close.repeat(100_000)].concat().into_bytes();
    vec![
        row("200 empty", Injected::answer(Answer::json(200, "")), true),
        row("200 blanks", Injected::answer(Answer::json(200, " \r\n")), true),
        row("captive portal", Injected::Fault(Fault::captive_portal()), true),
        row("HTML called JSON", Injected::answer(Answer::json(200, "<html>Log in</html>")), true),
        row("text", Injected::answer(Answer::new(200).header("content-type", "text/plain").body("OK")), true),
        row(
            "an image",
            Injected::answer(Answer::new(200).header("content-type", "image/gif").body("GIF89a")),
            true,
        ),
        json(
            "invalid UTF-8",
            b"{\"id\":\"\xff\xfe\",\"valid\":\"\xc3\x28\",\"items\":\"\xff\",\"key\":\"\xff\"}".to_vec(),
        ),
        json("half of a document", br#"{"id":"x","key":"y","status":"act"#.to_vec()),
        json("a stray brace", b"{}}".to_vec()),
        json("only an opening brace", b"{".to_vec()),
        json("100,000 arrays", nested("[", "]")),
        json("100,000 arrays, never closed", nested("[", "")),
        json("100,000 objects", nested("{\"items\":", "1}")),
        json("numbers beyond any", br#"{"id":1e400,"valid":1e400,"items":1e400,"key":1e400}"#.to_vec()),
        json("an array of secrets", format!("[\"{CODE}\",\"{CODE}\"").into_bytes()),
    ]
}

/// A call that the vendor acknowledges by an empty body. Whatever else answers it is not the vendor.
fn acknowledged(row: &Row, case: &Case) -> Expected {
    if row.name.starts_with("200 ") {
        return Expected::done(1);
    }
    let outcome = Outcome::Failed(ErrorKind::Unrecognized);
    Expected { outcome, transient: true, ..row.expected(case) }
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_success_is_never_a_verdict() {
    let cases = check(&rows(), |row, case| case.ends_without_body.then(|| acknowledged(row, case))).await;
    println!("unreadable bodies: {cases} cases");
}
