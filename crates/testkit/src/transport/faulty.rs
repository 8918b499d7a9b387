use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::async_trait;
use anykey_http::{HttpTransport, TransportError, TransportErrorKind};
use bytes::Bytes;

use super::{Fault, Rule};

/// Injects faults into the way to another transport.
///
/// Rules may be added and taken away while it is in use, from any clone. The first rule that has a fault for
/// a request wins; to combine faults, such as latency and a lost answer, put one into another.
///
/// ```
/// use anykey_http::{HttpTransport, TransportErrorKind};
/// use anykey_testkit::transport::{Answer, Fault, FaultyTransport, Rule, ScriptedTransport};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let vendor = ScriptedTransport::from_fn(|_| Answer::new(201));
/// let faulty = FaultyTransport::new(vendor.clone());
/// faulty.inject(Rule::next(Fault::AnswerLost).when(|_, path| path.ends_with("/activate")));
///
/// let request = || http::Request::post("https://api.example.com/licenses/activate").body("".into()).unwrap();
/// assert_eq!(faulty.send(request()).await.unwrap_err().kind(), TransportErrorKind::Interrupted);
/// assert_eq!(vendor.requests().len(), 1, "the seat is taken all the same");
/// assert_eq!(faulty.send(request()).await.unwrap().status(), 201);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct FaultyTransport<T> {
    inner: T,
    rules: Arc<Mutex<Rules>>,
}

#[derive(Debug, Default)]
struct Rules {
    rules: Vec<Rule>,
    injected: u64,
}

impl<T: HttpTransport> FaultyTransport<T> {
    /// A way to `inner` on which nothing goes wrong yet.
    pub fn new(inner: T) -> Self {
        Self { inner, rules: Arc::default() }
    }

    /// Adds a rule behind those that are there.
    pub fn inject(&self, rule: Rule) {
        self.rules().rules.push(rule);
    }

    /// Takes all rules away.
    pub fn heal(&self) {
        self.rules().rules.clear();
    }

    /// How many requests met a fault so far.
    #[must_use]
    pub fn injected(&self) -> u64 {
        self.rules().injected
    }

    fn judge(&self, request: &http::Request<Bytes>) -> Option<Fault> {
        let mut rules = self.rules();
        let (method, path) = (request.method(), request.uri().path());
        let faults: Vec<_> = rules.rules.iter_mut().filter_map(|rule| rule.judge(method, path)).collect();
        let fault = faults.into_iter().next()?;
        rules.injected += 1;
        Some(fault)
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl<T: HttpTransport> HttpTransport for FaultyTransport<T> {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        match self.judge(&request) {
            None => self.inner.send(request).await,
            Some(Fault::Latency(delay)) => {
                tokio::time::sleep(delay).await;
                self.inner.send(request).await
            }
            Some(Fault::ConnectionRefused) => Err(TransportError::new(TransportErrorKind::Connect)),
            Some(Fault::ResetBeforeWork) => Err(TransportError::new(TransportErrorKind::Interrupted)),
            Some(Fault::HangBeforeWork) => pending().await,
            Some(Fault::Instead(answer)) => answer.into_response(),
            Some(fault) => spoil(fault, self.inner.send(request).await?).await,
        }
    }
}

/// What `fault` leaves of an answer.
async fn spoil(fault: Fault, answer: http::Response<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
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
