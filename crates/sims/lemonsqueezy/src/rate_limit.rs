//! Rate limits per client address or API key.

use std::collections::HashMap;

use anykey_core::{SignedDuration, Timestamp};
use anykey_sim_kit::RateWindow;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// The rate limits of the vendor, in requests per minute. Further requests are answered with 429.
///
/// A rejected request does not count. [`RateLimits::default`] has the documented limits (2026).
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_lemonsqueezy_sim::{LemonSqueezySim, RateLimits};
///
/// let sim = LemonSqueezySim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let mut tight = RateLimits::default();
/// tight.license_api = 1;
/// sim.set_rate_limits(Some(tight));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimits {
    /// Of the License API, for each client address. Default: 60.
    pub license_api: u32,
    /// Of the main API, for each API key, or for each client address without one. Default: 300.
    pub main_api: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { license_api: 60, main_api: 300 }
    }
}

/// The caller for which a request is counted.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Caller {
    LicenseApi { address: String },
    MainApi { credential: String },
}

/// The values of the headers about the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) seconds_left: i64,
}

/// The windows of all callers. A caller's window starts with its first request.
#[derive(Default)]
pub(super) struct RateLimiter {
    limits: Option<RateLimits>,
    callers: HashMap<Caller, RateWindow>,
}

impl RateLimiter {
    /// Sets new limits, or none, and resets the counters.
    pub(super) fn set(&mut self, limits: Option<RateLimits>) {
        *self = Self { limits, callers: HashMap::new() };
    }

    /// Counts one request. An error if the limit is exceeded, `None` without limits.
    pub(super) fn admit(&mut self, caller: Caller, now: Timestamp) -> Result<Option<Allowance>, Allowance> {
        let Some(limits) = self.limits else { return Ok(None) };
        let limit = match caller {
            Caller::LicenseApi { .. } => limits.license_api,
            Caller::MainApi { .. } => limits.main_api,
        };
        let window = self.callers.entry(caller).or_insert_with(|| minute_from(now));
        window.renew(now, minute_from);
        let is_full = window.remaining(limit) == 0;
        if !is_full {
            window.count();
        }
        let allowance = Allowance {
            limit,
            remaining: window.remaining(limit),
            seconds_left: (window.ends_at().as_second() - now.as_second()).max(1),
        };
        if is_full { Err(allowance) } else { Ok(Some(allowance)) }
    }
}

/// The minute that starts with a request at `now`, in whole seconds.
fn minute_from(now: Timestamp) -> RateWindow {
    RateWindow::new(Timestamp::from_second(now.as_second()).unwrap_or(now), MINUTE)
}
