use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anykey_core::Timestamp;

/// How many requests of one vendor are kept.
const KEPT: usize = 50;

/// A request to a vendor's API, without credentials and key codes.
#[derive(Clone)]
pub(crate) struct LoggedRequest {
    /// Counted from 1.
    pub(crate) number: u64,
    /// The time of the simulator's clock.
    pub(crate) at: Timestamp,
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Whether a credential came with it.
    pub(crate) has_credential: bool,
    pub(crate) body: String,
    pub(crate) outcome: RequestOutcome,
    /// How long the answer took.
    pub(crate) took: Option<Duration>,
    /// The fault that it got, in words.
    pub(crate) fault: Option<&'static str>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum RequestOutcome {
    /// There is no answer yet.
    Waiting,
    Answered {
        status: u16,
        body: String,
    },
    /// There is no answer, for this reason.
    Failed(&'static str),
    /// The client went away before there was an answer.
    Abandoned,
}

/// The latest requests to one vendor.
#[derive(Default)]
pub(crate) struct RequestLog(Mutex<Requests>);

#[derive(Default)]
struct Requests {
    latest: VecDeque<LoggedRequest>,
    count: u64,
}

impl RequestLog {
    /// Adds a request and returns its number.
    pub(crate) fn begin(&self, mut request: LoggedRequest) -> u64 {
        let mut requests = self.lock();
        requests.count += 1;
        request.number = requests.count;
        requests.latest.push_front(request);
        requests.latest.truncate(KEPT);
        requests.count
    }

    pub(crate) fn change(&self, number: u64, change: impl FnOnce(&mut LoggedRequest)) {
        if let Some(request) = self.lock().latest.iter_mut().find(|request| request.number == number) {
            change(request);
        }
    }

    /// The latest requests, newest first.
    pub(crate) fn latest(&self) -> Vec<LoggedRequest> {
        self.lock().latest.iter().cloned().collect()
    }

    /// The number of requests so far.
    pub(crate) fn count(&self) -> u64 {
        self.lock().count
    }

    fn lock(&self) -> MutexGuard<'_, Requests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
