use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Clock, Error, ErrorKind, Operation, Result, Timestamp};
use http::header::{AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::client::Inner;
use crate::{ApiClient, BearerToken, HttpTransport, Pacer, RetryPolicy, is_loopback};

/// Settings of an [`ApiClient`]; made by [`ApiClient::builder`].
#[must_use]
pub struct ApiClientBuilder {
    provider: Cow<'static, str>,
    base_url: Url,
    transport: Arc<dyn HttpTransport>,
    allow_plain_http: bool,
    bearer: Option<BearerToken>,
    headers: HeaderMap,
    user_agent: Option<String>,
    retry: RetryPolicy,
    deadline: Duration,
    attempt_timeout: Duration,
    pacer: Pacer,
    clock: Clock,
}

impl ApiClientBuilder {
    pub(crate) fn new(provider: Cow<'static, str>, base_url: Url, transport: Arc<dyn HttpTransport>) -> Self {
        Self {
            provider,
            base_url,
            transport,
            allow_plain_http: false,
            bearer: None,
            headers: HeaderMap::new(),
            user_agent: None,
            retry: RetryPolicy::new(),
            deadline: Duration::from_secs(30),
            attempt_timeout: Duration::from_secs(10),
            pacer: Pacer::unlimited(),
            clock: Clock::new(Timestamp::now),
        }
    }

    /// Allows `http://` to hosts that are not loopback, where everybody on the way reads keys and token.
    /// The transport has a setting of its own.
    pub const fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// Sends `token` with every request. Without it requests carry no credential.
    pub fn bearer(mut self, token: BearerToken) -> Self {
        self.bearer = Some(token);
        self
    }

    /// Sends a header with every request, such as an API version.
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

    fn build_unnamed(self) -> Result<Inner> {
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
        let has_credential = self.bearer.is_some() || headers.contains_key(AUTHORIZATION);
        if let Some(token) = self.bearer {
            headers.insert(AUTHORIZATION, token.header()?);
        }
        Ok(Inner {
            provider: self.provider,
            base_url: self.base_url,
            transport: self.transport,
            headers,
            has_credential,
            retry: self.retry,
            deadline: self.deadline,
            attempt_timeout: self.attempt_timeout,
            pacer: self.pacer,
            clock: self.clock,
        })
    }
}

impl fmt::Debug for ApiClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClientBuilder")
            .field("provider", &self.provider)
            .field("bearer", &self.bearer)
            .field("retry", &self.retry)
            .field("deadline", &self.deadline)
            .field("pacer", &self.pacer)
            .finish_non_exhaustive()
    }
}

fn check_base_url(url: &Url, allow_plain_http: bool) -> Result<()> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(config("base_url holds a user name or password; give the credential as the token"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(config("base_url holds a query or fragment; it ends with its path"));
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

fn config(message: &'static str) -> Error {
    Error::new(ErrorKind::Config, message)
}
