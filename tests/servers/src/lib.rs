//! Redis and PostgreSQL for tests: started on a free port of loopback in a temporary folder, and stopped at the end.
//! And small disks, to be filled.
//!
//! Without the server's program a test is skipped, which is written to standard error by name and count. With
//! `ANYKEY_REQUIRE_SERVERS=1` that is a failure. `ANYKEY_REDIS_SERVER` and `ANYKEY_POSTGRES_BIN` name the program of
//! Redis and the folder of PostgreSQL's programs where they are not found by themselves. A disk needs root, which
//! `ANYKEY_REQUIRE_ROOT_TESTS=1` requires in the same way.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's server or disk that does not start"
)]

mod disk;
mod postgres;
mod process;
mod proxy;
mod redis;

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use disk::SmallDisk;
pub use postgres::PostgresServer;
pub use proxy::Proxy;
pub use redis::RedisServer;

/// If set to `1`, a test that needs a server's program fails without it.
const REQUIRE_SERVERS: &str = "ANYKEY_REQUIRE_SERVERS";

/// Reports that the current test is skipped for want of `need`. Where the variable `required` is `1`, that is a
/// failure.
fn skip(need: &str, required: &str) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    assert!(std::env::var_os(required).is_none_or(|value| value != "1"), "{test} needs {need}");
    let count = COUNT.fetch_add(1, Ordering::SeqCst) + 1;
    // Past the test runner, which shows nothing that a passing test prints.
    let _shown = writeln!(std::io::stderr(), "skipped ({count}): {test} needs {need}");
}
