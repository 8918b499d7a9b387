//! A transport that keeps what goes through it.

use anykey_core::async_trait;
use anykey_core::{HttpTransport, TransportError};
use bytes::Bytes;

use super::RecordedRequest;
use super::recorded::Records;

/// Passes every request on to another transport, such as a simulator, and keeps a copy.
///
/// ```
/// use anykey_core::HttpTransport;
/// use anykey_testkit::transport::{Answer, RecordingTransport, ScriptedTransport};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let vendor = ScriptedTransport::from_fn(|_| Answer::new(204));
/// let recording = RecordingTransport::new(vendor);
///
/// let request = http::Request::get("https://api.example.com/license_keys").body("".into()).unwrap();
/// recording.send(request).await.unwrap();
/// assert_eq!(recording.requests()[0].path(), "/license_keys");
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct RecordingTransport<T> {
    /// The transport that answers.
    inner: T,
    /// The copies.
    records: Records,
}

impl<T: HttpTransport> RecordingTransport<T> {
    /// Records what goes to `inner`.
    pub fn new(inner: T) -> Self {
        Self { inner, records: Records::default() }
    }

    /// The requests so far, oldest first, those that failed included.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.records.all()
    }
}

#[async_trait]
impl<T: HttpTransport> HttpTransport for RecordingTransport<T> {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.records.keep(&request);
        self.inner.send(request).await
    }
}
