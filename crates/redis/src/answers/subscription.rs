//! Invalidations by other processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anykey_cache::{FirstLevel, Subject};
use futures_util::StreamExt as _;
use tokio::time::{interval, sleep, timeout};

use super::invalidations::{channel, subject};
use crate::RedisServer;
use crate::server::CommandError;

/// How often the connection is checked, and how long that may take.
const CHECK: Duration = Duration::from_secs(1);

/// How long to wait before another connection.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub(super) struct Subscriptions {
    server: RedisServer,
    channel: String,
    /// How many caches do not receive invalidations.
    unsubscribed: Arc<AtomicUsize>,
}

impl Subscriptions {
    pub(super) fn new(server: &RedisServer, key: &str) -> Self {
        Self { server: server.clone(), channel: channel(key), unsubscribed: Arc::default() }
    }

    /// Whether every cache receives invalidations.
    pub(super) fn are_complete(&self) -> bool {
        self.unsubscribed.load(Ordering::SeqCst) == 0
    }

    /// Subscribes `cache` for as long as it exists. Messages of `own` are its own. Runs `connected` after each
    /// connection.
    pub(super) fn start(&self, cache: FirstLevel, own: String, connected: impl Fn() + Send + Sync + 'static) {
        let mut unsubscribed = Unsubscribed::new(&self.unsubscribed);
        let (server, channel) = (self.server.clone(), self.channel.clone());
        self.server.spawn(async move {
            // Without a subscription answers are used for a few seconds, and with a new one the former are forgotten.
            while cache.exists() {
                let _ended = listen(&server, &channel, &cache, &own, &mut unsubscribed, &connected).await;
                unsubscribed.set(true);
                sleep(PAUSE).await;
            }
        });
    }
}

/// Passes messages to `cache` until the connection is lost or the cache no longer exists.
async fn listen(
    server: &RedisServer,
    channel: &str,
    cache: &FirstLevel,
    own: &str,
    unsubscribed: &mut Unsubscribed,
    connected: &(impl Fn() + Send + Sync),
) -> Result<(), CommandError> {
    let (mut sink, mut messages) = server.subscriber().await?.split();
    let limited = |error| move |_| error;
    timeout(CHECK, sink.subscribe(channel)).await.map_err(limited(CommandError::Timeout(CHECK)))??;
    cache.invalidate(Subject::All);
    unsubscribed.set(false);
    connected();
    let mut checks = interval(CHECK);
    loop {
        tokio::select! {
            message = messages.next() => {
                let Some(message) = message else { return Ok(()) };
                let text = String::from_utf8_lossy(message.get_payload_bytes()).into_owned();
                let (sender, word) = text.split_once(' ').unwrap_or(("", &text));
                if sender != own && !cache.invalidate(subject(word)) {
                    return Ok(());
                }
            }
            _ = checks.tick() => {
                timeout(CHECK, sink.ping::<redis::Value>()).await.map_err(limited(CommandError::Timeout(CHECK)))??;
            }
        }
    }
}

/// Whether one cache does not receive invalidations, counted with the others.
struct Unsubscribed {
    count: Arc<AtomicUsize>,
    is_unsubscribed: bool,
}

impl Unsubscribed {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self { count: Arc::clone(count), is_unsubscribed: true }
    }

    fn set(&mut self, is_unsubscribed: bool) {
        match (self.is_unsubscribed, is_unsubscribed) {
            (true, false) => drop(self.count.fetch_sub(1, Ordering::SeqCst)),
            (false, true) => drop(self.count.fetch_add(1, Ordering::SeqCst)),
            _ => {}
        }
        self.is_unsubscribed = is_unsubscribed;
    }
}

impl Drop for Unsubscribed {
    fn drop(&mut self) {
        self.set(false);
    }
}
