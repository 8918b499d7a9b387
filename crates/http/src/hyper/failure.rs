use std::error::Error as StdError;

use crate::{TransportError, TransportErrorKind, tls};

/// Sorts a failure from before the answer's head was there.
pub(super) fn unsent(error: hyper_util::client::legacy::Error) -> TransportError {
    if !error.is_connect() {
        return broken(error);
    }
    match tls::fault(&error) {
        Some(fault) => TransportError::new(TransportErrorKind::Tls).with_source(fault),
        None => TransportError::new(TransportErrorKind::Connect).with_source(error),
    }
}

/// Sorts a failure from after the request was on its way.
pub(super) fn broken(error: impl StdError + Send + Sync + 'static) -> TransportError {
    TransportError::new(TransportErrorKind::Interrupted).with_source(error)
}
