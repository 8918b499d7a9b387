use std::time::Duration;

use anykey::HeaderMap;
use anykey_http::{HttpTransport, ReqwestTransport};
use bytes::Bytes;
use http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderName, Method, Request, StatusCode};
use url::Url;

/// How long the other server may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Headers about one connection, which the client of the next one sets by itself.
const OF_ONE_CONNECTION: [HeaderName; 9] = [
    HOST,
    CONTENT_LENGTH,
    CONNECTION,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Sends deliveries to another server as they came: the same body, and all headers but those about the connection.
#[derive(Debug)]
pub(super) struct Forwarder {
    to: Url,
    network: ReqwestTransport,
}

impl Forwarder {
    pub(super) fn new(to: Url) -> Self {
        Self { to, network: ReqwestTransport::default() }
    }

    pub(super) const fn to(&self) -> &Url {
        &self.to
    }

    /// Sends the delivery and returns the status of the answer.
    ///
    /// # Errors
    ///
    /// What happened, as a sentence fragment, when there is no answer.
    pub(super) async fn send(&self, headers: &HeaderMap, body: Bytes) -> Result<StatusCode, String> {
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.to.as_str().parse().map_err(|_| "its address cannot be used".to_owned())?;
        *request.headers_mut() = headers.clone();
        for name in OF_ONE_CONNECTION {
            request.headers_mut().remove(name);
        }
        match tokio::time::timeout(PATIENCE, self.network.send(request)).await {
            Ok(Ok(answer)) => Ok(answer.status()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("it did not answer within {} s", PATIENCE.as_secs())),
        }
    }
}
