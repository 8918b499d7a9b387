//! Answers: JSON:API documents, files, and errors.

use anykey_core::Timestamp;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use super::problem::Problem;
use super::quirks::Quirks;
use super::rate_limit::Allowance;

/// An answer before it is signed.
pub(super) struct Answer {
    status: StatusCode,
    body: Body,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the account's key signs it. Answers before the application, such as 429, are not signed.
    pub(super) is_signed: bool,
}

enum Body {
    None,
    Document(Value),
    /// A license or machine file.
    File {
        name: String,
        text: String,
    },
}

impl Answer {
    fn new(status: StatusCode, body: Body) -> Self {
        Self { status, body, headers: Vec::new(), is_signed: true }
    }

    pub(super) fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, Body::None)
    }

    pub(super) fn document(document: Value) -> Self {
        Self::new(StatusCode::OK, Body::Document(document))
    }

    /// A document with one resource.
    pub(super) fn data(resource: Value) -> Self {
        Self::document(json!({ "data": resource }))
    }

    /// 201, with the link of the resource as `Location`.
    pub(super) fn created(resource: Value) -> Self {
        let place = resource.get("links").and_then(|links| links.get("self")).and_then(Value::as_str);
        let location = place.and_then(|place| HeaderValue::try_from(place).ok());
        let mut answer = Self::new(StatusCode::CREATED, Body::Document(json!({ "data": resource })));
        answer.headers.extend(location.map(|location| (http::header::LOCATION, location)));
        answer
    }

    /// A raw file, which a browser stores under `name`.
    pub(super) fn file(name: String, text: String) -> Self {
        Self::new(StatusCode::OK, Body::File { name, text })
    }

    /// An error, with the request's id in `meta` unless it comes before the application.
    pub(super) fn problem(problem: Problem, request_id: String) -> Self {
        let Problem { status, errors, headers, is_early, is_signed } = problem;
        let document = match is_early {
            true => json!({ "errors": errors }),
            false => json!({ "meta": { "id": request_id }, "errors": errors }),
        };
        Self { status, body: Body::Document(document), headers, is_signed }
    }

    /// The response, unsigned. `media_type` is that of JSON documents.
    pub(super) fn into_response(self, media_type: &'static str, quirks: &Quirks) -> Response<Bytes> {
        let (content_type, body, disposition) = match self.body {
            Body::None => (None, Bytes::new(), None),
            Body::Document(document) => {
                let document = quirks.members().apply(document).to_string();
                (Some(media_type), Bytes::from(document), None)
            }
            Body::File { name, text } => {
                let name = format!("attachment; filename=\"{name}\"");
                (Some("application/octet-stream"), Bytes::from(text), HeaderValue::try_from(name).ok())
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.extend(content_type.map(|name| (CONTENT_TYPE, HeaderValue::from_static(name))));
        headers.extend(disposition.map(|name| (http::header::CONTENT_DISPOSITION, name)));
        headers.extend(self.headers);
        response
    }
}

/// Adds the headers about the rate limit, and `Retry-After` (seconds, at least 1) to an answer beyond it.
pub(super) fn add_allowance(response: &mut Response<Bytes>, allowance: Allowance, now: Timestamp) {
    let wait = allowance.resets_at.as_second().saturating_sub(now.as_second()).max(1);
    let used = allowance.limit.saturating_sub(allowance.remaining);
    let rows = [
        ("x-ratelimit-window", "1m".to_owned()),
        ("x-ratelimit-count", used.to_string()),
        ("x-ratelimit-limit", allowance.limit.to_string()),
        ("x-ratelimit-remaining", allowance.remaining.to_string()),
        ("x-ratelimit-reset", allowance.resets_at.as_second().to_string()),
    ];
    for (name, value) in rows {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    if allowance.is_exceeded
        && let Ok(wait) = HeaderValue::try_from(wait.to_string())
    {
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
}
