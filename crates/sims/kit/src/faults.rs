//! Faults between a client and a vendor.

mod answer;
mod fault;
mod faulty;
mod rule;
mod witness;

use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::{TransportError, TransportErrorKind};
use bytes::Bytes;

pub use answer::Answer;
pub use fault::{Fault, RetryAfter};
pub use faulty::FaultyTransport;
pub use rule::Rule;
pub use witness::FaultWitness;

/// The faults of one simulator or transport: a list of [`Rule`]s.
///
/// Clones share the rules, and rules can be added and removed while requests are sent. The first rule with a fault
/// for a request decides; every rule that matches the request counts it.
///
/// ```
/// use anykey_sim_kit::{Fault, Faults, Rule};
///
/// let faults = Faults::default();
/// faults.inject(Rule::every(3, Fault::unavailable(503)));
/// assert_eq!(faults.injected(), 0);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Rules>>);

#[derive(Debug, Default)]
struct Rules {
    rules: Vec<Rule>,
    injected: u64,
}

impl Faults {
    /// Adds a rule after the existing ones.
    pub fn inject(&self, rule: Rule) {
        self.lock().rules.push(rule);
    }

    /// Removes all rules.
    pub fn clear(&self) {
        self.lock().rules.clear();
    }

    /// The number of requests with an injected fault.
    #[must_use]
    pub fn injected(&self) -> u64 {
        self.lock().injected
    }

    /// Sends `request` with `send`, with the fault of the matching rule if there is one.
    ///
    /// # Errors
    ///
    /// The errors of `send` and of the faults.
    pub async fn send<F>(
        &self,
        request: http::Request<Bytes>,
        send: impl FnOnce(http::Request<Bytes>) -> F + Send,
    ) -> Result<http::Response<Bytes>, TransportError>
    where
        F: Future<Output = Result<http::Response<Bytes>, TransportError>> + Send,
    {
        let fault = self.next(&request);
        if let (Some(fault), Some(witness)) = (&fault, request.extensions().get::<FaultWitness>()) {
            witness.report(fault);
        }
        match fault {
            None => send(request).await,
            Some(Fault::Latency(delay)) => {
                tokio::time::sleep(delay).await;
                send(request).await
            }
            Some(Fault::ConnectionRefused) => Err(TransportError::new(TransportErrorKind::Connect)),
            Some(Fault::ResetBeforeWork) => Err(TransportError::new(TransportErrorKind::Interrupted)),
            Some(Fault::HangBeforeWork) => pending().await,
            Some(Fault::Instead(answer)) => answer.into_response(),
            Some(fault) => apply_to_answer(fault, send(request).await?).await,
        }
    }

    fn next(&self, request: &http::Request<Bytes>) -> Option<Fault> {
        let mut rules = self.lock();
        let (method, path) = (request.method(), request.uri().path());
        let faults: Vec<_> = rules.rules.iter_mut().filter_map(|rule| rule.apply(method, path)).collect();
        let fault = faults.into_iter().next()?;
        rules.injected += 1;
        Some(fault)
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Applies `fault` to an answer.
async fn apply_to_answer(
    fault: Fault,
    answer: http::Response<Bytes>,
) -> Result<http::Response<Bytes>, TransportError> {
    match fault {
        Fault::AnswerLost => Err(TransportError::new(TransportErrorKind::Interrupted)),
        Fault::HangAfterWork => pending().await,
        Fault::AfterWork(answer) => answer.into_response(),
        Fault::TruncatedBody => Ok(answer.map(|body| body.slice(..body.len() / 2))),
        Fault::EmptyBody => Ok(answer.map(|_| Bytes::new())),
        Fault::OversizedBody(blanks) => {
            Ok(answer.map(|body| [vec![b' '; blanks], body.to_vec()].concat().into()))
        }
        _ => Ok(answer),
    }
}
