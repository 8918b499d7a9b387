//! Requests that were sent.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// A request that went through, for assertions on what an adapter sends.
///
/// The accessors return everything as it was sent. `Debug` does not: it prints no query, no body, and of the headers
/// only the values that cannot be a secret.
///
/// ```
/// use anykey_core::HttpTransport;
/// use anykey_testkit::transport::{Answer, ScriptedTransport};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let vendor = ScriptedTransport::from_fn(|_| Answer::new(204));
/// let request = http::Request::post("https://api.example.com/licenses?trace=1")
///     .header("content-type", "application/json")
///     .body(r#"{"key":"A-1"}"#.into())
///     .unwrap();
/// vendor.send(request).await.unwrap();
///
/// let sent = &vendor.requests()[0];
/// assert_eq!((sent.path(), sent.query()), ("/licenses", Some("trace=1")));
/// assert_eq!(sent.text(), Some(r#"{"key":"A-1"}"#));
/// assert!(!format!("{sent:?}").contains("A-1"));
/// # });
/// ```
#[derive(Clone)]
pub struct RecordedRequest(http::Request<Bytes>);

impl RecordedRequest {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &http::Method {
        self.0.method()
    }

    /// The whole address, as the adapter wrote it.
    #[must_use]
    pub fn uri(&self) -> &http::Uri {
        self.0.uri()
    }

    /// The path of the address, with its percent-encoding untouched.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.uri().path()
    }

    /// The query without its question mark; `None` when the address has no question mark.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.0.uri().query()
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &http::HeaderMap {
        self.0.headers()
    }

    /// The first value of the header `name`, in any case; `None` when there is none, or when it is no visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name)?.to_str().ok()
    }

    /// The body, empty when there was none.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        self.0.body()
    }

    /// The body as text; `None` when it is no UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.0.body()).ok()
    }

    /// The whole request as text, to compare with what an adapter should send: method and address, the headers in
    /// alphabetical order, an empty line, the body. It prints every secret; bytes that are no UTF-8 are replaced.
    ///
    /// ```text
    /// POST https://api.example.com/licenses/activate
    /// content-type: application/json
    ///
    /// {"key":"A-1"}
    /// ```
    #[must_use]
    pub fn to_text(&self) -> String {
        let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))
        };
        let mut headers: Vec<String> = self.headers().iter().map(line).collect();
        headers.sort();
        let body = String::from_utf8_lossy(self.body());
        format!("{} {}\n{}\n{body}", self.method(), self.uri(), headers.concat())
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", self.method())
            .field("path", &self.path())
            .field("headers", &Headers(self.headers()))
            .field("body", &self.body().len())
            .finish_non_exhaustive()
    }
}

/// The headers as `Debug` prints them: values of others than the harmless ones are masked.
struct Headers<'a>(&'a http::HeaderMap);

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HARMLESS: [&str; 5] = ["accept", "content-length", "content-type", "host", "user-agent"];
        let shown = self.0.iter().map(|(name, value)| match value.to_str() {
            Ok(value) if HARMLESS.contains(&name.as_str()) => (name.as_str(), value),
            _ => (name.as_str(), "****"),
        });
        f.debug_map().entries(shown).finish()
    }
}

/// The requests so far; clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Records(Arc<Mutex<Vec<RecordedRequest>>>);

impl Records {
    /// Keeps a copy of `request` and returns it.
    pub(super) fn keep(&self, request: &http::Request<Bytes>) -> RecordedRequest {
        let record = RecordedRequest(request.clone());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(record.clone());
        record
    }

    /// The requests so far, oldest first.
    pub(super) fn all(&self) -> Vec<RecordedRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_no_secret_and_the_accessors_return_everything() {
        let request = http::Request::post("https://api.example.com/keys?code=SECRET-1")
            .header("authorization", "Bearer SECRET-2")
            .header("x-api-key", "SECRET-3")
            .header("content-type", "application/json")
            .body(Bytes::from_static(b"SECRET-4"))
            .unwrap();
        let record = Records::default().keep(&request);
        let printed = format!("{record:?} {record:#?}");
        assert!(!printed.contains("SECRET"), "{printed}");
        assert!(printed.contains("application/json") && printed.contains("/keys"), "{printed}");

        assert_eq!(record.query(), Some("code=SECRET-1"));
        assert_eq!(record.header("Authorization"), Some("Bearer SECRET-2"));
        assert_eq!(record.text(), Some("SECRET-4"));
        assert_eq!(
            record.to_text(),
            "POST https://api.example.com/keys?code=SECRET-1\nauthorization: Bearer SECRET-2\n\
             content-type: application/json\nx-api-key: SECRET-3\n\nSECRET-4"
        );
    }
}
