use anykey_core::HttpTransport;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Request, Response};
use serde_json::Value;

use crate::StartError;

/// A request to a simulator, for the simulator's own tests.
///
/// ```
/// use anykey_sim_kit::TestRequest;
///
/// let request = TestRequest::new("GET", "https://api.example.com/keys").bearer("t-1");
/// assert_eq!(request.build()?.headers()["authorization"], "Bearer t-1");
/// # Ok::<(), anykey_sim_kit::StartError>(())
/// ```
///
/// `Debug` prints neither headers nor body.
#[derive(Clone)]
#[must_use]
pub struct TestRequest {
    method: String,
    uri: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl TestRequest {
    /// A request without headers and body.
    pub fn new(method: impl Into<String>, uri: impl Into<String>) -> Self {
        Self { method: method.into(), uri: uri.into(), headers: Vec::new(), body: Bytes::new() }
    }

    /// Adds a header.
    pub fn header(mut self, name: impl AsRef<str>, value: impl Into<String>) -> Self {
        self.headers.push((name.as_ref().to_owned(), value.into()));
        self
    }

    /// Adds a bearer token.
    pub fn bearer(self, token: &str) -> Self {
        self.header(AUTHORIZATION, format!("Bearer {token}"))
    }

    /// Sets the body.
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = Bytes::copy_from_slice(body.as_ref());
        self
    }

    /// Sets the body, with this content type.
    pub fn typed(self, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        self.header(CONTENT_TYPE, content_type).body(body)
    }

    /// Sets the body to a JSON document, with its content type.
    pub fn json(self, document: &Value) -> Self {
        self.typed("application/json", document.to_string())
    }

    /// The request.
    ///
    /// # Errors
    ///
    /// An error for an invalid method, URI or header.
    pub fn build(self) -> Result<Request<Bytes>, StartError> {
        let builder = Request::builder().method(self.method.as_str()).uri(self.uri);
        let add =
            |builder: http::request::Builder, (name, value)| builder.header::<String, String>(name, value);
        Ok(self.headers.into_iter().fold(builder, add).body(self.body)?)
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build), and the errors of `transport`.
    pub async fn send(self, transport: &dyn HttpTransport) -> Result<Response<Bytes>, StartError> {
        Ok(transport.send(self.build()?).await?)
    }
}

impl std::fmt::Debug for TestRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestRequest")
            .field("method", &self.method)
            .field("uri", &self.uri)
            .finish_non_exhaustive()
    }
}
