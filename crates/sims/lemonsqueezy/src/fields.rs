//! The fields of a call of the License API.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use serde_json::{Map, Value, json};

use super::answer::Answer;

/// The fields of a call of the License API, from a form or from JSON.
pub(super) struct Fields(Map<String, Value>);

/// The name of a required field.
#[derive(Clone, Copy)]
pub(super) struct Required(pub(super) &'static str);

impl Fields {
    /// Reads the body. An unreadable body has no fields.
    pub(super) fn read(request: &Request<Bytes>) -> Self {
        let declared = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if declared.is_some_and(|declared| declared.starts_with("application/x-www-form-urlencoded")) {
            let pairs = url::form_urlencoded::parse(request.body());
            let pairs = pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())));
            return Self(pairs.collect());
        }
        match serde_json::from_slice(request.body()) {
            Ok(Value::Object(members)) => Self(members),
            _ => Self(Map::new()),
        }
    }

    /// The text of a field; `None` if it is missing, empty or null.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// The 422 for the fields that are missing or not a string, if there are any.
    pub(super) fn check(&self, required: &[Required], optional: &[&'static str]) -> Option<Answer> {
        let mut faults = Vec::new();
        for Required(name) in required {
            match self.0.get(*name) {
                Some(value) if !is_blank(value) => faults.extend(not_a_string(name, value)),
                _ => faults.push((*name, format!("The {} field is required.", label(name)))),
            }
        }
        for name in optional {
            faults.extend(
                self.0.get(*name).filter(|value| !is_blank(value)).and_then(|v| not_a_string(name, v)),
            );
        }
        (!faults.is_empty()).then(|| unprocessable(faults))
    }
}

/// The 422 for a field that is not a UUID.
pub(super) fn invalid_uuid(name: &'static str) -> Answer {
    unprocessable(vec![(name, format!("The {} field must be a valid UUID.", label(name)))])
}

/// Whether a value counts as missing.
fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// The fault of a value that is no text.
fn not_a_string(name: &'static str, value: &Value) -> Option<(&'static str, String)> {
    (!value.is_string()).then(|| (name, format!("The {} field must be a string.", label(name))))
}

/// The name of a field in a sentence.
fn label(name: &str) -> String {
    name.replace('_', " ")
}

/// A 422 as the vendor's framework writes it, with neither a flag nor `error`.
fn unprocessable(faults: Vec<(&'static str, String)>) -> Answer {
    let more = match faults.len().saturating_sub(1) {
        0 => String::new(),
        1 => " (and 1 more error)".to_owned(),
        more => format!(" (and {more} more errors)"),
    };
    let first = faults.first().map_or("", |(_, text)| text.as_str());
    let message = format!("{first}{more}");
    let errors: Map<_, _> = faults.into_iter().map(|(name, text)| (name.to_owned(), json!([text]))).collect();
    Answer::json(StatusCode::UNPROCESSABLE_ENTITY, json!({ "message": message, "errors": errors }))
}
