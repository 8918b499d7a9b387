use std::fmt;

use anykey_core::{TransportError, TransportErrorKind};
use bytes::Bytes;

/// A complete HTTP answer, for tests.
///
/// It has only the headers that are added. `Debug` prints neither header values nor the body.
///
/// ```
/// use anykey_sim_kit::Answer;
///
/// let busy = Answer::json(429, r#"{"code":"TOO_MANY_REQUESTS"}"#).header("retry-after", "3");
/// assert_eq!(format!("{busy:?}"), r#"Answer { status: 429, headers: ["content-type", "retry-after"], body: 28 }"#);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Answer {
    /// An answer with `status`, without headers and without a body.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }

    /// An answer with `status` and a JSON body.
    pub fn json(status: u16, text: impl Into<Bytes>) -> Self {
        Self::new(status).header("content-type", "application/json").body(text)
    }

    /// An answer with `status` and a web page, like those of proxies and load balancers.
    pub fn html(status: u16, page: impl Into<Bytes>) -> Self {
        Self::new(status).header("content-type", "text/html; charset=utf-8").body(page)
    }

    /// Adds a header. Calling it again with the same name adds a second value.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Replaces the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Converts the answer to the type that a transport returns.
    ///
    /// # Errors
    ///
    /// [`TransportErrorKind::Refused`] when the status or a header is not valid HTTP, which is a mistake in the test.
    pub fn into_response(self) -> Result<http::Response<Bytes>, TransportError> {
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response
            .body(self.body)
            .map_err(|error| TransportError::new(TransportErrorKind::Refused).with_source(error))
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("headers", &names)
            .field("body", &self.body.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_header_is_an_error() {
        let error = Answer::new(200).header("not a name", "x").into_response().unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Refused);
        assert_eq!(Answer::new(99).into_response().unwrap_err().kind(), TransportErrorKind::Refused);
    }
}
