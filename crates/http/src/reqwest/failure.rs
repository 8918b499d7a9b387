//! Which failures of reqwest are of which kind.

use crate::kept::{not_connected, was_never_written};
use crate::{TransportError, TransportErrorKind};

/// Sorts a failure from before the answer's head was there.
pub(super) fn unsent(error: reqwest::Error, proxy: Option<&'static str>) -> TransportError {
    let error = error.without_url();
    if error.is_builder() {
        TransportError::new(TransportErrorKind::Refused).with_source(error)
    } else if error.is_connect() || was_never_written(&error) {
        not_connected(error, proxy)
    } else {
        broken(error)
    }
}

/// Classifies a failure after the request was sent in part or whole.
pub(super) fn broken(error: reqwest::Error) -> TransportError {
    let kind = if error.is_timeout() { TransportErrorKind::Timeout } else { TransportErrorKind::Interrupted };
    TransportError::new(kind).with_source(error.without_url())
}
