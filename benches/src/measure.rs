//! Time, and what to make of many measurements of it.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// What a piece of work took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// The processor's time, this process alone, kernel included.
    pub cpu: Duration,
    /// The clock's time.
    pub elapsed: Duration,
}

/// Measures `work` and gives back what it brings.
pub async fn cost<T>(work: impl Future<Output = T>) -> (T, Cost) {
    let (cpu, start) = (cpu_time(), Instant::now());
    let result = work.await;
    (result, Cost { cpu: cpu_time().saturating_sub(cpu), elapsed: start.elapsed() })
}

/// The processor's time of this process so far.
#[must_use]
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let part = |number: i64| u64::try_from(number).unwrap_or(0);
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

/// The middle one; zero of none.
#[must_use]
pub fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// The middle one; zero of none.
#[must_use]
pub fn median_number(mut all: Vec<f64>) -> f64 {
    all.sort_unstable_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// How often `other` goes into `one`.
#[must_use]
pub fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64().max(1e-12)
}
