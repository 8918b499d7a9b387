//! The rate limit.

use std::collections::HashMap;

use anykey_core::{SignedDuration, Timestamp};
use anykey_sim_kit::RateWindow;

/// A window begins with the first request of a caller.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Counts the requests of each caller: an address with a credential.
#[derive(Debug, Default)]
pub(super) struct RateLimiter(HashMap<String, RateWindow>);

/// What the headers about the limit say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) resets_at: Timestamp,
    pub(super) is_exceeded: bool,
}

impl RateLimiter {
    /// Counts a request of `caller`, unless the limit is reached. One that is refused does not count.
    pub(super) fn admit(&mut self, caller: String, limit: u32, now: Timestamp) -> Allowance {
        let window = |now| RateWindow::new(now, MINUTE);
        let counted = self.0.entry(caller).or_insert_with(|| window(now));
        counted.renew(now, window);
        let is_exceeded = counted.remaining(limit) == 0;
        if !is_exceeded {
            counted.count();
        }
        Allowance { limit, remaining: counted.remaining(limit), resets_at: counted.ends_at(), is_exceeded }
    }
}
