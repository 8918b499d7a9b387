use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::{Clock, HttpTransport, TransportError};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use crate::records::Records;

/// Acme's service in memory, as a transport. Clones share it.
#[derive(Clone, Debug)]
pub struct AcmeSim {
    pub(crate) clock: Clock,
    records: Arc<Mutex<Records>>,
}

impl AcmeSim {
    /// A seller without any license, by `clock`.
    #[must_use]
    pub fn new(clock: impl Into<Clock>) -> Self {
        Self { clock: clock.into(), records: Arc::default() }
    }

    pub(crate) fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a request: its status and its JSON.
    fn answer(&self, request: &Request<Bytes>) -> (StatusCode, Value) {
        // FILL IN: one arm for each call of the vendor, over `self.records()`.
        let call = format!("{} {}", request.method(), request.uri().path());
        (StatusCode::NOT_IMPLEMENTED, json!({ "error": "not_simulated", "detail": call }))
    }
}

#[async_trait]
impl HttpTransport for AcmeSim {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let (status, body) = self.answer(&request);
        let mut response = Response::new(body.to_string().into());
        *response.status_mut() = status;
        Ok(anykey_sim_kit::dated(response, self.clock.now()))
    }
}
