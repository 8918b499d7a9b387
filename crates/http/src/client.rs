//! The client that adapters send through: one operation is one call of [`ApiClient::send`], whatever it takes.
//!
//! In a call, the order is: wait for the pacer, send within the time that is left, let [`RetryPolicy`] decide, and
//! remember whether an attempt may have taken effect.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Clock, Error, ErrorKind, Result};
use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, Span, debug, field, info_span};
use url::Url;

use crate::credential::Credential;
use crate::place::shown;
use crate::retry::leaves_effect_open;
use crate::{
    ApiClientBuilder, ApiRequest, ApiResponse, Decision, HttpTransport, Outcome, Pacer, Repeat, RetryPolicy,
    TransportError, TransportErrorKind, retry_after,
};

/// Sends an adapter's requests to one API with one credential: pacing, deadline, retry, traces.
///
/// Cheap to clone; clones share everything. An adapter that has a public and a private plane keeps one
/// client for each, so that no token travels where none belongs.
#[derive(Clone)]
pub struct ApiClient(Arc<Inner>);

/// What all clones of a client share; see [`ApiClientBuilder`] for each.
pub(crate) struct Inner {
    pub(crate) provider: Cow<'static, str>,
    pub(crate) base_url: Url,
    pub(crate) transport: Arc<dyn HttpTransport>,
    pub(crate) headers: HeaderMap,
    pub(crate) credential: Option<Credential>,
    /// Whether there is a credential, here or among the headers. It decides what a 401 or 403 means.
    pub(crate) has_credential: bool,
    pub(crate) retry: RetryPolicy,
    pub(crate) deadline: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) pacer: Pacer,
    pub(crate) clock: Clock,
    pub(crate) is_final: fn(http::StatusCode, &[u8]) -> bool,
}

impl ApiClient {
    /// A builder for a client of `provider` (`polar`) for the API below `base_url`.
    pub fn builder(
        provider: impl Into<Cow<'static, str>>,
        base_url: Url,
        transport: Arc<dyn HttpTransport>,
    ) -> ApiClientBuilder {
        ApiClientBuilder::new(provider.into(), base_url, transport)
    }

    /// A client with these settings.
    pub(crate) fn from_inner(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// What errors and traces call the provider.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.0.provider
    }

    /// The URL below which the API is.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.0.base_url
    }

    /// Whether requests carry a bearer token.
    #[must_use]
    pub fn has_credential(&self) -> bool {
        self.0.has_credential
    }

    /// The pacer that this client and its clones wait for.
    #[must_use]
    pub fn pacer(&self) -> &Pacer {
        &self.0.pacer
    }

    /// Sends `request` and returns the vendor's answer, whatever its status.
    ///
    /// Waits for the [pacer](Self::pacer), and sends again as the [`RetryPolicy`] allows, all within one
    /// deadline. After a 429 all requests of the pacer wait. Runs on a tokio runtime with time enabled.
    ///
    /// Not cancel safe for requests that change something: a dropped future reports nothing, although the vendor
    /// may have done the work.
    ///
    /// # Errors
    ///
    /// Only when there is no answer: [`ErrorKind::Transport`] (no connection, TLS fault, connection broken),
    /// [`ErrorKind::Timeout`] (deadline), [`ErrorKind::Decode`] (body over the cap),
    /// [`ErrorKind::RateLimited`] (the pacer's queue outlasts the deadline; nothing was sent),
    /// [`ErrorKind::Config`] (the transport refuses the URL) and [`ErrorKind::InvalidRequest`] (the body
    /// cannot be written).
    pub async fn send(&self, request: ApiRequest) -> Result<ApiResponse> {
        let span = info_span!(
            "license_request",
            provider = &*self.0.provider,
            operation = request.operation().name(),
            status = field::Empty,
            attempts = field::Empty,
        );
        self.send_in(&span, &request).instrument(span.clone()).await
    }

    /// Sends within `span`, in which attempts and status are recorded.
    async fn send_in(&self, span: &Span, request: &ApiRequest) -> Result<ApiResponse> {
        if let Some(credential) = &self.0.credential {
            credential.refresh().await;
        }
        let mut call = Call {
            client: &self.0,
            request,
            ready: Some(self.0.build(request)?),
            attempts: 0,
            open: false,
            may_replace_credential: true,
        };
        let result = call.run().await;
        span.record("attempts", call.attempts);
        if let Ok(response) = &result {
            span.record("status", response.status.as_u16());
        }
        result
    }
}

impl Inner {
    /// The request as the transport takes it.
    fn build(&self, request: &ApiRequest) -> Result<http::Request<Bytes>> {
        let mut headers = Cow::Borrowed(&self.headers);
        if let Some(credential) = &self.credential {
            headers.to_mut().insert(credential.name(), credential.value());
        }
        request.build(&self.base_url, &headers).map_err(|error| error.with_provider(self.provider.clone()))
    }

    /// The client's credential in `built`; `None` where the request has one of its own.
    fn credential_of(&self, request: &ApiRequest, built: &http::Request<Bytes>) -> Option<HeaderValue> {
        let credential = self.credential.as_ref().filter(|_| !request.has_credential())?;
        built.headers().get(credential.name()).cloned()
    }
}

impl fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClient")
            .field("provider", &self.0.provider)
            .field("base_url", &shown(&self.0.base_url))
            .field("has_credential", &self.0.has_credential)
            .field("retry", &self.0.retry)
            .field("deadline", &self.0.deadline)
            .field("pacer", &self.0.pacer)
            .finish_non_exhaustive()
    }
}

/// One operation with all its attempts.
struct Call<'a> {
    /// The client's settings.
    client: &'a Inner,
    /// The request, of which every attempt is a new copy.
    request: &'a ApiRequest,
    /// The copy for the first attempt.
    ready: Option<http::Request<Bytes>>,
    /// How many attempts were begun.
    attempts: u32,
    /// Whether some attempt so far may have taken effect.
    open: bool,
    /// Whether it may be sent once more with another credential.
    may_replace_credential: bool,
}

/// What one attempt came to.
type Attempt = std::result::Result<http::Response<Bytes>, TransportError>;

impl Call<'_> {
    /// Sends until there is an answer that is final, or no time is left. The result is that of the last attempt.
    async fn run(&mut self) -> Result<ApiResponse> {
        let deadline = after(self.client.deadline);
        let mut last: Option<Result<ApiResponse>> = None;
        loop {
            let turn = match self.client.pacer.acquire_by(deadline, self.request.precedence()).await {
                Ok(turn) => turn,
                Err(held) => return last.unwrap_or_else(|| Err(self.queue_outlasts_deadline(held))),
            };
            self.attempts = self.attempts.saturating_add(1);
            let request = match self.ready.take() {
                Some(request) => request,
                None => self.client.build(self.request)?,
            };
            let credential = self.client.credential_of(self.request, &request);
            // Not by way of the `Arc`, which is a transport itself and would allocate a future of its own.
            let sending = (*self.client.transport).send(request);
            let attempt = timeout_at(self.attempt_until(deadline), sending)
                .await
                .unwrap_or_else(|_| Err(TransportError::new(TransportErrorKind::Timeout)));
            match &attempt {
                Ok(_) => turn.answered(),
                Err(_) => drop(turn),
            }
            let outcome = self.outcome(&attempt);
            let left = deadline.saturating_duration_since(Instant::now());
            let jitter = fastrand::f64();
            let is_final = attempt
                .as_ref()
                .is_ok_and(|response| (self.client.is_final)(response.status(), response.body()));
            let decision = match is_final {
                true => Decision::Stop,
                false => {
                    self.client.retry.decide(self.request.repeat(), &outcome, self.attempts, left, jitter)
                }
            };
            debug!(attempt = self.attempts, ?outcome, ?decision, "attempt ended");
            #[cfg(feature = "metrics")]
            crate::counts::attempt(&self.client.provider, self.request.operation(), &outcome, decision);
            self.hold_back_others(&outcome, decision);
            let result = self.conclude(attempt, &outcome, is_final);
            match decision {
                Decision::Stop if !is_final && self.has_other_credential(&outcome, credential).await => {}
                Decision::Stop => return result,
                Decision::RetryAfter(wait) => sleep(wait).await,
            }
            last = Some(result);
        }
    }

    /// Until when the next attempt may take. A repeatable request gets a part of the time only while another attempt
    /// can follow.
    fn attempt_until(&self, deadline: Instant) -> Instant {
        let last = self.attempts >= self.client.retry.max_attempts();
        if self.request.repeat() == Repeat::Always && !last {
            deadline.min(after(self.client.attempt_timeout))
        } else {
            deadline
        }
    }

    /// Whether the vendor refused `credential` and its file holds another one now. A 401 or 403, which one vendor
    /// answers to an unknown key, comes before any work, so the request may be sent again, once.
    async fn has_other_credential(&mut self, outcome: &Outcome, credential: Option<HeaderValue>) -> bool {
        let is_refused = matches!(
            outcome,
            Outcome::Answered { status: http::StatusCode::UNAUTHORIZED | http::StatusCode::FORBIDDEN, .. }
        );
        match (&self.client.credential, credential) {
            (Some(current), Some(sent)) if is_refused && self.may_replace_credential => {
                self.may_replace_credential = false;
                current.has_replaced(&sent).await
            }
            _ => false,
        }
    }

    /// What the retry policy sees of an attempt.
    fn outcome(&self, attempt: &Attempt) -> Outcome {
        match attempt {
            Ok(response) => Outcome::Answered {
                status: response.status(),
                retry_after: retry_after(response.headers(), self.client.clock.now()),
            },
            Err(error) => Outcome::Failed(error.kind()),
        }
    }

    /// After a 429 all requests of the pacer wait, also those of other operations.
    fn hold_back_others(&self, outcome: &Outcome, decision: Decision) {
        if let Outcome::Answered { status: http::StatusCode::TOO_MANY_REQUESTS, retry_after } = outcome {
            let chosen = match decision {
                Decision::RetryAfter(wait) => wait,
                Decision::Stop => Duration::from_secs(1),
            };
            self.client.pacer.back_off(retry_after.unwrap_or(chosen));
        }
    }

    /// The result of an attempt, and whether it may have taken effect.
    fn conclude(&mut self, attempt: Attempt, outcome: &Outcome, is_final: bool) -> Result<ApiResponse> {
        let earlier_attempt_open = self.open;
        let changes_state = self.request.changes_state();
        match attempt {
            Ok(response) => {
                let (parts, body) = response.into_parts();
                self.open |= changes_state && !is_final && leaves_effect_open(parts.status);
                let is_redirect =
                    parts.status.is_redirection() && parts.status != http::StatusCode::NOT_MODIFIED;
                let leads_elsewhere = is_redirect && self.leads_elsewhere(&parts.headers);
                let retry_after = match outcome {
                    Outcome::Answered { retry_after, .. } => *retry_after,
                    Outcome::Failed(_) => None,
                };
                Ok(ApiResponse {
                    provider: self.client.provider.clone(),
                    operation: self.request.operation(),
                    changes_state,
                    is_final,
                    status: parts.status,
                    headers: parts.headers,
                    body,
                    attempts: self.attempts,
                    earlier_attempt_open,
                    retry_after,
                    leads_elsewhere,
                    credential_sent: self.client.has_credential || self.request.has_credential(),
                    sent: self.request.sent(),
                })
            }
            Err(error) => {
                self.open |= changes_state && !error.kind().never_sent();
                Err(self.failure(error))
            }
        }
    }

    /// Whether a redirect leads to another host and another page. A server behind a proxy may name an inner host
    /// when only a slash at the end is missing.
    fn leads_elsewhere(&self, headers: &HeaderMap) -> bool {
        let asked = self.request.url(&self.client.base_url).parse::<Url>();
        let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
        let (Ok(asked), Some(location)) = (asked, location) else { return false };
        asked.join(location).is_ok_and(|to| {
            to.host() != asked.host() && to.path().trim_end_matches('/') != asked.path().trim_end_matches('/')
        })
    }

    /// The error for an attempt without an answer, with advice where there is any.
    fn failure(&self, failed: TransportError) -> Error {
        let (kind, message) = match failed.kind() {
            TransportErrorKind::Refused => (
                ErrorKind::Config,
                "the transport does not send this request; check base_url (plain http is for loopback hosts only)",
            ),
            TransportErrorKind::Connect => {
                (ErrorKind::Transport, "no connection to the vendor; check network, proxy and base_url")
            }
            TransportErrorKind::Tls => (
                ErrorKind::Transport,
                "the server's TLS certificate or handshake is not acceptable; an intercepting proxy needs its \
                 root certificate configured",
            ),
            TransportErrorKind::Timeout => (ErrorKind::Timeout, "no answer within the deadline"),
            TransportErrorKind::BodyTooLarge => (ErrorKind::Decode, "the answer is larger than the body cap"),
            _ => (ErrorKind::Transport, "the connection broke before the whole answer was read"),
        };
        let error = match failed.reason() {
            Some(reason) => self.error(kind, reason.to_owned()),
            None => self.error(kind, message),
        };
        match failed.into_source() {
            Some(source) => error.with_source(source),
            None => error,
        }
    }

    /// The error for a request that was not sent, because its turn would have come too late. `held` is the wait that
    /// the vendor asked for.
    fn queue_outlasts_deadline(&self, held: Option<Duration>) -> Error {
        match held {
            Some(wait) => self
                .error(
                    ErrorKind::RateLimited,
                    "an earlier answer asked for a wait that outlasts the deadline; nothing was sent",
                )
                .with_retry_after(wait),
            None => self.error(
                ErrorKind::RateLimited,
                "the client's own pacing leaves no time within the deadline; nothing was sent",
            ),
        }
    }

    /// An error of this call.
    fn error(&self, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        Error::new(kind, message)
            .with_provider(self.client.provider.clone())
            .with_operation(self.request.operation())
            .with_attempts(self.attempts)
            .with_may_have_taken_effect(self.open)
    }
}

/// The instant after `wait`, at most thirty years from now, so that it can be added to any clock.
fn after(wait: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 86_400);
    let now = Instant::now();
    now.checked_add(wait.min(FAR)).unwrap_or(now)
}
