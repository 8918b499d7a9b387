//! The limits of a cache.

use std::time::Duration;

use anykey_core::Validation;

/// Long enough for a burst of requests of one customer, short enough for a refund to take effect soon.
const POSITIVE_TTL: Duration = Duration::from_secs(5 * 60);
/// Short, because a customer who has just paid tries again.
const NEGATIVE_TTL: Duration = Duration::from_secs(30);
/// About ten megabytes.
const CAPACITY: u64 = 10_000;

/// moka does not accept more than a thousand years.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) positive_ttl: Duration,
    pub(crate) negative_ttl: Duration,
    pub(crate) capacity: u64,
}

impl Limits {
    pub(crate) const fn ttl(&self, answer: &Validation) -> Duration {
        if answer.is_valid() { self.positive_ttl } else { self.negative_ttl }
    }

    pub(crate) fn longest(&self) -> Duration {
        self.positive_ttl.max(self.negative_ttl).min(LONGEST)
    }

    pub(crate) fn caches_anything(&self) -> bool {
        self.capacity > 0 && !self.longest().is_zero()
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { positive_ttl: POSITIVE_TTL, negative_ttl: NEGATIVE_TTL, capacity: CAPACITY }
    }
}
