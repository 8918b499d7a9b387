//! The vendor's own answers with hostile parts in them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anykey::ErrorKind;
use anykey_test_calls::{Call, Outcome};
use serde_json::Value;

use crate::injected::Injected;
use crate::plane::Case;
use crate::watch::Watch;

/// Puts `text` behind the opening brace of every object that is not a map of names.
fn before_every_member(body: &[u8], text: &str) -> Vec<u8> {
    String::from_utf8_lossy(body).replace("{\"", &format!("{{{text},\"")).into_bytes()
}

async fn outcomes(name: &str, injected: Injected, allowed: impl Fn(Outcome) -> bool) -> usize {
    let watch = Watch::start();
    let cases = Case::all().await;
    for case in &cases {
        let name = case.named(name);
        let fixture = case.plane.fixture(&injected);
        let observed = watch.run(&name, case.call, &fixture).await;
        assert!(allowed(observed.outcome), "{name}: {} {}", observed.outcome, observed.printed);
    }
    cases.len()
}

#[tokio::test(start_paused = true)]
async fn members_that_nobody_knows_are_skipped_however_hostile() {
    let deep = format!("\"new_member\":{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let long = format!("\"new_member\":\"{}\"", "x".repeat(100_000));
    let mut cases = 0;
    for (name, text) in [
        ("a word", r#""new_member":"x""#),
        ("null", r#""new_member":null"#),
        ("an object", r#""new_member":{"id":[1,2,{"key":null}]}"#),
        ("a number beyond any", r#""new_member":1e400"#),
        ("a number of many digits", r#""new_member":123456789012345678901234567890"#),
        ("twice the same", r#""new_member":1,"new_member":2"#),
        ("10,000 levels", deep.as_str()),
        ("100,000 characters", long.as_str()),
    ] {
        let text = text.to_owned();
        let injected = Injected::rewritten(move |body| before_every_member(body, &text));
        cases += outcomes(name, injected, |outcome| outcome == Outcome::Done).await;
    }
    println!("unknown members: {cases} cases");
}

#[tokio::test(start_paused = true)]
async fn a_member_that_comes_twice_is_never_a_refusal() {
    let twice = |name: &'static str| {
        Injected::rewritten(move |body| {
            let text = String::from_utf8_lossy(body);
            text.replace(&format!("\"{name}\":"), &format!("\"{name}\":null,\"{name}\":")).into_bytes()
        })
    };
    let mut cases = 0;
    for name in ["id", "key", "status", "valid", "items", "expires_at", "label", "name"] {
        let readable = |outcome| {
            matches!(outcome, Outcome::Done | Outcome::Failed(ErrorKind::Decode | ErrorKind::Unrecognized))
        };
        cases += outcomes(name, twice(name), readable).await;
    }
    println!("duplicate members: {cases} cases");
}

/// The members whose text or number is one of a few known words, at any vendor.
const WORDS: [&str; 3] = ["status", "source", "revocation_reason"];

/// Replaces each known word, and returns whether there was one.
fn replace_words(json: &mut Value) -> bool {
    let mut replaced = false;
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                if WORDS.contains(&name.as_str()) && (value.is_string() || value.is_number()) {
                    *value = if value.is_number() { 2027.into() } else { "word_of_next_year".into() };
                    replaced = true;
                } else {
                    replaced |= replace_words(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replaced |= replace_words(item)),
        _ => {}
    }
    replaced
}

#[tokio::test(start_paused = true)]
async fn a_word_of_next_year_breaks_nothing_and_is_never_usable() {
    let watch = Watch::start();
    for case in Case::all().await {
        let replaced = Arc::new(AtomicBool::new(false));
        let seen = replaced.clone();
        let injected = Injected::edited(move |json| {
            seen.fetch_or(replace_words(json), Ordering::Relaxed);
        });
        let name = case.named("unknown words");
        let observed = watch.run(&name, case.call, &case.plane.fixture(&injected)).await;
        let needs_a_known_word = replaced.load(Ordering::Relaxed)
            && case.call.is_of_the_device_plane()
            && case.call != Call::Deactivate;
        let expected = match needs_a_known_word {
            true => Outcome::Failed(ErrorKind::Unrecognized),
            false => Outcome::Done,
        };
        assert_eq!(observed.outcome, expected, "{name}: {}", observed.printed);
    }
}
