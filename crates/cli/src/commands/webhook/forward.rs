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

/// Headers about one connection, which the client of the next one sets by itself; `Connection` names further ones.
const OF_ONE_CONNECTION: [HeaderName; 11] = [
    HOST,
    CONTENT_LENGTH,
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
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
        *request.headers_mut() = passed_on(headers);
        match tokio::time::timeout(PATIENCE, self.network.send(request)).await {
            Ok(Ok(answer)) => Ok(answer.status()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("it did not answer within {} s", PATIENCE.as_secs())),
        }
    }
}

/// `headers` without those about the connection.
fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let named = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named = named.flat_map(|names| names.split(',')).filter_map(|name| name.trim().parse().ok());
    let mut headers = headers.clone();
    for name in named.collect::<Vec<HeaderName>>().into_iter().chain(OF_ONE_CONNECTION) {
        headers.remove(name);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_header_says_of_the_connection_stays_there() {
        let headers = [
            ("connection", "keep-alive, X-Proxy-Hop"),
            ("keep-alive", "timeout=5"),
            ("x-proxy-hop", "1"),
            ("proxy-connection", "keep-alive"),
            ("transfer-encoding", "chunked"),
            ("webhook-signature", "v1,a"),
        ];
        let headers = headers.map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        let passed_on = passed_on(&HeaderMap::from_iter(headers));
        assert_eq!(passed_on.keys().collect::<Vec<_>>(), ["webhook-signature"]);
    }
}
