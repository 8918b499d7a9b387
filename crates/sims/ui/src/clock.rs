use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anykey_core::{Clock, SignedDuration, Timestamp};

/// A clock that runs like another one and can be moved ahead.
///
/// Simulators that are started with it take the new time at once: what is due by then is due now. Clones share the
/// position. It never goes back.
///
/// ```
/// use anykey_core::{Clock, ManualClock, SignedDuration, Timestamp};
/// use anykey_sim_ui::MovableClock;
///
/// let clock = MovableClock::over(ManualClock::at(Timestamp::UNIX_EPOCH));
/// clock.advance(SignedDuration::from_hours(1));
/// assert_eq!(Clock::from(clock).now().as_second(), 3600);
/// ```
#[derive(Clone)]
pub struct MovableClock {
    base: Clock,
    ahead: Arc<AtomicI64>,
}

impl MovableClock {
    /// A clock that shows the time of `base` at first.
    pub fn over(base: impl Into<Clock>) -> Self {
        Self { base: base.into(), ahead: Arc::default() }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.base.now();
        now.saturating_add(self.ahead()).unwrap_or(now)
    }

    /// How far it is ahead of the clock that it runs like.
    #[must_use]
    pub fn ahead(&self) -> SignedDuration {
        SignedDuration::from_secs(self.ahead.load(Ordering::Relaxed))
    }

    /// Moves it ahead by whole seconds; nothing for a negative duration.
    pub fn advance(&self, by: SignedDuration) {
        self.ahead.fetch_add(by.as_secs().max(0), Ordering::Relaxed);
    }
}

impl From<MovableClock> for Clock {
    fn from(clock: MovableClock) -> Self {
        Self::new(move || clock.now())
    }
}

impl fmt::Debug for MovableClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MovableClock").field("now", &self.now()).field("ahead", &self.ahead()).finish()
    }
}
