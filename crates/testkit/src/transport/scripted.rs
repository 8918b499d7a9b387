//! A transport that follows a script.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::async_trait;
use anykey_core::{HttpTransport, TransportError, TransportErrorKind};
use bytes::Bytes;

use super::recorded::Records;
use super::{RecordedRequest, Reply};

/// Answers from a script, one step per request, and keeps every request for assertions.
///
/// A request that the script does not foresee gets [`TransportErrorKind::Refused`], which no adapter
/// sends again, and is noted in [`unexpected`](Self::unexpected) and in `Debug`.
///
/// ```
/// use anykey_core::{HttpTransport, TransportErrorKind};
/// use anykey_testkit::transport::{Answer, ScriptedTransport};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let transport = ScriptedTransport::new()
///     .then(TransportErrorKind::Connect)
///     .then_on("POST", "/licenses/validate", Answer::json(200, r#"{"valid":true}"#));
///
/// let request = || http::Request::post("https://api.example.com/licenses/validate").body("{}".into()).unwrap();
/// assert!(transport.send(request()).await.is_err());
/// assert_eq!(transport.send(request()).await.unwrap().body(), r#"{"valid":true}"#);
/// assert_eq!(transport.requests()[1].text(), Some("{}"));
/// transport.assert_finished();
/// # });
/// ```
#[derive(Clone)]
pub struct ScriptedTransport {
    /// What answers.
    script: Arc<Script>,
    /// The requests so far.
    records: Records,
}

/// What answers a request.
enum Script {
    /// One answer after the other.
    Steps(Mutex<Steps>),
    /// A function of the request.
    Function(Box<dyn Fn(&RecordedRequest) -> Reply + Send + Sync>),
}

/// The state of a script.
#[derive(Default)]
struct Steps {
    /// The steps that were not reached.
    left: VecDeque<Step>,
    /// The requests that no step foresaw.
    unexpected: Vec<String>,
}

/// One answer.
struct Step {
    /// Method and path; `None` for any request.
    expected: Option<(String, String)>,
    /// The answer, or a failure.
    reply: Reply,
}

impl ScriptedTransport {
    /// A script without any step. A request to it is unexpected until a step is added with [`then`](Self::then).
    #[must_use]
    pub fn new() -> Self {
        Self::of(Script::Steps(Mutex::default()))
    }

    /// Answers every request by calling `answer`, which may return an [`Answer`](super::Answer), a failure or a
    /// [`Reply`]. It replaces a simulator where a test needs few answers. No request is unexpected.
    pub fn from_fn<R: Into<Reply>>(answer: impl Fn(&RecordedRequest) -> R + Send + Sync + 'static) -> Self {
        Self::of(Script::Function(Box::new(move |request| answer(request).into())))
    }

    /// Adds a step that answers whatever request comes. Does nothing to a [`from_fn`](Self::from_fn). Steps are
    /// followed in order; each is used once.
    #[must_use]
    pub fn then(self, reply: impl Into<Reply>) -> Self {
        self.push(None, reply.into())
    }

    /// Adds a step for the request with this method and exactly this path, without the query. Another request in its
    /// place is unexpected, and the step stays: one request too many is reported once.
    #[must_use]
    pub fn then_on(self, method: &str, path: &str, reply: impl Into<Reply>) -> Self {
        self.push(Some((method.to_owned(), path.to_owned())), reply.into())
    }

    /// The requests so far, oldest first, unexpected ones included.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.records.all()
    }

    /// A sentence for each request that the script did not foresee: method, path, and the step in its place.
    #[must_use]
    pub fn unexpected(&self) -> Vec<String> {
        self.steps().map(|steps| steps.unexpected.clone()).unwrap_or_default()
    }

    /// How many steps were not reached yet. Always 0 for a [`from_fn`](Self::from_fn).
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.steps().map_or(0, |steps| steps.left.len())
    }

    /// Asserts that the script was followed to its end.
    ///
    /// # Panics
    ///
    /// When a step was not reached, or when there was a request that the script does not foresee.
    #[track_caller]
    pub fn assert_finished(&self) {
        let unexpected = self.unexpected();
        assert!(unexpected.is_empty(), "the script did not foresee:\n{}", unexpected.join("\n"));
        let remaining = self.remaining();
        assert!(remaining == 0, "{remaining} steps of the script were not reached");
    }

    fn of(script: Script) -> Self {
        Self { script: Arc::new(script), records: Records::default() }
    }

    fn push(self, expected: Option<(String, String)>, reply: Reply) -> Self {
        if let Some(mut steps) = self.steps() {
            steps.left.push_back(Step { expected, reply });
        }
        self
    }

    /// The steps; `None` for a function.
    fn steps(&self) -> Option<MutexGuard<'_, Steps>> {
        match &*self.script {
            Script::Steps(steps) => Some(steps.lock().unwrap_or_else(PoisonError::into_inner)),
            Script::Function(_) => None,
        }
    }
}

impl Default for ScriptedTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Steps {
    /// The reply of the next step, or why the request is unexpected.
    fn reply(&mut self, request: &RecordedRequest) -> Result<Reply, String> {
        let found = format!("{} {}", request.method(), request.path());
        if let Some(Step { expected: Some((method, path)), .. }) = self.left.front()
            && (*request.method() != **method || request.path() != path)
        {
            return Err(format!("{found}: the script goes on with {method} {path}"));
        }
        let step = self.left.pop_front();
        step.map(|step| step.reply).ok_or_else(|| format!("{found}: the script has ended"))
    }
}

#[async_trait]
impl HttpTransport for ScriptedTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let request = self.records.keep(&request);
        let reply = match (&*self.script, self.steps()) {
            (Script::Function(answer), _) => answer(&request),
            (_, Some(mut steps)) => steps.reply(&request).map_err(|note| {
                steps.unexpected.push(note.clone());
                TransportError::new(TransportErrorKind::Refused).with_source(note)
            })?,
            _ => TransportErrorKind::Refused.into(),
        };
        reply.into_result()
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedTransport")
            .field("requests", &self.requests().len())
            .field("remaining", &self.remaining())
            .field("unexpected", &self.unexpected())
            .finish_non_exhaustive()
    }
}
