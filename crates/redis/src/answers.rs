//! Answers that several processes share, behind the cache of each.

mod invalidations;
mod sealed;
mod subscription;
mod written;

use std::fmt;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use anykey_cache::{AnswerSlot, Digest, FirstLevel, LookUp, SecondLevel, Subject, Subjects};
use anykey_core::{Validation, async_trait};
use data_encoding::HEXLOWER;
use redis::Script;
use tokio::time::{Instant, sleep};

use self::invalidations::Invalidations;
use self::sealed::Sealing;
use self::subscription::Subscriptions;
use crate::server::CommandError;
use crate::{RedisServer, SealKey};

static LOOK_UP: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("answers/look_up.lua")));
static STORE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("answers/store.lua")));
static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end")
});

/// How long an answer is in Redis at most. Marks of invalidations live longer.
const LONGEST_ANSWER: Duration = Duration::from_secs(60 * 60);

/// How long one process may ask the vendor before another one does.
const LEASE: Duration = Duration::from_secs(15);

/// How long one process waits for the answer to another one's request.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers in Redis, as the [second level](anykey_cache::CachedProviderBuilder::second_level) of the cache of each
/// process: one request for the identical ones of all processes, and invalidations that reach all of them.
///
/// Answers are sealed with the [`SealKey`], by XChaCha20-Poly1305, and named by keyed digests; none contains the code
/// of its request. Everything has a time to live: an answer that of the cache, one hour at most.
///
/// While Redis cannot be used, each process asks the vendor itself, and uses an answer in its memory for
/// [5 seconds](Self::LONGEST_AGE_ALONE) only, because it receives no invalidations.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_cache::CachedProvider;
/// use anykey_core::{InMemoryProvider, SecretString, Timestamp};
/// use anykey_redis::{RedisAnswers, RedisServer, SealKey};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let url = SecretString::from("redis://127.0.0.1");
/// # let seal_key = SecretString::from("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
/// let redis = RedisServer::builder(url).build()?;
/// let answers = RedisAnswers::new(&redis, "main", &SealKey::new(&seal_key)?);
/// let vendor = InMemoryProvider::new(Timestamp::now); // in an app: from the registry
/// let cached = CachedProvider::builder(vendor).second_level(Arc::new(answers)).build();
/// # Ok::<_, anykey_core::Error>(())
/// # }).unwrap();
/// ```
pub struct RedisAnswers(Arc<Inner>);

struct Inner {
    server: RedisServer,
    key: String,
    digest_key: [u8; 16],
    sealing: Sealing,
    invalidations: Arc<Invalidations>,
    subscriptions: Subscriptions,
}

impl RedisAnswers {
    /// How long an answer in the memory of a process is used while Redis cannot be reached.
    pub const LONGEST_AGE_ALONE: Duration = Duration::from_secs(5);

    /// The answers of the provider called `provider`, the same in every process. Sends nothing.
    #[must_use]
    pub fn new(server: &RedisServer, provider: &str, seal_key: &SealKey) -> Self {
        let key = server.key("answers", provider);
        let mut digest_key = [0; 16];
        digest_key.iter_mut().zip(seal_key.derive("anykey digests 1")).for_each(|(to, from)| *to = from);
        Self(Arc::new(Inner {
            server: server.clone(),
            digest_key,
            sealing: Sealing::new(&seal_key.derive("anykey answers 1")),
            invalidations: Invalidations::new(server, &key),
            subscriptions: Subscriptions::new(server, &key),
            key,
        }))
    }
}

impl Inner {
    fn name(&self, kind: &str, digest: Digest) -> String {
        format!("{}{kind}:{}", self.key, hex(digest))
    }

    async fn look_up(self: &Arc<Self>, request: Digest) -> Result<LookUp, CommandError> {
        self.invalidations.flush().await?;
        let mut slot = Slot::new(self, request);
        let mut script = LOOK_UP.key(&slot.answer);
        script.key(&slot.lock).arg(&self.key).arg(&slot.token).arg(milliseconds(LEASE));
        let (start, mut pause) = (Instant::now(), Duration::from_millis(4));
        loop {
            // Without an answer the lock may be taken.
            slot.may_be_locked = true;
            let (found, time, sealed, about): (u8, String, Vec<u8>, String) =
                self.server.run(&script).await?;
            slot.may_be_locked = found == 0;
            match found {
                0 => {
                    slot.sent = time;
                    return Ok(LookUp::Missing(Box::new(slot)));
                }
                // The request goes to the vendor when the answer cannot be read, such as after a change of version.
                1 => {
                    let opened = self.sealing.open(&sealed, &format!("{} {about}", slot.answer));
                    let age = Duration::from_micros(time.parse().unwrap_or(u64::MAX));
                    let found = |answer| LookUp::Found { answer: Box::new(answer), age };
                    return Ok(opened.map_or(LookUp::Unavailable, found));
                }
                _ if start.elapsed() >= PATIENCE => return Ok(LookUp::Unavailable),
                _ => {
                    sleep(pause).await;
                    pause = pause.saturating_mul(2).min(Duration::from_millis(250));
                }
            }
        }
    }
}

#[async_trait]
impl SecondLevel for RedisAnswers {
    fn digest_key(&self) -> [u8; 16] {
        self.0.digest_key
    }

    async fn look_up(&self, request: Digest) -> LookUp {
        self.0.look_up(request).await.unwrap_or(LookUp::Unavailable)
    }

    fn invalidate(&self, subject: Subject) {
        self.0.invalidations.add(subject);
    }

    fn longest_age(&self) -> Option<Duration> {
        (!self.0.subscriptions.are_complete()).then_some(Self::LONGEST_AGE_ALONE)
    }

    fn subscribe(&self, cache: FirstLevel) {
        let (invalidations, own) = (Arc::clone(&self.0.invalidations), self.0.invalidations.sender());
        self.0.subscriptions.start(cache, own, move || invalidations.flush_soon());
    }
}

impl fmt::Debug for RedisAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisAnswers").field("key", &self.0.key).finish_non_exhaustive()
    }
}

/// The place of an answer that this process asks for, or may be asking for.
struct Slot {
    answers: Arc<Inner>,
    answer: String,
    lock: String,
    token: String,
    /// When the request was sent, by the clock of Redis, in microseconds.
    sent: String,
    may_be_locked: bool,
}

impl Slot {
    fn new(answers: &Arc<Inner>, request: Digest) -> Self {
        Self {
            answers: Arc::clone(answers),
            answer: answers.name("a", request),
            lock: answers.name("l", request),
            token: HEXLOWER.encode(&fastrand::u128(..).to_le_bytes()),
            sent: String::new(),
            may_be_locked: false,
        }
    }
}

#[async_trait]
impl AnswerSlot for Slot {
    async fn store(mut self: Box<Self>, about: Subjects, answer: &Validation, ttl: Duration) {
        let (code, key, customer) = (
            hex(about.code),
            about.key.map_or("unnamed-keys".to_owned(), hex),
            about.customer.map_or("unnamed-customers".to_owned(), hex),
        );
        let name = format!("{} {} {code} {key} {customer}", self.answer, self.sent);
        let Some(sealed) = self.answers.sealing.seal(answer, &name) else { return };
        let mut script = STORE.key(&self.answer);
        script.key(&self.lock).arg(&self.answers.key).arg(&self.token).arg(&self.sent);
        script.arg(milliseconds(ttl.min(LONGEST_ANSWER))).arg(code).arg(key).arg(customer).arg(sealed);
        // An answer that is not stored costs the other processes a request. The script releases the lock.
        self.may_be_locked = self.answers.server.run::<u8>(&script).await.is_err();
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if !self.may_be_locked {
            return;
        }
        let server = self.answers.server.clone();
        let (lock, token) = (std::mem::take(&mut self.lock), std::mem::take(&mut self.token));
        self.answers.server.spawn(async move {
            // Behind the look-up on the same connection, also when Redis reads both only later. A lock that cannot be
            // released ends with its time to live.
            let patience = server.long_patience();
            let _released = server.run_within::<()>(RELEASE.key(lock).arg(token), patience).await;
        });
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("answer", &self.answer).finish_non_exhaustive()
    }
}

fn hex(digest: Digest) -> String {
    HEXLOWER.encode(&digest.to_bytes())
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX / 2)
}
