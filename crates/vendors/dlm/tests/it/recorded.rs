//! What the adapter makes of each recorded answer of the real servers: Digital License Manager's, and those of two
//! related plugins, which it must not take for an answer.
//!
//! The adapter makes the call that the recorded request stands for, with what the model can say of it. What it never
//! asks, such as a deletion, answers a validation of a code.

use anykey_core::{
    ActivateRequest, ActivationLimit, CreateRequest, DeactivateRequest, Error, Expiry, LicenseKey,
    LicensePatch, LicenseProvider, ListQuery, Result, StatusChange, Timestamp, ValidateRequest, Validation,
    Verdict,
};
use anykey_dlm::DlmProvider;
use anykey_testkit::transport::{Answer, ScriptedTransport};
use serde_json::Value;

use crate::support::{CODE, Recorded, TOKEN, code, data, key, management, not_found, seat};

#[tokio::test]
async fn each_recorded_answer_is_read_as_the_table_says() {
    let mut found = String::new();
    let all = Recorded::all();
    for recorded in &all {
        found += &format!("{}: {}\n", recorded.name, reading(recorded).await);
    }
    assert_eq!(all.len(), 257);
    let expected = include_str!("../fixtures/readings.txt");
    let differences: Vec<_> =
        found.lines().filter(|line| !expected.lines().any(|known| known == *line)).collect();
    assert!(found == expected, "not in the table:\n{}", differences.join("\n"));
}

/// `lmfwc/v2` as this plugin serves it has the same codes for a refusal, and a success shows too little to be one.
#[tokio::test]
async fn no_answer_of_other_paths_is_a_success_and_none_of_another_plugin_a_refusal() {
    let (mut paths, mut plugins) = (0, 0);
    for recorded in Recorded::all() {
        let reading = reading(&recorded).await;
        let answer = reading.split_once(" -> ").unwrap().1;
        if answer.ends_with("not sent") {
            continue;
        }
        if !recorded.path.starts_with("/wp-json/dlm/v1") {
            let is_success = ["valid", "seat", "done", "key"].iter().any(|word| answer.starts_with(word));
            assert!(!is_success, "{}: {reading}", recorded.name);
            paths += 1;
        }
        if recorded.name.starts_with("lm2") || recorded.name.starts_with("slm-") {
            assert!(!answer.starts_with("refused"), "{}: {reading}", recorded.name);
            plugins += 1;
        }
    }
    assert!(paths >= 40 && plugins >= 25, "{paths} {plugins}");
}

/// The call, and the adapter's answer in short.
async fn reading(recorded: &Recorded) -> String {
    let path = recorded.path.split('?').next().unwrap();
    let steps: Vec<&str> = path.split('/').skip_while(|step| *step != "licenses").skip(1).collect();
    let transport = ScriptedTransport::new();
    let (call, answer) = match (recorded.method.as_str(), steps.as_slice()) {
        ("GET", ["activate", named]) => ("activate", activate(recorded, named, transport.clone()).await),
        ("GET", ["validate", token]) => ("validate", validate_seat(recorded, token, transport.clone()).await),
        ("GET", ["deactivate", token]) => {
            ("deactivate", deactivate(recorded, token, transport.clone()).await)
        }
        ("GET", []) if path.contains("licenses") => ("list", list(recorded, transport.clone()).await),
        ("POST", []) if path.contains("licenses") => ("create", create(recorded, transport.clone()).await),
        ("PUT", [named]) => ("change", change(recorded, named, transport.clone()).await),
        ("GET", [named]) if !named.is_empty() => {
            ("look up", look_up(recorded, named, transport.clone()).await)
        }
        _ => ("(never asked)", look_up(recorded, CODE, transport.clone()).await),
    };
    let not_sent = if transport.requests().is_empty() { ", not sent" } else { "" };
    format!("{call} -> {answer}{not_sent}")
}

fn scripted(transport: ScriptedTransport, answers: impl IntoIterator<Item = Answer>) -> DlmProvider {
    management(&answers.into_iter().fold(transport, ScriptedTransport::then))
}

/// The code that the answer shows, or else the one of the path.
fn code_of(recorded: &Recorded, named: &str) -> String {
    let document = recorded.document();
    let shown = [&document["data"]["license"]["license_key"], &document["data"]["license_key"]];
    shown.iter().find_map(|code| code.as_str()).unwrap_or(named).to_owned()
}

async fn activate(recorded: &Recorded, named: &str, transport: ScriptedTransport) -> String {
    let provider = scripted(transport, [recorded.answer(), Answer::new(503)]);
    let request = ActivateRequest::new(code(&code_of(recorded, named)), "laptop");
    match provider.activate(request).await {
        Ok(seat) => format!("seat {:?} {:?}", seat.label, seat.metadata),
        Err(error) => failed(&error),
    }
}

async fn validate_seat(recorded: &Recorded, token: &str, transport: ScriptedTransport) -> String {
    let provider = scripted(transport, [recorded.answer()]);
    let request = ValidateRequest::new(code(&code_of(recorded, "DLM-ACTV-0001"))).activation(token);
    verdict(provider.validate(request).await)
}

async fn look_up(recorded: &Recorded, named: &str, transport: ScriptedTransport) -> String {
    let provider = scripted(transport, [recorded.answer()]);
    verdict(provider.validate(ValidateRequest::new(code(&code_of(recorded, named)))).await)
}

/// The adapter looks at the activation first, and finds it alive.
async fn deactivate(recorded: &Recorded, token: &str, transport: ScriptedTransport) -> String {
    let alive = seat(&key(&[]), "null").replace(TOKEN, token);
    let provider = scripted(transport, [data(&alive), recorded.answer()]);
    match provider.deactivate(DeactivateRequest::new(code(CODE), token)).await {
        Ok(()) => "done".to_owned(),
        Err(error) => failed(&error),
    }
}

async fn list(recorded: &Recorded, transport: ScriptedTransport) -> String {
    let provider = scripted(transport, [recorded.answer()]);
    match provider.list(ListQuery::new()).await {
        Ok(page) => format!("page of {}, {} unreadable", page.items.len(), page.unreadable.len()),
        Err(error) => failed(&error),
    }
}

/// A whole number of seats, or no limit.
fn limit(given: &Value) -> Option<ActivationLimit> {
    match given.get("activations_limit")? {
        Value::Null => Some(ActivationLimit::Unlimited),
        number => number.as_u64().map(ActivationLimit::AtMost),
    }
}

/// A date as the server writes them.
fn end(given: &Value) -> Option<Timestamp> {
    let text = given.get("expires_at")?.as_str()?;
    text.contains(' ').then(|| format!("{}Z", text.replace(' ', "T")))?.parse().ok()
}

async fn create(recorded: &Recorded, transport: ScriptedTransport) -> String {
    let provider = scripted(transport, [recorded.answer()]);
    let given = recorded.given();
    let text = |name: &str| given[name].as_u64().unwrap_or(2).to_string();
    let new = given["license_key"].as_str().unwrap_or("DLM-FORM-0001");
    let mut request = CreateRequest::new(code(new), text("user_id"), text("product_id"));
    request.activation_limit = limit(&given).unwrap_or(ActivationLimit::Unlimited);
    if let Some(end) = end(&given) {
        request.expiry = Expiry::At(end);
    }
    made(provider.create(request).await)
}

/// The adapter names a key by its id, and looks for a new code before it gives it to a key.
async fn change(recorded: &Recorded, named: &str, transport: ScriptedTransport) -> String {
    let given = recorded.given();
    let shown = recorded.document()["data"]["id"].as_u64().map(|id| id.to_string());
    let id = shown.unwrap_or_else(|| if named.parse::<u64>().is_ok() { named } else { "1" }.to_owned());
    if given.get("license_key").is_some() {
        let known = format!("[{}]", key(&[(r#""id":1"#, &format!(r#""id":{id}"#))]));
        let provider = scripted(transport, [data(&known), not_found(), recorded.answer()]);
        return made(provider.rotate(&id.into()).await);
    }
    let mut patch = LicensePatch::new();
    if let Some(status) = given["status"].as_u64() {
        patch = patch.status(if status == 5 { StatusChange::Disable } else { StatusChange::Enable });
    }
    patch.activation_limit = limit(&given);
    patch = match (end(&given), given.get("expires_at")) {
        (Some(end), _) => patch.expiry(end),
        (None, Some(Value::Null)) => patch.clear_expiry(),
        _ => patch,
    };
    if patch == LicensePatch::new() {
        patch = patch.status(StatusChange::Enable);
    }
    let provider = scripted(transport, [recorded.answer()]);
    made(provider.update(&id.into(), patch).await)
}

fn verdict(answer: Result<Validation>) -> String {
    match answer {
        Ok(validation) => {
            let word = validation.status_word.as_deref().unwrap_or("-");
            let end = validation.key.as_ref().map(|key| key.expiry.to_string()).unwrap_or_default();
            match &validation.verdict {
                Verdict::Valid => format!("valid, status {word}, {end}"),
                Verdict::Refused(refusal) => {
                    format!(
                        "refused {:?}{}",
                        refusal.reason,
                        if refusal.is_doubtful { ", doubtful" } else { "" }
                    )
                }
            }
        }
        Err(error) => failed(&error),
    }
}

fn made(answer: Result<LicenseKey>) -> String {
    match answer {
        Ok(key) => {
            format!("key {}, {}, {}, {}", key.code.expose(), key.status, key.activations.limit, key.expiry)
        }
        Err(error) => failed(&error),
    }
}

fn failed(error: &Error) -> String {
    let open = if error.may_have_taken_effect() { ", may have taken effect" } else { "" };
    match error.refusal() {
        Some(refusal) => {
            format!(
                "refused {:?}{}{open}",
                refusal.reason,
                if refusal.is_doubtful { ", doubtful" } else { "" }
            )
        }
        None => format!("failed {:?}{open}", error.kind()),
    }
}
