use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use anykey_core::{HttpTransport, TransportError, TransportErrorKind};
use anykey_sim_kit::{FaultWitness, SimulatedVendor};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use crate::changes::Changes;
use crate::fault_choice::words_of;
use crate::mask::Mask;
use crate::request_log::{LoggedRequest, RequestLog, RequestOutcome};

/// Headers that hold credentials.
const CREDENTIALS: [&str; 2] = ["authorization", "x-api-key"];

/// A vendor's API that records the requests to it.
pub(crate) struct Recorder {
    pub(crate) vendor: Arc<dyn SimulatedVendor>,
    pub(crate) api: Arc<dyn HttpTransport>,
    pub(crate) log: Arc<RequestLog>,
    pub(crate) mask: Arc<Mask>,
    pub(crate) changes: Changes,
}

impl Recorder {
    fn learn_codes(&self) {
        self.mask.learn(&self.vendor.keys().unwrap_or_default());
    }

    fn logged(&self, request: &Request<Bytes>) -> LoggedRequest {
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        LoggedRequest {
            number: 0,
            at: self.vendor.now(),
            method: request.method().to_string(),
            target: self.mask.target(target),
            has_credential: CREDENTIALS.iter().any(|name| request.headers().contains_key(*name)),
            body: self.mask.body(request.body()),
            outcome: RequestOutcome::Waiting,
            took: None,
            fault: None,
        }
    }

    fn outcome(&self, answer: &Result<Response<Bytes>, TransportError>) -> RequestOutcome {
        match answer {
            Ok(answer) => {
                // A code that was issued or rotated by this request is in its answer.
                self.learn_codes();
                RequestOutcome::Answered {
                    status: answer.status().as_u16(),
                    body: self.mask.body(answer.body()),
                }
            }
            Err(error) => RequestOutcome::Failed(match error.kind() {
                TransportErrorKind::Connect => "no answer: the connection was refused",
                TransportErrorKind::Interrupted => "no answer: the connection broke",
                _ => "no answer",
            }),
        }
    }
}

#[async_trait]
impl HttpTransport for Recorder {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.learn_codes();
        let witness = FaultWitness::default();
        let number = self.log.begin(self.logged(&request));
        let mut entry = OpenEntry {
            recorder: self,
            number,
            witness: witness.clone(),
            began: Instant::now(),
            outcome: None,
        };
        self.changes.announce();
        request.extensions_mut().insert(witness);
        let answer = self.api.send(request).await;
        entry.outcome = Some(self.outcome(&answer));
        answer
    }
}

/// An entry that is closed when its request ends, also by a client that goes away.
struct OpenEntry<'r> {
    recorder: &'r Recorder,
    number: u64,
    witness: FaultWitness,
    began: Instant,
    outcome: Option<RequestOutcome>,
}

impl Drop for OpenEntry<'_> {
    fn drop(&mut self) {
        let outcome = self.outcome.take().unwrap_or(RequestOutcome::Abandoned);
        self.recorder.log.change(self.number, |request| {
            request.outcome = outcome;
            request.took = Some(self.began.elapsed());
            request.fault = self.witness.fault().map(words_of);
        });
        self.recorder.changes.announce();
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("vendor", &self.vendor).finish_non_exhaustive()
    }
}
