use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::text::plain_text;
use crate::{Capability, Operation, Refusal};

mod kind;
mod setters;

pub use kind::ErrorKind;
pub use setters::ErrorExt;

/// The result of every operation of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation has no good answer.
///
/// One pointer wide and opaque, read through its methods: [`kind`](Self::kind) sorts it,
/// [`refusal`](Self::refusal) separates a vendor's "no" from a failure, [`is_transient`](Self::is_transient)
/// says whether the same call can succeed later, and
/// [`may_have_taken_effect`](Self::may_have_taken_effect) whether a seat may be taken although the answer was
/// lost. It prints neither key, token nor customer data. `Display` is its own line only; the cause stays in
/// [`source`](StdError::source). A clone copies a pointer, so that one failure can answer many callers.
///
/// ```
/// use anykey_core::adapter::ErrorExt as _;
/// use anykey_core::{Error, ErrorKind, Operation};
///
/// let error = Error::new(ErrorKind::RateLimited, "the vendor asks to wait")
///     .with_provider("polar")
///     .with_operation(Operation::Validate)
///     .with_status(429);
/// assert!(error.is_transient() && error.refusal().is_none());
/// assert_eq!(error.to_string(), "polar: validate: rate limited: the vendor asks to wait (HTTP 429)");
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    provider: Option<Cow<'static, str>>,
    operation: Option<Operation>,
    refusal: Option<Refusal>,
    capability: Option<Capability>,
    status: Option<u16>,
    vendor_code: Option<Box<str>>,
    request_id: Option<Box<str>>,
    retry_after: Option<Duration>,
    attempts: u32,
    transient: bool,
    may_have_taken_effect: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What an error reports.
impl Error {
    /// What sort of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The vendor's refusal, when this is one: the only errors that say anything about the license.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        self.0.refusal.as_ref()
    }

    /// What is missing, for [`ErrorKind::Unsupported`].
    #[must_use]
    pub fn capability(&self) -> Option<Capability> {
        self.0.capability
    }

    /// The name of the provider that failed; `None` when none was chosen yet.
    #[must_use]
    pub fn provider(&self) -> Option<&str> {
        self.0.provider.as_deref()
    }

    /// What the provider was asked to do.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// The explanation alone, without provider, operation and status.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The HTTP status of the vendor's last answer; `None` when there was none.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.status
    }

    /// The vendor's own error code, verbatim; `None` when it sent none.
    #[must_use]
    pub fn vendor_code(&self) -> Option<&str> {
        self.0.vendor_code.as_deref()
    }

    /// The vendor's id of the request, for its support; `None` when it sent none.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the vendor asks to wait, already capped; `None` when it does not say.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many requests were sent for this operation; 0 when it failed before the first.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the same call may succeed later without any change. A refusal is never transient.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }

    /// Whether the vendor may have done the work although its answer was lost or unreadable.
    ///
    /// True only for operations that change something. After an `activate` it means that a seat may be
    /// taken: do not simply activate again.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        self.0.may_have_taken_effect
    }
}

/// Errors of an app's own making: a test double's answers, or a provider of its own.
///
/// What else an adapter records in an error, status and retry time among them, is set through
/// [`adapter::ErrorExt`](crate::adapter::ErrorExt).
impl Error {
    /// An error of `kind`; `message` is a sentence fragment that says what is wrong and what to do.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: shown(message.into()),
            provider: None,
            operation: None,
            refusal: None,
            capability: None,
            status: None,
            vendor_code: None,
            request_id: None,
            retry_after: None,
            attempts: 0,
            transient: kind.is_transient(),
            may_have_taken_effect: false,
            source: None,
        }))
    }

    /// The vendor's refusal as an error, for operations whose caller wants more than a verdict.
    #[must_use]
    pub fn refused(refusal: Refusal) -> Self {
        let mut error = Self::new(ErrorKind::Refused, refusal.to_string());
        error.inner_mut().refusal = Some(refusal);
        error
    }

    /// An operation or an argument that this provider cannot honour.
    ///
    /// ```
    /// use anykey_core::{Capability, Error};
    ///
    /// let error = Error::unsupported("gumroad", Capability::Create);
    /// assert_eq!(error.to_string(), "gumroad: create: unsupported: this provider cannot create keys");
    /// ```
    #[must_use]
    pub fn unsupported(provider: impl Into<Cow<'static, str>>, capability: Capability) -> Self {
        let message = format!("this provider cannot {}", capability.description());
        let mut error = Self::new(ErrorKind::Unsupported, message)
            .with_provider(provider)
            .with_operation(capability.operation());
        error.inner_mut().capability = Some(capability);
        error
    }
}

impl Error {
    /// Its own copy to write to: other clones keep what they have.
    fn inner_mut(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }
}

/// Sentences of our own are constants; what was put together may hold a vendor's text.
fn shown(message: Cow<'static, str>) -> Cow<'static, str> {
    match message {
        Cow::Borrowed(_) => message,
        Cow::Owned(text) => match plain_text(&text) {
            Cow::Borrowed(_) => Cow::Owned(text),
            Cow::Owned(plain) => Cow::Owned(plain),
        },
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(provider) = &inner.provider {
            write!(f, "{provider}: ")?;
        }
        if let Some(operation) = inner.operation {
            write!(f, "{operation}: ")?;
        }
        write!(f, "{}: {}", inner.kind, inner.message)?;
        if let Some(status) = inner.status {
            write!(f, " (HTTP {status})")?;
        }
        if inner.may_have_taken_effect {
            f.write_str("; the request may still have taken effect")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("provider", &inner.provider)
            .field("operation", &inner.operation)
            .field("refusal", &inner.refusal)
            .field("capability", &inner.capability)
            .field("status", &inner.status)
            .field("vendor_code", &inner.vendor_code)
            .field("request_id", &inner.request_id)
            .field("retry_after", &inner.retry_after)
            .field("attempts", &inner.attempts)
            .field("transient", &inner.transient)
            .field("may_have_taken_effect", &inner.may_have_taken_effect)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_reports_the_same_and_keeps_it_when_the_other_changes() {
        let chain = Error::new(ErrorKind::Transport, "no route").with_source(fmt::Error);
        let original = Error::new(ErrorKind::Unavailable, "down for maintenance")
            .with_provider("acme")
            .with_operation(Operation::Validate)
            .with_status(503)
            .with_retry_after(Duration::from_secs(7))
            .with_source(chain);
        let printed = format!("{original:?}");
        let changed = original.clone().with_hint("ask again").with_attempts(3);
        assert_eq!(format!("{:?}", original.clone()), printed);
        assert_eq!(format!("{original:?}"), printed);
        assert_eq!((changed.attempts(), changed.message()), (3, "down for maintenance; ask again"));
        let cause = changed.source().and_then(StdError::source).map(ToString::to_string);
        assert_eq!(cause, original.source().and_then(StdError::source).map(ToString::to_string));
    }

    #[test]
    fn an_error_is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
