//! Tests with a real PostgreSQL server; see `anykey-test-servers`.
#![cfg(all(feature = "postgres", unix))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access;
mod failover;
#[cfg(target_os = "linux")]
mod full_disk;
mod killed;
mod receiver;
mod server_faults;
mod store;
