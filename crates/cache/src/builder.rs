use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::{Clock, LicenseProvider, Timestamp};

use crate::CachedProvider;
use crate::inner::Inner;
use crate::limits::Limits;

/// Sets what a [`CachedProvider`] keeps, and how long.
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
///     .negative_ttl(Duration::ZERO) // a refusal is never kept
///     .capacity(50_000)
///     .build();
/// ```
#[must_use = "nothing is cached before `build`"]
pub struct CachedProviderBuilder<P> {
    provider: P,
    limits: Limits,
    clock: Clock,
}

impl<P: LicenseProvider> CachedProviderBuilder<P> {
    pub(crate) fn new(provider: P) -> Self {
        Self { provider, limits: Limits::default(), clock: Clock::new(Timestamp::now) }
    }

    /// How long a yes is answered again, counted from when the vendor was asked; 5 minutes by default, never
    /// beyond the key's own end. Zero keeps no yes.
    ///
    /// It is also how long a refunded key may go on being valid, unless something
    /// [invalidates](CachedProvider::apply) it. Five minutes hold through the burst of requests that one
    /// visit makes; longer saves little.
    pub fn positive_ttl(mut self, ttl: Duration) -> Self {
        self.limits.positive_ttl = ttl;
        self
    }

    /// How long a refusal is answered again, counted from when the vendor was asked; 30 seconds by default.
    /// Zero keeps no refusal.
    ///
    /// It is also how long a customer who has just paid may be refused. Half a minute is enough against a
    /// form that is sent over and over.
    pub fn negative_ttl(mut self, ttl: Duration) -> Self {
        self.limits.negative_ttl = ttl;
        self
    }

    /// How many answers are kept at most; 10,000 by default, which take about 10 MB at Polar and a quarter
    /// of that at Dodo. Each request that differs in anything has an answer of its own. Zero keeps none.
    ///
    /// When it is full, answers that are asked for often stay: a flood of invented codes does not drive the
    /// customers' out.
    pub fn capacity(mut self, answers: u64) -> Self {
        self.limits.capacity = answers;
        self
    }

    /// Reads the time from `clock` instead of the wall clock. A test passes an
    /// [`anykey_core::ManualClock`] and moves it.
    pub fn clock(mut self, clock: impl Into<Clock>) -> Self {
        self.clock = clock.into();
        self
    }

    /// The cached provider. Nothing is sent.
    #[must_use]
    pub fn build(self) -> CachedProvider<P> {
        CachedProvider { inner: Arc::new(Inner::new(self.provider, self.limits, self.clock)) }
    }
}

impl<P: fmt::Debug> fmt::Debug for CachedProviderBuilder<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedProviderBuilder")
            .field("provider", &self.provider)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
