use crate::{TransportError, TransportErrorKind, tls};

/// Sorts a failure from before the answer's head was there.
pub(super) fn unsent(error: reqwest::Error) -> TransportError {
    if error.is_builder() {
        return TransportError::new(TransportErrorKind::Refused).with_source(error.without_url());
    }
    if !error.is_connect() {
        return broken(error);
    }
    match tls::fault(&error) {
        Some(fault) => TransportError::new(TransportErrorKind::Tls).with_source(fault),
        None => TransportError::new(TransportErrorKind::Connect).with_source(error.without_url()),
    }
}

/// Sorts a failure from after the request was on its way.
pub(super) fn broken(error: reqwest::Error) -> TransportError {
    let kind = if error.is_timeout() { TransportErrorKind::Timeout } else { TransportErrorKind::Interrupted };
    TransportError::new(kind).with_source(error.without_url())
}
