//! The members of request bodies, and the texts about wrong ones.
//!
//! That a 400 has a list of texts which name the field is documented; their words are those of NestJS, as a
//! documented sample has them.

use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// The members of a JSON body. An unreadable body has none.
///
/// The content type is not looked at.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// The members of a request's body.
    pub(super) fn read(request: &Request<Bytes>) -> Self {
        match serde_json::from_slice(request.body()) {
            Ok(Value::Object(members)) => Self(members),
            _ => Self(Map::new()),
        }
    }

    /// The texts of two required fields.
    ///
    /// A 400 names every missing field at once. An empty text is as missing as none.
    pub(super) fn texts(&self, names: [&str; 2]) -> Result<[&str; 2], Refusal> {
        let faults: Vec<String> = names.iter().flat_map(|name| self.faults(name)).collect();
        if !faults.is_empty() {
            return Err(Refusal::Invalid(faults));
        }
        Ok(names.map(|name| self.0.get(name).and_then(Value::as_str).unwrap_or_default()))
    }

    /// A required HTTP status.
    pub(super) fn status_code(&self, name: &str) -> Result<u16, Refusal> {
        let code = self.0.get(name).and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
        code.filter(|code| (100..600).contains(code))
            .ok_or_else(|| Refusal::Invalid(vec![format!("{name} must be an HTTP status")]))
    }

    /// What is wrong with a required text.
    fn faults(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Value::String(text)) if !text.is_empty() => Vec::new(),
            Some(Value::String(_)) => vec![format!("{name} should not be empty")],
            _ => vec![format!("{name} should not be empty"), format!("{name} must be a string")],
        }
    }
}
