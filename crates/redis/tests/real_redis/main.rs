//! Tests with a real Redis server; see `anykey-test-servers`.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

mod answers;
mod answers_faults;
mod cost;
mod deliveries;
mod failover;
mod pacing;
mod pacing_faults;
mod support;
#[cfg(feature = "tls")]
mod tls;
