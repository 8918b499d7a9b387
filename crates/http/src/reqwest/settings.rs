//! The settings of the default transport.

use std::fmt;
use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result};
use http::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Proxy};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use url::Url;

use super::ReqwestTransport;
use crate::{TransportError, TransportErrorKind, tls};

/// Settings of a [`ReqwestTransport`]; made by [`ReqwestTransport::builder`].
///
/// `Debug` does not show the proxy, whose URL may hold a password.
#[must_use]
pub struct ReqwestTransportBuilder {
    /// What was set so far.
    settings: Settings,
    /// The first setting that was not acceptable.
    fault: Option<Error>,
}

impl ReqwestTransportBuilder {
    pub(super) fn new() -> Self {
        Self { settings: Settings::default(), fault: None }
    }

    /// Names the app to the vendor where a request does not; `anykey/<version>` by default.
    pub fn user_agent(mut self, user_agent: impl AsRef<str>) -> Self {
        match HeaderValue::from_str(user_agent.as_ref()) {
            Ok(value) => self.settings.user_agent = value,
            Err(_) => self.fail(config("the user agent holds a character that no header can carry")),
        }
        self
    }

    /// The largest answer that is read, in bytes; 8 MiB by default. A larger answer ends the request with
    /// [`Decode`](ErrorKind::Decode), before it is read whole.
    pub const fn body_cap(mut self, bytes: usize) -> Self {
        self.settings.body_cap = bytes;
        self
    }

    /// How long resolving, connecting and the TLS handshake may take together; 10 s by default.
    ///
    /// Keep it below the client's deadline: a connection that fails in time is known to have sent nothing.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// Sends everything but plain http to loopback hosts through this http, https or SOCKS proxy, whatever the
    /// environment says. A user name and password in the URL are the proxy's. `socks5h://` and `socks4a://` let the
    /// proxy resolve host names.
    pub fn proxy(mut self, url: Url) -> Self {
        let proxy = match url.scheme() {
            "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h" => Proxy::all(url).ok(),
            _ => None,
        };
        match proxy {
            Some(proxy) => self.settings.proxy = ProxyChoice::Always(Box::new(proxy)),
            None => {
                self.fail(config(
                    "the proxy's URL is none of http://, https://, socks4://, socks4a://, socks5:// and socks5h://",
                ))
            }
        }
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.settings.proxy = ProxyChoice::Nothing;
        self
    }

    /// Trusts the certificates of a PEM file beside the platform's roots, such as that of a company's
    /// proxy. May be called more than once.
    pub fn root_certificate_pem(mut self, pem: &[u8]) -> Self {
        match tls::root_certificates(pem) {
            Ok(roots) => self.settings.roots.extend(roots),
            Err(error) => self.fail(error),
        }
        self
    }

    /// Allows `http://` to hosts that are not loopback, where everybody on the way reads keys and tokens.
    pub const fn allow_plain_http(mut self, allow: bool) -> Self {
        self.settings.allow_plain_http = allow;
        self
    }

    /// The transport. Reads no certificates and opens no connection yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] for the first setting that was not acceptable: a user agent that no header can
    /// carry, a proxy that is none of http, https and SOCKS, a root certificate that is not PEM.
    pub fn build(self) -> Result<ReqwestTransport> {
        match self.fault {
            Some(fault) => Err(fault.with_operation(Operation::Configure)),
            None => Ok(ReqwestTransport::from_settings(self.settings)),
        }
    }

    /// Remembers a fault, if it is the first.
    fn fail(&mut self, fault: Error) {
        self.fault.get_or_insert(fault);
    }
}

impl fmt::Debug for ReqwestTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.describe(f, "ReqwestTransportBuilder")
    }
}

/// What the builder sets.
pub(super) struct Settings {
    pub(super) user_agent: HeaderValue,
    pub(super) body_cap: usize,
    pub(super) connect_timeout: Duration,
    pub(super) proxy: ProxyChoice,
    pub(super) roots: Vec<CertificateDer<'static>>,
    pub(super) allow_plain_http: bool,
}

/// Which proxy to take.
#[derive(Clone)]
pub(super) enum ProxyChoice {
    /// The one that the environment's variables name.
    Environment,
    /// None.
    Nothing,
    /// This one for every host but this machine.
    Always(Box<Proxy>),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: HeaderValue::from_static(concat!("anykey/", env!("CARGO_PKG_VERSION"))),
            body_cap: 8 << 20,
            connect_timeout: Duration::from_secs(10),
            proxy: ProxyChoice::Environment,
            roots: Vec::new(),
            allow_plain_http: false,
        }
    }
}

impl Settings {
    /// A client with these settings, which keeps its connections or opens one for each request.
    pub(super) fn client(
        &self,
        tls: ClientConfig,
        proxy: &ProxyChoice,
        keeps_connections: bool,
    ) -> Result<Client, TransportError> {
        let builder = ClientBuilder::new()
            .tls_backend_preconfigured(tls)
            .user_agent(self.user_agent.clone())
            .connect_timeout(self.connect_timeout)
            // Shorter than what servers keep, so that a request rarely meets a connection just closed.
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(if keeps_connections { usize::MAX } else { 0 })
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        let builder = match proxy {
            ProxyChoice::Environment => builder,
            ProxyChoice::Nothing => builder.no_proxy(),
            ProxyChoice::Always(proxy) => builder.no_proxy().proxy((**proxy).clone()),
        };
        builder
            .build()
            .map_err(|error| TransportError::new(TransportErrorKind::Tls).with_source(error.without_url()))
    }

    /// The settings without the proxy, whose URL may have a password.
    pub(super) fn describe(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        f.debug_struct(name)
            .field("user_agent", &self.user_agent)
            .field("body_cap", &self.body_cap)
            .field("connect_timeout", &self.connect_timeout)
            .field("extra_roots", &self.roots.len())
            .field("allow_plain_http", &self.allow_plain_http)
            .finish_non_exhaustive()
    }
}

fn config(message: &'static str) -> Error {
    Error::new(ErrorKind::Config, message)
}
