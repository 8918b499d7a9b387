//! Processes of a fleet: each has a connection, a pacer and a cache of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anykey_cache::{CachedProvider, CachedProviderBuilder};
use anykey_core::{
    Capabilities, CreateRequest, InMemoryProvider, KeyCode, LicenseKey, LicenseKeyId, LicensePatch,
    LicenseProvider, ManualClock, Result, SecretString, Timestamp, ValidateRequest, Validation, async_trait,
};
use anykey_redis::{RedisAnswers, RedisServer, SealKey};
use anykey_test_servers::RedisServer as TestServer;
use tokio::time::{Instant, sleep};

pub(crate) const CODE: &str = "PLANTED-1C285B2D-E304DA";

pub(crate) fn connect(url: &str) -> RedisServer {
    RedisServer::builder(SecretString::from(url)).patience(Duration::from_millis(400)).build().unwrap()
}

/// A vendor that counts validations and answers after a while.
#[derive(Clone, Debug)]
pub(crate) struct Vendor {
    pub(crate) memory: Arc<InMemoryProvider>,
    sent: Arc<AtomicUsize>,
    delay: Duration,
}

impl Vendor {
    /// A vendor with the key of [`CODE`].
    pub(crate) fn new(clock: &ManualClock, delay: Duration) -> Self {
        let memory = Arc::new(InMemoryProvider::with_clock(clock.clone()));
        memory.insert(CreateRequest::new(code(), "cus_1", "pdt_1")).unwrap();
        Self { memory, sent: Arc::default(), delay }
    }

    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    pub(crate) async fn key(&self) -> LicenseKey {
        self.memory.validate(request()).await.unwrap().key.unwrap()
    }
}

#[async_trait]
impl LicenseProvider for Vendor {
    fn vendor(&self) -> &str {
        self.memory.vendor()
    }

    fn capabilities(&self) -> Capabilities {
        self.memory.capabilities()
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.memory.update(id, patch).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.sent.fetch_add(1, Ordering::SeqCst);
        let answer = self.memory.validate(request).await;
        sleep(self.delay).await;
        answer
    }
}

pub(crate) fn code() -> KeyCode {
    KeyCode::parse(CODE).unwrap()
}

pub(crate) fn request() -> ValidateRequest {
    ValidateRequest::new(code())
}

pub(crate) fn seal_key() -> SealKey {
    SealKey::new(&SecretString::from("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")).unwrap()
}

pub(crate) fn clock() -> ManualClock {
    ManualClock::at(Timestamp::constant(1_800_000_000, 0))
}

/// The cache of one process.
pub(crate) fn cache(url: &str, vendor: &Vendor, clock: &ManualClock) -> CachedProvider<Vendor> {
    builder(url, vendor).clock(clock.clone()).build()
}

fn builder(url: &str, vendor: &Vendor) -> CachedProviderBuilder<Vendor> {
    let answers = RedisAnswers::new(&connect(url), "main", &seal_key());
    CachedProvider::builder(vendor.clone()).second_level(Arc::new(answers))
}

pub(crate) async fn is_valid(cached: &CachedProvider<Vendor>) -> bool {
    cached.validate(request()).await.unwrap().is_valid()
}

/// Sets the password of a user beside the default one, ends the user's connections, and returns its URL at `port`.
pub(crate) fn set_password(redis: &TestServer, password: &str, port: u16) -> String {
    let set = format!(">{password}");
    assert_eq!(
        redis.command(&["ACL", "SETUSER", "app", "on", "resetpass", &set, "~*", "&*", "+@all"]),
        "+OK"
    );
    redis.command(&["CLIENT", "KILL", "USER", "app"]);
    format!("redis://app:{password}@127.0.0.1:{port}")
}

/// Fails when Redis holds something without a time to live.
pub(crate) fn assert_nothing_stays(redis: &TestServer) {
    let script = "for _, key in ipairs(redis.call('KEYS', '*')) do \
                  if redis.call('PTTL', key) < 0 then return key end end return 'none'";
    assert_eq!(redis.command(&["EVAL", script, "0"]), "none");
}

/// Waits until `condition` holds, and returns how long that took. Fails after ten seconds.
pub(crate) async fn until<F: Future<Output = bool>>(mut condition: impl FnMut() -> F) -> Duration {
    let start = Instant::now();
    while !condition().await {
        assert!(start.elapsed() < Duration::from_secs(10), "it never holds");
        sleep(Duration::from_millis(2)).await;
    }
    start.elapsed()
}
