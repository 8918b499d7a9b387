//! Cross-origin requests. Any origin is allowed; `Retry-After` is not exposed to scripts.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, ORIGIN,
};
use http::{Method, StatusCode};

use super::reply::{Reply, typed, with};

/// The allowed methods, in the server's order.
const METHODS: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";
/// The allowed request headers.
const HEADERS: &str = "Accept, Accept-Language, Authorization, Content-Language, Content-Type, Polar-Version";

/// The answer to a preflight request; `None` if this is not one.
pub(super) fn preflight(method: &Method, headers: &HeaderMap) -> Option<Reply> {
    let wanted = headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    if method != Method::OPTIONS || !headers.contains_key(ORIGIN) {
        return None;
    }
    let method_allowed = METHODS.split(", ").any(|method| wanted == method);
    let asked = headers.get(ACCESS_CONTROL_REQUEST_HEADERS).and_then(|list| list.to_str().ok());
    let headers_allowed = asked.is_none_or(|list| {
        list.split(',').all(|name| HEADERS.split(", ").any(|known| known.eq_ignore_ascii_case(name.trim())))
    });
    let (status, body) = match (method_allowed, headers_allowed) {
        (true, true) => (StatusCode::OK, "OK"),
        (false, true) => (StatusCode::BAD_REQUEST, "Disallowed CORS method"),
        (true, false) => (StatusCode::BAD_REQUEST, "Disallowed CORS headers"),
        (false, false) => (StatusCode::BAD_REQUEST, "Disallowed CORS method, headers"),
    };
    let reply = typed(status, "text/plain; charset=utf-8", body);
    let reply = with(reply, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    let reply = with(reply, ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    let reply = with(reply, ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    Some(with(reply, ACCESS_CONTROL_MAX_AGE, "600"))
}

/// Adds the CORS headers to an answer.
pub(super) fn shared(reply: Reply, headers: &HeaderMap) -> Reply {
    if !headers.contains_key(ORIGIN) {
        return reply;
    }
    let reply = with(reply, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    with(reply, ACCESS_CONTROL_EXPOSE_HEADERS, "Polar-Version")
}
