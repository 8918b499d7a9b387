//! The settings of the lighter transport.

use std::fmt;
use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result};
use http::HeaderValue;

use super::{HyperTransport, Inner, Settings};
use crate::tls;

/// Settings of a [`HyperTransport`]; made by [`HyperTransport::builder`].
///
/// A setting that is not acceptable is reported by [`build`](Self::build), so that calls can be chained. It cannot set
/// a proxy: only the environment's variables choose one.
#[must_use]
pub struct HyperTransportBuilder {
    /// What was set so far.
    settings: Settings,
    /// The first setting that was not acceptable.
    fault: Option<Error>,
}

impl HyperTransportBuilder {
    pub(super) fn new() -> Self {
        Self { settings: Settings::default(), fault: None }
    }

    /// Names the app to the vendor where a request does not; `anykey/<version>` by default.
    pub fn user_agent(mut self, user_agent: impl AsRef<str>) -> Self {
        match HeaderValue::from_str(user_agent.as_ref()) {
            Ok(value) => self.settings.user_agent = value,
            Err(_) => self.fail("the user agent holds a character that no header can carry"),
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

    /// Uses no proxy, whatever the environment says.
    pub const fn no_proxy(mut self) -> Self {
        self.settings.use_environment = false;
        self
    }

    /// Trusts the certificates of a PEM file beside the platform's roots, such as that of a company's
    /// proxy. May be called more than once.
    pub fn root_certificate_pem(mut self, pem: &[u8]) -> Self {
        match tls::root_certificates(pem) {
            Ok(roots) => self.settings.roots.extend(roots),
            Err(error) => drop(self.fault.get_or_insert(error)),
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
    /// carry, a root certificate that is not PEM.
    pub fn build(self) -> Result<HyperTransport> {
        match self.fault {
            Some(fault) => Err(fault.with_operation(Operation::Configure)),
            None => Ok(HyperTransport(Inner { settings: self.settings, ..Inner::default() }.into())),
        }
    }

    /// Remembers a fault, if it is the first.
    fn fail(&mut self, message: &'static str) {
        self.fault.get_or_insert_with(|| Error::new(ErrorKind::Config, message));
    }
}

impl fmt::Debug for HyperTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.describe(f, "HyperTransportBuilder")
    }
}
