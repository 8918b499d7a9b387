//! The settings of a client, and the checks that they have to pass.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::adapter::{ErrorExt as _, SecretReader};
use anykey_core::{Clock, Error, ErrorKind, Operation, Result, Timestamp};
use http::header::{AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use url::Url;

use crate::client::Inner;
use crate::credential::Credential;
use crate::{ApiClient, BearerToken, HttpTransport, Pacer, RetryPolicy, SharedPacing, is_loopback};

/// Settings of an [`ApiClient`]; made by [`ApiClient::builder`].
///
/// Everything but provider, base URL and transport has a default: three attempts, 30 seconds in all, no credential, no
/// pacing.
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
/// use std::time::Duration;
/// use anykey_http::{ApiClient, BearerToken, RetryPolicy};
///
/// let client = ApiClient::builder("acme", "https://api.acme.test/v1".parse()?, Arc::new(Acme))
///     .bearer(BearerToken::new("acme_live_1")?)
///     .retry(RetryPolicy::none())
///     .deadline(Duration::from_secs(5))
///     .build()?;
/// assert!(client.has_credential());
///
/// let plain = ApiClient::builder("acme", "http://api.acme.test/v1".parse()?, Arc::new(Acme)).build();
/// assert!(plain.is_err(), "anybody on the way could read license keys");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct ApiClientBuilder {
    /// What errors and traces call the provider.
    provider: Cow<'static, str>,
    /// The address below which the API is.
    base_url: Url,
    /// What sends the requests.
    transport: Arc<dyn HttpTransport>,
    /// Whether plain http may go to other machines.
    allow_plain_http: bool,
    /// The header of the credential, and the credential.
    credential: Option<(HeaderName, BearerToken)>,
    /// Headers of every request.
    headers: HeaderMap,
    user_agent: Option<String>,
    /// What is sent again, and when.
    retry: RetryPolicy,
    /// The time of an operation.
    deadline: Duration,
    /// The time of an attempt that another can follow.
    attempt_timeout: Duration,
    /// What requests wait for.
    pacer: Pacer,
    /// Where processes share what the pacer allows.
    pacing_folder: Option<PathBuf>,
    /// How the pacer is shared with other processes.
    shared_pacing: Option<SharedPacing>,
    /// Where the credential is read again.
    credential_reader: Option<SecretReader>,
    /// What dates in headers are compared with.
    clock: Clock,
    is_final: fn(StatusCode, &[u8]) -> bool,
}

impl ApiClientBuilder {
    /// A builder with the defaults.
    pub(crate) fn new(provider: Cow<'static, str>, base_url: Url, transport: Arc<dyn HttpTransport>) -> Self {
        Self {
            provider,
            base_url,
            transport,
            allow_plain_http: false,
            credential: None,
            headers: HeaderMap::new(),
            user_agent: None,
            retry: RetryPolicy::new(),
            deadline: Duration::from_secs(30),
            attempt_timeout: Duration::from_secs(10),
            pacer: Pacer::unlimited(),
            pacing_folder: None,
            shared_pacing: None,
            credential_reader: None,
            clock: Clock::new(Timestamp::now),
            is_final: |_, _| false,
        }
    }

    /// Allows `http://` to hosts that are not loopback, where everybody on the way reads keys and token.
    /// The transport has a setting of its own.
    pub const fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// Sends `token` with every request, as `Authorization: Bearer …`. Without it, and without an
    /// [`api_key`](Self::api_key), requests carry no credential.
    pub fn bearer(mut self, token: BearerToken) -> Self {
        self.credential = Some((AUTHORIZATION, token));
        self
    }

    /// Sends `key` with every request, alone in the header `name`, such as `x-api-key`, instead of a
    /// [`bearer`](Self::bearer) token.
    pub fn api_key(mut self, name: HeaderName, key: BearerToken) -> Self {
        self.credential = Some((name, key));
        self
    }

    /// Reads the [`bearer`](Self::bearer) token or [`api_key`](Self::api_key) again from its file: when ten seconds
    /// have passed since it was read, and after a 401 or 403. The request is sent again once then if the file holds
    /// another one. A file that cannot be read, or holds no credential, changes nothing but is a warning in the traces.
    /// A client without a credential reads none. Never by default.
    pub fn credential_reader(mut self, reader: SecretReader) -> Self {
        self.credential_reader = Some(reader);
        self
    }

    /// Sends a header with every request, such as an API version. A header of the same name in a request takes its
    /// place. Called again with the same name, the last value counts.
    pub fn default_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Names the client to the vendor; the transport's own name by default.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// How often and when requests are sent again; [`RetryPolicy::new`] by default.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Recognizes answers by status and body that are the vendor's last word although the status is that of a failure,
    /// such as an unknown key with 500: the request is not sent again, and nothing was done. None by default.
    pub const fn final_answers(mut self, is_final: fn(StatusCode, &[u8]) -> bool) -> Self {
        self.is_final = is_final;
        self
    }

    /// The time an operation may take with all its waits and attempts; 30 s by default.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The time one attempt of a repeatable request may take while another can follow it; 10 s by
    /// default. The last attempt, and the only one of a request that is not repeatable, may take all that
    /// is left of the deadline.
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The pacer to wait for; give clients of one identity the same one. Unlimited by default.
    pub fn pacer(mut self, pacer: Pacer) -> Self {
        self.pacer = pacer;
        self
    }

    /// Lets the [pacer](Self::pacer) keep its limits together with the other processes that use this folder; see
    /// [`Pacer::shared_in`]. A server on this machine gets no share: it is a simulator. Each process alone by default.
    pub fn pacing_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.pacing_folder = Some(folder.into());
        self
    }

    /// Shares the [pacer](Self::pacer) with other processes, in place of a [`pacing_folder`](Self::pacing_folder). Each
    /// process alone by default.
    pub fn shared_pacing(mut self, sharing: SharedPacing) -> Self {
        self.shared_pacing = Some(sharing);
        self
    }

    /// The clock for `Retry-After` dates; the wall clock by default.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the base URL is not one that requests may go to (not `https`, a
    /// user name or password in it, a query or fragment), when the user agent cannot be sent in a header,
    /// or when a time is zero.
    pub fn build(self) -> Result<ApiClient> {
        let provider = self.provider.clone();
        self.build_unnamed()
            .map(ApiClient::from_inner)
            .map_err(|error| error.with_provider(provider).with_operation(Operation::Configure))
    }

    /// The client's settings, with errors that do not name the provider yet.
    fn build_unnamed(mut self) -> Result<Inner> {
        check_base_url(&self.base_url, self.allow_plain_http)?;
        if self.deadline.is_zero() || self.attempt_timeout.is_zero() {
            return Err(config("a deadline or timeout of zero leaves no time for an answer"));
        }
        let mut headers = self.headers;
        if let Some(user_agent) = self.user_agent {
            let value = HeaderValue::try_from(user_agent)
                .map_err(|_| config("the user agent holds a character that no header can carry"))?;
            headers.insert(USER_AGENT, value);
        }
        let has_credential = self.credential.is_some() || headers.contains_key(AUTHORIZATION);
        let credential =
            self.credential.map(|(name, token)| Credential::new(name, &token, self.credential_reader));
        let credential = credential.transpose()?;
        if let Some(host) = self.base_url.host_str() {
            let is_simulator = is_loopback(&self.base_url);
            match (&self.shared_pacing, &self.pacing_folder) {
                (Some(sharing), _) => self.pacer = sharing.share(host, &self.pacer),
                (None, Some(folder)) if !is_simulator => {
                    self.pacer = self.pacer.shared_in(folder, host, self.clock.clone());
                }
                _ => {}
            }
        }
        Ok(Inner {
            provider: self.provider,
            base_url: self.base_url,
            transport: self.transport,
            headers,
            credential,
            has_credential,
            retry: self.retry,
            deadline: self.deadline,
            attempt_timeout: self.attempt_timeout,
            pacer: self.pacer,
            clock: self.clock,
            is_final: self.is_final,
        })
    }
}

impl fmt::Debug for ApiClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClientBuilder")
            .field("provider", &self.provider)
            .field("credential", &self.credential)
            .field("retry", &self.retry)
            .field("deadline", &self.deadline)
            .field("pacer", &self.pacer)
            .finish_non_exhaustive()
    }
}

/// Accepts an address to which a credential and license keys may go.
fn check_base_url(url: &Url, allow_plain_http: bool) -> Result<()> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(config("base_url holds a user name or password; give the credential as the token"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(config("base_url holds a query or fragment; it ends with its path"));
    }
    // In the path the parser has escaped the braces.
    if url.as_str().contains(['$', '{']) || url.path().contains("%7B") {
        return Err(config("base_url holds a variable or a placeholder that nothing has replaced"));
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if allow_plain_http || is_loopback(url) => Ok(()),
        "http" => Err(config(
            "base_url is plain http, where everybody on the way reads keys and token; use https, or plain http \
             only to localhost, 127.0.0.1 or [::1]",
        )),
        _ => Err(config("base_url begins with neither https:// nor http://")),
    }
}

/// A `Config` error of this client.
fn config(message: &'static str) -> Error {
    Error::new(ErrorKind::Config, message)
}
