use anykey_core::{SignedDuration, Timestamp};

/// A period of time in which a vendor counts the requests of one caller.
///
/// ```
/// use anykey_core::{SignedDuration, Timestamp};
/// use anykey_sim_kit::RateWindow;
///
/// let minute = SignedDuration::from_mins(1);
/// let mut window = RateWindow::new(Timestamp::UNIX_EPOCH, minute);
/// window.count();
/// assert_eq!(window.remaining(60), 59);
///
/// window.renew(Timestamp::UNIX_EPOCH + minute, |now| RateWindow::new(now, minute));
/// assert_eq!(window.remaining(60), 60);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateWindow {
    starts_at: Timestamp,
    ends_at: Timestamp,
    used: u32,
}

impl RateWindow {
    /// A window of this length, without requests.
    #[must_use]
    pub fn new(starts_at: Timestamp, length: SignedDuration) -> Self {
        let ends_at = starts_at.checked_add(length).unwrap_or(Timestamp::MAX);
        Self { starts_at, ends_at, used: 0 }
    }

    /// Replaces the window with `window(now)`, unless `now` is within it.
    pub fn renew(&mut self, now: Timestamp, window: impl FnOnce(Timestamp) -> Self) {
        if now < self.starts_at || now >= self.ends_at {
            *self = window(now);
        }
    }

    /// Counts a request.
    pub const fn count(&mut self) {
        self.used = self.used.saturating_add(1);
    }

    /// The number of requests that are left of `limit`.
    #[must_use]
    pub const fn remaining(&self, limit: u32) -> u32 {
        limit.saturating_sub(self.used)
    }

    /// The end of the window, which is not part of it.
    #[must_use]
    pub const fn ends_at(&self) -> Timestamp {
        self.ends_at
    }
}
