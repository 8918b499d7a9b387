//! From a URL to a stream: through a proxy where the environment names one, with TLS where the scheme asks for
//! it, in a bounded time.

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_service::Service;

type Fault = Box<dyn StdError + Send + Sync>;
type Socket = TokioIo<TcpStream>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send>>;

pub(super) type Connector = InTime<HttpsConnector<Route>>;

pub(super) fn connector(tls: ClientConfig, time: Duration, use_environment: bool) -> Connector {
    let mut direct = HttpConnector::new();
    direct.enforce_http(false);
    direct.set_nodelay(true);
    let route = Route { direct, proxies: use_environment.then(|| Matcher::from_env().into()) };
    let mut tls = tls;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    InTime { inner: HttpsConnector::from((route, tls)), time }
}

/// Connects to the host, or to the proxy and through it to the host.
#[derive(Clone)]
pub(super) struct Route {
    direct: HttpConnector,
    proxies: Option<std::sync::Arc<Matcher>>,
}

impl Route {
    fn proxy(&self, uri: &Uri) -> Option<Intercept> {
        self.proxies.as_ref()?.intercept(uri)
    }
}

impl Service<Uri> for Route {
    type Response = Socket;
    type Error = Fault;
    type Future = Connecting<Socket>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Some(proxy) = self.proxy(&uri) else {
            let connecting = self.direct.call(uri);
            return Box::pin(async move { Ok(connecting.await?) });
        };
        if proxy.uri().scheme_str() != Some("http") || uri.scheme_str() != Some("https") {
            let why = "this transport takes http:// proxies only, and only for https; take reqwest";
            return Box::pin(std::future::ready(Err(why.into())));
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.direct.clone());
        if let Some(credential) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credential.clone());
        }
        let connecting = tunnel.call(uri);
        Box::pin(async move { Ok(connecting.await?) })
    }
}

/// Gives up after a time.
#[derive(Clone)]
pub(super) struct InTime<C> {
    inner: C,
    time: Duration,
}

impl Service<Uri> for InTime<HttpsConnector<Route>> {
    type Response = MaybeHttpsStream<Socket>;
    type Error = Fault;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = timeout(self.time, self.inner.call(uri));
        Box::pin(async move { connecting.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))? })
    }
}
