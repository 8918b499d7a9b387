//! The bodies of changes: JSON:API documents with the type, the id and the attributes to change.
//!
//! The vendor's texts for wrong bodies are not recorded; these are in the manner of its framework.

use anykey_core::Timestamp;
use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::quirks::Quirks;
use super::refusal::Refusal;
use super::time;

/// The attributes in a change of a license key; `None` for those that are absent.
pub(super) struct Patch {
    pub(super) activation_limit: Option<Option<u64>>,
    pub(super) expires_at: Option<Option<Timestamp>>,
    pub(super) disabled: Option<bool>,
}

impl Patch {
    /// Refuses a body whose content type is not that of JSON:API.
    ///
    /// The documentation demands `application/vnd.api+json` (2026); whether plain JSON is refused is not known.
    pub(super) fn check_type(request: &Request<Bytes>, quirks: &Quirks) -> Result<(), Refusal> {
        let declared = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = declared.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let is_plain = quirks.accept_plain_json && essence == "application/json";
        if is_plain || essence == "application/vnd.api+json" { Ok(()) } else { Err(Refusal::wrong_type()) }
    }

    /// The type and the id have to be those of the path. An attribute that is not one of the three is ignored.
    pub(super) fn read(request: &Request<Bytes>, key_id: u64) -> Result<Self, Refusal> {
        let body: Value = serde_json::from_slice(request.body()).map_err(|_| Refusal::unreadable())?;
        let text = |pointer| body.pointer(pointer).and_then(Value::as_str);
        if text("/data/type") != Some("license-keys") {
            return Err(Refusal::unprocessable("/data/type", "The type must be license-keys."));
        }
        if text("/data/id") != Some(key_id.to_string().as_str()) {
            return Err(Refusal::unprocessable("/data/id", "The id must be that of the path."));
        }
        let none = Map::new();
        let attributes = match body.pointer("/data/attributes") {
            None => &none,
            Some(Value::Object(members)) => members,
            Some(_) => return Err(wrong("", "The attributes must be an object.")),
        };
        Ok(Self {
            activation_limit: attributes.get("activation_limit").map(limit).transpose()?,
            expires_at: attributes.get("expires_at").map(instant).transpose()?,
            disabled: attributes.get("disabled").map(boolean).transpose()?,
        })
    }
}

/// A limit: a number from 0, or null for none.
fn limit(value: &Value) -> Result<Option<u64>, Refusal> {
    match value {
        Value::Null => Ok(None),
        value => value.as_u64().map(Some).ok_or_else(|| {
            wrong("/activation_limit", "The activation limit must be a number that is not negative.")
        }),
    }
}

/// An expiry: a date or a time, or null for none.
fn instant(value: &Value) -> Result<Option<Timestamp>, Refusal> {
    match value {
        Value::Null => Ok(None),
        value => {
            let instant = value.as_str().and_then(time::read);
            instant
                .map(Some)
                .ok_or_else(|| wrong("/expires_at", "The expires at must be a valid ISO 8601 date."))
        }
    }
}

fn boolean(value: &Value) -> Result<bool, Refusal> {
    value.as_bool().ok_or_else(|| wrong("/disabled", "The disabled field must be true or false."))
}

/// A 422 whose pointer names the attribute.
fn wrong(attribute: &str, detail: &str) -> Refusal {
    Refusal::unprocessable(&format!("/data/attributes{attribute}"), detail)
}
