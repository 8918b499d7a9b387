use std::error::Error as StdError;

use crate::kept::{not_connected, was_never_written};
use crate::{TransportError, TransportErrorKind};

/// Sorts a failure from before the answer's head was there.
pub(super) fn unsent(error: hyper_util::client::legacy::Error) -> TransportError {
    if error.is_connect() || was_never_written(&error) { not_connected(error) } else { broken(error) }
}

/// Sorts a failure from after the request was on its way.
pub(super) fn broken(error: impl StdError + Send + Sync + 'static) -> TransportError {
    TransportError::new(TransportErrorKind::Interrupted).with_source(error)
}
