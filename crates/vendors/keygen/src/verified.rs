//! The place where signatures of answers are verified: a transport around the app's own.
//!
//! The signature covers path and query exactly as they were sent, which only the transport sees.

use std::sync::Arc;

use anykey_core::{HttpTransport, TransportError};
use anykey_http::ApiResponse;
use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};

use crate::signature::{Message, PublicKey};

/// Marks the answers that are signed with the account's key. Only [`VerifiedTransport`] sets it.
const VERIFIED: HeaderName = HeaderName::from_static("anykey-verified");

/// A transport that verifies the signature of every answer. It sees method, path and host as they were sent.
#[derive(Debug)]
pub(crate) struct VerifiedTransport {
    /// The transport that sends.
    pub(crate) inner: Arc<dyn HttpTransport>,
    /// The account's public key.
    pub(crate) key: PublicKey,
}

#[async_trait]
impl HttpTransport for VerifiedTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let method = request.method().as_str().to_ascii_lowercase();
        let uri = request.uri().clone();
        let mut response = self.inner.send(request).await?;
        let message = Message {
            method: &method,
            target: uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str),
            host: uri.host().unwrap_or_default(),
            body: response.body(),
        };
        let is_signed = self.key.verify(response.headers(), &message).is_ok();
        let headers = response.headers_mut();
        headers.remove(VERIFIED);
        if is_signed {
            headers.insert(VERIFIED, HeaderValue::from_static("1"));
        }
        Ok(response)
    }
}

/// Whether the answer came through a [`VerifiedTransport`] and is signed. A header of the same name from outside is
/// removed before the verification.
pub(crate) fn is_verified(response: &ApiResponse) -> bool {
    response.headers().contains_key(VERIFIED)
}
