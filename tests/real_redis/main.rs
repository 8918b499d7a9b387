//! Fleets of real processes that share limits and answers through a real Redis server; see `anykey-test-servers`.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod conformance;
mod limits;
mod process;
mod revocation;
mod vendor;
