//! The default transport: reqwest and rustls.

use std::fmt;
use std::sync::Arc;

use anykey_core::Result;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use reqwest::{Request, Response};
use tokio::sync::OnceCell;
use url::Url;

use self::clients::Clients;
use self::failure::{broken, unsent};
use self::settings::{ProxyChoice, Settings};
use crate::kept::settle;
use crate::request::set_content_length;
use crate::{HttpTransport, NewConnection, TransportError, TransportErrorKind, is_loopback, tls};

mod clients;
mod failure;
mod settings;

pub use self::settings::ReqwestTransportBuilder;

/// The most bytes that are reserved because an answer announces its length; more is allocated as it arrives.
const BELIEVED: usize = 1 << 20;

/// Sends requests over the network with reqwest and rustls: the default transport.
///
/// Sends exactly once: no redirects, no retries, no cookies, no decompression. Certificates are verified
/// against the platform's roots, which are read when the first `https` request is made and not before.
/// The usual variables (`HTTPS_PROXY`, `NO_PROXY`, …) choose the proxy, except that plain http to a
/// loopback host never takes one. Answers are read up to a cap.
///
/// Clones share their connections. A kept connection lives on the tokio runtime that opened it: an app
/// with several runtimes should have a transport for each, or accept that requests fail on connections
/// whose runtime is gone.
///
/// ```
/// use std::sync::Arc;
/// use anykey_http::{HttpTransport, ReqwestTransport};
///
/// let transport = ReqwestTransport::builder().user_agent("acme-app/1.4").body_cap(1 << 20).build()?;
/// let transport: Arc<dyn HttpTransport> = Arc::new(transport);
/// # Ok::<(), anykey_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct ReqwestTransport(Arc<Inner>);

#[derive(Default)]
struct Inner {
    settings: Settings,
    any_host: OnceCell<Clients>,
    loopback_only: OnceCell<Clients>,
}

impl ReqwestTransport {
    fn from_settings(settings: Settings) -> Self {
        Self(Arc::new(Inner { settings, ..Inner::default() }))
    }

    /// Starts a transport with other settings than [`default`](Self::default).
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::new()
    }

    async fn clients_for(&self, url: &Url) -> Result<&Clients, TransportError> {
        let Inner { settings, any_host, loopback_only } = &*self.0;
        match url.scheme() {
            "http" if is_loopback(url) => {
                loopback_only
                    .get_or_try_init(|| async {
                        Clients::new(settings, tls::trusting_nobody(), ProxyChoice::Nothing)
                    })
                    .await
            }
            "http" if !settings.allow_plain_http => Err(refused("plain http to a host that is not loopback")),
            "http" | "https" => {
                any_host
                    .get_or_try_init(|| async {
                        Clients::new(settings, tls::verifying(settings.roots.clone()), settings.proxy.clone())
                    })
                    .await
            }
            _ => Err(refused("the URL is neither https nor http")),
        }
    }

    async fn collect(&self, mut response: Response) -> Result<http::Response<Bytes>, TransportError> {
        let cap = self.0.settings.body_cap;
        let too_large = || TransportError::new(TransportErrorKind::BodyTooLarge);
        if response.content_length().is_some_and(|length| usize::try_from(length).map_or(true, |n| n > cap)) {
            return Err(too_large());
        }
        let expected = response.content_length().and_then(|length| usize::try_from(length).ok());
        let mut body = BytesMut::with_capacity(expected.unwrap_or_default().min(BELIEVED));
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            if chunk.len() > cap.saturating_sub(body.len()) {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = http::Response::new(body.freeze());
        *answer.status_mut() = response.status();
        *answer.version_mut() = response.version();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

#[async_trait]
impl HttpTransport for ReqwestTransport {
    async fn send(&self, mut request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        set_content_length(&mut request);
        let (head, body) = request.into_parts();
        let url = Url::parse(&head.uri.to_string()).map_err(|_| refused("the URL is not absolute"))?;
        let clients = self.clients_for(&url).await?;
        let is_https = url.scheme() == "https";
        let client = if head.extensions.get::<NewConnection>().is_some() {
            clients.opening(&self.0.settings).await?
        } else {
            settle().await;
            clients.keeping()
        };
        let mut request = Request::new(head.method, url);
        *request.headers_mut() = head.headers;
        *request.body_mut() = Some(body.into());
        let response =
            client.execute(request).await.map_err(|error| unsent(error, clients.chooser(is_https)))?;
        self.collect(response).await
    }
}

fn refused(why: &'static str) -> TransportError {
    TransportError::new(TransportErrorKind::Refused).with_source(why)
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.settings.describe(f, "ReqwestTransport")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reads_no_certificates_before_the_first_https_request() {
        let transport = ReqwestTransport::default();
        let loopback = http::Request::get("http://127.0.0.1:1/").body(Bytes::new()).unwrap();
        assert_eq!(transport.send(loopback).await.unwrap_err().kind(), TransportErrorKind::Connect);
        assert!(transport.0.loopback_only.initialized() && !transport.0.any_host.initialized());
    }

    #[tokio::test]
    async fn clones_share_their_connections() {
        let transport = ReqwestTransport::default();
        let clone = transport.clone();
        let first = transport.clients_for(&"http://localhost/".parse().unwrap()).await.unwrap();
        let second = clone.clients_for(&"http://[::1]/".parse().unwrap()).await.unwrap();
        assert!(std::ptr::eq(first, second));
    }
}
