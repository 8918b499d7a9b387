//! Answers: successes and all shapes of errors, before the outer layers add their headers.

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, PRAGMA,
    RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::{Response, StatusCode};
use serde::Serialize;

use super::options::Scope;
use super::validation::FieldError;

/// An answer of the server.
pub(super) type Reply = Response<Bytes>;

/// An unhandled error in the server. No layer adds headers to its answer.
pub(super) struct Crash;

/// The error of a request.
pub(super) enum Problem {
    /// `{"error":…,"detail":…}`
    Named(StatusCode, &'static str, String),
    /// `{"detail":…}`
    Plain(StatusCode, &'static str),
    /// A missing credential, or one of the wrong kind.
    Unauthorized,
    /// A credential without any of these scopes.
    InsufficientScope(&'static [Scope]),
    /// The path exists only with this method.
    MethodNotAllowed(&'static str),
    /// The path is correct except for its trailing slash.
    Redirect(String),
    /// Invalid fields; the name is `RequestValidationError` unless a service has rejected them.
    Invalid(&'static str, Vec<FieldError>),
    Crash,
}

impl Problem {
    /// The 404 for a key, an activation or another record.
    pub(super) fn not_found() -> Self {
        Self::named(StatusCode::NOT_FOUND, "Not found")
    }

    /// An error whose `error` is derived from the status.
    pub(super) fn named(status: StatusCode, detail: impl Into<String>) -> Self {
        let error = match status {
            StatusCode::BAD_REQUEST => "BadRequest",
            StatusCode::FORBIDDEN => "NotPermitted",
            _ => "ResourceNotFound",
        };
        Self::Named(status, error, detail.into())
    }

    /// The answer for the error.
    pub(super) fn into_reply(self) -> Result<Reply, Crash> {
        match self {
            Self::Named(status, error, detail) => json(status, &Named { error, detail: &detail }),
            Self::Plain(status, detail) => json(status, &Plain { detail }),
            Self::Unauthorized => {
                let reply = Self::Named(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized".to_owned());
                Ok(with(reply.into_reply()?, WWW_AUTHENTICATE, r#"Bearer realm="polar""#))
            }
            Self::InsufficientScope(scopes) => Ok(insufficient_scope(scopes)),
            Self::MethodNotAllowed(allow) => {
                let reply = Self::Plain(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
                Ok(with(reply.into_reply()?, ALLOW, allow))
            }
            Self::Redirect(location) => {
                let reply = with_length(empty(StatusCode::TEMPORARY_REDIRECT));
                Ok(with(reply, LOCATION, &location))
            }
            Self::Invalid(error, elements) => {
                json(StatusCode::UNPROCESSABLE_ENTITY, &Invalid { error, detail: &elements })
            }
            Self::Crash => Err(Crash),
        }
    }
}

impl From<Vec<FieldError>> for Problem {
    fn from(elements: Vec<FieldError>) -> Self {
        Self::Invalid("RequestValidationError", elements)
    }
}

impl From<Crash> for Problem {
    fn from(Crash: Crash) -> Self {
        Self::Crash
    }
}

#[derive(Serialize)]
struct Named<'a> {
    error: &'a str,
    detail: &'a str,
}

#[derive(Serialize)]
struct Plain<'a> {
    detail: &'a str,
}

#[derive(Serialize)]
struct Invalid<'a> {
    error: &'a str,
    detail: &'a [FieldError],
}

/// A compact JSON answer.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Result<Reply, Crash> {
    let body = serde_json::to_vec(body).map_err(|_| Crash)?;
    Ok(typed(status, "application/json", body))
}

/// The answer without a body, which still has a JSON content type.
pub(super) fn no_content() -> Reply {
    with(empty(StatusCode::NO_CONTENT), CONTENT_TYPE, "application/json")
}

/// The 404 of the version check, without `error`.
pub(super) fn unknown_version() -> Reply {
    typed(StatusCode::NOT_FOUND, "application/json", r#"{"detail":"Not Found"}"#)
}

/// The answer to a [`Crash`].
pub(super) fn internal_server_error() -> Reply {
    typed(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", "Internal Server Error")
}

/// The 411 of the length check, whose JSON contains spaces.
pub(super) fn length_required() -> Reply {
    let body = r#"{"error": "LengthRequired", "detail": "A Content-Length header is required."}"#;
    typed(StatusCode::LENGTH_REQUIRED, "application/json", body)
}

/// The 413 of the length check, whose JSON contains spaces.
pub(super) fn body_too_large(limit: u64) -> Reply {
    let detail = format!("Request body exceeded the maximum allowed size of {limit} bytes.");
    let body = format!(r#"{{"error": "RequestBodyTooLarge", "detail": "{detail}"}}"#);
    typed(StatusCode::PAYLOAD_TOO_LARGE, "application/json", body)
}

/// The answer of the rate limiter, without a body and a content type.
pub(super) fn too_many_requests(seconds: u64) -> Reply {
    with(empty(StatusCode::TOO_MANY_REQUESTS), RETRY_AFTER, &seconds.to_string())
}

/// The 401 for an invalid token, on every path.
pub(super) fn invalid_token() -> Reply {
    let description =
        "The access token provided is expired, revoked, malformed, or invalid for other reasons.";
    oauth(StatusCode::UNAUTHORIZED, "invalid_token", description, "")
}

/// The 403 for a token without the scope. The challenge contains the required scopes.
fn insufficient_scope(scopes: &[Scope]) -> Reply {
    let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let description = "The request requires higher privileges than provided by the access token.";
    oauth(
        StatusCode::FORBIDDEN,
        "insufficient_scope",
        description,
        &format!(r#"scope="{}", "#, words.join(" ")),
    )
}

/// An OAuth error: `error_description` instead of `detail`.
fn oauth(status: StatusCode, error: &str, description: &str, attributes: &str) -> Reply {
    let body = format!(r#"{{"error": "{error}", "error_description": "{description}"}}"#);
    let challenge =
        format!(r#"Bearer realm="polar", {attributes}error="{error}", error_description="{description}""#);
    let reply = typed(status, "application/json", body);
    let reply = with(with(reply, CACHE_CONTROL, "no-store"), PRAGMA, "no-cache");
    with(reply, WWW_AUTHENTICATE, &challenge)
}

/// An answer with a body of this content type.
pub(super) fn typed(status: StatusCode, content_type: &str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(body.into());
    *reply.status_mut() = status;
    with(with_length(reply), CONTENT_TYPE, content_type)
}

/// An answer without a body and without `Content-Length`.
fn empty(status: StatusCode) -> Reply {
    let mut reply = Response::new(Bytes::new());
    *reply.status_mut() = status;
    reply
}

/// Adds `Content-Length`.
fn with_length(reply: Reply) -> Reply {
    let length = reply.body().len().to_string();
    with(reply, CONTENT_LENGTH, &length)
}

/// Sets a header, unless `value` cannot be one.
pub(super) fn with(mut reply: Reply, name: HeaderName, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
    reply
}
