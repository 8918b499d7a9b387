use std::fmt;
use std::sync::{Mutex, PoisonError};

use anykey::async_trait;
use anykey_http::{HttpTransport, TransportError, TransportErrorKind};
use bytes::Bytes;
use http::{Request, Response};

/// A transport that keeps requests instead of sending them.
#[derive(Default)]
pub(crate) struct Recorder {
    kept: Mutex<Vec<Request<Bytes>>>,
}

impl Recorder {
    /// The requests that were kept, in order.
    pub(crate) fn take(&self) -> Vec<Request<Bytes>> {
        std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl HttpTransport for Recorder {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        Err(TransportError::new(TransportErrorKind::Refused))
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}
