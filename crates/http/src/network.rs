//! The table `network` of a configuration.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

#[cfg(any(feature = "hyper", feature = "reqwest"))]
use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Result, SecretResolver, SecretSource};
use secrecy::ExposeSecret;
use serde::Deserialize;
use url::Url;

use crate::HttpTransport;

/// The table `network` of a vendor's configuration: proxy, root certificate, body cap.
///
/// ```toml
/// [network]
/// root_certificate = "/etc/ssl/company.pem"
/// proxy = "http://proxy.example:3128"
/// ```
///
/// All of it is absent for most apps: the platform's roots are trusted, and the usual variables
/// (`HTTPS_PROXY`, `NO_PROXY`, …) choose the proxy.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NetworkConfig {
    /// A PEM file with one certificate or more that are trusted beside the platform's, such as that of a
    /// company's proxy. It is read as the files of secrets are: a relative path starts at the process' working
    /// directory, or where the app's own [`SecretResolver`] lets it start.
    pub root_certificate: Option<PathBuf>,
    /// Everything but plain http to loopback hosts goes through this proxy, whatever the environment says;
    /// with `"none"` through no proxy at all.
    pub proxy: Option<ProxySource>,
    /// The largest answer that is read, in bytes; 8 MiB by default.
    pub body_cap: Option<usize>,
    /// Allows `http://` to hosts that are not loopback, where everybody on the way reads keys and tokens;
    /// `false` by default.
    #[serde(default)]
    pub allow_plain_http: bool,
}

/// Which proxy to take: its URL, the word `none`, or where a URL with a password is kept.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    untagged,
    expecting = "the URL of a proxy, \"none\", { env = \"…\" }, { file = \"…\" } or { keyring = \"…\" }"
)]
#[non_exhaustive]
pub enum ProxySource {
    /// An `http://`, `https://`, `socks4://` or `socks5://` URL without a password, or `none`.
    Text(Box<str>),
    /// Where the URL is kept, for one with a user name and password in it.
    Secret(SecretSource),
}

impl fmt::Debug for ProxySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("ProxySource([redacted])"),
            Self::Secret(source) => fmt::Debug::fmt(source, f),
        }
    }
}

/// The proxy that the configuration chooses.
#[derive(Clone)]
enum Proxy {
    /// No proxy, whatever the environment says.
    None,
    /// This proxy.
    #[cfg_attr(not(feature = "reqwest"), expect(dead_code, reason = "no transport to give it to"))]
    Url(Url),
}

/// A [`NetworkConfig`] whose files and secrets have been read.
///
/// It is what a builder keeps; the transport is made of it when the provider is built.
#[derive(Clone, Default)]
pub struct Network {
    /// The PEM text of certificates to trust beside the platform's.
    root_certificate: Option<Arc<[u8]>>,
    /// The proxy; `None` leaves it to the environment.
    proxy: Option<Proxy>,
    /// The largest answer in bytes; `None` for the transport's default.
    body_cap: Option<usize>,
    /// Whether plain http may go to other machines.
    pub(crate) allow_plain_http: bool,
}

impl NetworkConfig {
    /// Reads the certificate and the proxy's URL.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field.
    pub fn read(&self, secrets: &dyn SecretResolver) -> Result<Network> {
        let root_certificate = self.root_certificate.as_ref().map(|path| {
            let read = secrets.file(path).map_err(|cause| {
                config(format!(
                    "`network.root_certificate`: the file {} cannot be read: {cause}",
                    path.display()
                ))
            });
            read.map(|pem| Arc::from(pem.expose_secret().as_bytes()))
        });
        let proxy = self.proxy.as_ref().map(|source| source.read(secrets));
        Ok(Network {
            root_certificate: root_certificate.transpose()?,
            proxy: proxy.transpose()?,
            body_cap: self.body_cap,
            allow_plain_http: self.allow_plain_http,
        })
    }
}

impl ProxySource {
    /// Reads the proxy's URL.
    ///
    /// # Errors
    ///
    /// `Config` for a URL that is none, and for a password in the configuration itself.
    fn read(&self, secrets: &dyn SecretResolver) -> Result<Proxy> {
        let url = match self {
            Self::Text(text) if &**text == "none" => return Ok(Proxy::None),
            Self::Text(text) if holds_password(text) => {
                return Err(config(
                    "`network.proxy` holds a user name or password; keep the URL elsewhere and write { env = \
                     \"…\" } or { file = \"…\" }"
                        .to_owned(),
                ));
            }
            Self::Text(text) => Url::parse(text),
            Self::Secret(source) => Url::parse(source.resolve("network.proxy", secrets)?.expose_secret()),
        };
        url.map(Proxy::Url)
            .map_err(|_| config("`network.proxy` is not a URL such as http://proxy:3128".to_owned()))
    }
}

/// Whether a URL has a user name or a password.
fn holds_password(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| !url.username().is_empty() || url.password().is_some())
}

impl Network {
    /// Allows `http://` to hosts that are not loopback. The default is `false`: license keys and tokens would be
    /// readable on the way.
    #[must_use]
    pub const fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// Reads answers of up to `bytes` where the configuration names no other cap.
    #[must_use]
    pub const fn body_cap_or(mut self, bytes: usize) -> Self {
        if self.body_cap.is_none() {
            self.body_cap = Some(bytes);
        }
        self
    }

    /// The built-in transport with these settings.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field; or because there is no transport to build without the feature
    /// `reqwest`.
    #[cfg(feature = "reqwest")]
    pub(crate) fn transport(&self) -> Result<Arc<dyn HttpTransport>> {
        let mut builder = crate::ReqwestTransport::builder().allow_plain_http(self.allow_plain_http);
        if let Some(bytes) = self.body_cap {
            builder = builder.body_cap(bytes);
        }
        if let Some(pem) = &self.root_certificate {
            builder = builder.root_certificate_pem(pem);
        }
        match &self.proxy {
            None => {}
            Some(Proxy::None) => builder = builder.no_proxy(),
            Some(Proxy::Url(url)) => builder = builder.proxy(url.clone()),
        }
        let transport = builder.build().map_err(|error| error.in_context("`network`"))?;
        Ok(Arc::new(transport))
    }

    /// The same with the lighter transport.
    #[cfg(all(feature = "hyper", not(feature = "reqwest")))]
    pub(crate) fn transport(&self) -> Result<Arc<dyn HttpTransport>> {
        let mut builder = crate::HyperTransport::builder().allow_plain_http(self.allow_plain_http);
        if let Some(bytes) = self.body_cap {
            builder = builder.body_cap(bytes);
        }
        if let Some(pem) = &self.root_certificate {
            builder = builder.root_certificate_pem(pem);
        }
        match &self.proxy {
            None => {}
            Some(Proxy::None) => builder = builder.no_proxy(),
            Some(Proxy::Url(_)) => {
                return Err(config(
                    "`network.proxy` needs the feature `reqwest`; with `hyper` set HTTPS_PROXY instead"
                        .to_owned(),
                ));
            }
        }
        let transport = builder.build().map_err(|error| error.in_context("`network`"))?;
        Ok(Arc::new(transport))
    }

    #[cfg(not(any(feature = "hyper", feature = "reqwest")))]
    pub(crate) fn transport(&self) -> Result<Arc<dyn HttpTransport>> {
        let _ = self;
        Err(config(
            "there is no transport; switch on the feature `reqwest` or give the builder one".to_owned(),
        ))
    }

    /// Refuses settings that only the built-in transport applies.
    pub(crate) fn require_no_transport(&self) -> Result<()> {
        let Self { root_certificate: None, proxy: None, body_cap: None, .. } = self else {
            return Err(config(
                "`network` is set, but a transport was given; set that transport up instead".to_owned(),
            ));
        };
        Ok(())
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("root_certificate", &self.root_certificate.is_some())
            .field("proxy", &self.proxy.is_some())
            .field("body_cap", &self.body_cap)
            .field("allow_plain_http", &self.allow_plain_http)
            .finish()
    }
}

/// A `Config` error of this table.
fn config(message: String) -> Error {
    Error::new(ErrorKind::Config, message)
}
