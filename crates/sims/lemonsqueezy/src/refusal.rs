//! Errors of the main API, in JSON:API.

use http::StatusCode;
use serde_json::{Value, json};

use super::answer::Answer;
use super::quirks::Quirks;

/// An error of the main API, or of the checks that both APIs share.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The HTTP status, also in the body, as text.
    status: StatusCode,
    /// The name of the status.
    title: &'static str,
    /// The sentence.
    detail: String,
    /// The position in the body as a JSON pointer, or the name of the parameter.
    source: Option<Value>,
}

impl Refusal {
    /// No API key, an unknown or an expired one.
    pub(super) fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthenticated.")
    }

    /// No such record, or one that the API key does not see.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found", "There is no such resource.")
    }

    /// The path has another method.
    pub(super) fn wrong_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed", "This path has other methods.")
    }

    /// A body that does not call itself JSON:API.
    pub(super) fn wrong_type() -> Self {
        let detail = "The request entity has a media type which is not supported.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type", detail)
    }

    /// A body that is no JSON:API document.
    pub(super) fn unreadable() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Bad Request", "The body is not a JSON:API document.")
    }

    /// A member that is not acceptable; `pointer` names it.
    pub(super) fn unprocessable(pointer: &str, detail: &str) -> Self {
        let source = Some(json!({ "pointer": pointer }));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { source, ..Self::new(status, "Unprocessable Entity", detail) }
    }

    /// A parameter that is not acceptable.
    pub(super) fn wrong_parameter(name: &str, detail: &str) -> Self {
        let source = Some(json!({ "parameter": name }));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { source, ..Self::new(status, "Unprocessable Entity", detail) }
    }

    /// An error without a source.
    fn new(status: StatusCode, title: &'static str, detail: &str) -> Self {
        Self { status, title, detail: detail.to_owned(), source: None }
    }

    /// The answer, which a quirk reduces to a message.
    pub(super) fn into_answer(self, quirks: &Quirks) -> Answer {
        if quirks.bare_errors {
            return Answer::json(self.status, json!({ "message": self.detail }));
        }
        let mut error = json!({
            "detail": self.detail,
            "status": self.status.as_str(),
            "title": self.title,
        });
        if let Some(source) = self.source
            && let Some(members) = error.as_object_mut()
        {
            members.insert("source".to_owned(), source);
        }
        Answer::json_api(self.status, json!({ "jsonapi": { "version": "1.0" }, "errors": [error] }))
    }
}
