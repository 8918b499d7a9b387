//! One failure for all who waited for the same answer.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use anykey_core::Error;

/// The same failure once more: it answers every question as the original does, and prints alike.
pub(crate) fn copy(original: &Arc<Error>) -> Error {
    let bare = match (original.capability(), original.refusal()) {
        (Some(capability), _) => Error::unsupported("", capability),
        (_, Some(refusal)) => Error::refused(refusal.clone()),
        _ => Error::new(original.kind(), original.message().to_owned()),
    };
    let copy = explained(bare, original.message())
        .with_attempts(original.attempts())
        .with_transient(original.is_transient())
        .with_may_have_taken_effect(original.may_have_taken_effect());
    let copy = add(copy, original.provider(), |copy, name| copy.with_provider(name.to_owned()));
    let copy = add(copy, original.operation(), Error::with_operation);
    let copy = add(copy, original.http_status(), Error::with_status);
    let copy = add(copy, original.vendor_code(), Error::with_vendor_code);
    let copy = add(copy, original.request_id(), Error::with_request_id);
    let copy = add(copy, original.retry_after(), Error::with_retry_after);
    match original.source() {
        Some(_) => copy.with_source(SharedCause(Arc::clone(original))),
        None => copy,
    }
}

fn add<T>(error: Error, told: Option<T>, with: impl FnOnce(Error, T) -> Error) -> Error {
    match told {
        Some(told) => with(error, told),
        None => error,
    }
}

/// Adds what `message` says in front of and behind the words that every such error has.
fn explained(bare: Error, message: &str) -> Error {
    let Some((before, after)) = message.split_once(bare.message()) else { return bare };
    let (context, hint) = (before.strip_suffix(": "), after.strip_prefix("; "));
    let hinted = add(bare, hint.map(str::to_owned), |error, hint| error.with_hint(&hint));
    add(hinted, context.map(str::to_owned), |error, context| error.in_context(&context))
}

/// The cause of an error that several callers hold.
struct SharedCause(Arc<Error>);

impl fmt::Display for SharedCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.source().map_or(Ok(()), |cause| fmt::Display::fmt(cause, f))
    }
}

impl fmt::Debug for SharedCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.source().map_or(Ok(()), |cause| fmt::Debug::fmt(cause, f))
    }
}

impl StdError for SharedCause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source().and_then(StdError::source)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use anykey_core::{Capability, ErrorKind, Operation, Refusal, RefusalReason};

    use super::*;

    #[test]
    fn a_copy_prints_like_the_original() {
        let chain = Error::new(ErrorKind::Transport, "no route").with_source(fmt::Error);
        let outage = Error::new(ErrorKind::Unavailable, "down for maintenance")
            .with_provider("polar")
            .with_operation(Operation::Validate)
            .with_status(503)
            .with_vendor_code("E42")
            .with_request_id("req_1")
            .with_retry_after(Duration::from_secs(7))
            .with_attempts(3)
            .with_transient(false)
            .with_may_have_taken_effect(true)
            .with_source(chain);
        let refusal = Refusal::new(RefusalReason::Revoked).with_message("gone");
        let unsupported = || Error::unsupported("dodo", Capability::RequireProduct);
        for original in [
            outage,
            Error::new(ErrorKind::Timeout, "late"),
            Error::refused(refusal).with_provider("polar").with_hint("ask the seller"),
            unsupported(),
            unsupported().with_hint("pin it instead").in_context("providers.legacy"),
        ] {
            let original = Arc::new(original);
            let copy = copy(&original);
            assert_eq!(format!("{copy:?}"), format!("{original:?}"));
            assert_eq!(copy.to_string(), original.to_string());
            let mut causes = (copy.source(), original.source());
            while let (Some(of_copy), Some(of_original)) = causes {
                assert_eq!(of_copy.to_string(), of_original.to_string());
                causes = (of_copy.source(), of_original.source());
            }
            assert!(causes.0.is_none() && causes.1.is_none());
        }
    }
}
