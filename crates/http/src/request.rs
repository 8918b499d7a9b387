//! A request as an adapter writes it, before the client adds address and credential.

use std::borrow::Cow;
use std::fmt;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;
use url::Url;
use url::form_urlencoded::{self, Serializer};

use crate::echo::Sent;
use crate::pacing::Precedence;
use crate::path::encode;
use crate::{NewConnection, PathSegment, Repeat};

/// How many headers come from the request itself: what it accepts, and its body's type and length.
const OWN_HEADERS: usize = 3;

/// One request of an adapter: method, path, query, body, and what is known about sending it twice.
///
/// A `GET` may be repeated and changes nothing; everything else changes something and is sent again only
/// if it is certain that nothing was done. [`repeatable`](Self::repeatable) and
/// [`read_only`](Self::read_only) say otherwise. `Debug` shows operation and method only: path, query and
/// body may hold a license key.
///
/// ```
/// use anykey_core::Operation;
/// use anykey_http::{ApiRequest, PathSegment};
///
/// let id = PathSegment::new("license key id", "lic_1")?;
/// let request = ApiRequest::patch(Operation::Update)
///     .path(&["license_keys"])
///     .segment(id)
///     .json(&serde_json::json!({ "disabled": true }))
///     .repeatable();
/// # Ok::<(), anykey_core::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct ApiRequest {
    operation: Operation,
    /// The HTTP method.
    method: Method,
    /// The encoded path below the base URL.
    path: String,
    /// The ids and secrets in its URL.
    url_texts: Vec<String>,
    trailing_slash: bool,
    /// Names and values, not yet encoded.
    query: Vec<(Cow<'static, str>, String)>,
    /// Headers of this request.
    headers: HeaderMap,
    body: Body,
    /// When it may be sent again.
    repeat: Repeat,
    /// Whether it changes something at the vendor.
    changes_state: bool,
    /// Whether a page of a listing needs it beside the request for its records.
    completes_page: bool,
}

/// The body of a request.
#[derive(Clone)]
enum Body {
    None,
    /// JSON, written already.
    Json(Bytes),
    /// A form, encoded already.
    Form(Bytes),
    /// A value that JSON cannot express; reported when the request is sent.
    Unwritable,
}

impl Body {
    const fn content_type(&self) -> Option<&'static str> {
        match self {
            Self::Json(_) => Some("application/json"),
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::None | Self::Unwritable => None,
        }
    }
}

impl ApiRequest {
    /// A request for `operation`, to the client's base URL until a path is added.
    pub fn new(operation: Operation, method: Method) -> Self {
        let safe = method.is_safe();
        Self {
            operation,
            method,
            path: String::new(),
            url_texts: Vec::new(),
            trailing_slash: false,
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Body::None,
            repeat: if safe { Repeat::Always } else { Repeat::OnlyIfNotDone },
            changes_state: !safe,
            completes_page: false,
        }
    }

    /// A `GET`: repeatable, changes nothing.
    pub fn get(operation: Operation) -> Self {
        Self::new(operation, Method::GET)
    }

    /// A `POST`: sent again only if it is certain that nothing was done.
    pub fn post(operation: Operation) -> Self {
        Self::new(operation, Method::POST)
    }

    /// A `PATCH`; most are [`repeatable`](Self::repeatable), but it is the adapter that knows.
    pub fn patch(operation: Operation) -> Self {
        Self::new(operation, Method::PATCH)
    }

    /// A `PUT`; most are [`repeatable`](Self::repeatable), but it is the adapter that knows.
    pub fn put(operation: Operation) -> Self {
        Self::new(operation, Method::PUT)
    }

    /// A `DELETE`; most are [`repeatable`](Self::repeatable), but it is the adapter that knows.
    pub fn delete(operation: Operation) -> Self {
        Self::new(operation, Method::DELETE)
    }

    /// Adds fixed segments to the path, each percent-encoded, below the base URL's own path.
    pub fn path(mut self, segments: &[&'static str]) -> Self {
        for segment in segments {
            self.push(encode(segment));
        }
        self
    }

    /// Adds an id to the path.
    pub fn segment(mut self, segment: PathSegment) -> Self {
        self.push([segment.as_str()]);
        self.url_texts.push(segment.as_str().to_owned());
        self
    }

    /// Ends the path with `/`. Without this it never does, even below a base URL that ends in one.
    pub const fn trailing_slash(mut self) -> Self {
        self.trailing_slash = true;
        self
    }

    /// Adds `name=value` to the query, encoded; the same name may come more than once.
    pub fn query(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// As [`query`](Self::query), for a value that no error may repeat, such as the code of a license key.
    pub fn secret_query(mut self, name: &'static str, value: &str) -> Self {
        self.url_texts.push(value.to_owned());
        self.query(name, value)
    }

    /// Adds a member of a query parameter that is an object, as PHP reads it: `name[member]=value`, encoded.
    pub fn query_member(mut self, name: &'static str, member: &str, value: impl fmt::Display) -> Self {
        self.query.push((format!("{name}[{member}]").into(), value.to_string()));
        self
    }

    /// Adds a header to this request, over the client's header of the same name.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sends `body` as JSON, declared as `application/json` unless a header says otherwise. Where it cannot be written
    /// as JSON, sending fails with [`ErrorKind::InvalidRequest`].
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(body).map_or(Body::Unwritable, |json| Body::Json(json.into()));
        self
    }

    /// Sends `fields` as a form, declared as `application/x-www-form-urlencoded`.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body = Body::Form(form.into());
        self
    }

    /// Declares that sending it twice does what sending it once does.
    pub const fn repeatable(mut self) -> Self {
        self.repeat = Repeat::Always;
        self
    }

    /// Marks a GET that takes effect at the vendor. It is sent once, on a connection of its own, and a lost answer may
    /// have taken effect.
    pub const fn with_effect(mut self) -> Self {
        self.changes_state = true;
        self.repeat = Repeat::OnlyIfNotDone;
        self
    }

    /// Declares that it changes nothing at the vendor, whatever its method; it is repeatable then, and a
    /// lost answer leaves nothing open. The validation that counts nothing is such a `POST`.
    pub const fn read_only(mut self) -> Self {
        self.changes_state = false;
        self.repeatable()
    }

    /// Marks a request that a page of a listing needs beside the one for its records, such as the customer's id for an
    /// e-mail address. It does not wait behind the pages that are requested ahead, as the request for the records does.
    pub const fn completing_a_page(mut self) -> Self {
        self.completes_page = true;
        self
    }

    /// What the request is for.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// When it may be sent again.
    #[must_use]
    pub const fn repeat(&self) -> Repeat {
        self.repeat
    }

    /// Whether it changes something at the vendor.
    #[must_use]
    pub const fn changes_state(&self) -> bool {
        self.changes_state
    }

    /// How it stands in the pacer's queue.
    pub(crate) fn precedence(&self) -> Precedence {
        if self.operation == Operation::List && !self.completes_page {
            Precedence::Page
        } else {
            Precedence::Other
        }
    }

    /// What an answer must not repeat.
    pub(crate) fn sent(&self) -> Sent {
        let body = match &self.body {
            Body::Json(json) => json.clone(),
            Body::None | Body::Form(_) | Body::Unwritable => Bytes::new(),
        };
        let mut texts = self.url_texts.clone();
        if let Body::Form(form) = &self.body {
            texts.extend(form_urlencoded::parse(form).map(|(_, value)| value.into_owned()));
        }
        Sent { body, texts }
    }

    /// Whether it carries a credential of its own, beside the client's.
    pub(crate) fn has_credential(&self) -> bool {
        self.headers.contains_key(AUTHORIZATION) || self.headers.values().any(HeaderValue::is_sensitive)
    }

    /// The request as a transport takes it; `headers` are the client's.
    pub(crate) fn build(&self, base: &Url, headers: &HeaderMap) -> Result<http::Request<Bytes>> {
        let body = match &self.body {
            Body::None => Bytes::new(),
            Body::Json(body) | Body::Form(body) => body.clone(),
            Body::Unwritable => return Err(self.invalid("the request body cannot be written as JSON")),
        };
        let mut request = http::Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() =
            self.url(base).try_into().map_err(|_| self.invalid("the request has no valid URL"))?;
        let all = request.headers_mut();
        all.reserve(headers.len() + self.headers.len() + OWN_HEADERS);
        all.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(content_type) = self.body.content_type() {
            all.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        for (name, value) in headers.iter().chain(&self.headers) {
            all.insert(name, value.clone());
        }
        set_content_length(&mut request);
        if self.repeat == Repeat::OnlyIfNotDone {
            request.extensions_mut().insert(NewConnection);
        }
        Ok(request)
    }

    /// The URL below `base`, with query.
    pub(crate) fn url(&self, base: &Url) -> String {
        let base = base.as_str().trim_end_matches('/');
        let mut url = String::with_capacity(base.len() + self.path.len() + 1);
        url.push_str(base);
        url.push_str(&self.path);
        if self.trailing_slash {
            url.push('/');
        }
        if self.query.is_empty() {
            return url;
        }
        url.push('?');
        let start = url.len();
        Serializer::for_suffix(url, start).extend_pairs(&self.query).finish()
    }

    /// Adds a segment, of which these are the encoded parts.
    fn push<'a>(&mut self, encoded: impl IntoIterator<Item = &'a str>) {
        self.path.push('/');
        self.path.extend(encoded);
    }

    /// An error about this request.
    fn invalid(&self, message: &'static str) -> Error {
        Error::new(ErrorKind::InvalidRequest, message).with_operation(self.operation)
    }
}

impl fmt::Debug for ApiRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRequest")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("repeat", &self.repeat)
            .field("changes_state", &self.changes_state)
            .finish_non_exhaustive()
    }
}

/// Declares the length of every body where that is not done yet, and of the empty one where the method usually has a
/// body: vendors answer 411 to a `POST` without it.
pub(crate) fn set_content_length(request: &mut http::Request<Bytes>) {
    let usual = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    let length = request.body().len();
    if (usual || length > 0) && !request.headers().contains_key(CONTENT_LENGTH) {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
}
