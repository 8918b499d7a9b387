//! The lighter transport: hyper and rustls, HTTP/1.1 only.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::hyper::body::{Body, Incoming};
use anykey_core::Result;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::HeaderValue;
use http::header::USER_AGENT;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use tokio::sync::OnceCell;

use self::connector::{Connector, connector};
use self::failure::{broken, unsent};
use crate::environment::{proxy_variable, require_known_proxies};
use crate::kept::settle;
use crate::loopback::is_loopback_host;
use crate::request::set_content_length;
use crate::{HttpTransport, NewConnection, TransportError, TransportErrorKind, tls};

mod builder;
mod connector;
mod failure;

pub use self::builder::HyperTransportBuilder;

/// The most bytes that are reserved because an answer announces its length; more is allocated as it arrives.
const BELIEVED: usize = 1 << 20;

/// Sends requests over the network with hyper and rustls, by HTTP/1.1: the lighter transport, for apps that only
/// check licenses.
///
/// It needs half the crates and less processor time than [`ReqwestTransport`](crate::ReqwestTransport), with the
/// same guarantees: sends exactly once, no redirects, no cookies, no decompression, the platform's roots, read when
/// the first `https` request is made, `https` only unless the host is loopback, a cap on answers. The usual
/// variables (`HTTPS_PROXY`, `NO_PROXY`, …) choose a SOCKS proxy, or an `http://` proxy for `https` requests. An app
/// that needs other proxies or HTTP/2 takes reqwest.
///
/// Clones share their connections, which live on the tokio runtime that opened them.
///
/// ```
/// use std::sync::Arc;
/// use anykey_http::{HttpTransport, HyperTransport};
///
/// let transport = HyperTransport::builder().user_agent("acme-app/1.4").body_cap(1 << 20).build()?;
/// let transport: Arc<dyn HttpTransport> = Arc::new(transport);
/// # Ok::<(), anykey_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct HyperTransport(Arc<Inner>);

/// Settings, and the clients that are made when a request first needs them.
#[derive(Default)]
struct Inner {
    settings: Settings,
    /// For hosts on the network. Making it reads the platform's certificates.
    any_host: OnceCell<Clients>,
    /// For plain http to this machine, which needs no certificates and no proxy.
    loopback_only: OnceCell<Clients>,
}

type HyperClient = Client<Connector, Full<Bytes>>;

/// A client that keeps its connections, and one that opens a connection for each request.
struct Clients {
    keeping: HyperClient,
    opening: HyperClient,
    /// Whether the environment's proxy applies.
    uses_environment: bool,
}

/// What [`HyperTransportBuilder`] sets.
struct Settings {
    user_agent: HeaderValue,
    body_cap: usize,
    connect_timeout: Duration,
    roots: Vec<CertificateDer<'static>>,
    use_environment: bool,
    allow_plain_http: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: HeaderValue::from_static(concat!("anykey/", env!("CARGO_PKG_VERSION"))),
            body_cap: 8 << 20,
            connect_timeout: Duration::from_secs(10),
            roots: Vec::new(),
            use_environment: true,
            allow_plain_http: false,
        }
    }
}

impl HyperTransport {
    /// A builder for a transport with other settings than [`default`](Self::default).
    pub fn builder() -> HyperTransportBuilder {
        HyperTransportBuilder::new()
    }

    /// The clients for a URL.
    ///
    /// # Errors
    ///
    /// `Refused` for plain http to another machine, and for a URL that is neither.
    async fn clients_for(&self, uri: &http::Uri) -> Result<&Clients, TransportError> {
        let refused = |why: &'static str| TransportError::new(TransportErrorKind::Refused).with_source(why);
        let Inner { settings, any_host, loopback_only } = &*self.0;
        match uri.scheme_str() {
            Some("http") if uri.host().is_some_and(is_loopback_host) => {
                loopback_only
                    .get_or_try_init(|| async { settings.clients(tls::trusting_nobody(), false) })
                    .await
            }
            Some("http") if !settings.allow_plain_http => {
                Err(refused("plain http to a host that is not loopback"))
            }
            Some("http" | "https") => {
                any_host
                    .get_or_try_init(|| async {
                        if settings.use_environment {
                            require_known_proxies(settings.allow_plain_http)?;
                        }
                        settings.clients(tls::verifying(settings.roots.clone()), settings.use_environment)
                    })
                    .await
            }
            _ => Err(refused("the URL is neither https nor http")),
        }
    }

    /// Reads the whole answer, up to the cap.
    async fn collect(
        &self,
        response: http::Response<Incoming>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let cap = self.0.settings.body_cap;
        let too_large = || TransportError::new(TransportErrorKind::BodyTooLarge);
        let (parts, mut body) = response.into_parts();
        let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if expected > cap {
            return Err(too_large());
        }
        let mut whole = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let Ok(chunk) = frame.map_err(broken)?.into_data() else { continue };
            if whole.is_empty() && body.is_end_stream() && chunk.len() <= cap {
                return Ok(http::Response::from_parts(parts, chunk));
            }
            if chunk.len() > cap.saturating_sub(whole.len()) {
                return Err(too_large());
            }
            if whole.is_empty() {
                whole.reserve(expected.min(BELIEVED));
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(http::Response::from_parts(parts, whole.freeze()))
    }
}

#[async_trait]
impl HttpTransport for HyperTransport {
    async fn send(&self, mut request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let Clients { keeping, opening, uses_environment } = self.clients_for(request.uri()).await?;
        set_content_length(&mut request);
        let user_agent = &self.0.settings.user_agent;
        request.headers_mut().entry(USER_AGENT).or_insert_with(|| user_agent.clone());
        let client = if request.extensions().get::<NewConnection>().is_some() {
            opening
        } else {
            settle().await;
            keeping
        };
        let is_https = request.uri().scheme_str() == Some("https");
        let chooser = || if *uses_environment { proxy_variable(is_https).ok().flatten() } else { None };
        let sent = client.request(request.map(Full::new)).await;
        let response = sent.map_err(|error| unsent(error, chooser()))?;
        self.collect(response).await
    }
}

impl Settings {
    /// Both clients, with one TLS configuration.
    fn clients(
        &self,
        tls: Result<rustls::ClientConfig, rustls::Error>,
        uses_environment: bool,
    ) -> Result<Clients, TransportError> {
        let tls = tls.map_err(|error| TransportError::new(TransportErrorKind::Tls).with_source(error))?;
        let connector = connector(tls, self.connect_timeout, uses_environment);
        let mut builder = Client::builder(TokioExecutor::new());
        // Shorter than what servers keep, so that a request rarely meets a connection just closed.
        builder.pool_idle_timeout(Duration::from_secs(30)).pool_timer(TokioTimer::new());
        let keeping = builder.build(connector.clone());
        let opening = builder.pool_max_idle_per_host(0).build(connector);
        Ok(Clients { keeping, opening, uses_environment })
    }

    /// The settings without the proxy, which may have a password.
    fn describe(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        f.debug_struct(name)
            .field("user_agent", &self.user_agent)
            .field("body_cap", &self.body_cap)
            .field("connect_timeout", &self.connect_timeout)
            .field("extra_roots", &self.roots.len())
            .field("allow_plain_http", &self.allow_plain_http)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.settings.describe(f, "HyperTransport")
    }
}
