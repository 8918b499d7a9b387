//! Whether a server can be reached, and whether it is one that a fleet can rely on.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result};
use redis::{Cmd, ErrorKind as RedisErrorKind, FromRedisValue, InfoDict, RedisError, ServerErrorKind, cmd};
use tokio::time::timeout;

use crate::RedisServer;

/// The oldest release that has every command which is used, as major and minor number.
const OLDEST: (u32, u32) = (6, 2);

/// What a Redis server reports of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerInfo {
    /// The release of Redis whose commands it has, such as `7.2.4`; `None` when it does not say.
    pub version: Option<String>,
    /// What it does when its memory is full (`maxmemory-policy`); `None` when it does not say.
    pub memory_policy: Option<String>,
}

impl ServerInfo {
    /// Whether the server is older than Redis 6.2. `false` when it does not say.
    #[must_use]
    pub fn is_too_old(&self) -> bool {
        let mut numbers = self.version.iter().flat_map(|version| version.split('.')).map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < OLDEST,
            _ => false,
        }
    }

    /// Whether the server may forget what it was given: waits, invalidations and deliveries that were applied. `false`
    /// when it does not say.
    #[must_use]
    pub fn evicts(&self) -> bool {
        self.memory_policy.as_deref().is_some_and(|policy| policy != "noeviction")
    }

    fn read(info: &InfoDict) -> Self {
        Self { version: info.get("redis_version"), memory_policy: info.get("maxmemory_policy") }
    }
}

impl RedisServer {
    /// Asks the server for an answer and for what it is, for a health check or a diagnosis. Changes nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Transport`] or [`ErrorKind::Timeout`] when it does not answer, [`ErrorKind::Unauthenticated`] when
    /// it refuses the user name or password, and [`ErrorKind::Unavailable`] for any other refusal. The error contains
    /// neither the URL nor the password.
    pub async fn info(&self) -> Result<ServerInfo> {
        self.ask::<String>(&cmd("PING")).await?;
        // A user who may use the keys only still has a server that answers.
        let info = self.ask(&cmd("INFO")).await.unwrap_or_else(|_| InfoDict::new(""));
        Ok(ServerInfo::read(&info))
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T> {
        let (mut connection, patience) = self.connection();
        match timeout(patience, command.query_async(&mut connection)).await {
            Ok(answer) => answer.map_err(failure),
            Err(_) => Err(error(ErrorKind::Timeout, "Redis does not answer in time")),
        }
    }
}

fn failure(cause: RedisError) -> Error {
    let is_refused = matches!(
        cause.kind(),
        RedisErrorKind::AuthenticationFailed | RedisErrorKind::Server(ServerErrorKind::NoPerm)
    ) || matches!(cause.code(), Some("NOAUTH" | "WRONGPASS"));
    let (kind, message) = if is_refused {
        (ErrorKind::Unauthenticated, "Redis refuses the user name or password of its URL")
    } else if cause.is_timeout() {
        (ErrorKind::Timeout, "Redis does not answer in time")
    } else if cause.is_io_error() || cause.is_connection_dropped() {
        (ErrorKind::Transport, "there is no connection to Redis")
    } else {
        (ErrorKind::Unavailable, "Redis answers with an error")
    };
    error(kind, message).with_source(cause)
}

fn error(kind: ErrorKind, message: &'static str) -> Error {
    Error::new(kind, message).with_operation(Operation::Configure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_of_itself_is_read() {
        let read = |version: &str, policy: &str| {
            let text =
                format!("# Server\r\nredis_version:{version}\r\n# Memory\r\nmaxmemory_policy:{policy}\r\n");
            ServerInfo::read(&InfoDict::new(&text))
        };
        assert!(!read("7.0.15", "noeviction").is_too_old() && !read("6.2.0", "noeviction").evicts());
        assert!(read("6.0.9", "noeviction").is_too_old() && read("5.0", "noeviction").is_too_old());
        assert!(read("7.0.15", "allkeys-lru").evicts());
        let silent = ServerInfo::read(&InfoDict::new(""));
        assert!(!silent.is_too_old() && !silent.evicts());
    }
}
