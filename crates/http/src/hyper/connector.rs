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
use hyper_util::client::legacy::connect::proxy::{SocksV4, SocksV5, Tunnel};
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
        let scheme = proxy.uri().scheme_str().unwrap_or_default().to_owned();
        let is_local_dns = matches!(&*scheme, "socks4" | "socks5");
        let proxy_uri = proxy.uri().clone();
        match &*scheme {
            "http" if uri.scheme_str() == Some("https") => {
                let mut tunnel = Tunnel::new(proxy_uri, self.direct.clone());
                if let Some(credential) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(credential.clone());
                }
                let connecting = tunnel.call(uri);
                Box::pin(async move { Ok(connecting.await?) })
            }
            "socks5" | "socks5h" => {
                let mut socks =
                    SocksV5::new(with_port(proxy_uri), self.direct.clone()).local_dns(is_local_dns);
                if let Some((user, password)) = proxy.raw_auth() {
                    socks = socks.with_auth(user.to_owned(), password.to_owned());
                }
                let connecting = socks.call(uri);
                Box::pin(async move { Ok(connecting.await?) })
            }
            "socks4" | "socks4a" => {
                let mut socks =
                    SocksV4::new(with_port(proxy_uri), self.direct.clone()).local_dns(is_local_dns);
                let connecting = socks.call(uri);
                Box::pin(async move { Ok(connecting.await?) })
            }
            _ => {
                let why = "the hyper transport takes http:// proxies for https, and socks proxies; the reqwest \
                           transport takes all";
                Box::pin(std::future::ready(Err(why.into())))
            }
        }
    }
}

/// The usual port of SOCKS where the proxy's URL names none.
fn with_port(proxy: Uri) -> Uri {
    let host = match proxy.authority() {
        Some(authority) if proxy.port().is_none() => format!("{}:1080", authority.host()),
        _ => return proxy,
    };
    let mut parts = proxy.clone().into_parts();
    parts.authority = host.parse().ok();
    Uri::from_parts(parts).unwrap_or(proxy)
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
