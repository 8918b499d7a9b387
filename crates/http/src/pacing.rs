use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::{Instant, sleep_until, timeout_at};

/// A documented rate limit: so many requests per so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Limit {
    /// How many requests the vendor allows.
    pub requests: NonZeroU32,
    /// In how long a window.
    pub per: Duration,
}

impl Limit {
    /// At most `requests` in any window of `per`. A zero `per` limits nothing.
    #[must_use]
    pub const fn new(requests: NonZeroU32, per: Duration) -> Self {
        Self { requests, per }
    }

    fn burst(self) -> NonZeroU32 {
        NonZeroU32::new(self.requests.get() / 10).unwrap_or(NonZeroU32::MIN)
    }

    fn quota(self) -> Option<Quota> {
        let refills = self.requests.get().saturating_sub(self.burst().get()).max(1);
        // Rounded up, since a refill that comes a nanosecond early makes N + 1 of N.
        let refill = self.per.min(LONGEST).checked_div(refills)?.saturating_add(Duration::from_nanos(1));
        let quota = Quota::with_period(refill)?;
        (!self.per.is_zero()).then(|| quota.allow_burst(self.burst()))
    }
}

/// Ten years: governor counts nanoseconds in 64 bits and panics past them.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 86_400);

/// Keeps a client under the vendor's rate limits by making requests wait their turn.
///
/// Clones share one queue, first come, first served; giving up waiting costs the others nothing. For a
/// limit of N requests per window a burst of N/10 (at least one) may go at once, and the rest is let
/// through evenly at (N − N/10) per window. So no window of that length ever holds more than N requests,
/// wherever it starts, which also satisfies vendors whose fixed window starts at the first request. The
/// price is a steady rate of about nine tenths of the limit, and less for very small limits.
///
/// ```
/// use std::num::NonZeroU32;
/// use std::time::Duration;
/// use anykey_http::{Limit, Pacer};
///
/// let per_second = Limit::new(NonZeroU32::new(40).ok_or("zero")?, Duration::from_secs(1));
/// let per_minute = Limit::new(NonZeroU32::new(240).ok_or("zero")?, Duration::from_secs(60));
/// let pacer = Pacer::new(&[per_second, per_minute]);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone)]
pub struct Pacer(Arc<Shared>);

struct Shared {
    limits: Vec<Limit>,
    // Shortest window first: where a later one refuses, what the earlier ones gave is lost but soon back.
    limiters: Vec<Limiter>,
    clock: TokioClock,
    queue: tokio::sync::Mutex<()>,
    held_until: Mutex<Option<Instant>>,
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<Duration>>;

impl Pacer {
    /// Paces by all `limits` together.
    #[must_use]
    pub fn new(limits: &[Limit]) -> Self {
        let mut limits = limits.to_vec();
        limits.sort_by_key(|limit| limit.per);
        let clock = TokioClock { start: Instant::now() };
        let limiters = limits
            .iter()
            .filter_map(|limit| limit.quota())
            .map(|quota| RateLimiter::direct_with_clock(quota, clock))
            .collect();
        Self(Arc::new(Shared {
            limits,
            limiters,
            clock,
            queue: tokio::sync::Mutex::new(()),
            held_until: Mutex::new(None),
        }))
    }

    /// No limit; waits only after [`back_off`](Self::back_off).
    #[must_use]
    pub fn unlimited() -> Self {
        Self::new(&[])
    }

    /// The limits this pacer keeps, shortest window first.
    #[must_use]
    pub fn limits(&self) -> &[Limit] {
        &self.0.limits
    }

    /// Waits until a request may be sent.
    ///
    /// Drop the future to leave the queue.
    pub async fn acquire(&self) {
        let _first = self.0.queue.lock().await;
        while let Some(until) = self.try_take() {
            sleep_until(until).await;
        }
    }

    /// Makes everybody who shares this pacer wait for `wait` from now, after a 429. Never shortens a wait.
    pub fn back_off(&self, wait: Duration) {
        let Some(until) = Instant::now().checked_add(wait.min(LONGEST)) else { return };
        let mut held = self.held_until();
        *held = Some(held.map_or(until, |held| held.max(until)));
    }

    /// Like [`acquire`](Self::acquire), but gives up when it cannot be done by `deadline`; at once where
    /// that is known beforehand. The error is how long everybody has to wait, if known.
    pub(crate) async fn acquire_by(&self, deadline: Instant) -> Result<(), Option<Duration>> {
        let held = *self.held_until();
        if let Some(until) = held.filter(|until| *until >= deadline) {
            return Err(Some(until.saturating_duration_since(Instant::now())));
        }
        timeout_at(deadline, self.acquire()).await.map_err(|_| None)
    }

    /// Takes one request from every limit, all at the same instant, or says when to try again.
    fn try_take(&self) -> Option<Instant> {
        let now = Instant::now();
        let held = *self.held_until();
        if let Some(until) = held.filter(|until| *until > now) {
            return Some(until);
        }
        self.0.limiters.iter().find_map(|limiter| {
            let wait = limiter.check().err()?.wait_time_from(self.0.clock.now());
            now.checked_add(wait.max(Duration::from_millis(1)))
        })
    }

    fn held_until(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.0.held_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Pacer {
    fn default() -> Self {
        Self::unlimited()
    }
}

impl fmt::Debug for Pacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pacer").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

/// Tokio's time, so that a test may pause it.
#[derive(Clone, Copy, Debug)]
struct TokioClock {
    start: Instant,
}

impl Clock for TokioClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Instant::now().saturating_duration_since(self.start)
    }
}
