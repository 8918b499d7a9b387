//! An answer as an adapter reads it, and the errors about it.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, RawJson, Result, Timestamp};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::answered_at::answered_at;
use crate::echo::Sent;
use crate::retry::leaves_effect_open;
use crate::unrecognized::warn_once;
use crate::{error_code, json};

/// The vendor's last answer to a request, whatever its status.
///
/// The adapter looks at [`status`](Self::status) first and then decodes the body or builds an error with
/// [`error`](Self::error), falling back to [`general_error`](Self::general_error). `Debug` shows neither
/// headers nor body.
#[derive(Clone)]
pub struct ApiResponse {
    pub(crate) provider: Cow<'static, str>,
    pub(crate) operation: Operation,
    pub(crate) changes_state: bool,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) attempts: u32,
    /// Whether an earlier attempt was lost and may have taken effect.
    pub(crate) earlier_attempt_open: bool,
    pub(crate) retry_after: Option<Duration>,
    /// Whether it is a redirect to another host and page.
    pub(crate) leads_elsewhere: bool,
    /// Whether it is the vendor's last word, whatever its status.
    pub(crate) is_final: bool,
    /// Whether the request had a credential.
    pub(crate) credential_sent: bool,
    /// What an error must not repeat.
    pub(crate) sent: Sent,
}

impl ApiResponse {
    /// The answer's status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Whether the status is 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// The answer's headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The answer's body; it may hold keys and personal data.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// How many requests were sent for this answer, at least 1.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether an earlier attempt of this request was lost and may have taken effect.
    ///
    /// A deactivation that is answered "not found" after that was most likely done by the earlier attempt.
    #[must_use]
    pub const fn earlier_attempt_open(&self) -> bool {
        self.earlier_attempt_open
    }

    /// The vendor's or its proxy's id of this request; `None` when it sent none that
    /// may be printed: a text of up to 128 characters that repeats nothing of the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        REQUEST_ID_HEADERS.iter().find_map(|name| {
            let id = self.headers.get(*name)?.to_str().ok()?;
            (!id.is_empty() && id.len() <= 128 && !self.sent.is_in(id)).then_some(id)
        })
    }

    /// A vendor's error code, fit to be kept in an error; `None` when it is none by [`error_code`], or repeats a
    /// text of the request, such as the license key.
    #[must_use]
    pub fn vendor_code<'c>(&self, code: &'c str) -> Option<&'c str> {
        error_code(code).filter(|code| !self.sent.is_in(code))
    }

    /// When the vendor gave this answer, by the vendor's clock and to the second: the header `Date`, with the `Age`
    /// that a cache on the way added.
    ///
    /// `None` when the vendor, or a proxy that removed the header, does not send it, and when the answer was in a
    /// cache on the way for more than a day.
    #[must_use]
    pub fn answered_at(&self) -> Option<Timestamp> {
        answered_at(&self.headers)
    }

    /// How long the answer asks to wait, capped as in [`retry_after`](crate::retry_after()); `None` when it
    /// does not say.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether the answer calls itself JSON: `application/json` or `application/…+json`.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.content_type().is_some_and(json::is_json_type)
    }

    /// Decodes the body as JSON, whatever the answer calls itself.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] with the path of what did not fit, and [`ErrorKind::Unrecognized`] when the body is
    /// empty or no JSON at all, as a proxy's page is. Neither repeats a value of the body.
    pub fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        json::decode(&self.body, self.content_type()).map_err(|fault| match fault.foreign {
            true => self.unrecognized_because(fault.message),
            false => self.error(ErrorKind::Decode, fault.message),
        })
    }

    /// Takes a success that says nothing: an empty body, `null`, `""`, `{}` or `[]`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unrecognized`] for every other body. A captive portal's page with status 200, or a gateway's
    /// JSON, is not the vendor saying that it is done.
    pub fn acknowledged(&self) -> Result<()> {
        let says_nothing = match self.body.trim_ascii() {
            b"" | b"null" | b"\"\"" => true,
            [b'{', inner @ .., b'}'] | [b'[', inner @ .., b']'] => inner.trim_ascii().is_empty(),
            _ => false,
        };
        if says_nothing { Ok(()) } else { Err(self.unrecognized()) }
    }

    /// The operation that the request was for.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// The whole body as the vendor wrote it, for an answer about one record.
    #[must_use]
    pub fn raw(&self) -> RawJson {
        RawJson::new(String::from_utf8_lossy(&self.body))
    }

    /// The error for an answer that holds no word which the vendor is known to use for this operation:
    /// [`ErrorKind::Unrecognized`] with the status and the length of the body.
    ///
    /// Adapters return it wherever the meaning of an answer would be a guess. It warns through `tracing`, once per
    /// process for each provider, operation and status. The body is neither in the error nor in the warning.
    #[must_use]
    pub fn unrecognized(&self) -> Error {
        let bytes = self.body.len();
        let label = self.content_type().map(json::printable_essence).unwrap_or_default();
        let kind = label.map(|label| format!(" of {label}")).unwrap_or_default();
        self.unrecognized_because(format!(
            "the answer ({bytes} bytes{kind}) is none that the vendor is known to give; a gateway, proxy or filter \
             may have answered instead"
        ))
    }

    /// The error with another message, and the warning.
    fn unrecognized_because(&self, message: String) -> Error {
        warn_once(&self.provider, self.operation, self.status, self.body.len());
        self.error(ErrorKind::Unrecognized, message)
    }

    /// An error about this answer: `kind` and `message` are the adapter's, and provider, operation, status,
    /// request id, attempts, wait and [`may_have_taken_effect`](Error::may_have_taken_effect) are filled
    /// in.
    #[must_use]
    pub fn error(&self, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Error {
        self.fill(Error::new(kind, message))
    }

    /// Fills what is known of this answer into an error that the adapter made, such as a
    /// [refusal](Error::refused).
    #[must_use]
    pub fn fill(&self, error: Error) -> Error {
        let unread =
            self.status.is_success() && matches!(error.kind(), ErrorKind::Decode | ErrorKind::Unrecognized);
        let open = self.earlier_attempt_open || unread || (leaves_effect_open(self.status) && !self.is_final);
        let error = error
            .with_provider(self.provider.clone())
            .with_operation(self.operation)
            .with_status(self.status.as_u16())
            .with_attempts(self.attempts)
            .with_may_have_taken_effect(self.changes_state && open);
        let error = match self.request_id() {
            Some(id) => error.with_request_id(id),
            None => error,
        };
        match self.retry_after {
            Some(wait) => error.with_retry_after(wait),
            None => error,
        }
    }

    /// What the status alone says, the same for every vendor.
    ///
    /// | status | kind |
    /// |---|---|
    /// | 301, 307, 308 within the host | [`Config`](ErrorKind::Config) |
    /// | 302, 303, 511, a redirect to another host | [`Unrecognized`](ErrorKind::Unrecognized): the network wants a sign-in |
    /// | 400, 405, 411, 413, 414, 415, 422 and other 4xx | [`InvalidRequest`](ErrorKind::InvalidRequest) |
    /// | 401, 407 | [`Unauthenticated`](ErrorKind::Unauthenticated), [`Config`](ErrorKind::Config) |
    /// | 403 | [`PermissionDenied`](ErrorKind::PermissionDenied); without a credential [`Unrecognized`](ErrorKind::Unrecognized) |
    /// | 404, 410 | [`NotFound`](ErrorKind::NotFound) |
    /// | 408 | [`Timeout`](ErrorKind::Timeout) |
    /// | 409 | [`Conflict`](ErrorKind::Conflict) |
    /// | 429 | [`RateLimited`](ErrorKind::RateLimited) |
    /// | 5xx | [`Unavailable`](ErrorKind::Unavailable) |
    /// | anything else | [`Unrecognized`](ErrorKind::Unrecognized) |
    #[must_use]
    pub fn general_error(&self) -> Error {
        match self.status.as_u16() {
            302 | 303 | 511 => self.unrecognized_because(SIGN_IN.to_owned()),
            300..=399 if self.leads_elsewhere => self.unrecognized_because(SIGN_IN.to_owned()),
            401 if !self.credential_sent => self.error(
                ErrorKind::Unauthenticated,
                "the vendor, or something in front of it, wants a credential, and none was sent",
            ),
            403 if !self.credential_sent => self.unrecognized(),
            status => match general(status) {
                Some((kind, message)) => self.error(kind, message),
                None => self.unrecognized(),
            },
        }
    }

    /// What the answer calls itself.
    fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }
}

impl fmt::Debug for ApiResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiResponse")
            .field("provider", &self.provider)
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("attempts", &self.attempts)
            .field("earlier_attempt_open", &self.earlier_attempt_open)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The headers in which vendors and their proxies send the id of a request, the vendors' own first.
const REQUEST_ID_HEADERS: &[&str] =
    &["x-request-id", "request-id", "x-amzn-requestid", "x-amz-cf-id", "fly-request-id", "cf-ray"];

const SIGN_IN: &str = "the answer leads to another page: the network may want a sign-in before it lets requests \
                       through; open any web page to see it. If it stays, check base_url";

/// Kind and message for a status; `None` for one that says nothing.
fn general(status: u16) -> Option<(ErrorKind, &'static str)> {
    Some(match status {
        301 | 307 | 308 => {
            (ErrorKind::Config, "the vendor redirects, and redirects are not followed; check base_url")
        }
        401 => (
            ErrorKind::Unauthenticated,
            "the vendor does not accept the credential; check that it is current and of this environment",
        ),
        403 => (
            ErrorKind::PermissionDenied,
            "the credential may not do this; check its scopes and the environment it was made for",
        ),
        404 => (ErrorKind::NotFound, "the vendor knows no such record; check the id and the environment"),
        405 => (ErrorKind::InvalidRequest, "the vendor does not allow this method here; check base_url"),
        407 => (ErrorKind::Config, "the proxy wants a credential; check the proxy settings"),
        408 => (ErrorKind::Timeout, "the vendor gave up waiting for the request"),
        409 => (ErrorKind::Conflict, "the vendor's state forbids it; read the record again first"),
        410 => (ErrorKind::NotFound, "the record or the endpoint is gone for good"),
        413 => (ErrorKind::InvalidRequest, "the request is too large for the vendor"),
        429 => (ErrorKind::RateLimited, "too many requests; wait before asking again"),
        400..=499 => (ErrorKind::InvalidRequest, "the vendor rejects the request as invalid"),
        500..=599 => (ErrorKind::Unavailable, "the vendor, or a proxy in front of it, is failing"),
        _ => return None,
    })
}
