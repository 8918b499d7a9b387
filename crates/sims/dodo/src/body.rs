use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

use super::quirks::Quirks;
use super::refusal::Refusal;

/// Parses the JSON body: checks the content type, then the syntax, then the members.
pub(super) fn read<T: DeserializeOwned>(request: &Request<Bytes>, quirks: &Quirks) -> Result<T, Refusal> {
    if !is_json(request) {
        return Err(Refusal::unreadable_body(StatusCode::UNSUPPORTED_MEDIA_TYPE, quirks));
    }
    let value: Value = serde_json::from_slice(request.body())
        .map_err(|_| Refusal::unreadable_body(StatusCode::BAD_REQUEST, quirks))?;
    serde_path_to_error::deserialize(value).map_err(Refusal::wrong_body)
}

/// Deserializes a member with three states: absent is `None` by default, null is `Some(None)`.
pub(super) fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

fn is_json(request: &Request<Bytes>) -> bool {
    let declared = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.is_some_and(|declared| {
        let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
    })
}
