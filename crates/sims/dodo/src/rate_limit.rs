use std::collections::HashMap;

use anykey_core::Timestamp;

/// The rate limits of the vendor. Further requests are answered with 429.
///
/// Every caller has one window per second and one per minute, aligned to the clock. A rejected request does not
/// count. [`RateLimits::default`] has the documented limits of tier 0 (2026).
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

#[derive(Default)]
pub(super) struct RateLimiter {
    limits: Option<RateLimits>,
    callers: HashMap<Caller, [Window; 2]>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Window {
    start: i64,
    used: u32,
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
        let windows = self.callers.entry(caller).or_default();
        let [second, minute] = windows;
        second.turn(now, 1);
        minute.turn(now, 60);
        let full = second.used >= quota.per_second || minute.used >= quota.per_minute;
        if !full {
            second.used += 1;
            minute.used += 1;
        }
        let of_second = second.allowance(quota.per_second, 1, now, limits.reset);
        let of_minute = minute.allowance(quota.per_minute, 60, now, limits.reset);
        let tightest = if of_minute.remaining <= of_second.remaining { of_minute } else { of_second };
        if full { Err(tightest) } else { Ok(Some(tightest)) }
    }
}

impl Window {
    fn turn(&mut self, now: Timestamp, seconds: i64) {
        let start = now.as_second().div_euclid(seconds) * seconds;
        if self.start != start {
            *self = Self { start, used: 0 };
        }
    }

    fn allowance(self, limit: u32, seconds: i64, now: Timestamp, unit: ResetUnit) -> Allowance {
        let end = self.start + seconds;
        let reset = match unit {
            ResetUnit::SecondsLeft => end - now.as_second(),
            ResetUnit::UnixSecond => end,
        };
        Allowance { limit, remaining: limit.saturating_sub(self.used), reset }
    }
}
