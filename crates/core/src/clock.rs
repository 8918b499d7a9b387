use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Where a provider or a simulator reads the time from.
///
/// The core never looks at the wall clock by itself. An app passes `Timestamp::now`, a test passes a
/// [`ManualClock`] and moves it by hand.
///
/// ```
/// use anykey_core::{Clock, Timestamp};
///
/// let wall = Clock::new(Timestamp::now);
/// assert!(wall.now() > Timestamp::UNIX_EPOCH);
/// ```
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// Reads the time by calling `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

impl From<ManualClock> for Clock {
    fn from(manual: ManualClock) -> Self {
        Self::new(move || manual.now())
    }
}

/// A clock that shows the same time until it is set.
///
/// Clones share the same time.
///
/// ```
/// use anykey_core::{Clock, ManualClock, SignedDuration, Timestamp};
///
/// let manual = ManualClock::at(Timestamp::UNIX_EPOCH);
/// let clock = Clock::from(manual.clone());
/// manual.advance(SignedDuration::from_hours(1));
/// assert_eq!(clock.now().as_second(), 3600);
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Mutex<Timestamp>>);

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the clock to `now`, forwards or back.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves the clock by `by`; a negative duration moves it back. It stops at the ends of what
    /// [`Timestamp`] can hold.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(*now);
    }
}
