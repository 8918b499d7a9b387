use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result, SecretString};
use redis::aio::{ConnectionManager, ConnectionManagerConfig, PubSub};
use redis::{Client, FromRedisValue, RedisError, ScriptInvocation};
use secrecy::ExposeSecret;
use thiserror::Error as ThisError;
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::health::Health;

/// A Redis server, or one that speaks its protocol such as Valkey, that the processes of a fleet share. Clones share
/// one connection, which is opened at the first command and again after it broke.
///
/// Redis 6.2 or later, one server or a primary with replicas behind one address; a cluster is not supported. It has to
/// keep what it was given: `maxmemory-policy noeviction`.
///
/// ```
/// use anykey_core::SecretString;
/// use anykey_redis::RedisServer;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// // Sends nothing yet, so an app also starts while Redis is away.
/// let redis = RedisServer::builder(SecretString::from("redis://127.0.0.1:6379")).prefix("shop").build()?;
/// # Ok::<_, anykey_core::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct RedisServer(Arc<Inner>);

struct Inner {
    client: Client,
    manager: ConnectionManager,
    runtime: Handle,
    prefix: Box<str>,
    patience: Duration,
    health: Health,
}

/// A builder for a [`RedisServer`]; made by [`RedisServer::builder`]. `Debug` does not print the URL.
#[must_use = "a builder does nothing until `build` is called"]
pub struct RedisServerBuilder {
    url: SecretString,
    prefix: Box<str>,
    patience: Duration,
}

/// Why a command has no result.
#[derive(Debug, ThisError)]
pub(crate) enum CommandError {
    #[error("Redis did not answer within {0:?}")]
    Timeout(Duration),
    #[error("Redis failed a moment ago and is not asked again yet")]
    Paused,
    #[error(transparent)]
    Redis(#[from] RedisError),
}

impl RedisServer {
    /// A builder for the server at `url`, such as `redis://user:password@host:6379/0`; `rediss://` needs the feature
    /// `tls`. It is a secret, because it may contain a password.
    pub fn builder(url: SecretString) -> RedisServerBuilder {
        RedisServerBuilder { url, prefix: "anykey".into(), patience: Duration::from_millis(250) }
    }

    /// The name of a key, `prefix:{kind:name}:`, and what follows it. All keys of one thing have the same hash tag.
    pub(crate) fn key(&self, kind: &str, name: &str) -> String {
        format!("{}:{{{kind}:{name}}}:", self.0.prefix)
    }

    /// Runs a script, unless the server failed a moment ago.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, CommandError> {
        if !self.0.health.may_try() {
            return Err(CommandError::Paused);
        }
        self.run_within(script, self.0.patience).await
    }

    /// Runs a script, whatever is known of the server.
    pub(crate) async fn run_within<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
        patience: Duration,
    ) -> Result<T, CommandError> {
        let mut manager = self.0.manager.clone();
        let result = match timeout(patience, script.invoke_async(&mut manager)).await {
            Ok(result) => result.map_err(CommandError::Redis),
            Err(_) => Err(CommandError::Timeout(patience)),
        };
        match &result {
            Ok(_) => self.0.health.succeeded(),
            Err(error) => self.0.health.failed(error),
        }
        result
    }

    /// The connection and how long it may wait, for commands that are no scripts.
    pub(crate) fn connection(&self) -> (ConnectionManager, Duration) {
        (self.0.manager.clone(), self.long_patience())
    }

    /// How long a command may take that has nothing to go on with.
    pub(crate) fn long_patience(&self) -> Duration {
        self.0.patience.saturating_mul(10)
    }

    /// A connection of its own for messages.
    pub(crate) async fn subscriber(&self) -> Result<PubSub, CommandError> {
        let patience = self.0.patience.saturating_mul(4);
        match timeout(patience, self.0.client.get_async_pubsub()).await {
            Ok(result) => Ok(result?),
            Err(_) => Err(CommandError::Timeout(patience)),
        }
    }

    /// Runs `task` in the background.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.0.runtime.spawn(task));
    }
}

impl RedisServerBuilder {
    /// Sets how the names of all keys begin. Default: `anykey`. Everything with the same prefix is one fleet.
    pub fn prefix(mut self, prefix: impl Into<Box<str>>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sets how long a command may take before the process goes on alone. Default: 250 ms. Deliveries of webhooks,
    /// which cannot go on alone, wait ten times as long.
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The server. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the URL is none of Redis, or when there is no tokio runtime. The error does not
    /// contain the URL.
    pub fn build(self) -> Result<RedisServer> {
        let runtime = Handle::try_current()
            .map_err(|_| config("Redis needs a tokio runtime: build the server in an async function"))?;
        let client = Client::open(self.url.expose_secret()).map_err(|_| {
            config("this is no URL of Redis, such as redis://host:6379; rediss:// needs the feature `tls`")
        })?;
        let settings = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(self.patience.saturating_mul(4)))
            .set_response_timeout(Some(self.patience.saturating_mul(20)))
            .set_number_of_retries(0);
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), settings)
            .map_err(|cause| config("the connection to Redis cannot be set up").with_source(cause))?;
        let health = Health::default();
        let Self { prefix, patience, .. } = self;
        Ok(RedisServer(Arc::new(Inner { client, manager, runtime, prefix, patience, health })))
    }
}

impl fmt::Debug for RedisServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisServer").field("prefix", &self.0.prefix).finish_non_exhaustive()
    }
}

impl fmt::Debug for RedisServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisServerBuilder")
            .field("prefix", &self.prefix)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

fn config(message: &'static str) -> Error {
    Error::new(ErrorKind::Config, message).with_operation(Operation::Configure)
}
