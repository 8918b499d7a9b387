//! Answers before they are written.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};

use super::quirks::Quirks;

/// A status and a body.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    status: StatusCode,
    /// The body.
    body: Body,
    /// The header `WWW-Authenticate`, which a 401 and a 403 have in the place of a body.
    challenge: Option<&'static str>,
}

/// What an answer contains.
#[derive(Debug)]
enum Body {
    /// Nothing.
    Empty,
    /// A JSON document.
    Json(Value),
    /// JSON whose object may have a member twice.
    Text(String),
}

impl Answer {
    /// An answer with this document as it is, apart from the changes of the quirks.
    pub(super) const fn json(status: StatusCode, body: Value) -> Self {
        Self { status, body: Body::Json(body), challenge: None }
    }

    /// A success with `success: true` and these members.
    pub(super) fn success(members: impl IntoIterator<Item = (String, Value)>) -> Self {
        let mut body = Map::from_iter([("success".to_owned(), Value::Bool(true))]);
        body.extend(members);
        Self::json(StatusCode::OK, body.into())
    }

    /// A success whose text is written already.
    pub(super) const fn text(text: String) -> Self {
        Self { status: StatusCode::OK, body: Body::Text(text), challenge: None }
    }

    /// A failure with `success: false` and a message, in the way of licenses.
    pub(super) fn message(status: StatusCode, message: impl Into<String>) -> Self {
        Self::json(status, json!({ "success": false, "message": message.into() }))
    }

    /// A 400 of sales.
    pub(super) fn bad_request(error: &str) -> Self {
        Self::json(StatusCode::BAD_REQUEST, json!({ "status": 400, "error": error }))
    }

    /// The 404 for what does not exist, or belongs to another seller.
    pub(super) fn not_found() -> Self {
        Self::json(StatusCode::NOT_FOUND, json!({ "success": false, "error": "Not found" }))
    }

    /// A 429 without a body. The vendor's rules for it are not in the public repository; users report it (July 2025).
    pub(super) const fn too_many() -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, body: Body::Empty, challenge: None }
    }

    /// The answer to a missing, revoked or insufficient token.
    ///
    /// An unknown or revoked token is a 401, a known one without the scope a 403. The texts are those of Doorkeeper,
    /// the OAuth library that the server uses.
    pub(super) fn token(is_known: bool, quirks: &Quirks) -> Self {
        let (status, challenge, error, description) = match is_known {
            false => (
                StatusCode::UNAUTHORIZED,
                "Bearer realm=\"Doorkeeper\", error=\"invalid_token\", error_description=\"The access token is invalid\"",
                "invalid_token",
                "The access token is invalid",
            ),
            true => (
                StatusCode::FORBIDDEN,
                "Bearer realm=\"Doorkeeper\", error=\"insufficient_scope\"",
                "insufficient_scope",
                "Access to this resource requires a scope that the token does not have.",
            ),
        };
        let body = match quirks.json_token_errors {
            true => Body::Json(json!({ "error": error, "error_description": description })),
            false => Body::Empty,
        };
        Self { status, body, challenge: Some(challenge) }
    }

    /// The complete response.
    pub(super) fn into_response(self, quirks: &Quirks) -> Response<Bytes> {
        let (text, is_json) = match self.body {
            Body::Empty => (String::new(), false),
            Body::Json(body) => (quirks.members().apply(body).to_string(), true),
            Body::Text(text) => (text, true),
        };
        let mut response = Response::new(Bytes::from(text));
        *response.status_mut() = self.status;
        let length = response.body().len();
        let headers = response.headers_mut();
        if is_json {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        }
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(challenge) = self.challenge {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}
