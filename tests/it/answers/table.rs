//! The tables of one vendor.

use std::sync::Arc;

use anykey::sim::Simulator;
use anykey_testkit::transport::RecordingTransport;
use serde_json::Value;

use super::asked::{Answer, Call, Question};
use super::changed::{Change, ChangedTransport};
use super::listed::{ErrorAnswer, Member, Which};

/// In place of a value: the answer does not have the member.
const ABSENT: &str = "absent";

pub(super) async fn members(simulator: Simulator, listed: &[Member]) -> String {
    let mut table = "| call | member | meaning |\n| --- | --- | --- |\n".to_owned();
    for member in listed {
        for text in &member.values {
            let changes: Vec<(&str, &str)> = member
                .with
                .iter()
                .map(|(at, text)| (&**at, &**text))
                .chain([(&*member.at, &**text)])
                .collect();
            let change = || Change::Members {
                changes: changes.iter().map(|(at, text)| ((*at).to_owned(), value(text))).collect(),
                may_be_new: member.may_be_new,
            };
            let mut meanings = Vec::new();
            for call in &member.calls {
                let question = || Question::to(simulator, member.only_its_product);
                let answer = ask(&question, *call, member.request, change()).await;
                let fact = answer.key.as_ref().zip(member.shows).map(|(key, fact)| fact.of(key));
                let meaning = match fact {
                    Some(fact) if answer.meaning == "done" => fact,
                    Some(fact) => format!("{}; {fact}", answer.meaning),
                    None => answer.meaning,
                };
                meanings.push((call.name(), meaning));
            }
            let shown: Vec<String> = changes.iter().map(|(at, text)| shown(at, text)).collect();
            table += &rows(&meanings, &shown.join(", "));
        }
    }
    table
}

pub(super) async fn errors(simulator: Simulator, listed: &[ErrorAnswer]) -> String {
    let mut table = "| call | answer | meaning |\n| --- | --- | --- |\n".to_owned();
    for error in listed {
        let words = if error.words.is_empty() { std::slice::from_ref(&error.body) } else { &error.words[..] };
        for word in words {
            let mut meanings = Vec::new();
            for call in &error.calls {
                let question = || Question::to(simulator, false);
                let answer = ask(&question, *call, error.request, Change::answer(error, word)).await;
                meanings.push((call.name(), answer.meaning));
            }
            let word = if word.is_empty() { "without a body".to_owned() } else { code(word) };
            table += &rows(&meanings, &format!("{} {word}", error.status));
        }
    }
    table
}

/// One row for each meaning.
fn rows(meanings: &[(&str, String)], answer: &str) -> String {
    let mut left = meanings.to_vec();
    let mut rows = String::new();
    while let Some((_, meaning)) = left.first().cloned() {
        let (same, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|(_, other)| *other == meaning);
        let calls: Vec<&str> = same.iter().map(|(call, _)| *call).collect();
        rows += &format!("| {} | {answer} | {meaning} |\n", calls.join(", "));
        left = others;
    }
    rows
}

/// Each call gets a new vendor.
async fn ask(question: &(dyn Fn() -> Question + Sync), call: Call, which: Which, change: Change) -> Answer {
    let position = match which {
        Which::First => 0,
        Which::Last => requests(question(), call).await - 1,
    };
    let question = question();
    let transport = Arc::new(ChangedTransport::new(question.transport(), position, change));
    let answer = question.ask(call, transport.clone()).await;
    assert!(transport.has_changed(), "{question:?} {call:?}: {}", answer.meaning);
    answer
}

/// How many requests the call sends when it succeeds.
async fn requests(question: Question, call: Call) -> usize {
    let recording = RecordingTransport::new(question.transport());
    let answer = question.ask(call, Arc::new(recording.clone())).await;
    let succeeds = ["valid", "done"].contains(&&*answer.meaning);
    assert!(succeeds, "{question:?} {call:?} does not succeed: {}", answer.meaning);
    recording.requests().len()
}

/// The value that the text is; `None` for a member that is absent.
fn value(text: &str) -> Option<Value> {
    (text != ABSENT).then(|| serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}")))
}

fn shown(at: &str, text: &str) -> String {
    let path = at.trim_start_matches('/').replace('/', ".");
    format!("`{path}`: {}", if text == ABSENT { text.to_owned() } else { code(text) })
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}
