//! Rate limits per API key or client address.

use std::collections::HashMap;

use anykey_core::{SignedDuration, Timestamp};
use anykey_sim_kit::RateWindow;

/// The rate limits of the vendor. Further requests are answered with 429.
///
/// Every caller has one window per second and one per minute, aligned to the clock. A rejected request does not
/// count. [`RateLimits::default`] has the documented limits of tier 0 (2026).
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dodo_sim::{DodoSim, RateLimits};
///
/// let sim = DodoSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let mut tight = RateLimits::default();
/// tight.anonymous.per_second = 1;
/// sim.set_rate_limits(Some(tight));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimits {
    /// For each API key, on both planes.
    pub keyed: Quota,
    /// For each client address, for requests without a valid API key.
    pub anonymous: Quota,
    /// The unit of `X-RateLimit-Reset`, which the vendor does not document.
    pub reset: ResetUnit,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            keyed: Quota { per_second: 40, per_minute: 240 },
            anonymous: Quota { per_second: 20, per_minute: 100 },
            reset: ResetUnit::default(),
        }
    }
}

/// The number of requests that one caller may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Within one second of the clock.
    pub per_second: u32,
    /// Within one minute of the clock.
    pub per_minute: u32,
}

/// The unit of `X-RateLimit-Reset`.
///
/// A client that waits should treat small numbers as seconds and large ones as a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResetUnit {
    /// Seconds until the window ends, at least 1.
    #[default]
    SecondsLeft,
    /// The Unix second at which the window ends.
    UnixSecond,
}

/// The caller for which a request is counted.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Caller {
    ApiKey(String),
    Address(String),
}

/// The values of the `X-RateLimit-*` headers: those of the window with the fewest requests left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) reset: i64,
}

/// The windows of all callers. A caller's windows are created with its first request.
#[derive(Default)]
pub(super) struct RateLimiter {
    limits: Option<RateLimits>,
    callers: HashMap<Caller, [RateWindow; 2]>,
}

impl RateLimiter {
    /// Sets new limits, or none, and resets the counters.
    pub(super) fn set(&mut self, limits: Option<RateLimits>) {
        *self = Self { limits, callers: HashMap::new() };
    }

    /// Counts one request. An error if the limit is exceeded, `None` without limits.
    pub(super) fn admit(&mut self, caller: Caller, now: Timestamp) -> Result<Option<Allowance>, Allowance> {
        let Some(limits) = self.limits else { return Ok(None) };
        let quota = match caller {
            Caller::ApiKey(_) => limits.keyed,
            Caller::Address(_) => limits.anonymous,
        };
        let windows = self.callers.entry(caller).or_insert_with(|| [second_of(now), minute_of(now)]);
        let [second, minute] = windows;
        second.renew(now, second_of);
        minute.renew(now, minute_of);
        let full = second.remaining(quota.per_second) == 0 || minute.remaining(quota.per_minute) == 0;
        if !full {
            second.count();
            minute.count();
        }
        let of_second = allowance(second, quota.per_second, now, limits.reset);
        let of_minute = allowance(minute, quota.per_minute, now, limits.reset);
        let tightest = if of_minute.remaining <= of_second.remaining { of_minute } else { of_second };
        if full { Err(tightest) } else { Ok(Some(tightest)) }
    }
}

fn second_of(now: Timestamp) -> RateWindow {
    window_of(now, 1)
}

fn minute_of(now: Timestamp) -> RateWindow {
    window_of(now, 60)
}

/// The window of `now` that is aligned to the clock.
fn window_of(now: Timestamp, seconds: i64) -> RateWindow {
    let start = now.as_second().div_euclid(seconds) * seconds;
    RateWindow::new(Timestamp::from_second(start).unwrap_or(now), SignedDuration::from_secs(seconds))
}

/// What remains in `window`, in the unit that the headers use.
fn allowance(window: &RateWindow, limit: u32, now: Timestamp, unit: ResetUnit) -> Allowance {
    let end = window.ends_at().as_second();
    let reset = match unit {
        ResetUnit::SecondsLeft => end - now.as_second(),
        ResetUnit::UnixSecond => end,
    };
    Allowance { limit, remaining: window.remaining(limit), reset }
}
