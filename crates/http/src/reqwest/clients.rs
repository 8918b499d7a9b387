use reqwest::Client;
use rustls::ClientConfig;
use tokio::sync::OnceCell;

use super::settings::{ProxyChoice, Settings};
use crate::environment::proxy_variable;
use crate::{TransportError, TransportErrorKind};

/// A client that keeps its connections, and one that opens a connection for each request, made when it is first
/// needed. Both share one TLS configuration: the platform's roots are read once, and sessions are resumed.
pub(super) struct Clients {
    tls: ClientConfig,
    proxy: ProxyChoice,
    proxy_variable: Option<&'static str>,
    keeping: Client,
    opening: OnceCell<Client>,
}

impl Clients {
    pub(super) fn new(
        settings: &Settings,
        tls: Result<ClientConfig, rustls::Error>,
        proxy: ProxyChoice,
        is_https: bool,
    ) -> Result<Self, TransportError> {
        let proxy_variable = match proxy {
            ProxyChoice::Environment => proxy_variable(is_https)
                .map_err(|why| TransportError::new(TransportErrorKind::Refused).because(why))?,
            ProxyChoice::Always(_) => Some("the configuration"),
            ProxyChoice::Nothing => None,
        };
        let tls = tls.map_err(|error| TransportError::new(TransportErrorKind::Tls).with_source(error))?;
        let keeping = settings.client(tls.clone(), &proxy, true)?;
        Ok(Self { tls, proxy, proxy_variable, keeping, opening: OnceCell::new() })
    }

    /// What chooses the proxy, by name; `None` without one.
    pub(super) const fn proxy_variable(&self) -> Option<&'static str> {
        self.proxy_variable
    }

    pub(super) const fn keeping(&self) -> &Client {
        &self.keeping
    }

    pub(super) async fn opening(&self, settings: &Settings) -> Result<&Client, TransportError> {
        self.opening.get_or_try_init(|| async { settings.client(self.tls.clone(), &self.proxy, false) }).await
    }
}
