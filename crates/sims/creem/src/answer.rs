//! Answers before they are written.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde_json::Value;

use super::quirks::Quirks;
use super::rate_limit::Allowance;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// A status and a JSON body.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    status: StatusCode,
    /// The body, before the quirks change it.
    body: Value,
}

impl Answer {
    /// An answer with this status.
    pub(super) const fn new(status: StatusCode, body: Value) -> Self {
        Self { status, body }
    }

    /// A success.
    pub(super) const fn ok(body: Value) -> Self {
        Self::new(StatusCode::OK, body)
    }

    /// The complete response.
    pub(super) fn into_response(self, allowance: Option<Allowance>, quirks: &Quirks) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(quirks.members().apply(self.body).to_string()));
        *response.status_mut() = self.status;
        let length = response.body().len();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(allowance) = allowance {
            headers.insert(LIMIT, HeaderValue::from(allowance.limit));
            headers.insert(REMAINING, HeaderValue::from(allowance.remaining));
            headers.insert(RESET, HeaderValue::from(allowance.ends_at.as_second()));
            if self.status == StatusCode::TOO_MANY_REQUESTS {
                headers.insert(RETRY_AFTER, HeaderValue::from(allowance.seconds_left));
            }
        }
        response
    }
}
