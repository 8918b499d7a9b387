//! The fixture: a vendor, a cache, and their clock.

use std::time::Duration;

use anykey_cache::{CachedProvider, CachedProviderBuilder};
use anykey_core::{
    CreateRequest, InMemoryProvider, KeyCode, LicenseKey, LicenseProvider, ManualClock, Result,
    SignedDuration, Timestamp, ValidateRequest, Validation,
};
use tokio::task::JoinHandle;

use crate::vendor::Vendor;

pub(crate) struct Fixture {
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

impl Fixture {
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

    /// Whether this validation was sent to the vendor.
    pub(crate) async fn asks(&self, request: ValidateRequest) -> bool {
        let before = self.vendor.sent();
        self.cached.validate(request).await.unwrap();
        self.vendor.sent() > before
    }

    /// Validates in a new task, and returns once the cache has started the call.
    pub(crate) async fn spawn(&self, request: ValidateRequest) -> JoinHandle<Result<Validation>> {
        let calls = || {
            let stats = self.cached.stats();
            stats.hits + stats.joined + stats.sent
        };
        let before = calls();
        let cached = self.cached.clone();
        let task = tokio::spawn(async move { cached.validate(request).await });
        until(|| calls() > before).await;
        task
    }
}

/// Lets other tasks run until `condition` is true; panics after ten seconds.
pub(crate) async fn until(condition: impl Fn() -> bool + Send + Sync) {
    let wait = async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("the condition becomes true");
}
