use std::sync::LazyLock;

use anykey_core::{LicenseEvent, SignedDuration, Timestamp, async_trait};
use anykey_webhook::{Claim, Deliveries, StoreError};
use data_encoding::HEXLOWER;
use redis::Script;
use sha2::{Digest, Sha256};

use crate::RedisServer;

/// A store of webhook deliveries in Redis, for an endpoint that runs in several processes.
///
/// [`DeliveriesExt::once`](anykey_webhook::DeliveriesExt::once) applies each delivery in one process at a time. As with
/// every store apart from the app's own database, an effect is repeated after a crash between it and the record of it:
/// use an effect that can be repeated, or the store in the app's database. A server that is away or full is an error:
/// answer the vendor with a failure, and it delivers again.
///
/// A delivery is remembered for as long as Redis keeps it: with `appendonly yes` also over a restart.
///
/// ```
/// use anykey_core::{LicenseEvent, Timestamp};
/// use anykey_redis::{RedisDeliveries, RedisServer};
/// use anykey_webhook::{DeliveriesExt, Once};
///
/// /// Returns the HTTP status to answer with.
/// async fn endpoint(redis: &RedisServer, event: &LicenseEvent) -> u16 {
///     let deliveries = RedisDeliveries::new(redis);
///     let apply = async { Ok::<_, std::io::Error>(()) };
///     match deliveries.once(event, Timestamp::now(), apply).await {
///         Ok(once) => once.status_hint(),
///         Err(_) => 503, // the vendor delivers again
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct RedisDeliveries {
    server: RedisServer,
    window: SignedDuration,
    lease: SignedDuration,
}

static CLAIM: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("deliveries/claim.lua")));
static FINISH: LazyLock<Script> =
    LazyLock::new(|| Script::new("redis.call('SET', KEYS[1], 'd' .. ARGV[1], 'PX', ARGV[2])"));
static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.call('GET', KEYS[1]) == 'c' .. ARGV[1] then redis.call('DEL', KEYS[1]) end")
});

impl RedisDeliveries {
    /// A store in `server`. Sends nothing.
    #[must_use]
    pub fn new(server: &RedisServer) -> Self {
        Self {
            server: server.clone(),
            window: SignedDuration::from_hours(7 * 24),
            lease: SignedDuration::from_mins(5),
        }
    }

    /// Sets after how long a delivery is forgotten. Default: seven days.
    #[must_use]
    pub const fn window(mut self, window: SignedDuration) -> Self {
        self.window = window;
        self
    }

    /// Sets after how long a claim ends that was neither finished nor released. Default: five minutes.
    #[must_use]
    pub const fn lease(mut self, lease: SignedDuration) -> Self {
        self.lease = lease;
        self
    }

    /// The key of a delivery. A digest, because an id may be any text.
    fn key(&self, event: &LicenseEvent) -> String {
        let digest = Sha256::digest(event.id.as_bytes());
        self.server.key("delivery", &event.provider) + &HEXLOWER.encode(&digest)
    }

    async fn run<T: redis::FromRedisValue>(
        &self,
        script: &redis::ScriptInvocation<'_>,
    ) -> Result<T, StoreError> {
        let patience = self.server.long_patience();
        self.server.run_within(script, patience).await.map_err(StoreError::new)
    }
}

#[async_trait]
impl Deliveries for RedisDeliveries {
    async fn claim(&self, event: &LicenseEvent, now: Timestamp) -> Result<Claim, StoreError> {
        let mut script = CLAIM.key(self.key(event));
        script.arg(now.as_millisecond()).arg(milliseconds(self.lease)).arg(milliseconds(self.window));
        Ok(match self.run::<u8>(&script).await? {
            0 => Claim::New,
            1 => Claim::InProgress,
            _ => Claim::Done,
        })
    }

    async fn finish(&self, event: &LicenseEvent, now: Timestamp) -> Result<(), StoreError> {
        let mut script = FINISH.key(self.key(event));
        script.arg(now.as_millisecond()).arg(milliseconds(self.window));
        self.run(&script).await
    }

    async fn release(&self, event: &LicenseEvent, claimed_at: Timestamp) -> Result<(), StoreError> {
        self.run(RELEASE.key(self.key(event)).arg(claimed_at.as_millisecond())).await
    }
}

/// At least 1, which is the shortest time to live.
fn milliseconds(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 2).max(1)
}
