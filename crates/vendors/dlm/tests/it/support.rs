//! Scripted answers, providers that use them, and the recorded exchanges.

use std::collections::BTreeMap;
use std::sync::Arc;

use anykey_core::KeyCode;
use anykey_core::adapter::KeyCodeExt as _;
use anykey_dlm::{DlmBuilder, DlmProvider, Plane};
use anykey_http::RetryPolicy;
use anykey_testkit::transport::{Answer, ScriptedTransport};
use serde::Deserialize;
use serde_json::Value;

pub(crate) const CODE: &str = "DLM-7F3K-9Q2M";
pub(crate) const TOKEN: &str = "e23b7ada8db93912d96466aa28f3693549f0780d";

/// A provider that sends each request once.
pub(crate) fn provider(transport: &ScriptedTransport, plane: Plane) -> DlmProvider {
    builder(transport, plane).build().unwrap()
}

pub(crate) fn builder(transport: &ScriptedTransport, plane: Plane) -> DlmBuilder {
    let digits = "0".repeat(40);
    let builder = DlmProvider::builder(
        "https://shop.example.com".parse().unwrap(),
        format!("ck_{digits}"),
        format!("cs_{digits}"),
    );
    builder.plane(plane).retry(RetryPolicy::none()).transport(Arc::new(transport.clone()))
}

pub(crate) fn management(transport: &ScriptedTransport) -> DlmProvider {
    provider(transport, Plane::Management)
}

pub(crate) fn code(text: &str) -> KeyCode {
    KeyCode::verbatim(text)
}

/// The body of the key 1, with these texts replaced.
pub(crate) fn key(replaced: &[(&str, &str)]) -> String {
    let text = format!(
        r#"{{"id":1,"order_id":null,"product_id":55,"user_id":"2","license_key":"{CODE}","valid_for":null,"expires_at":null,"source":3,"status":3,"activations_limit":2,"created_at":"2026-11-27 22:48:20","created_by":null,"updated_at":null,"updated_by":null,"times_activated":1,"is_expired":false}}"#
    );
    replaced.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// The body of the activation `TOKEN` of a key; `deactivated_at` is JSON.
pub(crate) fn seat(key: &str, deactivated_at: &str) -> String {
    format!(
        r#"{{"id":1,"token":"{TOKEN}","label":"laptop","source":"2","ip_address":"127.0.0.1","user_agent":"app","meta_data":{{"os":"linux"}},"created_at":"2026-11-27 22:48:20","updated_at":null,"deactivated_at":{deactivated_at},"license":{key}}}"#
    )
}

/// A success with this document.
pub(crate) fn data(body: &str) -> Answer {
    Answer::json(200, format!(r#"{{"success":true,"data":{body}}}"#))
        .header("date", "Sat, 28 Nov 2026 12:00:00 GMT")
}

/// What the server says of a key that it does not find where it reads one.
pub(crate) fn not_found() -> Answer {
    Answer::json(500, r#"{"code":"data_error","message":"could not be found","data":{"code":404}}"#)
}

/// The requests that were sent, as they stand on the wire.
pub(crate) fn sent(transport: &ScriptedTransport) -> Vec<String> {
    transport.requests().iter().map(|request| request.to_text()).collect()
}

/// A recorded exchange: `tests/fixtures/recorded.jsonl` has one a line.
#[derive(Deserialize)]
pub(crate) struct Recorded {
    pub(crate) name: String,
    pub(crate) method: String,
    pub(crate) path: String,
    given: Option<String>,
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Recorded {
    pub(crate) fn all() -> Vec<Self> {
        let lines = include_str!("../fixtures/recorded.jsonl").lines();
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn answer(&self) -> Answer {
        let answer = Answer::new(self.status).body(self.body.clone());
        self.headers.iter().fold(answer, |answer, (name, value)| answer.header(name, value))
    }

    /// The document of the answer; null for none.
    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The JSON of the request; null for none.
    pub(crate) fn given(&self) -> Value {
        serde_json::from_str(self.given.as_deref().unwrap_or_default()).unwrap_or_default()
    }
}
