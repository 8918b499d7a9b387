//! Request bodies, read as the vendor's web framework reads them.
//!
//! The vendor's server is written in Rust with `serde`, as its error texts show (2026), so this simulator
//! lets the same library write them.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

use super::quirks::Quirks;
use super::refusal::Refusal;

/// Parses the JSON body: checks the content type, then the syntax, then the members.
///
/// A body that is not declared as JSON is a 415, one that is not JSON a 400, both with the code
/// `INVALID_REQUEST_BODY`. A missing or wrong member is a 422 with the same code and a text that names it. The 415
/// for forms and the 422 were reported by users (August 2026); the vendor documents only the code.
pub(super) fn read<T: DeserializeOwned>(request: &Request<Bytes>, quirks: &Quirks) -> Result<T, Refusal> {
    if !is_json(request) {
        return Err(Refusal::unreadable_body(StatusCode::UNSUPPORTED_MEDIA_TYPE, quirks));
    }
    let value: Value = serde_json::from_slice(request.body())
        .map_err(|_| Refusal::unreadable_body(StatusCode::BAD_REQUEST, quirks))?;
    serde_path_to_error::deserialize(value).map_err(Refusal::wrong_body)
}

/// Deserializes a member with three states: absent is `None` by default, null is `Some(None)`.
///
/// `PATCH` needs the difference: an absent limit stays, a limit of `null` is removed.
pub(super) fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Whether the content type is JSON: `application/json` or a type that ends with `+json`, with any parameters.
fn is_json(request: &Request<Bytes>) -> bool {
    let declared = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.is_some_and(|declared| {
        let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
    })
}
