//! A request as WordPress sees it.
//!
//! WordPress replaces the method and merges query, body and path before a plugin sees them. The rules are those of
//! the recordings of November 2026.

use base64::Engine as _;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, ORIGIN, USER_AGENT};

use crate::php::{JsonError, Members, Php, decode, member, parse_query, sanitize_text_field, set};

/// A request after these rules, before its route is known.
#[derive(Debug)]
pub(crate) struct Call {
    /// The method that WordPress acts on, which a parameter or a header can replace.
    pub(crate) method: String,
    /// The path with its escapes, as it was sent.
    pub(crate) path: String,
    /// Whether the request came without TLS. `X-Forwarded-Proto` is not looked at.
    pub(crate) is_plain_http: bool,
    pub(crate) query: Members,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn new(request: http::Request<Bytes>) -> Self {
        let (parts, body) = request.into_parts();
        let query = parse_query(parts.uri.query().unwrap_or_default());
        let replaced = text_member(&query, "_method")
            .or_else(|| header(&parts.headers, HeaderName::from_static("x-http-method-override")));
        Self {
            method: replaced.map_or_else(|| parts.method.to_string(), |method| method.to_uppercase()),
            path: parts.uri.path().to_owned(),
            is_plain_http: parts.uri.scheme_str() == Some("http"),
            query,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) fn header(&self, name: HeaderName) -> Option<String> {
        header(&self.headers, name)
    }

    pub(crate) fn origin(&self) -> Option<String> {
        self.header(ORIGIN)
    }

    /// The user agent as it is stored with an activation.
    pub(crate) fn user_agent(&self) -> Option<String> {
        self.header(USER_AGENT).map(|text| sanitize_text_field(&text))
    }

    /// The consumer key and secret: in the query, else in the header. Those in a body are ignored, and an empty half
    /// counts as none.
    pub(crate) fn credentials(&self) -> Option<(String, String)> {
        let of_query =
            text_member(&self.query, "consumer_key").zip(text_member(&self.query, "consumer_secret"));
        let credentials = of_query.or_else(|| {
            let header = self.header(AUTHORIZATION)?;
            let (scheme, encoded) = header.split_once(' ')?;
            let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?;
            let pair = String::from_utf8(decoded).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
            let (key, secret) = pair.split_once(':')?;
            Some((key.to_owned(), secret.to_owned()))
        });
        credentials.filter(|(key, secret)| !key.is_empty() && !secret.is_empty())
    }

    /// Whether the body has this media type; parameters such as a charset do not count.
    fn has_type(&self, expected: &str) -> bool {
        let given = self.header(CONTENT_TYPE).unwrap_or_default();
        given.split(';').next().is_some_and(|given| given.trim().eq_ignore_ascii_case(expected))
    }

    /// The members of the body and the query; those of the body win, and those of the path are in neither.
    ///
    /// # Errors
    ///
    /// [`JsonError`] for a body that says that it is JSON and is not.
    pub(crate) fn parameters(&self) -> Result<Members, JsonError> {
        let mut all = self.query.clone();
        all.retain(|(name, _)| name != "rest_route");
        if self.has_type("application/json") && !self.body.is_empty() {
            if let Php::Array(members) = decode(&self.body)? {
                members.into_iter().for_each(|(name, value)| set(&mut all, name, value));
            }
        } else if self.has_type("application/x-www-form-urlencoded") && self.method != "GET" {
            self.form().into_iter().for_each(|(name, value)| set(&mut all, name, value));
        }
        Ok(all)
    }

    pub(crate) fn form(&self) -> Members {
        parse_query(&String::from_utf8_lossy(&self.body))
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    Some(String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned())
}

fn text_member(members: &Members, name: &str) -> Option<String> {
    member(members, name)?.to_text()
}
