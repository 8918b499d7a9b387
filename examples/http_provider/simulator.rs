//! Acme's service in memory, behind [`HttpTransport`], written from Acme's documentation. It shares no code with
//! the adapter: a simulator that does repeats the adapter's mistakes and proves nothing.

mod calls;
mod records;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey::{Bytes, HttpTransport, ManualClock, TransportError, async_trait};
use http::header::AUTHORIZATION;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use records::Records;
pub(crate) use records::Sold;

/// The one API token that it accepts.
pub(crate) const TOKEN: &str = "acme-secret-token";

/// An answer: its status and its JSON; `null` is an empty body.
type Answer = (StatusCode, Value);

/// One account at Acme. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct AcmeSim {
    clock: ManualClock,
    records: Arc<Mutex<Records>>,
}

/// What the seller does in Acme's dashboard.
impl AcmeSim {
    pub(crate) fn new(clock: ManualClock) -> Self {
        Self { clock, records: Arc::default() }
    }

    /// Sells a license; returns its id and its code.
    pub(crate) fn sell(&self, sold: Sold) -> (String, String) {
        self.records().sell(sold, self.clock.now())
    }

    /// Suspends a license, or puts it in force again; `false` when there is none with this id.
    #[cfg(test)]
    pub(crate) fn suspend(&self, id: &str, suspended: bool) -> bool {
        let mut records = self.records();
        let license = records.by_id(id);
        license.is_some_and(|license| {
            license.suspended = suspended;
            true
        })
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request<Bytes>) -> Answer {
        let path = request.uri().path().strip_prefix("/v1/").unwrap_or_default();
        let segments: Vec<&str> = path.split('/').collect();
        let authorization = request.headers().get(AUTHORIZATION);
        let body = serde_json::from_slice(request.body()).unwrap_or(Value::Null);
        let mut records = self.records();
        match (request.method().as_str(), segments.as_slice()) {
            // An app that sends the seller's token has it on every customer's computer.
            ("POST", ["device", _]) if authorization.is_some() => {
                failure(StatusCode::BAD_REQUEST, "unexpected_credential")
            }
            ("POST", ["device", call]) => calls::device(&mut records, call, &body, self.clock.now()),
            (_, ["licenses", ..])
                if authorization.is_none_or(|token| token != &format!("Bearer {TOKEN}")) =>
            {
                failure(StatusCode::UNAUTHORIZED, "bad_token")
            }
            ("GET", ["licenses"]) => calls::list(&records, request.uri().query().unwrap_or_default()),
            (method, ["licenses", id, rest @ ..]) => calls::license(&mut records, method, id, rest, &body),
            _ => failure(StatusCode::NOT_FOUND, "no_such_call"),
        }
    }
}

#[async_trait]
impl HttpTransport for AcmeSim {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let (status, body) = self.answer(&request);
        let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        Ok(response)
    }
}

fn failure(status: StatusCode, word: &str) -> Answer {
    (status, json!({ "error": word, "detail": format!("Request failed: {}.", word.replace('_', " ")) }))
}
