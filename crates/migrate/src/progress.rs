use std::time::Duration;

use crate::outcome::Outcome;

/// Below this the rate says nothing: vendors count by the minute and allow a burst.
const SHORTEST: Duration = Duration::from_secs(60);

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Keys of the source that were looked at.
    pub keys: u64,
    /// Keys that were written to the target in this run.
    pub written: u64,
    /// Requests without an answer so far.
    pub open: u64,
    /// How long keys have been sent.
    pub elapsed: Duration,
}

impl Progress {
    pub(crate) const fn new(outcome: &Outcome, open: u64, elapsed: Duration) -> Self {
        Self { keys: outcome.keys, written: outcome.created + outcome.finished, open, elapsed }
    }

    /// How long the rest of `to_write` keys takes at the rate so far; `None` in the first minute, in which a vendor's
    /// burst makes every estimate too short.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let mut progress = anykey_migrate::Progress::at(0, Duration::ZERO);
    /// assert_eq!(progress.to_go(1_200), None);
    /// progress = anykey_migrate::Progress::at(240, Duration::from_secs(60));
    /// assert_eq!(progress.to_go(1_200), Some(Duration::from_secs(240)));
    /// ```
    #[must_use]
    pub fn to_go(&self, to_write: u64) -> Option<Duration> {
        if self.elapsed < SHORTEST || self.written == 0 {
            return None;
        }
        let rest = u128::from(to_write.saturating_sub(self.written));
        let milliseconds = self.elapsed.as_millis().saturating_mul(rest) / u128::from(self.written);
        Some(Duration::from_millis(u64::try_from(milliseconds).unwrap_or(u64::MAX)))
    }

    /// A run that has written so many keys in this time; for tests of what shows it.
    #[must_use]
    pub const fn at(written: u64, elapsed: Duration) -> Self {
        Self { keys: written, written, open: 0, elapsed }
    }
}
