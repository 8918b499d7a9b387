//! What every adapter's builder has in common: how to reach the vendor.

mod setters;

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::adapter::{BuildContext, ErrorExt as _, SecretReader};
use anykey_core::{Clock, Error, ErrorKind, Result};
use url::Url;

use crate::{ApiClient, ApiClientBuilder, BaseUrl, HttpTransport, Network, RetryPolicy, SharedPacing};

/// How an adapter reaches its vendor: the part of its builder that is the same for every vendor.
///
/// ```
/// # use anykey_http::{HttpTransport, TransportError, async_trait};
/// # #[derive(Debug)] struct Acme;
/// # #[async_trait]
/// # impl HttpTransport for Acme {
/// #     async fn send(&self, _: http::Request<bytes::Bytes>)
/// #         -> Result<http::Response<bytes::Bytes>, TransportError> { unimplemented!() }
/// # }
/// use std::sync::Arc;
/// use anykey_http::Connection;
///
/// let connection = Connection { transport: Some(Arc::new(Acme)), ..Connection::default() }.ready()?;
/// let device = connection.client("acme", "https://api.acme.test/v1")?.build()?;
/// let management = connection.client("acme", "https://api.acme.test/v1")?.build()?;
/// # Ok::<(), anykey_core::Error>(())
/// ```
#[derive(Clone, Default)]
#[expect(clippy::exhaustive_structs, reason = "adapters set its fields one by one")]
pub struct Connection {
    /// Another base URL than the vendor's own; `None` for the vendor's.
    pub base_url: Option<BaseUrl>,
    /// The transport that sends the requests; `None` for the one of [`network`](Self::network).
    pub transport: Option<Arc<dyn HttpTransport>>,
    /// Proxy, root certificate and body cap of the built-in transport.
    pub network: Network,
    /// Which requests are sent again, and when.
    pub retry: RetryPolicy,
    /// How long a request may take in all, retries and waits included; `None` for 30 s.
    pub deadline: Option<Duration>,
    /// What errors and traces call the provider; `None` for the vendor's word.
    pub name: Option<Box<str>>,
    /// The clock for dates in headers; `None` for the wall clock.
    pub clock: Option<Clock>,
    /// The folder in which processes share what the pacers allow, as [`Pacer::shared_in`](crate::Pacer::shared_in)
    /// does; `None` for each process alone.
    pub pacing_folder: Option<PathBuf>,
    /// How the pacers are shared with other processes; `None` for each process alone. It precedes
    /// [`pacing_folder`](Self::pacing_folder).
    pub shared_pacing: Option<SharedPacing>,
    /// The file of the credential, which is read again as [`ApiClientBuilder::credential_reader`] says; `None` where it
    /// is not in a file.
    pub credential_reader: Option<SecretReader>,
}

impl Connection {
    /// Allows `http://` to hosts that are not loopback; see [`Network::allow_plain_http`].
    pub const fn allow_plain_http(&mut self, allow: bool) {
        self.network.allow_plain_http = allow;
    }

    /// Takes name, clock, the sharing of pacers and the transport from `context`. Where that has a transport, the
    /// settings of [`network`](Self::network) that are for the built-in one do not matter any more.
    pub fn set_context(&mut self, context: &BuildContext<'_>) {
        self.name = Some(context.name().into());
        self.clock = Some(context.clock().clone());
        self.pacing_folder = context.pacing_folder().map(Into::into);
        self.shared_pacing = context.extension().cloned();
        if let Some(transport) = context.transport() {
            self.transport = Some(transport);
            self.network = Network::default().allow_plain_http(self.network.allow_plain_http);
        }
    }

    /// The same with a transport: the one that was given, or a new one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there is no transport because the feature `reqwest` is off and none was given,
    /// when a setting of `network` is not acceptable, or when there are both.
    pub fn ready(mut self) -> Result<Self> {
        match &self.transport {
            Some(_) => self.network.require_no_transport()?,
            None => self.transport = Some(self.network.transport()?),
        }
        Ok(self)
    }

    /// Starts a client of the vendor `vendor`, whose API is at `default_url`. Clients of one connection that is
    /// [`ready`](Self::ready) share its transport.
    ///
    /// # Errors
    ///
    /// As [`ready`](Self::ready).
    pub fn client(&self, vendor: &'static str, default_url: &str) -> Result<ApiClientBuilder> {
        let base_url = match &self.base_url {
            Some(url) => url.as_url().clone(),
            None => Url::parse(default_url).map_err(|cause| {
                Error::new(ErrorKind::Config, "the base URL is no URL").with_source(cause)
            })?,
        };
        let transport = match &self.transport {
            Some(transport) => Arc::clone(transport),
            None => self.network.transport()?,
        };
        let name = self.name.as_ref().map_or(Cow::Borrowed(vendor), |name| Cow::Owned(name.to_string()));
        let mut client = ApiClient::builder(name, base_url, transport)
            .retry(self.retry.clone())
            .allow_plain_http(self.network.allow_plain_http);
        if let Some(deadline) = self.deadline {
            client = client.deadline(deadline);
        }
        if let Some(clock) = &self.clock {
            client = client.clock(clock.clone());
        }
        if let Some(folder) = &self.pacing_folder {
            client = client.pacing_folder(folder);
        }
        if let Some(sharing) = &self.shared_pacing {
            client = client.shared_pacing(sharing.clone());
        }
        if let Some(reader) = &self.credential_reader {
            client = client.credential_reader(reader.clone());
        }
        Ok(client)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("base_url", &self.base_url)
            .field("transport", &self.transport)
            .field("network", &self.network)
            .field("retry", &self.retry)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
