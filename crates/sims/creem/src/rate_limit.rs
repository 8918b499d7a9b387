//! Rate limits per API key.

use std::collections::HashMap;

use anykey_core::{SignedDuration, Timestamp};
use anykey_sim_kit::RateWindow;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The rate limits of one API key. Further requests are answered with 429.
///
/// A rejected request does not count, and neither does one without a valid API key. [`RateLimits::default`] has the
/// documented limits (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimits {
    /// Requests per minute. Default: 100.
    pub per_minute: u32,
    /// Requests per hour. Default: 1000.
    pub per_hour: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { per_minute: 100, per_hour: 1_000 }
    }
}

/// The values of the headers about the limit that is closest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) ends_at: Timestamp,
    pub(super) seconds_left: i64,
}

#[derive(Default)]
pub(super) struct RateLimiter {
    limits: Option<RateLimits>,
    windows: HashMap<String, [RateWindow; 2]>,
}

impl RateLimiter {
    /// Sets new limits, or none, and resets the counters.
    pub(super) fn set(&mut self, limits: Option<RateLimits>) {
        *self = Self { limits, windows: HashMap::new() };
    }

    /// Counts one request. An error if a limit is exceeded, `None` without limits.
    pub(super) fn admit(&mut self, api_key: &str, now: Timestamp) -> Result<Option<Allowance>, Allowance> {
        let Some(limits) = self.limits else { return Ok(None) };
        let start = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let window = |length| move |_| RateWindow::new(start, length);
        let new = || [RateWindow::new(start, MINUTE), RateWindow::new(start, HOUR)];
        let [minute, hour] = self.windows.entry(api_key.to_owned()).or_insert_with(new);
        minute.renew(now, window(MINUTE));
        hour.renew(now, window(HOUR));
        let is_full = minute.remaining(limits.per_minute) == 0 || hour.remaining(limits.per_hour) == 0;
        if !is_full {
            minute.count();
            hour.count();
        }
        let allowance = |limit: u32, window: &RateWindow| Allowance {
            limit,
            remaining: window.remaining(limit),
            ends_at: window.ends_at(),
            seconds_left: (window.ends_at().as_second() - now.as_second()).max(1),
        };
        let (minute, hour) = (allowance(limits.per_minute, minute), allowance(limits.per_hour, hour));
        let closest =
            if hour.remaining < minute.remaining || (is_full && hour.remaining == 0) { hour } else { minute };
        if is_full { Err(closest) } else { Ok(Some(closest)) }
    }
}
