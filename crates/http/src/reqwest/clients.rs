//! The two clients of a transport.

use reqwest::Client;
use rustls::ClientConfig;
use tokio::sync::OnceCell;

use super::settings::{ProxyChoice, Settings};
use crate::environment::{proxy_variable, require_known_proxies};
use crate::{TransportError, TransportErrorKind};

/// A client that keeps its connections, and one that opens a connection for each request, made when it is first
/// needed. Both share one TLS configuration: the platform's roots are read once, and sessions are resumed.
pub(super) struct Clients {
    tls: ClientConfig,
    proxy: ProxyChoice,
    keeping: Client,
    opening: OnceCell<Client>,
}

impl Clients {
    /// Both clients for one kind of host; the second one is made later.
    ///
    /// # Errors
    ///
    /// `Refused` if the environment's proxy cannot be read, `Tls` without certificates.
    pub(super) fn new(
        settings: &Settings,
        tls: Result<ClientConfig, rustls::Error>,
        proxy: ProxyChoice,
    ) -> Result<Self, TransportError> {
        if matches!(proxy, ProxyChoice::Environment) {
            require_known_proxies(settings.allow_plain_http)?;
        }
        let tls = tls.map_err(|error| TransportError::new(TransportErrorKind::Tls).with_source(error))?;
        let keeping = settings.client(tls.clone(), &proxy, true)?;
        Ok(Self { tls, proxy, keeping, opening: OnceCell::new() })
    }

    /// What chooses the proxy, by name; `None` without one.
    pub(super) fn chooser(&self, is_https: bool) -> Option<&'static str> {
        match self.proxy {
            ProxyChoice::Environment => proxy_variable(is_https).ok().flatten(),
            ProxyChoice::Always(_) => Some("the configuration"),
            ProxyChoice::Nothing => None,
        }
    }

    /// The client for requests that may be repeated. On a kept connection a request may be lost.
    pub(super) const fn keeping(&self) -> &Client {
        &self.keeping
    }

    /// The client for requests that are sent once. A new connection that fails is certain to have sent nothing.
    pub(super) async fn opening(&self, settings: &Settings) -> Result<&Client, TransportError> {
        self.opening.get_or_try_init(|| async { settings.client(self.tls.clone(), &self.proxy, false) }).await
    }
}
