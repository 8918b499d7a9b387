//! Answers before they are written.

use bytes::Bytes;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

use super::quirks::Quirks;
use super::rate_limit::Allowance;
use super::refusal::Refusal;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// An answer: a status and a body. The headers are derived from them.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    status: StatusCode,
    /// The body; `None` for none.
    body: Option<Bytes>,
    /// The methods of a path, for a 405.
    allow: Option<&'static str>,
}

impl Answer {
    /// An answer without a body.
    pub(super) const fn empty(status: StatusCode) -> Self {
        Self { status, body: None, allow: None }
    }

    /// The answer to a method that the path does not have.
    pub(super) const fn method_not_allowed(allow: &'static str) -> Self {
        Self { status: StatusCode::METHOD_NOT_ALLOWED, body: None, allow: Some(allow) }
    }

    /// An answer with a JSON body, changed by the quirks.
    pub(super) fn json(status: StatusCode, document: &impl Serialize, quirks: &Quirks) -> Self {
        match written_json(document, quirks) {
            Ok(body) => Self { status, body: Some(body), allow: None },
            Err(_) => Self::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// The answer to a request that is refused.
    pub(super) fn refused(refusal: Refusal, quirks: &Quirks) -> Self {
        Self::json(refusal.status, &refusal.into_document(quirks), quirks)
    }

    /// The complete response, with CORS headers for any origin.
    pub(super) fn into_response(self, allowance: Option<Allowance>) -> Response<Bytes> {
        let is_json = self.body.is_some();
        let mut response = Response::new(self.body.unwrap_or_default());
        *response.status_mut() = self.status;
        let length = response.body().len();
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if is_json {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if self.status != StatusCode::NO_CONTENT {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        if let Some(allow) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(allowance) = allowance {
            headers.insert(LIMIT, HeaderValue::from(allowance.limit));
            headers.insert(REMAINING, HeaderValue::from(allowance.remaining));
            headers.insert(RESET, HeaderValue::from(allowance.reset));
        }
        response
    }
}

/// A document as JSON, changed by the quirks.
pub(super) fn written_json(document: &impl Serialize, quirks: &Quirks) -> serde_json::Result<Bytes> {
    let body = if quirks.unknown_members || quirks.omit_null_members {
        serde_json::to_value(document).and_then(|value| serde_json::to_vec(&quirks.members().apply(value)))
    } else {
        serde_json::to_vec(document)
    };
    body.map(Bytes::from)
}
