//! Answers, with the headers of nginx, PHP and WordPress.
//!
//! The plugin has two forms of an error. One names the HTTP status in `data.status`, as WordPress expects; the other
//! names a number in `data.code`, which WordPress does not read, so that the HTTP status is 500.

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::php::{Php, encode};

/// An answer before its headers are known.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) document: Php,
}

impl Answer {
    /// 200 with `success` and `data`; a creation is a 200 too.
    pub(crate) fn success(data: Php) -> Self {
        Self { status: 200, document: Php::object([("success", true.into()), ("data", data)]) }
    }

    /// An error with an HTTP status of its own.
    pub(crate) fn error(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self::with_data(status, code, message, Php::object([("status", i64::from(status).into())]))
    }

    /// An error that names its status as `code`, which WordPress does not look at: HTTP 500, whatever it is.
    pub(crate) fn hidden(code: &str, message: impl Into<String>, number: impl Into<Php>) -> Self {
        Self::with_data(500, code, message, Php::object([("code", number.into())]))
    }

    /// An error with a `data` of its own, such as `null` for an endpoint that is not granted.
    pub(crate) fn with_data(status: u16, code: &str, message: impl Into<String>, data: Php) -> Self {
        let message = message.into();
        Self {
            status,
            document: Php::object([("code", code.into()), ("message", message.into()), ("data", data)]),
        }
    }

    /// An error of WordPress itself, outside its REST API.
    pub(crate) fn broken(status: u16, code: &str, message: &str) -> Self {
        let mut answer = Self::error(status, code, message);
        if let Php::Array(members) = &mut answer.document {
            members.push(("additional_errors".to_owned(), Php::Array(Vec::new())));
        }
        answer
    }

    /// A program error of the plugin.
    pub(crate) fn fatal() -> Self {
        Self::broken(
            500,
            "internal_server_error",
            "<p>There has been a critical error on this website.</p><p><a href=\"https://wordpress.org/support/article/faq-troubleshooting/\">Learn more about troubleshooting WordPress.</a></p>",
        )
    }

    /// Whether it is a program error. Such an answer has no header `Allow`, since the plugin ended before WordPress
    /// added it.
    pub(crate) fn is_fatal(&self) -> bool {
        let code = match &self.document {
            Php::Array(members) => crate::php::member(members, "code"),
            _ => None,
        };
        code == Some(&"internal_server_error".into())
    }

    /// The answer for a path or a method that WordPress does not know, and for a code with a character that no path
    /// may hold.
    pub(crate) fn no_route() -> Self {
        Self::error(404, "rest_no_route", "No route was found matching the URL and request method.")
    }
}

/// What decides the headers of an answer.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    /// The address of the site, for the header `Link`.
    pub(crate) site: String,
    /// The methods of the route; absent when there is no route.
    pub(crate) allow: Option<&'static str>,
    /// Whether a credential was accepted, which forbids caches to keep the answer.
    pub(crate) logged_in: bool,
    /// Whether the answer has `WWW-Authenticate`.
    pub(crate) asks_for_credential: bool,
    pub(crate) is_get: bool,
    /// The `Origin` of the request, which is echoed with `Allow-Credentials: true`.
    pub(crate) origin: Option<String>,
}

impl Frame {
    /// An answer of the REST API.
    pub(crate) fn rest(&self, answer: &Answer) -> Response<Bytes> {
        let mut headers = server_headers("application/json; charset=UTF-8");
        let mut add = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.append(HeaderName::from_static(name), value);
            }
        };
        add("x-robots-tag", "noindex");
        add("link", &format!("<{}/wp-json/>; rel=\"https://api.w.org/\"", self.site));
        add("x-content-type-options", "nosniff");
        add("access-control-expose-headers", "X-WP-Total, X-WP-TotalPages, Link");
        let allowed = "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type";
        add("access-control-allow-headers", allowed);
        if self.asks_for_credential {
            let realm = "Digital License Manager API. Use a consumer key in the username field and a consumer secret in the password field.";
            add("www-authenticate", &format!("Basic realm=\"{realm}\""));
        }
        match &self.origin {
            Some(origin) => {
                add("access-control-allow-origin", origin);
                add("access-control-allow-methods", "OPTIONS, GET, POST, PUT, PATCH, DELETE");
                add("access-control-allow-credentials", "true");
                add("vary", "Origin");
            }
            None if self.is_get && !self.logged_in => add("vary", "Origin"),
            None => {}
        }
        if let Some(allow) = self.allow {
            add("allow", allow);
        }
        if self.logged_in {
            no_cache(&mut headers);
        }
        respond(answer, headers)
    }
}

/// An answer of WordPress outside its REST API, with more headers.
pub(crate) fn plain(answer: &Answer, more: &[(&'static str, &'static str)]) -> Response<Bytes> {
    let mut headers = server_headers("application/json; charset=UTF-8");
    for (name, value) in more {
        headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    no_cache(&mut headers);
    respond(answer, headers)
}

/// A page of nginx.
pub(crate) fn page(status: u16, reason: &str) -> Response<Bytes> {
    let text = format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n<center><h1>{status} {reason}</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
    );
    let mut headers = HeaderMap::new();
    headers.insert("server", HeaderValue::from_static("nginx/1.22.1"));
    headers.insert("content-type", HeaderValue::from_static("text/html"));
    build(status, headers, text)
}

fn server_headers(content_type: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("server", HeaderValue::from_static("nginx/1.22.1"));
    headers.insert("content-type", HeaderValue::from_static(content_type));
    headers.insert("x-powered-by", HeaderValue::from_static("PHP/8.2.36"));
    headers
}

/// Only answers to an authenticated request have these; a 401 is not marked at all (recordings of November 2026).
fn no_cache(headers: &mut HeaderMap) {
    headers.insert("expires", HeaderValue::from_static("Wed, 11 Jan 1984 05:00:00 GMT"));
    headers.insert("cache-control", HeaderValue::from_static("no-cache, must-revalidate, max-age=0"));
}

fn respond(answer: &Answer, headers: HeaderMap) -> Response<Bytes> {
    build(answer.status, headers, encode(&answer.document))
}

fn build(status: u16, headers: HeaderMap, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}
