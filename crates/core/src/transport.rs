use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;

/// Sends one HTTP request to the vendor and returns the whole answer.
///
/// It separates the adapters from the network: the reqwest client is one implementation, every simulator another.
/// A transport sends each request exactly once: it neither retries nor follows redirects, and it returns an answer
/// of every status.
///
/// A transport that prints what passes through it:
///
/// ```
/// use anykey_core::{Bytes, HttpTransport, TransportError, async_trait, http};
///
/// #[derive(Debug)]
/// struct Printed<T>(T);
///
/// #[async_trait]
/// impl<T: HttpTransport> HttpTransport for Printed<T> {
///     async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
///         // Not the headers or the body: they hold the token and the key code.
///         let line = format!("{} {}", request.method(), request.uri().path());
///         let response = self.0.send(request).await?;
///         println!("{line}: {}", response.status());
///         Ok(response)
///     }
/// }
/// ```
#[async_trait]
pub trait HttpTransport: fmt::Debug + Send + Sync + 'static {
    /// Sends `request` and reads the answer's body to its end.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] when there is no whole answer. Its kind says whether the request may have reached the
    /// vendor, which decides whether it may be sent again.
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError>;
}

#[async_trait]
impl<T: HttpTransport + ?Sized> HttpTransport for Arc<T> {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        (**self).send(request).await
    }
}

/// Marks a request that has to go on a connection opened for it; an extension of the request.
///
/// A server may close a kept connection at the moment when the next request is written to it, and then nobody
/// knows whether that request was read. A request that must not be sent twice therefore does not go on a kept
/// connection. A transport that keeps none has nothing to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a marker")]
pub struct NewConnection;

/// Why there is no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request never left: it is malformed, or plain http to a host that is not loopback.
    Refused,
    /// The request never left: the host name, the connection or the proxy failed, or the connection was closed
    /// before anything of the request was written.
    Connect,
    /// The request never left: the server's certificate or TLS handshake was not acceptable.
    Tls,
    /// The time allowed by the transport ran out; the request may have reached the vendor.
    Timeout,
    /// The connection broke or the answer made no sense; the request may have reached the vendor.
    Interrupted,
    /// The answer's body is larger than the cap; the request reached the vendor.
    BodyTooLarge,
}

impl TransportErrorKind {
    /// Whether it is certain that the vendor never saw the request.
    #[must_use]
    pub const fn never_sent(self) -> bool {
        matches!(self, Self::Refused | Self::Connect | Self::Tls)
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused => "the request was not sendable",
            Self::Connect => "no connection could be made",
            Self::Tls => "the TLS handshake failed",
            Self::Timeout => "no answer in time",
            Self::Interrupted => "the connection broke before the whole answer was read",
            Self::BodyTooLarge => "the answer's body is over the size cap",
        })
    }
}

/// A request without a whole answer. Prints neither URL nor headers.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    reason: Option<Cow<'static, str>>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// An error of `kind` without a cause.
    #[must_use]
    pub const fn new(kind: TransportErrorKind) -> Self {
        Self { kind, reason: None, source: None }
    }

    /// Adds the cause, which must not print a URL, a header or a body.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Names the cause where the transport knows it, as a sentence fragment that says what to do: a proxy setting,
    /// this computer's clock. It must not hold a URL, a header or a body.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The cause that the transport names; `None` when only the kind is known.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The cause alone, for an error that says the rest itself.
    #[must_use]
    pub fn into_source(self) -> Option<Box<dyn std::error::Error + Send + Sync>> {
        self.source
    }

    /// What went wrong.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Some(reason) => f.write_str(reason),
            None => self.kind.fmt(f),
        }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}
