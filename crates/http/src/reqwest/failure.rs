use std::error::Error as StdError;
use std::io;

use crate::{TransportError, TransportErrorKind};

/// Sorts a failure from before the answer's head was there.
pub(super) fn unsent(error: reqwest::Error) -> TransportError {
    if error.is_builder() {
        return TransportError::new(TransportErrorKind::Refused).with_source(error.without_url());
    }
    if !error.is_connect() {
        return broken(error);
    }
    match tls_fault(&error) {
        Some(fault) => TransportError::new(TransportErrorKind::Tls).with_source(fault),
        None => TransportError::new(TransportErrorKind::Connect).with_source(error.without_url()),
    }
}

/// Sorts a failure from after the request was on its way.
pub(super) fn broken(error: reqwest::Error) -> TransportError {
    let kind = if error.is_timeout() { TransportErrorKind::Timeout } else { TransportErrorKind::Interrupted };
    TransportError::new(kind).with_source(error.without_url())
}

/// The TLS fault that ended a connection attempt. An [`io::Error`] does not name the error it wraps as its
/// source, so the chain is walked by hand.
fn tls_fault(error: &(dyn StdError + 'static)) -> Option<rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(fault) = error.downcast_ref::<rustls::Error>() {
            return Some(fault.clone());
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}
