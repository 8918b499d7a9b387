//! Kept connections: what arrives on them between two requests, and what a closed one means.

use std::error::Error as StdError;

use crate::causes::find;
use crate::{TransportError, TransportErrorKind, tls};

/// Lets the runtime notice what has arrived on kept connections.
///
/// hyper closes a kept connection on which bytes arrive unasked, once it has seen them. Without this pause a late
/// answer to an earlier request could still be unseen when the next request is written, and would be taken for its
/// answer.
pub(crate) async fn settle() {
    tokio::task::yield_now().await;
}

/// Sorts a failure to connect; `proxy` is where the way through a proxy was chosen.
pub(crate) fn not_connected<E>(error: E, proxy: Option<&'static str>) -> TransportError
where
    E: StdError + Send + Sync + 'static,
{
    if let Some(fault) = tls::fault(&error) {
        let failed = TransportError::new(TransportErrorKind::Tls);
        let failed = match tls::surroundings(&fault) {
            Some(reason) => failed.because(reason),
            None => failed,
        };
        return failed.with_source(fault);
    }
    let failed = TransportError::new(TransportErrorKind::Connect);
    let failed = match proxy {
        Some(place) => failed.because(format!(
            "no connection to the vendor; {place} chooses a proxy, so check the proxy, the network and base_url"
        )),
        None => failed,
    };
    failed.with_source(error)
}

/// Whether the connection was closed before anything of the request was written to it.
pub(crate) fn was_never_written(error: &(dyn StdError + 'static)) -> bool {
    find::<hyper::Error>(error).is_some_and(hyper::Error::is_canceled)
}
