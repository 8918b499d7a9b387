//! The bodies of requests, before their fields are read.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};

use crate::json::{Json, ReadError, read};
use crate::reply::{Crash, Problem};
use crate::validation::{FieldError, Loc, Parsed};

/// The body of a request. Without a JSON content type it is one string, which then is no object (recordings of August
/// 2026).
///
/// # Errors
///
/// 422 `json_invalid` with the position for a syntax error; 400 for bytes in no encoding that Python detects; a
/// crash, so a 500, for text that is no UTF-8 without a JSON content type.
pub(super) fn sent_body(request: &Request<Bytes>) -> Result<Json, Problem> {
    let body = request.body();
    if body.is_empty() {
        return Ok(Json::Null);
    }
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(is_json) {
        let text = String::from_utf8(body.to_vec()).map_err(|_| Problem::Crash)?;
        return Ok(Json::String(text));
    }
    read(body).map_err(|error| match error {
        ReadError::Unreadable => {
            Problem::Plain(StatusCode::BAD_REQUEST, "There was an error parsing the body")
        }
        ReadError::Syntax { at, message } => {
            let loc = Loc::root("body").index(at);
            let error = FieldError::new("json_invalid", &loc, "JSON decode error", &Json::Object(Vec::new()));
            vec![error.context("error", message.into())].into()
        }
    })
}

/// Reads the fields of a required body.
///
/// # Errors
///
/// A crash for a value that the server cannot write into its error answer, such as `NaN`. The inner error is that of
/// the fields, and of an absent body.
pub(super) fn fields<T>(body: &Json, read: impl FnOnce(&Json) -> Parsed<T>) -> Result<Parsed<T>, Crash> {
    if body.is_unstorable() {
        return Err(Crash);
    }
    Ok(match body {
        Json::Null => Err(vec![FieldError::missing(&Loc::root("body"), body)]),
        _ => read(body),
    })
}

/// Whether the content type is `application/json` or another JSON type. Parameters are ignored.
fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type
        .strip_prefix("application/")
        .is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_content_types_are_recognized() {
        for json in ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"] {
            assert!(is_json(json), "{json}");
        }
        for other in ["text/plain", "text/json", "application/x-www-form-urlencoded", "json", ""] {
            assert!(!is_json(other), "{other}");
        }
    }
}
