//! Redis and PostgreSQL for tests: started on a free port of loopback in a temporary folder, and stopped at the end.
//!
//! Without the server's program a test is skipped, which is written to standard error by name and count. With
//! `ANYKEY_REQUIRE_SERVERS=1` that is a failure. `ANYKEY_REDIS_SERVER` and `ANYKEY_POSTGRES_BIN` name the program of
//! Redis and the folder of PostgreSQL's programs where they are not found by themselves.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's server that does not start"
)]

mod postgres;
mod process;
mod proxy;
mod redis;

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use postgres::PostgresServer;
pub use proxy::Proxy;
pub use redis::RedisServer;

/// Reports that the current test is skipped, because `program` is not installed.
fn skip(program: &str) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    assert!(
        std::env::var_os("ANYKEY_REQUIRE_SERVERS").is_none_or(|value| value != "1"),
        "{test} needs {program}, which is not installed"
    );
    let count = COUNT.fetch_add(1, Ordering::SeqCst) + 1;
    // Past the test runner, which shows nothing that a passing test prints.
    let _shown =
        writeln!(std::io::stderr(), "skipped ({count}): {test} needs {program}, which is not installed");
}
