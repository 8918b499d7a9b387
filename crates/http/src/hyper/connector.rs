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

/// Connections in a bounded time, with TLS where the URL asks for it.
pub(super) type Connector = InTime<HttpsConnector<Route>>;

/// The connector with this TLS configuration. `time` is that for resolving, connecting and the handshake together.
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
    /// Connects to a host.
    direct: HttpConnector,
    /// The environment's proxies; `None` where it is not asked.
    proxies: Option<std::sync::Arc<Matcher>>,
}

impl Route {
    /// The proxy for a host; `None` for a direct connection.
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
    /// What connects.
    inner: C,
    /// How long it may take.
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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_socks_proxy_is_asked_for_the_host() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("socks5h://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut greeting = [0; 3];
            stream.read_exact(&mut greeting).await.unwrap();
            stream.write_all(&[5, 0]).await.unwrap();
            let mut request = [0; 4 + 1 + 13 + 2];
            stream.read_exact(&mut request).await.unwrap();
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
            (greeting, request)
        });
        let mut direct = HttpConnector::new();
        direct.enforce_http(false);
        let proxies = Matcher::builder().all(proxy).build();
        let mut route = Route { direct, proxies: Some(proxies.into()) };
        route.call(Uri::from_static("https://api.acme.test/v1")).await.unwrap();
        let (greeting, request) = server.await.unwrap();
        assert_eq!(greeting, [5, 1, 0]);
        assert_eq!(request, *b"\x05\x01\x00\x03\x0dapi.acme.test\x01\xbb");
    }

    #[test]
    fn a_socks_proxy_without_a_port_has_the_usual_one() {
        for (url, expected) in [
            ("socks5://proxy.test", "socks5://proxy.test:1080/"),
            ("socks5://proxy.test:9", "socks5://proxy.test:9/"),
            ("socks4a://[::1]", "socks4a://[::1]:1080/"),
        ] {
            assert_eq!(with_port(url.parse().unwrap()), expected, "{url}");
        }
    }
}
