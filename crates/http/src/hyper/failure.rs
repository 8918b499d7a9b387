//! Which failures of hyper are of which kind.

use std::error::Error as StdError;

use crate::kept::{not_connected, was_never_written};
use crate::{TransportError, TransportErrorKind};

/// Sorts a failure from before the answer's head was there.
pub(super) fn unsent(
    error: hyper_util::client::legacy::Error,
    proxy: Option<&'static str>,
) -> TransportError {
    let is_unsent = error.is_connect() || was_never_written(&error);
    if is_unsent { not_connected(error, proxy) } else { broken(error) }
}

/// Classifies a failure after the request was sent in part or whole.
pub(super) fn broken(error: impl StdError + Send + Sync + 'static) -> TransportError {
    TransportError::new(TransportErrorKind::Interrupted).with_source(error)
}
