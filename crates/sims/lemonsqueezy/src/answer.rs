//! Answers before they are written.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde_json::Value;

use super::quirks::Quirks;
use super::rate_limit::Allowance;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const JSON: &str = "application/json";
const JSON_API: &str = "application/vnd.api+json";

/// A status and a JSON body.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    status: StatusCode,
    /// JSON in the License API, JSON:API in the main API.
    content_type: &'static str,
    /// The body, before the quirks change it.
    body: Value,
}

impl Answer {
    /// An answer of the License API.
    pub(super) const fn json(status: StatusCode, body: Value) -> Self {
        Self { status, content_type: JSON, body }
    }

    /// An answer of the main API.
    pub(super) const fn json_api(status: StatusCode, body: Value) -> Self {
        Self { status, content_type: JSON_API, body }
    }

    /// The complete response.
    pub(super) fn into_response(self, allowance: Option<Allowance>, quirks: &Quirks) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(quirks.members().apply(self.body).to_string()));
        *response.status_mut() = self.status;
        let length = response.body().len();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(allowance) = allowance {
            headers.insert(LIMIT, HeaderValue::from(allowance.limit));
            headers.insert(REMAINING, HeaderValue::from(allowance.remaining));
            if self.status == StatusCode::TOO_MANY_REQUESTS && quirks.retry_after {
                headers.insert(RETRY_AFTER, HeaderValue::from(allowance.seconds_left));
            }
        }
        response
    }
}
