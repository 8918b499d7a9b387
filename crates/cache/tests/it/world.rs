//! A vendor, a cache in front of it, and the clock of both.

use std::time::Duration;

use anykey_cache::{CachedProvider, CachedProviderBuilder};
use anykey_core::{
    CreateRequest, InMemoryProvider, KeyCode, LicenseKey, LicenseProvider, ManualClock, Result,
    SignedDuration, Timestamp, ValidateRequest, Validation,
};
use tokio::task::JoinHandle;

use crate::vendor::Vendor;

pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) vendor: Vendor,
    pub(crate) cached: CachedProvider<Vendor>,
}

pub(crate) fn code(text: &str) -> KeyCode {
    KeyCode::parse(text).unwrap()
}

pub(crate) fn request(code: &str) -> ValidateRequest {
    ValidateRequest::new(self::code(code))
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(
        set: impl FnOnce(CachedProviderBuilder<Vendor>) -> CachedProviderBuilder<Vendor>,
    ) -> Self {
        let clock = ManualClock::at(Timestamp::constant(1_800_000_000, 0));
        let vendor = Vendor::over(InMemoryProvider::with_clock(clock.clone()));
        let cached = set(CachedProvider::builder(vendor.clone()).clock(clock.clone())).build();
        Self { clock, vendor, cached }
    }

    /// Sells a key of the customer `cus_1`, or of the one named before a colon: `cus_2:CODE`.
    pub(crate) fn issue(&self, name: &str) -> LicenseKey {
        let (customer, code) = name.split_once(':').unwrap_or(("cus_1", name));
        self.vendor.memory.insert(CreateRequest::new(self::code(code), customer, "pdt_1")).unwrap()
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub(crate) async fn is_valid(&self, code: &str) -> bool {
        self.cached.validate(request(code)).await.unwrap().is_valid()
    }

    /// Whether this validation had to ask the vendor.
    pub(crate) async fn asks(&self, request: ValidateRequest) -> bool {
        let before = self.vendor.asked();
        self.cached.validate(request).await.unwrap();
        self.vendor.asked() > before
    }

    /// Validates in a task of its own, and returns when the cache has taken the call up.
    pub(crate) async fn spawn(&self, request: ValidateRequest) -> JoinHandle<Result<Validation>> {
        let calls = || {
            let stats = self.cached.stats();
            stats.hits + stats.joined + stats.asked
        };
        let before = calls();
        let cached = self.cached.clone();
        let task = tokio::spawn(async move { cached.validate(request).await });
        until(|| calls() > before).await;
        task
    }
}

/// Lets the other tasks run until it is so; panics when it never is.
pub(crate) async fn until(so: impl Fn() -> bool + Send + Sync) {
    let wait = async {
        while !so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("it never comes to that");
}
