//! Errors, in the form of JSON:API: `errors`, each with title and detail, most with a code and a source. There is no
//! `status` member (`lib/keygen/jsonapi/errors.rb`, June 2026).

use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

/// An answer that is an error.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    pub(super) errors: Vec<Value>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether it is answered before the application: without `meta`.
    pub(super) is_early: bool,
    /// Whether the answer is signed.
    pub(super) is_signed: bool,
}

/// What a handler returns: a value, or the error to answer with.
pub(super) type Outcome<T> = Result<T, Problem>;

/// One entry of `errors`.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry<'a> {
    pub(super) title: &'a str,
    pub(super) detail: &'a str,
    pub(super) code: Option<&'a str>,
    /// `pointer`, `parameter` or `header`, and its place.
    pub(super) source: Option<(&'a str, &'a str)>,
}

impl Entry<'_> {
    fn document(&self) -> Value {
        let mut entry = Map::new();
        entry.insert("title".to_owned(), self.title.into());
        entry.insert("detail".to_owned(), self.detail.into());
        if let Some(code) = self.code {
            entry.insert("code".to_owned(), code.into());
        }
        if let Some((kind, place)) = self.source {
            entry.insert("source".to_owned(), json!({ kind: place }));
        }
        entry.into()
    }
}

impl Problem {
    fn new(status: StatusCode, entries: &[Entry<'_>]) -> Self {
        let errors = entries.iter().map(Entry::document).collect();
        Self { status, errors, headers: Vec::new(), is_early: false, is_signed: true }
    }

    fn one(status: StatusCode, title: &str, detail: &str, code: Option<&str>) -> Self {
        Self::new(status, &[Entry { title, detail, code, source: None }])
    }

    /// An answer before the application: a bad media type, bad JSON, a rate limit.
    pub(super) fn early(status: StatusCode, title: &str, detail: &str, code: &str) -> Self {
        Self { is_early: true, is_signed: false, ..Self::one(status, title, detail, Some(code)) }
    }

    pub(super) fn unsigned(mut self) -> Self {
        self.is_signed = false;
        self
    }

    /// 400 because of a parameter of the body.
    pub(super) fn parameter(pointer: &str, detail: &str) -> Self {
        let source = Some(("pointer", pointer));
        Self::new(StatusCode::BAD_REQUEST, &[Entry { title: "Bad request", detail, code: None, source }])
    }

    /// 400 because of a parameter of the query or a header.
    pub(super) fn bad_request(detail: &str, code: Option<&str>, source: Option<(&str, &str)>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, &[Entry { title: "Bad request", detail, code, source }])
    }

    /// 401 with a challenge that repeats the scheme that was sent.
    pub(super) fn unauthorized(code: &str, detail: Option<&str>, scheme: &str) -> Self {
        let detail = detail.unwrap_or("You must be authenticated to complete the request");
        let mut problem = Self::one(StatusCode::UNAUTHORIZED, "Unauthorized", detail, Some(code));
        if let Ok(challenge) = HeaderValue::try_from(format!("{scheme} realm=\"keygen\"")) {
            problem.headers.push((http::header::WWW_AUTHENTICATE, challenge));
        }
        problem
    }

    pub(super) fn forbidden(code: &str, detail: &str) -> Self {
        Self::one(StatusCode::FORBIDDEN, "Access denied", detail, Some(code))
    }

    /// 403 for a credential that is known and may not do this.
    pub(super) fn no_permission() -> Self {
        let detail = "You do not have permission to complete the request (ensure the token or license is allowed to \
                      access all resources)";
        Self::one(StatusCode::FORBIDDEN, "Access denied", detail, None)
    }

    /// 404 for a record that does not exist, and for one that the credential does not see.
    pub(super) fn not_found(resource: &str, id: &str) -> Self {
        let detail = format!("The requested {resource} '{id}' was not found");
        Self::one(StatusCode::NOT_FOUND, "Not found", &detail, Some("NOT_FOUND"))
    }

    pub(super) fn unknown_endpoint() -> Self {
        let detail =
            "The requested endpoint was not found (check your HTTP method, Accept header, and URL path)";
        Self::one(StatusCode::NOT_FOUND, "Not found", detail, Some("NOT_FOUND"))
    }

    pub(super) fn conflict(detail: &str) -> Self {
        Self::one(StatusCode::CONFLICT, "Conflict", detail, None)
    }

    /// 422 of an action, such as suspending twice: its title differs from that of a record, and it may have no code.
    pub(super) fn action(detail: &str, code: Option<&str>, pointer: Option<&str>) -> Self {
        let source = pointer.map(|pointer| ("pointer", pointer));
        let entry = Entry { title: "Unprocessable entity", detail, code, source };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, &[entry])
    }

    /// 422 of a record: each fault with detail, code and pointer.
    pub(super) fn invalid(faults: &[Fault]) -> Self {
        let entries: Vec<_> = faults
            .iter()
            .map(|fault| Entry {
                title: "Unprocessable resource",
                detail: &fault.detail,
                code: Some(&fault.code),
                source: Some(("pointer", &fault.pointer)),
            })
            .collect();
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, &entries)
    }
}

/// A fault of a record.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    detail: String,
    code: String,
    pointer: String,
}

impl Fault {
    pub(super) fn new(pointer: &str, code: &str, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), code: code.to_owned(), pointer: pointer.to_owned() }
    }
}
