//! The vendor's own answers with hostile parts in them.

use anykey::ErrorKind;
use serde_json::Value;

use crate::call::Call;
use crate::plane::Plane;
use crate::told::Outcome;
use crate::trouble::Trouble;
use crate::watch::Watch;

/// Puts `text` behind the opening brace of every object that is not a map of names.
fn before_every_member(body: &[u8], text: &str) -> Vec<u8> {
    String::from_utf8_lossy(body).replace("{\"", &format!("{{{text},\"")).into_bytes()
}

async fn outcomes(name: &str, trouble: Trouble, allowed: impl Fn(Plane, Call, Outcome) -> bool) -> usize {
    let watch = Watch::start();
    let mut cases = 0;
    for (plane, call) in Plane::cases() {
        let name = format!("{name} | {plane:?} | {call:?}");
        let world = plane.world(&trouble).await;
        let told = watch.run(&name, call, &world).await;
        assert!(allowed(plane, call, told.outcome), "{name}: {} {}", told.outcome, told.printed);
        cases += 1;
    }
    cases
}

#[tokio::test(start_paused = true)]
async fn members_that_nobody_knows_are_skipped_however_hostile() {
    let deep = format!("\"new_member\":{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = format!("\"new_member\":\"{}\"", "x".repeat(1_000_000));
    let mut cases = 0;
    for (name, text) in [
        ("a word", r#""new_member":"x""#),
        ("null", r#""new_member":null"#),
        ("an object", r#""new_member":{"id":[1,2,{"key":null}]}"#),
        ("a number beyond any", r#""new_member":1e400"#),
        ("a number of many digits", r#""new_member":123456789012345678901234567890"#),
        ("twice the same", r#""new_member":1,"new_member":2"#),
        ("100,000 levels", deep.as_str()),
        ("a megabyte", long.as_str()),
    ] {
        let text = text.to_owned();
        let trouble = Trouble::rewritten(move |body| before_every_member(body, &text));
        cases += outcomes(name, trouble, |_, _, outcome| outcome == Outcome::Done).await;
    }
    println!("unknown members: {cases} cases");
}

#[tokio::test(start_paused = true)]
async fn a_member_that_comes_twice_is_never_a_refusal() {
    let twice = |name: &'static str| {
        Trouble::rewritten(move |body| {
            let text = String::from_utf8_lossy(body);
            text.replace(&format!("\"{name}\":"), &format!("\"{name}\":null,\"{name}\":")).into_bytes()
        })
    };
    let mut cases = 0;
    for name in ["id", "key", "status", "valid", "items", "expires_at", "label", "name"] {
        let readable = |_: Plane, _: Call, outcome| {
            matches!(outcome, Outcome::Done | Outcome::Failed(ErrorKind::Decode | ErrorKind::Unrecognized))
        };
        cases += outcomes(name, twice(name), readable).await;
    }
    println!("duplicate members: {cases} cases");
}

/// Every text that Polar or Dodo use as a word is one that nobody knows yet.
#[tokio::test(start_paused = true)]
async fn a_word_of_next_year_breaks_nothing_and_is_never_usable() {
    fn change(json: &mut Value) {
        match json {
            Value::Object(members) => {
                members.iter_mut().for_each(|(name, value)| match (name.as_str(), &value) {
                    ("status" | "source" | "revocation_reason", Value::String(_)) => {
                        *value = "word_of_next_year".into();
                    }
                    _ => change(value),
                })
            }
            Value::Array(items) => items.iter_mut().for_each(change),
            _ => {}
        }
    }
    let cases = outcomes("unknown words", Trouble::edited(change), |plane, call, outcome| {
        let judged = plane.is_polar()
            && matches!(call, Call::Validate | Call::ValidateSeat | Call::ValidateCounted | Call::Activate);
        match judged {
            true => outcome == Outcome::Failed(ErrorKind::Unrecognized),
            false => outcome == Outcome::Done,
        }
    })
    .await;
    println!("unknown words: {cases} cases");
}
