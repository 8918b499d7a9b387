use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use super::shown;
use crate::adapter::{Sealed, plain_text};
use crate::{Error, Operation, Result};

/// Sets what an [`Error`] reports. For adapters, which know the vendor's answer, and for wrappers, which know what
/// they asked for; apps only read errors.
///
/// An extension trait and not a builder, since an error is completed on its way up: the HTTP client knows status
/// and attempts, the adapter the vendor's code, the provider its name and the operation.
///
/// ```
/// use std::time::Duration;
///
/// use anykey_core::adapter::ErrorExt as _;
/// use anykey_core::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::RateLimited, "the vendor asks to wait")
///     .with_provider("acme")
///     .with_retry_after(Duration::from_secs(30));
/// assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
/// ```
pub trait ErrorExt: Sealed + Sized {
    /// Adds what to do about it, as a sentence fragment.
    #[must_use]
    fn with_hint(self, hint: &str) -> Self;

    /// Prefixes the explanation with where it happened.
    #[must_use]
    fn in_context(self, context: &str) -> Self;

    /// Names the provider.
    #[must_use]
    fn with_provider(self, provider: impl Into<Cow<'static, str>>) -> Self;

    /// Names the operation.
    #[must_use]
    fn with_operation(self, operation: Operation) -> Self;

    /// Keeps the HTTP status.
    #[must_use]
    fn with_status(self, status: u16) -> Self;

    /// Keeps the vendor's error code.
    #[must_use]
    fn with_vendor_code(self, code: impl Into<Box<str>>) -> Self;

    /// Keeps the vendor's request id.
    #[must_use]
    fn with_request_id(self, id: impl Into<Box<str>>) -> Self;

    /// Keeps the wait that the vendor asked for.
    #[must_use]
    fn with_retry_after(self, wait: Duration) -> Self;

    /// Keeps how many requests were sent.
    #[must_use]
    fn with_attempts(self, attempts: u32) -> Self;

    /// Overrides whether the same call may succeed later.
    #[must_use]
    fn with_transient(self, transient: bool) -> Self;

    /// Says that the vendor may have done the work.
    #[must_use]
    fn with_may_have_taken_effect(self, may: bool) -> Self;

    /// Adds what became of the seat that was taken before this error and had to be given back. After `Ok` nothing has
    /// taken effect; after an error the seat may still be taken, and that error is the cause.
    #[must_use]
    fn with_seat_given_back(self, outcome: Result<()>) -> Self;

    /// Adds the cause. It must not print a key, a token or customer data.
    #[must_use]
    fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self;
}

impl ErrorExt for Error {
    fn with_hint(mut self, hint: &str) -> Self {
        self.inner_mut().message = shown(format!("{}; {hint}", self.0.message).into());
        self
    }

    fn in_context(mut self, context: &str) -> Self {
        self.inner_mut().message = shown(format!("{context}: {}", self.0.message).into());
        self
    }

    fn with_provider(mut self, provider: impl Into<Cow<'static, str>>) -> Self {
        self.inner_mut().provider = Some(provider.into());
        self
    }

    fn with_operation(mut self, operation: Operation) -> Self {
        self.inner_mut().operation = Some(operation);
        self
    }

    fn with_status(mut self, status: u16) -> Self {
        self.inner_mut().status = Some(status);
        self
    }

    fn with_vendor_code(mut self, code: impl Into<Box<str>>) -> Self {
        self.inner_mut().vendor_code = Some(plain_text(&code.into()).into());
        self
    }

    fn with_request_id(mut self, id: impl Into<Box<str>>) -> Self {
        self.inner_mut().request_id = Some(plain_text(&id.into()).into());
        self
    }

    fn with_retry_after(mut self, wait: Duration) -> Self {
        self.inner_mut().retry_after = Some(wait);
        self
    }

    fn with_attempts(mut self, attempts: u32) -> Self {
        self.inner_mut().attempts = attempts;
        self
    }

    fn with_transient(mut self, transient: bool) -> Self {
        self.inner_mut().transient = transient;
        self
    }

    fn with_may_have_taken_effect(mut self, may: bool) -> Self {
        self.inner_mut().may_have_taken_effect = may;
        self
    }

    fn with_seat_given_back(self, outcome: Result<()>) -> Self {
        match outcome {
            Ok(()) => self.with_may_have_taken_effect(false),
            Err(cause) => self
                .with_hint("its seat could not be given back")
                .with_may_have_taken_effect(true)
                .with_source(cause),
        }
    }

    fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner_mut().source = Some(Arc::from(source.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::ErrorKind;

    #[test]
    fn an_activation_took_no_effect_once_its_seat_was_given_back() {
        let why = || Error::new(ErrorKind::Timeout, "no answer").with_may_have_taken_effect(true);
        let undone = why().with_seat_given_back(Ok(()));
        assert!(!undone.may_have_taken_effect() && undone.source().is_none());

        let cause = Error::new(ErrorKind::Unavailable, "down");
        let still_taken = why().with_may_have_taken_effect(false).with_seat_given_back(Err(cause));
        assert!(still_taken.may_have_taken_effect() && still_taken.source().is_some());
        assert_eq!(still_taken.message(), "no answer; its seat could not be given back");
    }
}
