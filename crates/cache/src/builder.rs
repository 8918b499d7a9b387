use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::{Clock, LicenseProvider, Timestamp};

use crate::inner::Inner;
use crate::limits::Limits;
use crate::{CachedProvider, SecondLevel};

/// A builder for a [`CachedProvider`] with other limits than the defaults.
///
/// ```
/// use std::time::Duration;
///
/// use anykey_cache::CachedProvider;
/// use anykey_core::{InMemoryProvider, Timestamp};
///
/// let vendor = InMemoryProvider::new(Timestamp::now);
/// let cached = CachedProvider::builder(vendor)
///     .positive_ttl(Duration::from_secs(60))
///     .negative_ttl(Duration::ZERO) // refusals are never cached
///     .capacity(50_000)
///     .build();
/// ```
#[must_use = "a builder does nothing until `build` is called"]
pub struct CachedProviderBuilder<P> {
    provider: P,
    limits: Limits,
    clock: Clock,
    second_level: Option<Arc<dyn SecondLevel>>,
}

impl<P: LicenseProvider> CachedProviderBuilder<P> {
    pub(crate) fn new(provider: P) -> Self {
        Self { provider, limits: Limits::default(), clock: Clock::new(Timestamp::now), second_level: None }
    }

    /// Sets how long a valid answer is cached, counted from when the request was sent. Default: 5 minutes. It is
    /// never used after the key's expiry. Zero caches no valid answers.
    ///
    /// This is also how long a refunded key may stay valid, unless it is [invalidated](CachedProvider::apply). Five
    /// minutes cover the burst of requests of one visit; longer values save few requests.
    pub fn positive_ttl(mut self, ttl: Duration) -> Self {
        self.limits.positive_ttl = ttl;
        self
    }

    /// Sets how long a refusal is cached, counted from when the request was sent. Default: 30 seconds. Zero caches no
    /// refusals.
    ///
    /// This is also how long a customer who has just paid may still be refused. Half a minute is sufficient against a
    /// form that is submitted repeatedly.
    pub fn negative_ttl(mut self, ttl: Duration) -> Self {
        self.limits.negative_ttl = ttl;
        self
    }

    /// Sets the maximum number of cached answers. Default: 10,000, which take about 10 MB with Polar and a quarter of
    /// that with Dodo. Requests that differ in any field have separate answers. Zero caches nothing.
    ///
    /// When the cache is full, frequently used answers stay: a flood of invented codes does not evict the answers of
    /// customers.
    pub fn capacity(mut self, answers: u64) -> Self {
        self.limits.capacity = answers;
        self
    }

    /// Sets the clock. Default: the system clock. A test can pass an [`anykey_core::ManualClock`].
    pub fn clock(mut self, clock: impl Into<Clock>) -> Self {
        self.clock = clock.into();
        self
    }

    /// Shares answers and invalidations with other processes by `store`. Default: each process has its own.
    ///
    /// An answer that another process has is not asked for again, and one request is sent for the identical ones of all
    /// processes. While the store cannot be reached, this process goes on alone, and its answers are cached for a few
    /// seconds only, because it receives no invalidations.
    pub fn second_level(mut self, store: Arc<dyn SecondLevel>) -> Self {
        self.second_level = Some(store);
        self
    }

    /// Builds the provider. Sends nothing.
    #[must_use]
    pub fn build(self) -> CachedProvider<P> {
        CachedProvider {
            inner: Arc::new(Inner::new(self.provider, self.limits, self.clock, self.second_level)),
        }
    }
}

impl<P: fmt::Debug> fmt::Debug for CachedProviderBuilder<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedProviderBuilder")
            .field("provider", &self.provider)
            .field("limits", &self.limits)
            .field("second_level", &self.second_level)
            .finish_non_exhaustive()
    }
}
